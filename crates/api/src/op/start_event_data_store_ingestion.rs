//! StartEventDataStoreIngestion: a stopped store takes records in again.
//!
//! - Documented: the status must be `STOPPED_INGESTION`; only for CloudTrail events and configuration items; the answer is `{}`.
//! - Ours: by the time of the answer the status is `ENABLED`, without `STARTING_INGESTION` before it. The record of this call is taken in.
//!   A store of another kind is told so first, in whatever status it is, unless its deletion is pending.

use opentrail_model::EventDataStoreStatus;
use opentrail_wire::shapes::{StartEventDataStoreIngestionRequest, StartEventDataStoreIngestionResponse};

use crate::find::Effective;
use crate::{Api, Caller, Error};

pub(crate) async fn start_event_data_store_ingestion(
    api: &Api,
    caller: &Caller,
    input: StartEventDataStoreIngestionRequest,
) -> Result<StartEventDataStoreIngestionResponse, Error> {
    let mut change = api.store_change(caller, &input.event_data_store).await?;
    change.stoppable(EventDataStoreStatus::StoppedIngestion)?.is_ingesting = true;
    change.save(api, Effective::Now).await?;
    Ok(StartEventDataStoreIngestionResponse {})
}
