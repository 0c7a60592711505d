//! GetChannel: a channel's settings, and how its latest events went.
//!
//! - Documented: the members of the answer; source configurations are for the channels of AWS services only, which OpenTrail has none of.
//! - Ours: before the first event there is no ingestion status.

use opentrail_catalog::ChannelIngestion;
use opentrail_wire::shapes::{GetChannelRequest, GetChannelResponse, IngestionStatus};

use crate::channels::show_destinations;
use crate::view::timestamp;
use crate::{Api, Caller, Error};

pub(crate) async fn get_channel(
    api: &Api,
    caller: &Caller,
    input: GetChannelRequest,
) -> Result<GetChannelResponse, Error> {
    let stored = api.find_channel(caller, &input.channel).await?;
    let ingestion = api.catalog.channel_ingestion(stored.id).await?;
    let channel = stored.channel;
    Ok(GetChannelResponse {
        channel_arn: Some(channel.arn.to_string()),
        name: Some(channel.name),
        source: Some(channel.source),
        source_config: None,
        destinations: Some(show_destinations(&channel.destinations)),
        ingestion_status: show(ingestion),
    })
}

fn show(ingestion: ChannelIngestion) -> Option<IngestionStatus> {
    ingestion.attempt_at.map(|attempt_at| IngestionStatus {
        latest_ingestion_success_time: ingestion.success_at.map(timestamp),
        latest_ingestion_success_event_id: ingestion.success_event_id,
        latest_ingestion_error_code: ingestion.error_code,
        latest_ingestion_attempt_time: Some(timestamp(attempt_at)),
        latest_ingestion_attempt_event_id: ingestion.attempt_event_id,
    })
}
