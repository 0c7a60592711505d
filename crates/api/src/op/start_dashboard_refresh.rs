//! StartDashboardRefresh: asks each widget's query once more, and answers the id under which the answers are found.
//!
//! - Documented: values for `$StartTime$`, `$EndTime$` and `$Period$`, and of CloudTrail's own dashboards for `$EventDataStoreId$`, which
//!   they need; one refresh of a dashboard at a time.
//! - Ours: without values it is the last 24 hours, by hours. A widget whose statement cannot be run is found FAILED under its alias,
//!   the others run. The queries don't count among the ten that an account may have. Highlights asks the account's oldest event data
//!   store of management events unless one is named. A wrong parameter is `ValidationException`, since the model gives this
//!   operation no error for it.

use std::collections::BTreeMap;

use opentrail_model::dashboard::{HIGHLIGHTS, WIDGET_PARAMETERS};
use opentrail_model::{DashboardArn, Widget};
use opentrail_wire::shapes::{StartDashboardRefreshRequest, StartDashboardRefreshResponse};

use crate::dashboards::{Ask, Asked, STORE, dashboard_arn, default_values, is_managed, managed_widgets, widgets_of};
use crate::error::LakeError;
use crate::{Api, Caller, Error};

pub(crate) async fn start_dashboard_refresh(
    api: &Api,
    caller: &Caller,
    input: StartDashboardRefreshRequest,
) -> Result<StartDashboardRefreshResponse, Error> {
    let dashboard = dashboard_arn(caller, &input.dashboard_id)?;
    let widgets = match managed_widgets(&dashboard) {
        Some(widgets) if is_managed(&dashboard) => widgets,
        _ => widgets_of(&api.find_dashboard(caller, &input.dashboard_id).await?.dashboard),
    };
    let values = values(api, caller, &dashboard, &widgets, input.query_parameter_values.unwrap_or_default()).await?;
    let ask = Ask { dashboard, widgets, values, asked: Asked::ByCaller };
    Ok(StartDashboardRefreshResponse { refresh_id: Some(api.refresh(caller, &ask).await?) })
}

/// What the caller gave, checked, and what he left out.
async fn values(
    api: &Api,
    caller: &Caller,
    dashboard: &DashboardArn,
    widgets: &[Widget],
    given: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, Error> {
    let needs_store = widgets.iter().flat_map(|widget| widget.parameters.iter().flatten()).any(|name| name == STORE);
    let is_known = |name: &String| WIDGET_PARAMETERS.contains(&name.as_str()) || needs_store && name == STORE;
    if let Some(unknown) = given.keys().find(|name| !is_known(name)) {
        return Err(LakeError::Validation(format!("The query parameter {unknown} is not valid.")).into());
    }
    let mut values = default_values(api.clock.now());
    values.extend(given);
    if needs_store {
        let id = match values.get(STORE) {
            Some(reference) => api.store_for_managed(caller, dashboard, reference).await?,
            None if dashboard.name() == HIGHLIGHTS => api.store_for_highlights(caller).await?,
            None => {
                let text = format!("The dashboard {dashboard} needs a value for the query parameter {STORE}.");
                return Err(LakeError::Validation(text).into());
            }
        };
        values.insert(STORE.to_owned(), id);
    }
    Ok(values)
}
