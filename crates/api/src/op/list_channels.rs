//! ListChannels: ARN and name of all channels of the account in the called Region.
//!
//! - Documented: 1 to 1000 a page.
//! - Ours: in the order in which they were made.

use opentrail_catalog::StoredChannel;
use opentrail_wire::shapes::{Channel, ListChannelsRequest, ListChannelsResponse};

use crate::paging::{Paging, page};
use crate::{Api, Caller, Error};

pub(crate) async fn list_channels(
    api: &Api,
    caller: &Caller,
    input: ListChannelsRequest,
) -> Result<ListChannelsResponse, Error> {
    let channels = api.catalog.channels_of(caller.account(), &caller.region).await?;
    let paging = Paging::new("ListChannels", caller, &[], input.next_token, input.max_results);
    let (channels, next_token) = page(&paging, channels, |stored| stored.id)?;
    let show = |stored: StoredChannel| Channel {
        channel_arn: Some(stored.channel.arn.to_string()),
        name: Some(stored.channel.name),
    };
    Ok(ListChannelsResponse { channels: Some(channels.into_iter().map(show).collect()), next_token })
}
