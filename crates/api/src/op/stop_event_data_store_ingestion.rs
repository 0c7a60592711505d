//! StopEventDataStoreIngestion: the store takes no more records in and can still be queried.
//!
//! - Documented: the status must be `ENABLED`; only for CloudTrail events and configuration items; the answer is `{}`.
//! - Ours: by the time of the answer the status is `STOPPED_INGESTION`, without `STOPPING_INGESTION` before it. The record of this call
//!   is the last that is taken in.

use opentrail_model::EventDataStoreStatus;
use opentrail_wire::shapes::{StopEventDataStoreIngestionRequest, StopEventDataStoreIngestionResponse};

use crate::find::Effective;
use crate::{Api, Caller, Error};

pub(crate) async fn stop_event_data_store_ingestion(
    api: &Api,
    caller: &Caller,
    input: StopEventDataStoreIngestionRequest,
) -> Result<StopEventDataStoreIngestionResponse, Error> {
    let mut change = api.store_change(caller, &input.event_data_store).await?;
    change.stoppable(EventDataStoreStatus::Enabled)?.is_ingesting = false;
    change.save(api, Effective::AfterThisCall).await?;
    Ok(StopEventDataStoreIngestionResponse {})
}
