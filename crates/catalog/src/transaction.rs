//! Transactions: all or nothing, one at a time.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::pool::PoolConnection;
use sqlx::{Executor, Sqlite, SqliteConnection};

use crate::Error;
use crate::rules::Rules;

/// Lets tests make commits fail.
pub trait CommitFaults: Send + Sync + fmt::Debug {
    /// Asked before a commit. An error means that nothing was committed.
    fn before_commit(&self) -> io::Result<()>;
    /// Asked after a commit. An error means that the caller is told of a failure though the change was kept.
    fn after_commit(&self) -> io::Result<()>;
}

/// An open transaction. Nothing of it stays when it is dropped without [`Transaction::commit`].
pub struct Transaction {
    connection: PoolConnection<Sqlite>,
    /// True while the connection may be inside a transaction; the pool rolls back when it gets it back.
    open: Arc<AtomicBool>,
    faults: Option<Arc<dyn CommitFaults>>,
    rules: Arc<Rules>,
    /// Whether it changes what [`Rules`] counts.
    changes_rules: bool,
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").finish_non_exhaustive()
    }
}

impl Transaction {
    pub(crate) async fn begin(
        mut connection: PoolConnection<Sqlite>,
        open: Arc<AtomicBool>,
        faults: Option<Arc<dyn CommitFaults>>,
        rules: Arc<Rules>,
    ) -> Result<Self, Error> {
        open.store(true, Ordering::SeqCst);
        connection.execute("BEGIN IMMEDIATE").await?;
        Ok(Self { connection, open, faults, rules, changes_rules: false })
    }

    /// To be called by each method that changes what [`Rules`] counts.
    pub(crate) fn change_rules(&mut self) {
        self.changes_rules = true;
    }

    /// Where statements of this transaction run.
    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Makes all of it durable.
    ///
    /// On an error the change may or may not have been kept: whoever needs to know reads again.
    pub async fn commit(mut self) -> Result<(), Error> {
        if let Some(faults) = &self.faults {
            faults.before_commit().map_err(sqlx::Error::Io)?;
        }
        // Commit point: the write-ahead log is written and synced here. A crash before leaves nothing, after all.
        self.connection.execute("COMMIT").await?;
        self.open.store(false, Ordering::SeqCst);
        if self.changes_rules {
            self.rules.count();
        }
        if let Some(faults) = &self.faults {
            faults.after_commit().map_err(sqlx::Error::Io)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::AtomicU8;

    use opentrail_model::{AccountId, Region};
    use opentrail_stdx::Timestamp;

    use super::*;
    use crate::{Catalog, Options};

    async fn open(dir: &Path) -> Catalog {
        Catalog::open(&dir.join("catalog.db"), Options::default()).await.expect("opens")
    }

    fn account() -> AccountId {
        "123456789012".parse().expect("valid")
    }

    async fn note(transaction: &mut Transaction, region: &str) -> Result<(), Error> {
        let region: Region = region.parse().expect("valid");
        transaction.note_region(&account(), &region, Timestamp::EPOCH).await
    }

    async fn regions(catalog: &Catalog) -> Vec<String> {
        let seen = catalog.regions_seen(&account()).await.expect("reads");
        seen.iter().map(ToString::to_string).collect()
    }

    async fn check_dropped(catalog: &Catalog) {
        let mut given_up = catalog.begin().await.expect("begins");
        note(&mut given_up, "us-east-1").await.expect("notes");
        drop(given_up);
        assert_eq!(regions(catalog).await, Vec::<String>::new());
        let mut kept = catalog.begin().await.expect("begins again");
        note(&mut kept, "eu-west-1").await.expect("notes");
        kept.commit().await.expect("commits");
        assert_eq!(regions(catalog).await, ["eu-west-1"]);
    }

    #[tokio::test]
    async fn a_dropped_transaction_leaves_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        check_dropped(&open(dir.path()).await).await;
        check_dropped(&Catalog::open_in_memory(Options::default()).await.expect("opens")).await;
    }

    #[tokio::test]
    async fn readers_see_the_last_commit_while_one_writes() {
        let dir = tempfile::tempdir().expect("a folder");
        let catalog = open(dir.path()).await;
        let mut writing = catalog.begin().await.expect("begins");
        note(&mut writing, "us-east-1").await.expect("notes");
        assert_eq!(regions(&catalog).await, Vec::<String>::new());
        writing.commit().await.expect("commits");
        assert_eq!(regions(&catalog).await, ["us-east-1"]);
    }

    #[tokio::test]
    async fn a_full_disk_refuses_writes_and_recovers_when_there_is_space() {
        let dir = tempfile::tempdir().expect("a folder");
        let catalog = open(dir.path()).await;
        let limit = async |pages: &'static str| {
            let mut transaction = catalog.begin().await.expect("begins");
            sqlx::query(pages).execute(transaction.connection()).await.expect("sets the limit");
        };
        limit("PRAGMA max_page_count = 1").await;
        let mut kept = Vec::new();
        let error = loop {
            let region = format!("region-{:05}", kept.len());
            let mut transaction = catalog.begin().await.expect("begins");
            let done = match note(&mut transaction, &region).await {
                Ok(()) => transaction.commit().await,
                Err(error) => Err(error),
            };
            match done {
                Ok(()) => kept.push(region),
                Err(error) => break error,
            }
        };
        assert_eq!(
            error.to_string(),
            "the catalog is unavailable: its disk is full; free some space and writes go on by themselves"
        );
        assert_eq!(regions(&catalog).await, kept);
        limit("PRAGMA max_page_count = 100000").await;
        let mut transaction = catalog.begin().await.expect("begins");
        note(&mut transaction, "zz-new").await.expect("notes");
        transaction.commit().await.expect("commits");
        kept.push("zz-new".to_owned());
        assert_eq!(regions(&catalog).await, kept);
        catalog.close().await;
        assert_eq!(regions(&open(dir.path()).await).await, kept);
    }

    /// Fails one commit: the first way (1) before, the second (2) after it was made.
    #[derive(Debug, Default)]
    struct FailOnce(AtomicU8);

    impl FailOnce {
        fn fail(&self, when: u8) -> io::Result<()> {
            match self.0.compare_exchange(when, 0, Ordering::SeqCst, Ordering::SeqCst) {
                Ok(_) => Err(io::Error::other("injected")),
                Err(_) => Ok(()),
            }
        }
    }

    impl CommitFaults for FailOnce {
        fn before_commit(&self) -> io::Result<()> {
            self.fail(1)
        }

        fn after_commit(&self) -> io::Result<()> {
            self.fail(2)
        }
    }

    async fn check_failed_commit(when: u8, reopened: bool, expected: &[&str]) {
        let dir = tempfile::tempdir().expect("a folder");
        let faults = Arc::new(FailOnce::default());
        let options = Options { faults: Some(Arc::clone(&faults) as Arc<dyn CommitFaults>), ..Options::default() };
        let mut catalog = Catalog::open(&dir.path().join("catalog.db"), options).await.expect("opens");
        faults.0.store(when, Ordering::SeqCst);
        let mut transaction = catalog.begin().await.expect("begins");
        note(&mut transaction, "us-east-1").await.expect("notes");
        note(&mut transaction, "us-east-2").await.expect("notes");
        let error = transaction.commit().await.expect_err("is told of a failure");
        assert!(matches!(error, Error::Unavailable { .. }), "{error}");
        if reopened {
            drop(catalog);
            catalog = open(dir.path()).await;
        }
        assert_eq!(regions(&catalog).await, expected);
        // The same again, and another: both are fine whatever the failure left.
        let mut transaction = catalog.begin().await.expect("begins");
        for region in ["us-east-1", "us-east-2", "us-west-1"] {
            note(&mut transaction, region).await.expect("notes");
        }
        transaction.commit().await.expect("commits");
        assert_eq!(regions(&catalog).await, ["us-east-1", "us-east-2", "us-west-1"]);
    }

    #[tokio::test]
    async fn a_commit_that_failed_before_it_was_made_leaves_nothing() {
        check_failed_commit(1, false, &[]).await;
        check_failed_commit(1, true, &[]).await;
    }

    #[tokio::test]
    async fn a_commit_that_failed_but_was_kept_is_there_whole() {
        check_failed_commit(2, false, &["us-east-1", "us-east-2"]).await;
        check_failed_commit(2, true, &["us-east-1", "us-east-2"]).await;
    }
}
