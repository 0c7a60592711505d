//! GetTrail: all settings of one trail.
//!
//! - Seen: the answer to the byte, and that an unknown trail is told by its name even when asked for by ARN.
//! - Documented: a shadow is asked for by ARN.

use opentrail_model::TrailRef;
use opentrail_wire::shapes::{GetTrailRequest, GetTrailResponse};

use crate::{Api, Caller, Error, view};

pub(crate) async fn get_trail(api: &Api, caller: &Caller, input: GetTrailRequest) -> Result<GetTrailResponse, Error> {
    match api.find(caller, &input.name).await {
        Ok(stored) => Ok(GetTrailResponse { trail: Some(view::trail(&stored.trail)) }),
        Err(Error::TrailNotFound { account, .. }) => {
            let shown = TrailRef::parse(&input.name)?.name().to_string();
            Err(Error::TrailNotFound { shown, account })
        }
        Err(error) => Err(error),
    }
}
