//! DeleteChannel: nothing more comes through it; what came stays.
//!
//! - Documented: the answer is `{}`.
//! - Ours: its resource policy goes with it.

use opentrail_wire::shapes::{DeleteChannelRequest, DeleteChannelResponse};

use crate::channels::{channel_arn, visible};
use crate::{Api, Caller, Error};

pub(crate) async fn delete_channel(
    api: &Api,
    caller: &Caller,
    input: DeleteChannelRequest,
) -> Result<DeleteChannelResponse, Error> {
    let arn = channel_arn(caller, &input.channel)?;
    let mut transaction = api.catalog.begin().await?;
    let stored = visible(transaction.channel(&arn).await?, caller, &arn)?;
    transaction.delete_channel(&stored).await?;
    // Commit point: channel and policy are gone together, or neither is.
    transaction.commit().await?;
    Ok(DeleteChannelResponse {})
}
