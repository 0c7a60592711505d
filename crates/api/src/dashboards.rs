//! From what a caller writes to a dashboard, changing it, and how the wire shows it.

mod due;
mod managed;
mod refresh;
mod schedule;
mod statement;
mod stores;
mod widgets;

use opentrail_catalog::{StoredDashboard, Transaction};
use opentrail_model::dashboard::HIGHLIGHTS;
use opentrail_model::{Dashboard, DashboardArn};
use opentrail_wire::shapes::DashboardType;

pub(crate) use managed::{managed_widgets, widgets_of};
pub(crate) use refresh::{Ask, Asked, default_values};
pub(crate) use schedule::{read_schedule, show_schedule};
pub(crate) use statement::fill;
pub(crate) use stores::STORE;
pub(crate) use widgets::{read_widgets, show_widgets};

use crate::error::LakeError;
use crate::{Api, Caller, Error};

/// How many dashboards an account may make in a Region.
pub(crate) const DASHBOARDS_PER_REGION_MAX: usize = 100;

/// The ARN of a dashboard of the caller's account in the called Region, by ARN or name.
pub(crate) fn dashboard_arn(caller: &Caller, reference: &str) -> Result<DashboardArn, Error> {
    let arn = if reference.starts_with("arn:") {
        reference.parse().ok()
    } else {
        DashboardArn::new(caller.region.clone(), caller.account().clone(), reference)
    };
    let own = arn.filter(|arn: &DashboardArn| arn.account == *caller.account() && arn.region == caller.region);
    own.ok_or_else(|| Error::ResourceNotFound(reference.to_owned()))
}

/// Is this one of the dashboards that are always there?
pub(crate) fn is_managed(arn: &DashboardArn) -> bool {
    opentrail_samples::dashboards().iter().any(|dashboard| dashboard.name == arn.name())
}

/// CloudTrail decides what its own dashboards and Highlights show.
pub(crate) fn kind(arn: &DashboardArn) -> DashboardType {
    if is_managed(arn) || arn.name() == HIGHLIGHTS { DashboardType::Managed } else { DashboardType::Custom }
}

fn not_found(arn: &DashboardArn) -> Error {
    Error::ResourceNotFound(arn.to_string())
}

impl Api {
    /// The dashboard that a reference means, of those that the account made.
    pub(crate) async fn find_dashboard(&self, caller: &Caller, reference: &str) -> Result<StoredDashboard, Error> {
        let arn = dashboard_arn(caller, reference)?;
        self.catalog.dashboard(&arn).await?.ok_or_else(|| not_found(&arn))
    }

    /// Begins a change of a dashboard that the account made.
    pub(crate) async fn dashboard_change(&self, caller: &Caller, reference: &str) -> Result<DashboardChange, Error> {
        let arn = dashboard_arn(caller, reference)?;
        let mut transaction = self.catalog.begin().await?;
        let stored = transaction.dashboard(&arn).await?.ok_or_else(|| not_found(&arn))?;
        Ok(DashboardChange { transaction, stored })
    }
}

/// A dashboard that is being changed. Nothing changes unless it is saved.
#[derive(Debug)]
pub(crate) struct DashboardChange {
    /// Where whatever the dashboard asks for may be looked up.
    pub(crate) transaction: Transaction,
    /// The dashboard, as it is going to be.
    pub(crate) stored: StoredDashboard,
}

impl DashboardChange {
    /// Keeps the change and answers the dashboard as it is then.
    pub(crate) async fn save(mut self) -> Result<Dashboard, Error> {
        self.transaction.update_dashboard(&self.stored).await?;
        // Commit point: all of the change or nothing of it.
        self.transaction.commit().await?;
        Ok(self.stored.dashboard)
    }
}

/// CloudTrail's own dashboards stay as they are.
pub(crate) fn refuse_managed(caller: &Caller, reference: &str) -> Result<(), Error> {
    let arn = dashboard_arn(caller, reference)?;
    if is_managed(&arn) { Err(LakeError::ManagedDashboard(arn.to_string()).into()) } else { Ok(()) }
}
