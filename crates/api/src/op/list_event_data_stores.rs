//! ListEventDataStores: ARN and name of all event data stores of the account in the called Region.
//!
//! - Documented: 1 to 1000 a page; the other members of the items are deprecated and not set.
//! - Ours: in the order in which they were made, those whose deletion is pending included.

use opentrail_catalog::StoredEventDataStore;
use opentrail_wire::shapes::{EventDataStore, ListEventDataStoresRequest, ListEventDataStoresResponse};

use crate::paging::{Paging, page};
use crate::{Api, Caller, Error};

pub(crate) async fn list_event_data_stores(
    api: &Api,
    caller: &Caller,
    input: ListEventDataStoresRequest,
) -> Result<ListEventDataStoresResponse, Error> {
    let stores = api.catalog.event_data_stores_of(caller.account(), &caller.region).await?;
    let paging = Paging::new("ListEventDataStores", caller, &[], input.next_token, input.max_results);
    let (stores, next_token) = page(&paging, stores, |stored| stored.id)?;
    let show = |stored: StoredEventDataStore| EventDataStore {
        event_data_store_arn: Some(stored.store.arn.to_string()),
        name: Some(stored.store.name),
        ..EventDataStore::default()
    };
    Ok(ListEventDataStoresResponse { event_data_stores: Some(stores.into_iter().map(show).collect()), next_token })
}
