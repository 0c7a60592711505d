//! StartLogging: the trail delivers records from now on.
//!
//! - Seen: the answer is `{}`; on a trail that logs already it succeeds and changes nothing, not even the start time.
//!   With validation on, a digest chain begins at this instant.
//! - Documented: home Region only.
//! - Ours: the record of the call itself is delivered. A chain begins at a whole second, as all digest times are.

use opentrail_model::Trail;
use opentrail_wire::shapes::{StartLoggingRequest, StartLoggingResponse};

use crate::find::Effective;
use crate::{Api, Caller, Error};

pub(crate) async fn start_logging(
    api: &Api,
    caller: &Caller,
    input: StartLoggingRequest,
) -> Result<StartLoggingResponse, Error> {
    let now = api.clock.now();
    let start = |trail: &mut Trail| {
        if !trail.is_logging {
            trail.is_logging = true;
            trail.started_at = Some(now);
            trail.chain_started_at = trail.log_file_validation.then(|| now.floor_to_second());
        }
        Ok(())
    };
    api.change(caller, &input.name, Effective::Now, start).await?;
    Ok(StartLoggingResponse {})
}
