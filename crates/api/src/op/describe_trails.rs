//! DescribeTrails: settings of the trails that show in the called Region.
//!
//! - Seen: names and ARNs that match nothing are left out in silence; `{"trailList":[]}` when none is left.
//! - Documented: shadows of multi-Region trails are included unless `includeShadowTrails` is false; a name means a trail
//!   at home in the called Region.
//! - Ours: trails come in the order in which they were made.

use opentrail_model::TrailRef;
use opentrail_wire::shapes::{DescribeTrailsRequest, DescribeTrailsResponse};

use crate::find::is_visible;
use crate::{Api, Caller, Error, view};

pub(crate) async fn describe_trails(
    api: &Api,
    caller: &Caller,
    input: DescribeTrailsRequest,
) -> Result<DescribeTrailsResponse, Error> {
    let references = input.trail_name_list.unwrap_or_default();
    let wanted: Vec<_> = references
        .iter()
        .map(|reference| Ok(caller.resolve(TrailRef::parse(reference)?)))
        .collect::<Result<_, Error>>()?;
    let with_shadows = input.include_shadow_trails.unwrap_or(true);
    let trails = api.catalog.trails_of_account(caller.account()).await?;
    let shown = trails.iter().map(|stored| &stored.trail).filter(|trail| {
        let is_wanted = wanted.is_empty() || wanted.contains(&trail.arn);
        let is_shadow = trail.arn.region != caller.region;
        is_wanted && is_visible(trail, caller) && (with_shadows || !is_shadow)
    });
    Ok(DescribeTrailsResponse { trail_list: Some(shown.map(view::trail).collect()) })
}
