//! DeleteEventDataStore: the store takes in no more and answers no questions; after seven days it is gone.
//!
//! - Documented: termination protection and federation must be off; no channel may deliver into it and no import write to it; the answer is
//!   `{}`; until it is gone it counts as a store, and RestoreEventDataStore brings it back; a second deletion is `InactiveEventDataStoreException`.
//! - Ours: the order of the checks, and the texts. The record of this call is the last that the store takes in. Its name is not free
//!   before it is gone, since a restored store must find its own.

use opentrail_model::event_data_store::DELETION_WAIT_DAYS;
use opentrail_wire::shapes::{DeleteEventDataStoreRequest, DeleteEventDataStoreResponse};

use crate::error::{ImportError, LakeError};
use crate::find::Effective;
use crate::{Api, Caller, Error};

/// A day of UTC, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub(crate) async fn delete_event_data_store(
    api: &Api,
    caller: &Caller,
    input: DeleteEventDataStoreRequest,
) -> Result<DeleteEventDataStoreResponse, Error> {
    let mut change = api.store_change(caller, &input.event_data_store).await?;
    let channels = change.transaction.channels_of(caller.account(), &caller.region).await?;
    let arn = change.store().arn.clone();
    let is_importing = change.transaction.is_import_ongoing(&arn).await?;
    let store = change.active()?;
    if store.is_termination_protected {
        return Err(LakeError::StoreProtected(store.arn.clone()).into());
    }
    if store.federation_role.is_some() {
        return Err(LakeError::StoreFederated(store.arn.clone()).into());
    }
    if channels.iter().any(|stored| stored.channel.destinations.contains(&store.arn)) {
        return Err(LakeError::ChannelForStore(store.arn.clone()).into());
    }
    if is_importing {
        return Err(ImportError::StoreBusy(arn).into());
    }
    let gone_at_ms = api.clock.now().as_ms() + DELETION_WAIT_DAYS * DAY_MS;
    store.gone_at = Some(opentrail_stdx::Timestamp::from_ms(gone_at_ms));
    change.save(api, Effective::AfterThisCall).await?;
    Ok(DeleteEventDataStoreResponse {})
}
