//! Widgets between the wire and the model.

use opentrail_catalog::Transaction;
use opentrail_model::dashboard::HIGHLIGHTS;
use opentrail_model::lake_arn::is_uuid;
use opentrail_model::{DashboardArn, Widget};
use opentrail_wire::shapes;

use super::statement;
use crate::error::LakeError;
use crate::stores::store_of;
use crate::{Api, Caller, Error};

/// How many widgets a dashboard may have.
const WIDGETS_MAX: usize = 10;

/// Checks what a caller submitted: each query must be one that could be asked of the caller's stores. Each widget gets
/// an alias, under which it is asked.
pub(crate) async fn read_widgets(
    api: &Api,
    transaction: &mut Transaction,
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
        for table in statement::tables(&widget.query_statement, parameters)? {
            check_table(transaction, caller, &table).await?;
        }
        read.push(Widget {
            alias: format!("widget-{}", api.entropy.uuid()),
            statement: widget.query_statement,
            parameters: widget.query_parameters,
            view: widget.view_properties,
        });
    }
    Ok(read)
}

async fn check_table(transaction: &mut Transaction, caller: &Caller, table: &str) -> Result<(), Error> {
    if !is_uuid(table) {
        let text = format!("Table '{table}' does not exist. Specify the ID of an event data store.");
        return Err(LakeError::Statement(text).into());
    }
    let store = store_of(transaction, caller, table).await?.store;
    if store.gone_at.is_some() { Err(LakeError::StoreInactive(store.arn).into()) } else { Ok(()) }
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
