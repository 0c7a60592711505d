//! CreateDashboard: makes a custom dashboard, or Highlights, which CloudTrail fills.
//!
//! - Documented: at most 10 widgets and 100 dashboards in a Region; a schedule of 1, 6, 12 or 24 hours or a day, at midnight when no time is
//!   given; Highlights, by its name, is refreshed every 6 hours; the answer's widgets have aliases.
//! - Ours: the texts. A name that is taken is `ConflictException`, and so are those that begin like CloudTrail's own dashboards. Statements
//!   are analyzed with samples for their parameters. A bad schedule is
//!   `ValidationException`. Termination protection is off unless asked for. Highlights takes no widgets; its own are ours.

use opentrail_model::dashboard::{HIGHLIGHTS, MANAGED_PREFIX};
use opentrail_model::{Dashboard, DashboardArn};
use opentrail_wire::shapes::{CreateDashboardRequest, CreateDashboardResponse};

use crate::dashboards::{
    DASHBOARDS_PER_REGION_MAX, kind, read_schedule, read_widgets, show_schedule, show_widgets, widgets_of,
};
use crate::error::LakeError;
use crate::stores::rules::new_tags;
use crate::tagging::show_tags;
use crate::{Api, Caller, Error};

pub(crate) async fn create_dashboard(
    api: &Api,
    caller: &Caller,
    input: CreateDashboardRequest,
) -> Result<CreateDashboardResponse, Error> {
    let arn = DashboardArn::new(caller.region.clone(), caller.account().clone(), &input.name)
        .expect("the model's constraints are ours");
    let tags = new_tags(input.tags_list)?;
    let schedule = input.refresh_schedule.map(|schedule| read_schedule(schedule, &arn)).transpose()?;
    let widgets = read_widgets(api, caller, &arn, input.widgets.unwrap_or_default()).await?;
    let mut transaction = api.catalog.begin().await?;
    let others = transaction.dashboards_of(caller.account(), &caller.region).await?;
    check_room(others.iter().map(|other| &other.dashboard), &arn)?;
    let now = api.clock.now();
    let dashboard = Dashboard {
        arn,
        widgets,
        schedule,
        is_termination_protected: input.termination_protection_enabled.unwrap_or(false),
        tags,
        created_at: now,
        updated_at: now,
    };
    transaction.insert_dashboard(&dashboard).await?;
    // Commit point: a crash before leaves no dashboard.
    transaction.commit().await?;
    Ok(show(&dashboard))
}

/// Is the name free, and is there room for one more?
fn check_room<'d>(others: impl Iterator<Item = &'d Dashboard>, arn: &DashboardArn) -> Result<(), LakeError> {
    let name = arn.name();
    if name.starts_with(MANAGED_PREFIX) && name != HIGHLIGHTS {
        let text =
            format!("The name {name} is reserved: only CloudTrail's own dashboards begin with {MANAGED_PREFIX}.");
        return Err(LakeError::DashboardConflict(text));
    }
    let mut customs = 0;
    for other in others {
        if other.arn == *arn {
            return Err(LakeError::DashboardConflict(format!("A dashboard with the name {name} already exists.")));
        }
        customs += usize::from(other.arn.name() != HIGHLIGHTS);
    }
    if customs >= DASHBOARDS_PER_REGION_MAX && name != HIGHLIGHTS {
        let text = format!("An account can have at most {DASHBOARDS_PER_REGION_MAX} custom dashboards in a Region.");
        return Err(LakeError::ServiceQuota(text));
    }
    Ok(())
}

fn show(dashboard: &Dashboard) -> CreateDashboardResponse {
    CreateDashboardResponse {
        dashboard_arn: Some(dashboard.arn.to_string()),
        name: Some(dashboard.arn.name().to_owned()),
        r#type: Some(kind(&dashboard.arn)),
        widgets: Some(show_widgets(&widgets_of(dashboard))),
        tags_list: (!dashboard.tags.is_empty()).then(|| show_tags(&dashboard.tags)),
        refresh_schedule: dashboard.schedule.as_ref().map(show_schedule),
        termination_protection_enabled: Some(dashboard.is_termination_protected),
    }
}
