//! The event data stores that dashboards ask which are not made for one store.

use opentrail_model::selectors::Field;
use opentrail_model::{DashboardArn, EventDataStore, EventDataStoreCategory};
use opentrail_samples::Kind;

use crate::error::LakeError;
use crate::{Api, Caller, Error};

/// The parameter that the store's id stands for.
pub(crate) const STORE: &str = "$EventDataStoreId$";

impl Api {
    /// The id of the store that a caller names for a managed dashboard.
    pub(crate) async fn store_for_managed(
        &self,
        caller: &Caller,
        dashboard: &DashboardArn,
        reference: &str,
    ) -> Result<String, Error> {
        let stored = self.own_store(caller, reference).await.map_err(|error| match error {
            Error::InvalidStoreArn(store) => Error::StoreNotFound(store),
            other => other,
        })?;
        let store = stored.store;
        if store.gone_at.is_some() {
            return Err(LakeError::StoreInactive(store.arn).into());
        }
        let of = opentrail_samples::dashboard(dashboard.name()).map(|managed| managed.of());
        if of.is_some_and(|of| category(of) != store.category()) {
            let text =
                format!("The event data store {} does not hold what the dashboard {dashboard} shows.", store.arn);
            return Err(LakeError::Validation(text).into());
        }
        Ok(store.arn.id().to_owned())
    }

    /// The id of the account's oldest store of management events in the called Region.
    pub(crate) async fn store_for_highlights(&self, caller: &Caller) -> Result<String, Error> {
        let stores = self.catalog.event_data_stores_of(caller.account(), &caller.region).await?;
        let mut fitting = stores.into_iter().map(|stored| stored.store).filter(|store| store.gone_at.is_none());
        let store = fitting.find(takes_management);
        let missing = || Error::StoreNotFound("of management events, which Highlights needs,".to_owned());
        Ok(store.ok_or_else(missing)?.arn.id().to_owned())
    }
}

fn takes_management(store: &EventDataStore) -> bool {
    let fields = store.advanced_selectors().iter().flat_map(|selector| &selector.field_selectors);
    fields
        .filter(|field| field.field == Field::EventCategory)
        .any(|field| field.equals.iter().any(|it| it == "Management"))
}

fn category(of: Kind) -> EventDataStoreCategory {
    match of {
        Kind::Events => EventDataStoreCategory::Events,
        Kind::Insights => EventDataStoreCategory::Insight,
        Kind::ConfigurationItems => EventDataStoreCategory::ConfigurationItem,
        Kind::ActivityAuditLog => EventDataStoreCategory::ActivityAuditLog,
    }
}
