//! GetEventSelectors: the selectors of a trail.
//!
//! - Seen: only the family in use is there; empty lists of basic selectors are printed; the fields of advanced selectors
//!   come sorted by name, whatever order they were put in.
//! - Documented: a shadow is asked for by ARN.

use opentrail_wire::shapes::{GetEventSelectorsRequest, GetEventSelectorsResponse};

use crate::{Api, Caller, Error, selectors};

pub(crate) async fn get_event_selectors(
    api: &Api,
    caller: &Caller,
    input: GetEventSelectorsRequest,
) -> Result<GetEventSelectorsResponse, Error> {
    let trail = api.find(caller, &input.trail_name).await?.trail;
    let (event_selectors, advanced_event_selectors) = selectors::show(&trail.selectors.sorted());
    Ok(GetEventSelectorsResponse { trail_arn: Some(trail.arn.to_string()), event_selectors, advanced_event_selectors })
}
