//! From what a caller writes to an event data store, and changing it.

pub(crate) mod rules;
pub(crate) mod view;

use std::collections::BTreeMap;

use opentrail_catalog::{StoredEventDataStore, Transaction};
use opentrail_model::{
    Decision, EventDataStore, EventDataStoreArn, EventDataStoreStatus, Policy, PolicyPrincipal, PolicyRequest,
};

use crate::error::LakeError;
use crate::find::Effective;
use crate::{Api, Caller, Error};

/// The ARN that a reference means: text that doesn't begin like an ARN is the id of a store in the called Region.
pub(crate) fn store_arn(caller: &Caller, reference: &str) -> Result<EventDataStoreArn, Error> {
    let arn = if reference.starts_with("arn:") {
        reference.parse().ok()
    } else {
        EventDataStoreArn::new(caller.region.clone(), caller.account().clone(), reference)
    };
    arn.ok_or_else(|| Error::InvalidStoreArn(reference.to_owned()))
}

/// The ARN of a store that the caller may change: another account's is as good as none.
fn own_arn(caller: &Caller, reference: &str) -> Result<EventDataStoreArn, Error> {
    let arn = store_arn(caller, reference)?;
    if arn.account == *caller.account() { Ok(arn) } else { Err(Error::InvalidStoreArn(reference.to_owned())) }
}

/// A store lives in one Region and is found in no other.
fn visible(
    found: Option<StoredEventDataStore>,
    caller: &Caller,
    arn: &EventDataStoreArn,
) -> Result<StoredEventDataStore, Error> {
    found.filter(|_| arn.region == caller.region).ok_or_else(|| Error::StoreNotFound(arn.to_string()))
}

/// One of the caller's own stores, in whatever status it is, as a transaction sees it.
pub(crate) async fn store_of(
    transaction: &mut Transaction,
    caller: &Caller,
    reference: &str,
) -> Result<StoredEventDataStore, Error> {
    let arn = own_arn(caller, reference)?;
    visible(transaction.event_data_store(&arn).await?, caller, &arn)
}

impl Api {
    /// The store that a read means, in whatever status it is. Who is of another account needs a policy that allows
    /// `action`; who is of the owner's may do it unless a policy denies it.
    pub(crate) async fn find_store(
        &self,
        caller: &Caller,
        reference: &str,
        action: &'static str,
    ) -> Result<StoredEventDataStore, Error> {
        let arn = store_arn(caller, reference)?;
        let is_own = arn.account == *caller.account();
        match self.decide(caller, &arn.to_string(), action).await? {
            Decision::Deny if is_own => return Err(denied(caller, &arn.to_string(), action)),
            Decision::Allow => {}
            Decision::Unspecified if is_own => {}
            Decision::Deny | Decision::Unspecified => return Err(Error::InvalidStoreArn(reference.to_owned())),
        }
        visible(self.catalog.event_data_store(&arn).await?, caller, &arn)
    }

    /// One of the caller's own stores, in whatever status it is.
    pub(crate) async fn own_store(&self, caller: &Caller, reference: &str) -> Result<StoredEventDataStore, Error> {
        let arn = own_arn(caller, reference)?;
        visible(self.catalog.event_data_store(&arn).await?, caller, &arn)
    }

    /// What a resource's policy says about the caller's doing this.
    pub(crate) async fn decide(
        &self,
        caller: &Caller,
        resource: &str,
        action: &'static str,
    ) -> Result<Decision, Error> {
        self.decide_in(caller, resource, action, &BTreeMap::new()).await
    }

    /// The same, with condition keys.
    pub(crate) async fn decide_in(
        &self,
        caller: &Caller,
        resource: &str,
        action: &'static str,
        context: &BTreeMap<String, Vec<String>>,
    ) -> Result<Decision, Error> {
        let Some(text) = self.catalog.resource_policy(resource).await? else { return Ok(Decision::Unspecified) };
        let policy = Policy::parse(&text).map_err(|error| {
            Error::Catalog(opentrail_catalog::Error::corrupt(format!("policy of {resource}"), error))
        })?;
        let principal = PolicyPrincipal::from(&caller.principal);
        Ok(policy.decide(&PolicyRequest { principal: &principal, action, resource, context }))
    }

    /// Begins a change of one of the caller's stores.
    pub(crate) async fn store_change(&self, caller: &Caller, reference: &str) -> Result<StoreChange, Error> {
        let mut transaction = self.catalog.begin().await?;
        let stored = store_of(&mut transaction, caller, reference).await?;
        let before = stored.store.clone();
        Ok(StoreChange { transaction, stored, before })
    }
}

/// What is wrong with a store, for operations whose model has no error of its own for that.
pub(crate) fn as_parameter(error: Error) -> Error {
    match error {
        Error::InvalidStoreArn(_)
        | Error::StoreNotFound(_)
        | Error::Lake(LakeError::StoreInactive(_) | LakeError::StoreCategory { .. }) => {
            LakeError::Parameter(error.to_string()).into()
        }
        other => other,
    }
}

fn denied(caller: &Caller, resource: &str, action: &'static str) -> Error {
    let user = caller.principal.arn().unwrap_or_else(|| caller.principal.id());
    LakeError::Denied { user, action, resource: resource.to_owned() }.into()
}

/// A store that is being changed. Nothing changes unless it is saved; meanwhile nobody else changes anything.
#[derive(Debug)]
pub(crate) struct StoreChange {
    /// Where whatever depends on the store may be asked.
    pub(crate) transaction: Transaction,
    stored: StoredEventDataStore,
    before: EventDataStore,
}

impl StoreChange {
    /// The store, as it is going to be.
    pub(crate) fn store(&mut self) -> &mut EventDataStore {
        &mut self.stored.store
    }

    /// The same, unless its deletion is pending.
    pub(crate) fn active(&mut self) -> Result<&mut EventDataStore, Error> {
        if self.stored.store.gone_at.is_some() {
            return Err(LakeError::StoreInactive(self.stored.store.arn.clone()).into());
        }
        Ok(&mut self.stored.store)
    }

    /// The same, of a kind whose ingestion can be stopped, in this status.
    pub(crate) fn stoppable(&mut self, needed: EventDataStoreStatus) -> Result<&mut EventDataStore, LakeError> {
        let store = &mut self.stored.store;
        let (arn, status) = (store.arn.clone(), store.status());
        if status != EventDataStoreStatus::PendingDeletion && !store.category().can_stop() {
            return Err(LakeError::StoreCategory { arn, needed: "CloudTrail events or configuration items" });
        }
        if status != needed {
            return Err(LakeError::StoreStatus { arn, status, needed: needed.as_str() });
        }
        Ok(store)
    }

    /// Keeps the change and answers the store as it is then. A change that changes nothing writes nothing.
    pub(crate) async fn save(mut self, api: &Api, from: Effective) -> Result<EventDataStore, Error> {
        if self.stored.store != self.before {
            self.stored.store.updated_at = api.clock.now();
            self.transaction.update_event_data_store(&self.stored, api.effective_from(from)).await?;
            // Commit point: the new settings and the position from which they hold are kept together, or neither is.
            self.transaction.commit().await?;
        }
        Ok(self.stored.store)
    }
}
