//! What the dashboards show whose widgets are not the customer's.

use opentrail_model::{Dashboard, DashboardArn, Widget};
use opentrail_samples::ManagedWidget;

use crate::{Api, Caller, Error};

/// The widgets of a dashboard that CloudTrail fills; none of any other.
pub(crate) fn managed_widgets(arn: &DashboardArn) -> Option<Vec<Widget>> {
    opentrail_samples::dashboard(arn.name()).map(|managed| managed.widgets().map(widget).collect())
}

/// The widgets of a dashboard that the account made: of Highlights those that CloudTrail chose.
pub(crate) fn widgets_of(dashboard: &Dashboard) -> Vec<Widget> {
    managed_widgets(&dashboard.arn).unwrap_or_else(|| dashboard.widgets.clone())
}

fn widget(managed: ManagedWidget) -> Widget {
    let statement = managed.question.widget();
    Widget {
        alias: managed.alias(),
        statement: statement.text,
        parameters: Some(statement.parameters),
        view: managed.question.view.properties(managed.title),
    }
}

impl Api {
    /// The widget of the account in the called Region, or of a dashboard that is always there, that has this alias.
    pub(crate) async fn widget_of_alias(&self, caller: &Caller, alias: &str) -> Result<Option<Widget>, Error> {
        let dashboards = self.catalog.dashboards_of(caller.account(), &caller.region).await?;
        let own = dashboards.into_iter().flat_map(|stored| stored.dashboard.widgets);
        if let Some(widget) = own.into_iter().find(|widget| widget.alias == alias) {
            return Ok(Some(widget));
        }
        let managed = opentrail_samples::dashboards().iter().chain([&opentrail_samples::HIGHLIGHTS]);
        Ok(managed.flat_map(|dashboard| dashboard.widgets()).find(|widget| widget.alias() == alias).map(widget))
    }
}
