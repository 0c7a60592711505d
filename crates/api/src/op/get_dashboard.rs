//! GetDashboard: a dashboard's settings, and how its latest refresh went.
//!
//! - Documented: the members of the answer.
//! - Ours: the status is `CREATED`, and `UPDATED` after the first update. CloudTrail's own dashboards show queries of ours, since the
//!   service's are not published; the store that they are asked of is a parameter. A scheduled refresh has failed when it could not be
//!   begun, or when one of its queries failed.

use opentrail_model::Dashboard;
use opentrail_wire::shapes::{DashboardStatus, GetDashboardRequest, GetDashboardResponse};

use crate::dashboards::{dashboard_arn, is_managed, kind, managed_widgets, show_schedule, show_widgets, widgets_of};
use crate::view::timestamp;
use crate::{Api, Caller, Error};

pub(crate) async fn get_dashboard(
    api: &Api,
    caller: &Caller,
    input: GetDashboardRequest,
) -> Result<GetDashboardResponse, Error> {
    let arn = dashboard_arn(caller, &input.dashboard_id)?;
    let refresh = api.catalog.dashboard_refresh(&arn).await?;
    if let Some(widgets) = managed_widgets(&arn).filter(|_| is_managed(&arn)) {
        return Ok(GetDashboardResponse {
            dashboard_arn: Some(arn.to_string()),
            r#type: Some(kind(&arn)),
            status: Some(DashboardStatus::Created),
            widgets: Some(show_widgets(&widgets)),
            last_refresh_id: refresh.id,
            ..GetDashboardResponse::default()
        });
    }
    let mut shown = show(api.find_dashboard(caller, &input.dashboard_id).await?.dashboard);
    shown.last_refresh_failure_reason = match &refresh.id {
        _ if refresh.failure.is_some() => refresh.failure,
        Some(id) if refresh.is_scheduled => api.catalog.refresh_failure(id).await?,
        _ => None,
    };
    shown.last_refresh_id = refresh.id;
    Ok(shown)
}

fn show(dashboard: Dashboard) -> GetDashboardResponse {
    let is_new = dashboard.updated_at == dashboard.created_at;
    GetDashboardResponse {
        dashboard_arn: Some(dashboard.arn.to_string()),
        r#type: Some(kind(&dashboard.arn)),
        status: Some(if is_new { DashboardStatus::Created } else { DashboardStatus::Updated }),
        widgets: Some(show_widgets(&widgets_of(&dashboard))),
        refresh_schedule: dashboard.schedule.as_ref().map(show_schedule),
        created_timestamp: Some(timestamp(dashboard.created_at)),
        updated_timestamp: Some(timestamp(dashboard.updated_at)),
        termination_protection_enabled: Some(dashboard.is_termination_protected),
        ..GetDashboardResponse::default()
    }
}
