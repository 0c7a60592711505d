//! Forget: what nobody needs any more.

use std::collections::BTreeMap;

use opentrail_catalog::TrailRevision;
use opentrail_journal::Position;

use crate::{Delivery, Error, PRODUCT};

impl Delivery {
    /// Gives up what was tried in vain for too long, forgets superseded states of trails and closed chains, and trims the
    /// journal behind the slowest of its readers.
    pub(crate) async fn forget(&mut self) -> Result<(), Error> {
        self.give_up().await?;
        self.forget_states().await?;
        let least = self.catalog.least_cursor().await?;
        if least > self.trimmed_to {
            // Every product has moved its cursor past these records in a committed transaction.
            self.journal.trim(Position(least)).await?;
            self.trimmed_to = least;
        }
        Ok(())
    }

    async fn give_up(&mut self) -> Result<(), Error> {
        let now = self.clock.now();
        let before = now.minus(self.options.retry_for);
        let owed = self.catalog.owed().await?;
        if owed.undelivered_digests == 0 && owed.oldest_undelivered_at.is_none_or(|oldest| oldest >= before) {
            return Ok(());
        }
        let mut transaction = self.catalog.begin().await?;
        let mut given_up = transaction.give_up_log_files(before).await?;
        given_up.extend(transaction.give_up_digests(before).await?);
        if given_up.is_empty() {
            return Ok(());
        }
        // Commit point. After it the staged files of what was given up are unknown, and are removed.
        transaction.commit().await?;
        self.staging_is_unclean();
        self.update_metrics(|snapshot| snapshot.given_up.add(given_up.len() as u64, now));
        for (bucket, key) in given_up {
            tracing::error!(bucket, key, "gave up a delivery: its bucket refused it to the last");
        }
        Ok(())
    }

    /// Only states that the cursor has passed go, and only after `seal` has seen them in this tick.
    async fn forget_states(&mut self) -> Result<(), Error> {
        let cursor = self.catalog.cursor(PRODUCT).await?;
        let has_old_states = has_superseded(&self.catalog.trail_revisions().await?, cursor);
        let chains = self.catalog.digest_chains().await?;
        let has_old_chains = chains.iter().enumerate().any(|(index, chain)| {
            let later = &chains[index + 1..];
            chain.is_closed && later.iter().any(|later| later.place == chain.place && later.started_at.is_some())
        });
        if (!has_old_states && !has_old_chains) || self.owes_chains().await? {
            return Ok(());
        }
        let mut transaction = self.catalog.begin().await?;
        transaction.forget_revisions(cursor).await?;
        transaction.forget_digest_chains().await?;
        // Commit point. What goes was in force before the cursor only, and the cursor never goes back.
        transaction.commit().await?;
        Ok(())
    }
}

fn has_superseded(revisions: &[TrailRevision], cursor: u64) -> bool {
    let mut passed: BTreeMap<i64, usize> = BTreeMap::new();
    let mut has_deletion = false;
    for revision in revisions.iter().filter(|revision| revision.effective_from <= cursor) {
        *passed.entry(revision.trail_id).or_default() += 1;
        has_deletion |= revision.trail.is_none();
    }
    has_deletion || passed.values().any(|&count| count > 1)
}
