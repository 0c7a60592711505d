//! What is known of event data stores: which records each takes in from which journal position on, what columns it has,
//! and for how long it keeps records.

use std::collections::BTreeMap;
use std::ops::Range;

use opentrail_catalog::{EventDataStoreRevision, StoreKind};
use opentrail_model::{AccountId, EventDataStore, Routed, uuid_number};
use opentrail_stdx::Timestamp;

use crate::format::Table;

/// All states of all event data stores.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    /// Grouped by store, in the order in which they were made.
    revisions: Vec<EventDataStoreRevision>,
    /// Of each store its revisions, by the number of its UUID.
    stores: BTreeMap<u128, Range<usize>>,
}

impl Registry {
    /// Of revisions that are grouped by store, in the order in which they were made.
    pub(crate) fn new(revisions: Vec<EventDataStoreRevision>) -> Self {
        let (mut stores, mut first) = (BTreeMap::new(), 0);
        for of_store in revisions.chunk_by(|a, b| a.store_id == b.store_id) {
            let end = first + of_store.len();
            // Of one that is deleted and has no other revision any more, nothing needs to be known.
            let number = of_store.iter().find_map(|revision| uuid_number(revision.store.as_ref()?.arn.id()));
            if let Some(number) = number {
                stores.insert(number, first..end);
            }
            first = end;
        }
        Self { revisions, stores }
    }

    /// A store's settings as they are now.
    fn settings(&self, number: u128) -> Option<&EventDataStore> {
        let revisions = self.stores.get(&number)?;
        self.revisions[revisions.clone()].last()?.store.as_ref()
    }

    /// Whether a store was removed for good.
    pub(crate) fn is_gone(&self, number: u128) -> bool {
        self.settings(number).is_none()
    }

    /// Whether a deleted store has waited long enough to be removed.
    pub(crate) fn is_removal_due(&self, now: Timestamp) -> bool {
        let is_due = |number: &u128| {
            self.settings(*number).is_some_and(|store| store.gone_at.is_some_and(|gone_at| gone_at <= now))
        };
        self.stores.keys().any(is_due)
    }

    /// The earliest time of records that a store keeps; of one that was removed, no time is kept.
    pub(crate) fn kept_since(&self, number: u128, now: Timestamp) -> Timestamp {
        match self.settings(number) {
            Some(store) => store.kept_since(now),
            None => Timestamp::from_ms(i64::MAX),
        }
    }

    /// The columns of a store; nothing when it is not known.
    pub(crate) fn table(&self, kind: StoreKind) -> Option<Table> {
        match kind {
            StoreKind::History => Some(Table::Events),
            StoreKind::EventDataStore(number) => self.settings(number).map(|store| Table::of(store.category())),
        }
    }

    /// Whether a store is there and belongs to an account.
    pub(crate) fn belongs_to(&self, number: u128, account: &AccountId) -> bool {
        self.settings(number).is_some_and(|store| store.arn.account == *account)
    }
}

/// Who takes in records, position after position.
#[derive(Debug)]
pub(crate) struct Feed<'r> {
    registry: &'r Registry,
    /// The stores that were in force at the position asked for last, and the positions for which that holds.
    in_force: (Vec<(u128, &'r EventDataStore)>, Range<u64>),
}

impl<'r> Feed<'r> {
    pub(crate) fn new(registry: &'r Registry) -> Self {
        Self { registry, in_force: (Vec::new(), 0..0) }
    }

    /// Whether some store may take in what was recorded at a position.
    pub(crate) fn has_takers(&mut self, position: u64) -> bool {
        self.look_up(position);
        !self.in_force.0.is_empty()
    }

    /// The stores that take in a record: their settings at its position want it.
    pub(crate) fn takers<'f>(
        &'f mut self,
        position: u64,
        account: &'f str,
        region: &'f str,
        event: &'f Routed<'_>,
    ) -> impl Iterator<Item = u128> + use<'f, 'r> {
        self.look_up(position);
        let wants = move |(_, store): &&(u128, &EventDataStore)| store.wants_at(account, region, event);
        self.in_force.0.iter().filter(wants).map(|(number, _)| *number)
    }

    fn look_up(&mut self, position: u64) {
        if self.in_force.1.contains(&position) {
            return;
        }
        let revisions = &self.registry.revisions;
        let changes = revisions.iter().map(|revision| revision.effective_from);
        let next = changes.filter(|&change| change > position).min().unwrap_or(u64::MAX);
        let in_force = |(number, of_store): (&u128, &Range<usize>)| {
            let of_store = revisions[of_store.clone()].iter();
            let latest = of_store.rev().find(|revision| revision.effective_from <= position)?;
            latest.store.as_ref().filter(|store| store.takes_in()).map(|store| (*number, store))
        };
        self.in_force = (self.registry.stores.iter().filter_map(in_force).collect(), position..next);
    }
}
