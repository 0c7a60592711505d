//! PutEventSelectors: replaces the whole selector configuration of a trail.
//!
//! - Seen: basic and advanced selectors replace each other, exactly one family must be given; the answer echoes the
//!   family as submitted, with defaults filled in; the texts of most refusals.
//! - Documented: home Region only; the limits (5 basic selectors, 250 data resources, 500 advanced values).

use opentrail_model::{SelectorSubject, Selectors, Trail};
use opentrail_wire::shapes::{PutEventSelectorsRequest, PutEventSelectorsResponse};

use crate::find::Effective;
use crate::{Api, Caller, Error, selectors};

pub(crate) async fn put_event_selectors(
    api: &Api,
    caller: &Caller,
    input: PutEventSelectorsRequest,
) -> Result<PutEventSelectorsResponse, Error> {
    let submitted = selectors::read(input.event_selectors, input.advanced_event_selectors);
    let put = |trail: &mut Trail| {
        let selectors = Selectors::validate(submitted.clone(), SelectorSubject::Trail, &trail.arn.partition)?;
        trail.has_custom_event_selectors = !selectors.is_default();
        trail.selectors = selectors;
        Ok(())
    };
    let trail = api.change(caller, &input.trail_name, Effective::Now, put).await?;
    let (event_selectors, advanced_event_selectors) = selectors::show(&trail.selectors);
    Ok(PutEventSelectorsResponse { trail_arn: Some(trail.arn.to_string()), event_selectors, advanced_event_selectors })
}
