//! ListTrails: name, ARN and home Region of all trails of the account, whatever the Region.
//!
//! - Documented: so it is. Order and page size are not.
//! - Ours: all in one page, in the order in which they were made; a token is not looked at, since none was ever given.

use opentrail_wire::shapes::{ListTrailsRequest, ListTrailsResponse, TrailInfo};

use crate::{Api, Caller, Error};

pub(crate) async fn list_trails(
    api: &Api,
    caller: &Caller,
    _input: ListTrailsRequest,
) -> Result<ListTrailsResponse, Error> {
    let trails = api.catalog.trails_of_account(caller.account()).await?;
    let show = |stored: opentrail_catalog::StoredTrail| TrailInfo {
        trail_arn: Some(stored.trail.arn.to_string()),
        name: Some(stored.trail.arn.name.to_string()),
        home_region: Some(stored.trail.arn.region.to_string()),
    };
    Ok(ListTrailsResponse { trails: Some(trails.into_iter().map(show).collect()), next_token: None })
}
