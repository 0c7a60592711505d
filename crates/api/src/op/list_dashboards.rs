//! ListDashboards: ARN and type of the dashboards in the called Region, CloudTrail's own among them.
//!
//! - Documented: they can be filtered by type and by what their names begin with; 1 to 1000 a page.
//! - Seen: the ARN of the managed dashboard `AWSCloudTrail-Overview`.
//! - Ours: the names of the other managed dashboards, after the titles that the user guide has; they come first, then the account's own in the
//!   order in which they were made. A bad token is `ValidationException`, since the model gives this operation no error for it.

use opentrail_model::DashboardArn;
use opentrail_wire::shapes::{DashboardDetail, ListDashboardsRequest, ListDashboardsResponse};

use crate::dashboards::kind;
use crate::error::LakeError;
use crate::paging::{Paging, page};
use crate::{Api, Caller, Error};

/// Numbers of the account's own dashboards begin above those of the managed ones.
const OWN_FROM: i64 = 1000;

pub(crate) async fn list_dashboards(
    api: &Api,
    caller: &Caller,
    input: ListDashboardsRequest,
) -> Result<ListDashboardsResponse, Error> {
    let (account, region) = (caller.account(), &caller.region);
    let managed = (1..).zip(opentrail_samples::dashboards()).filter_map(|(number, managed)| {
        Some((number, DashboardArn::new(region.clone(), account.clone(), managed.name)?))
    });
    let own = api.catalog.dashboards_of(account, region).await?;
    let own = own.into_iter().map(|stored| (stored.id + OWN_FROM, stored.dashboard.arn));
    let is_wanted = |(_, arn): &(i64, DashboardArn)| {
        let has_prefix = input.name_prefix.as_ref().is_none_or(|prefix| arn.name().starts_with(prefix.as_str()));
        has_prefix && input.r#type.as_ref().is_none_or(|wanted| *wanted == kind(arn))
    };
    let dashboards: Vec<_> = managed.chain(own).filter(is_wanted).collect();
    let filters = [input.name_prefix.as_deref(), input.r#type.as_ref().map(|kind| kind.as_str())];
    let paging = Paging::new("ListDashboards", caller, &filters, input.next_token, input.max_results);
    let (dashboards, next_token) = page(&paging, dashboards, |(number, _)| *number).map_err(as_validation)?;
    let show = |(_, arn): (i64, DashboardArn)| DashboardDetail {
        dashboard_arn: Some(arn.to_string()),
        r#type: Some(kind(&arn)),
    };
    Ok(ListDashboardsResponse { dashboards: Some(dashboards.into_iter().map(show).collect()), next_token })
}

fn as_validation(error: Error) -> Error {
    match error {
        Error::NextToken => LakeError::Validation(error.to_string()).into(),
        other => other,
    }
}
