//! Expire: what is past its time. Lookups leave it out from the millisecond on; a segment goes when all of its records
//! have to, which is within a day, since it holds those of one day only. In between, a merge leaves out what is past its time.

use std::sync::Arc;

use super::{Engine, TickReport};
use crate::Error;
use crate::store::{StoreKey, Stored};

/// So many segments are dropped in one transaction.
const DROPPED_MAX: usize = 1000;

impl Engine {
    /// Drops the segments all of whose records are past their time.
    pub(super) async fn expire(&mut self, report: &mut TickReport) -> Result<(), Error> {
        let expired = self.expired();
        if expired.is_empty() {
            return Ok(());
        }
        let mut transaction = self.catalog.begin().await?;
        for (_, stored) in &expired {
            transaction.delete_segment(stored.row.id).await?;
        }
        // Commit point. Files that no row names are removed when nobody reads them, or by the next start. When a commit
        // failed and was kept, the next tick finds the rows gone, which is fine.
        transaction.commit().await?;
        report.expired += expired.len() as u64;
        for (key, stored) in expired {
            self.replace(&key, std::slice::from_ref(&stored), None);
            self.graveyard.push(stored);
        }
        self.count_segments();
        Ok(())
    }

    fn expired(&self) -> Vec<(StoreKey, Arc<Stored>)> {
        let is_free = |stored: &Arc<Stored>| !self.busy.iter().any(|busy| Arc::ptr_eq(busy, stored));
        let mut expired = Vec::new();
        for (key, view) in self.shared.stores() {
            let is_over = |stored: &&Arc<Stored>| stored.row.time_max < self.shared.cutoff(key.kind, stored.row.origin);
            let of_store = view.segments.iter().filter(is_over).filter(|stored| is_free(stored));
            expired.extend(of_store.map(|stored| (key.clone(), Arc::clone(stored))));
        }
        expired.truncate(DROPPED_MAX);
        expired
    }
}
