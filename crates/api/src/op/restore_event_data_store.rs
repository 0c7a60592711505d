//! RestoreEventDataStore: brings back a store whose deletion is pending.
//!
//! - Documented: only while it is pending, else `InvalidEventDataStoreStatusException`.
//! - Ours: it takes records in again if it did so before, and not what came in between. It counted as a store all the time, so that
//!   there is always room for it.

use opentrail_wire::shapes::{RestoreEventDataStoreRequest, RestoreEventDataStoreResponse};

use crate::error::LakeError;
use crate::find::Effective;
use crate::stores::view;
use crate::{Api, Caller, Error};

pub(crate) async fn restore_event_data_store(
    api: &Api,
    caller: &Caller,
    input: RestoreEventDataStoreRequest,
) -> Result<RestoreEventDataStoreResponse, Error> {
    let mut change = api.store_change(caller, &input.event_data_store).await?;
    let store = change.store();
    if store.gone_at.take().is_none() {
        let (arn, status) = (store.arn.clone(), store.status());
        return Err(LakeError::StoreStatus { arn, status, needed: "PENDING_DELETION" }.into());
    }
    Ok(view::restored(&change.save(api, Effective::Now).await?))
}
