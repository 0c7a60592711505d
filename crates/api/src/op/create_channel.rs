//! CreateChannel: makes a way for events from outside of AWS into event data stores.
//!
//! - Documented: 1 to 200 destinations, all of them stores for such events; the source is `Custom` or a partner's name; names are
//!   unique; one channel per source.
//! - Ours: the texts; a second channel of a source is `ChannelMaxLimitExceededException`, which leaves the quota of 25 out of reach. Locations
//!   may be ids and are shown as ARNs; each may be given once.

use opentrail_model::channel::SOURCES;
use opentrail_model::{Channel, ChannelArn, tag};
use opentrail_wire::shapes::{CreateChannelRequest, CreateChannelResponse};

use crate::channels::{check_name, read_destinations, show_destinations};
use crate::error::LakeError;
use crate::tagging::{read_tags, show_tags};
use crate::{Api, Caller, Error};

pub(crate) async fn create_channel(
    api: &Api,
    caller: &Caller,
    input: CreateChannelRequest,
) -> Result<CreateChannelResponse, Error> {
    let tags = tag::add_tags(&[], &read_tags(input.tags.unwrap_or_default()))?;
    if !SOURCES.contains(&input.source.as_str()) {
        return Err(LakeError::InvalidSource(input.source).into());
    }
    let mut transaction = api.catalog.begin().await?;
    let others = transaction.channels_of(caller.account(), &caller.region).await?;
    check_name(&others, &input.name)?;
    if others.iter().any(|other| other.channel.source == input.source) {
        return Err(LakeError::ChannelQuota(input.source).into());
    }
    let arn = ChannelArn::new(caller.region.clone(), caller.account().clone(), &api.entropy.uuid());
    let channel = Channel {
        arn: arn.expect("a UUID names a channel"),
        name: input.name,
        source: input.source,
        destinations: read_destinations(&mut transaction, caller, &input.destinations).await?,
        tags,
        created_at: api.clock.now(),
    };
    transaction.insert_channel(&channel).await?;
    // Commit point: a crash before leaves no channel.
    transaction.commit().await?;
    Ok(CreateChannelResponse {
        channel_arn: Some(channel.arn.to_string()),
        name: Some(channel.name),
        source: Some(channel.source),
        destinations: Some(show_destinations(&channel.destinations)),
        tags: (!channel.tags.is_empty()).then(|| show_tags(&channel.tags)),
    })
}
