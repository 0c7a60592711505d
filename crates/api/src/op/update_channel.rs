//! UpdateChannel: changes a channel's name or its destinations.
//!
//! - Documented: the source stays; destinations are replaced as a whole.
//! - Ours: one of the two must be given, else it is `InvalidParameterException`.

use opentrail_wire::shapes::{UpdateChannelRequest, UpdateChannelResponse};

use crate::channels::{channel_arn, check_name, read_destinations, show_destinations, visible};
use crate::{Api, Caller, Error};

pub(crate) async fn update_channel(
    api: &Api,
    caller: &Caller,
    input: UpdateChannelRequest,
) -> Result<UpdateChannelResponse, Error> {
    let arn = channel_arn(caller, &input.channel)?;
    if input.name.is_none() && input.destinations.is_none() {
        return Err(Error::Parameter("You must specify a name or destinations to update."));
    }
    let mut transaction = api.catalog.begin().await?;
    let mut stored = visible(transaction.channel(&arn).await?, caller, &arn)?;
    if let Some(name) = input.name.filter(|name| *name != stored.channel.name) {
        check_name(&transaction.channels_of(caller.account(), &caller.region).await?, &name)?;
        stored.channel.name = name;
    }
    if let Some(destinations) = input.destinations {
        stored.channel.destinations = read_destinations(&mut transaction, caller, &destinations).await?;
    }
    transaction.update_channel(&stored).await?;
    // Commit point: name and destinations change together, or neither does.
    transaction.commit().await?;
    let channel = stored.channel;
    Ok(UpdateChannelResponse {
        channel_arn: Some(channel.arn.to_string()),
        name: Some(channel.name),
        source: Some(channel.source),
        destinations: Some(show_destinations(&channel.destinations)),
    })
}
