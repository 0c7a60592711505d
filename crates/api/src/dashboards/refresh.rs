//! Refreshing a dashboard: each widget's query is asked once more, together, under the refresh's id.

use std::collections::BTreeMap;
use std::time::Duration;

use opentrail_catalog::{DashboardRefresh, Query, QueryCost, QueryStatus};
use opentrail_model::{DashboardArn, EventDataStore, Widget};
use opentrail_stdx::Timestamp;

use super::statement::fill;
use super::{is_managed, not_found};
use crate::error::{LakeError, QueryError};
use crate::{Api, Caller, Error};

/// What widgets show unless a caller says otherwise (CloudTrail user guide, "Lake dashboards").
const RANGE: Duration = Duration::from_secs(24 * 60 * 60);

/// Who wants a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A caller, with his own rights.
    ByCaller,
    /// The dashboard's schedule, with the rights that policies give to CloudTrail.
    BySchedule,
}

/// What a refresh is to ask.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) dashboard: DashboardArn,
    pub(crate) widgets: Vec<Widget>,
    /// Values of parameters, by their names.
    pub(crate) values: BTreeMap<String, String>,
    pub(crate) asked: Asked,
}

/// The values of the parameters when nobody gives any.
pub(crate) fn default_values(now: Timestamp) -> BTreeMap<String, String> {
    let (from, to) = (now.minus(RANGE).iso_ms(), now.iso_ms());
    let values = [("$StartTime$", from), ("$EndTime$", to), ("$Period$", "hour".to_owned())];
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl Api {
    /// Begins a refresh and answers its id.
    pub(crate) async fn refresh(&self, caller: &Caller, ask: &Ask) -> Result<String, Error> {
        let id = format!("{}{:06}", self.clock.now().as_ms(), self.entropy.below(1_000_000));
        let mut queries = Vec::with_capacity(ask.widgets.len());
        for widget in &ask.widgets {
            queries.push(self.query_of(caller, ask, widget, &id).await?);
        }
        let mut transaction = self.catalog.begin().await?;
        if !is_managed(&ask.dashboard) && transaction.dashboard(&ask.dashboard).await?.is_none() {
            // It was deleted meanwhile; what is noted now would be found by the next one of its name.
            return Err(not_found(&ask.dashboard));
        }
        let before = transaction.dashboard_refresh(&ask.dashboard).await?;
        if let Some(before) = &before.id
            && transaction.active_queries_of_refresh(before).await? > 0
        {
            let text = format!("The dashboard {} is being refreshed. Wait until that has ended.", ask.dashboard);
            return Err(LakeError::ServiceQuota(text).into());
        }
        for query in &queries {
            transaction.insert_query(query).await?;
        }
        let is_scheduled = ask.asked == Asked::BySchedule;
        let scheduled_at = if is_scheduled { Some(self.clock.now()) } else { before.scheduled_at };
        // A failure to begin is the schedule's, and stays until the schedule begins one.
        let failure = if is_scheduled { None } else { before.failure };
        let refresh = DashboardRefresh { id: Some(id.clone()), scheduled_at, is_scheduled, failure };
        transaction.put_dashboard_refresh(&ask.dashboard, &refresh).await?;
        // Commit point: the dashboard names the refresh, whose queries are queued. A crash before leaves nothing of it; one
        // before they have run makes them FAILED at the next start.
        transaction.commit().await?;
        for query in queries.into_iter().filter(|query| query.status == QueryStatus::Queued) {
            self.queries.begin(query, caller);
        }
        Ok(id)
    }

    /// A widget's query: queued, or failed when its statement cannot be run, which is told under its alias.
    async fn query_of(&self, caller: &Caller, ask: &Ask, widget: &Widget, refresh: &str) -> Result<Query, Error> {
        let parameters = widget.parameters.as_deref().unwrap_or_default();
        let value = |name: &String| ask.values.get(name).cloned().unwrap_or_default();
        let statement = fill(&widget.statement, &parameters.iter().map(value).collect::<Vec<_>>())?;
        let (stores, error) = match self.stores_of(caller, caller.account(), &statement).await {
            Ok(stores) => (stores, None),
            Err(Error::Query(QueryError::Statement(message))) => (Vec::new(), Some(message)),
            Err(Error::InvalidStoreArn(store)) => return Err(Error::StoreNotFound(store)),
            Err(other) => return Err(other),
        };
        if ask.asked == Asked::BySchedule {
            for store in &stores {
                self.check_schedule_may(caller, ask, store).await?;
            }
        }
        Ok(Query {
            number: 0,
            id: self.entropy.uuid(),
            account: caller.account().clone(),
            region: caller.region.clone(),
            statement,
            alias: Some(widget.alias.clone()),
            refresh_id: Some(refresh.to_owned()),
            stores: stores.iter().map(|store| store.arn.to_string()).collect(),
            status: if error.is_some() { QueryStatus::Failed } else { QueryStatus::Queued },
            error,
            created_at: self.clock.now(),
            cost: QueryCost::default(),
            rows: 0,
            delivery_uri: None,
            delivery: None,
        })
    }

    async fn check_schedule_may(&self, caller: &Caller, ask: &Ask, store: &EventDataStore) -> Result<(), Error> {
        let (resource, action) = (store.arn.to_string(), "cloudtrail:StartQuery");
        self.check_service_may(caller, &ask.dashboard, &resource, action).await
    }
}
