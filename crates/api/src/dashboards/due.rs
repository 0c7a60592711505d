//! Schedules: which dashboards are to be refreshed now, and with which right.

use std::collections::BTreeMap;

use opentrail_catalog::{DashboardRefresh, StoredDashboard};
use opentrail_model::dashboard::{HIGHLIGHTS, RefreshSchedule};
use opentrail_model::{Dashboard, DashboardArn, Decision, Principal, PrincipalKind};

use super::refresh::{Ask, Asked, default_values};
use super::stores::STORE;
use super::widgets_of;
use crate::error::LakeError;
use crate::{Api, Caller, Error};

/// As whom schedules refresh.
const SERVICE: &str = "cloudtrail.amazonaws.com";

impl Api {
    /// Begins the refreshes that are due by the schedules of all dashboards. Why one could not be begun is told by its dashboard,
    /// until its time comes again.
    ///
    /// # Errors
    /// The last thing that kept us from knowing or noting it; the other dashboards had their turn. Whoever calls again finds what is
    /// still due.
    pub async fn refresh_due(&self) -> Result<(), Error> {
        let mut outcome = Ok(());
        for StoredDashboard { dashboard, .. } in self.catalog.dashboards().await? {
            let Some(schedule) = dashboard.schedule.as_ref().filter(|schedule| schedule.is_enabled) else { continue };
            if let Err(error) = self.refresh_if_due(&dashboard, schedule).await {
                outcome = Err(error);
            }
        }
        outcome
    }

    /// Has a time passed at which it was to be refreshed, since it was last changed or tried?
    async fn refresh_if_due(&self, dashboard: &Dashboard, schedule: &RefreshSchedule) -> Result<(), Error> {
        let last = self.catalog.dashboard_refresh(&dashboard.arn).await?;
        let since = last.scheduled_at.map_or(dashboard.updated_at, |at| at.max(dashboard.updated_at));
        if schedule.last_due(self.clock.now()) > since {
            self.refresh_by_schedule(dashboard, last).await
        } else {
            Ok(())
        }
    }

    async fn refresh_by_schedule(&self, dashboard: &Dashboard, last: DashboardRefresh) -> Result<(), Error> {
        let failure = match self.try_by_schedule(dashboard).await {
            Ok(_) => return Ok(()),
            Err(error @ (Error::Catalog(_) | Error::Conflict)) => return Err(error),
            Err(error) => error.to_string(),
        };
        let refresh = DashboardRefresh { scheduled_at: Some(self.clock.now()), failure: Some(failure), ..last };
        let mut transaction = self.catalog.begin().await?;
        if transaction.dashboard(&dashboard.arn).await?.is_some() {
            transaction.put_dashboard_refresh(&dashboard.arn, &refresh).await?;
        }
        // Commit point: the failure is told, and its time is over. A crash before it tries once more.
        Ok(transaction.commit().await?)
    }

    async fn try_by_schedule(&self, dashboard: &Dashboard) -> Result<String, Error> {
        let arn = &dashboard.arn;
        let kind = PrincipalKind::Service { name: SERVICE.to_owned() };
        let principal = Principal { account: arn.account.clone(), kind };
        let caller = Caller { principal, region: arn.region.clone() };
        self.check_service_may(&caller, arn, &arn.to_string(), "cloudtrail:StartDashboardRefresh").await?;
        let mut values = default_values(self.clock.now());
        if arn.name() == HIGHLIGHTS {
            values.insert(STORE.to_owned(), self.store_for_highlights(&caller).await?);
        }
        let widgets = widgets_of(dashboard);
        let ask = Ask { dashboard: arn.clone(), widgets, values, asked: Asked::BySchedule };
        self.refresh(&caller, &ask).await
    }

    /// Does a resource's policy let CloudTrail do this for a dashboard?
    pub(crate) async fn check_service_may(
        &self,
        caller: &Caller,
        dashboard: &DashboardArn,
        resource: &str,
        action: &'static str,
    ) -> Result<(), Error> {
        let context = BTreeMap::from([
            ("aws:SourceArn".to_owned(), vec![dashboard.to_string()]),
            ("aws:SourceAccount".to_owned(), vec![dashboard.account.to_string()]),
        ]);
        match self.decide_in(caller, resource, action, &context).await? {
            Decision::Allow => Ok(()),
            Decision::Deny | Decision::Unspecified => {
                let text = format!(
                    "The resource policy of {resource} does not allow {SERVICE} to perform {action} for the dashboard {dashboard}. \
                     Allow it with PutResourcePolicy."
                );
                Err(LakeError::Validation(text).into())
            }
        }
    }
}
