//! GetDashboard: a dashboard's settings, and how its latest refresh went.
//!
//! - Documented: the members of the answer.
//! - Ours: the status is `CREATED`, and `UPDATED` after the first update. Of CloudTrail's own dashboards type and status show; their queries
//!   are not published.

use opentrail_model::Dashboard;
use opentrail_wire::shapes::{DashboardStatus, GetDashboardRequest, GetDashboardResponse};

use crate::dashboards::{dashboard_arn, is_managed, kind, show_schedule, show_widgets};
use crate::view::timestamp;
use crate::{Api, Caller, Error};

pub(crate) async fn get_dashboard(
    api: &Api,
    caller: &Caller,
    input: GetDashboardRequest,
) -> Result<GetDashboardResponse, Error> {
    let arn = dashboard_arn(caller, &input.dashboard_id)?;
    if is_managed(&arn) {
        return Ok(GetDashboardResponse {
            dashboard_arn: Some(arn.to_string()),
            r#type: Some(kind(&arn)),
            status: Some(DashboardStatus::Created),
            ..GetDashboardResponse::default()
        });
    }
    Ok(show(api.find_dashboard(caller, &input.dashboard_id).await?.dashboard))
}

fn show(dashboard: Dashboard) -> GetDashboardResponse {
    let is_new = dashboard.updated_at == dashboard.created_at;
    GetDashboardResponse {
        dashboard_arn: Some(dashboard.arn.to_string()),
        r#type: Some(kind(&dashboard.arn)),
        status: Some(if is_new { DashboardStatus::Created } else { DashboardStatus::Updated }),
        widgets: Some(show_widgets(&dashboard.widgets)),
        refresh_schedule: dashboard.schedule.as_ref().map(show_schedule),
        created_timestamp: Some(timestamp(dashboard.created_at)),
        updated_timestamp: Some(timestamp(dashboard.updated_at)),
        last_refresh_id: dashboard.last_refresh_id,
        last_refresh_failure_reason: dashboard.last_refresh_failure,
        termination_protection_enabled: Some(dashboard.is_termination_protected),
    }
}
