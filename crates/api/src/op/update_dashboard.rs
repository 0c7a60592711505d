//! UpdateDashboard: changes what is given, keeps what isn't. Widgets are replaced as a whole.
//!
//! - Documented: the name stays; widgets and schedules as in CreateDashboard.
//! - Ours: new widgets get new aliases. CloudTrail's own dashboards can't be changed: `UnsupportedOperationException`.

use opentrail_wire::shapes::{UpdateDashboardRequest, UpdateDashboardResponse};

use crate::dashboards::{kind, read_schedule, read_widgets, refuse_managed, show_schedule, show_widgets, widgets_of};
use crate::{Api, Caller, Error};

pub(crate) async fn update_dashboard(
    api: &Api,
    caller: &Caller,
    input: UpdateDashboardRequest,
) -> Result<UpdateDashboardResponse, Error> {
    refuse_managed(caller, &input.dashboard_id)?;
    let arn = api.find_dashboard(caller, &input.dashboard_id).await?.dashboard.arn;
    let widgets = match input.widgets {
        Some(widgets) => Some(read_widgets(api, caller, &arn, widgets).await?),
        None => None,
    };
    let mut change = api.dashboard_change(caller, &input.dashboard_id).await?;
    let dashboard = &mut change.stored.dashboard;
    if let Some(widgets) = widgets {
        dashboard.widgets = widgets;
    }
    if let Some(schedule) = input.refresh_schedule {
        dashboard.schedule = Some(read_schedule(schedule, &dashboard.arn)?);
    }
    dashboard.is_termination_protected =
        input.termination_protection_enabled.unwrap_or(dashboard.is_termination_protected);
    dashboard.updated_at = api.clock.now();
    let dashboard = change.save().await?;
    Ok(UpdateDashboardResponse {
        dashboard_arn: Some(dashboard.arn.to_string()),
        name: Some(dashboard.arn.name().to_owned()),
        r#type: Some(kind(&dashboard.arn)),
        widgets: Some(show_widgets(&widgets_of(&dashboard))),
        refresh_schedule: dashboard.schedule.as_ref().map(show_schedule),
        termination_protection_enabled: Some(dashboard.is_termination_protected),
        created_timestamp: Some(crate::view::timestamp(dashboard.created_at)),
        updated_timestamp: Some(crate::view::timestamp(dashboard.updated_at)),
    })
}
