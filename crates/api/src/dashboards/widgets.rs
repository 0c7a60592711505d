//! Widgets between the wire and the model.

use opentrail_model::dashboard::HIGHLIGHTS;
use opentrail_model::{DashboardArn, Widget};
use opentrail_wire::shapes;

use super::statement;
use crate::error::LakeError;
use crate::{Api, Caller, Error};

/// How many widgets a dashboard may have.
const WIDGETS_MAX: usize = 10;

/// Checks what a caller submitted: each query must be one that could be asked of the caller's stores. Each widget gets
/// an alias, under which it is asked.
pub(crate) async fn read_widgets(
    api: &Api,
    caller: &Caller,
    dashboard: &DashboardArn,
    widgets: Vec<shapes::RequestWidget>,
) -> Result<Vec<Widget>, Error> {
    if dashboard.name() == HIGHLIGHTS && !widgets.is_empty() {
        return Err(
            LakeError::Validation("CloudTrail chooses the widgets of the Highlights dashboard.".to_owned()).into()
        );
    }
    if widgets.len() > WIDGETS_MAX {
        return Err(LakeError::ServiceQuota(format!("A dashboard can have at most {WIDGETS_MAX} widgets.")).into());
    }
    let mut read = Vec::with_capacity(widgets.len());
    for widget in widgets {
        let parameters = widget.query_parameters.as_deref().unwrap_or_default();
        let sample = statement::sample(&widget.query_statement, parameters)?;
        api.stores_of(caller, caller.account(), &sample).await?;
        read.push(Widget {
            alias: format!("widget-{}", api.entropy.uuid()),
            statement: widget.query_statement,
            parameters: widget.query_parameters,
            view: widget.view_properties,
        });
    }
    Ok(read)
}

pub(crate) fn show_widgets(widgets: &[Widget]) -> Vec<shapes::Widget> {
    let show = |widget: &Widget| shapes::Widget {
        query_alias: Some(widget.alias.clone()),
        query_statement: Some(widget.statement.clone()),
        query_parameters: widget.parameters.clone(),
        view_properties: Some(widget.view.clone()),
    };
    widgets.iter().map(show).collect()
}
