//! Event data stores come, change and go: what the engine knows of them, and what becomes of those that are gone.

use std::sync::Arc;

use opentrail_catalog::StoreKind;

use super::Engine;
use crate::Error;
use crate::registry::Registry;
use crate::store::{StoreKey, StoreView};

impl Engine {
    /// Asks the catalog for the event data stores as they are now.
    pub(super) async fn refresh(&self) -> Result<(), Error> {
        self.shared.register(Registry::new(self.catalog.event_data_store_revisions().await?));
        Ok(())
    }

    /// Removes event data stores that have waited long enough since they were deleted. Their segments go as those do
    /// that are past their time.
    pub(super) async fn remove_stores(&mut self) -> Result<(), Error> {
        let now = self.shared.clock.now();
        if !self.shared.registry().is_removal_due(now) {
            return Ok(());
        }
        for gone in self.catalog.event_data_stores_to_remove(now).await? {
            let mut transaction = self.catalog.begin().await?;
            match transaction.remove_event_data_store(&gone, self.journal.end().0).await {
                // Somebody changed it just now: the next look sees how.
                Err(opentrail_catalog::Error::Conflict) => continue,
                other => other?,
            }
            // Commit point. From now on it can't be restored, and none of its records is kept.
            transaction.commit().await?;
            tracing::info!(store = gone.store.arn.id(), "a deleted event data store was removed with its records");
        }
        self.refresh().await
    }

    /// Forgets event data stores that are gone and of which nothing is left.
    pub(super) async fn forget_stores(&mut self) -> Result<(), Error> {
        let registry = self.shared.registry();
        let is_over = |(key, view): &(StoreKey, Arc<StoreView>)| match key.kind {
            StoreKind::History => false,
            StoreKind::EventDataStore(number) => {
                registry.is_gone(number) && view.segments.is_empty() && view.chunks.is_empty()
            }
        };
        let over: Vec<_> = self.shared.stores().into_iter().filter(is_over).map(|(key, _)| key).collect();
        if over.is_empty() {
            return Ok(());
        }
        let mut transaction = self.catalog.begin().await?;
        for key in &over {
            transaction.delete_store(&key.account, key.kind).await?;
        }
        // Commit point. A store's row says nothing without segments; it is made again when there are some.
        transaction.commit().await?;
        self.shared.change(|stores| over.iter().for_each(|key| drop(stores.remove(key))));
        self.count_segments();
        Ok(())
    }
}
