//! GetEventDataStore: the settings of an event data store, by ARN or id, in whatever status it is.
//!
//! - Documented: the members of the answer; another account sees it by a resource policy that allows it.
//! - Ours: a store without federation shows the status `DISABLED`. The one partition key is `day`, which is how our files are
//!   laid out. A store of another account that no policy shares is an invalid ARN, one of another Region isn't found.

use opentrail_wire::shapes::{GetEventDataStoreRequest, GetEventDataStoreResponse};

use crate::stores::view;
use crate::{Api, Caller, Error};

pub(crate) async fn get_event_data_store(
    api: &Api,
    caller: &Caller,
    input: GetEventDataStoreRequest,
) -> Result<GetEventDataStoreResponse, Error> {
    let stored = api.find_store(caller, &input.event_data_store, "cloudtrail:GetEventDataStore").await?;
    Ok(view::got(&stored.store))
}
