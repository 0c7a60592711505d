//! StopLogging: the trail delivers no more records. What was recorded before is still delivered.
//!
//! - Seen: the answer is `{}`; it succeeds on a trail that never logged; records go on for a short while.
//! - Documented: home Region only; Insights are disabled on the trail; a final digest is made.
//! - Ours: the record of the call itself is the last one delivered. A stop of a trail that doesn't log changes nothing.

use opentrail_model::Trail;
use opentrail_wire::shapes::{StopLoggingRequest, StopLoggingResponse};

use crate::find::Effective;
use crate::{Api, Caller, Error};

pub(crate) async fn stop_logging(
    api: &Api,
    caller: &Caller,
    input: StopLoggingRequest,
) -> Result<StopLoggingResponse, Error> {
    let now = api.clock.now();
    let stop = |trail: &mut Trail| {
        if trail.is_logging {
            trail.is_logging = false;
            trail.stopped_at = Some(now);
            trail.chain_started_at = None;
            trail.insight_selectors.clear();
        }
        Ok(())
    };
    api.change(caller, &input.name, Effective::AfterThisCall, stop).await?;
    Ok(StopLoggingResponse {})
}
