//! Opening the catalog, and its connections.

use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Executor, SqlitePool};

use crate::rules::Rules;
use crate::{CommitFaults, Error, Transaction};

/// How long a statement waits for another process to let go of the file.
const BUSY_WAIT: Duration = Duration::from_secs(10);

/// How the catalog is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Connections for reading.
    pub readers: u32,
    /// Makes commits fail, for tests.
    pub faults: Option<Arc<dyn CommitFaults>>,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, faults: None }
    }
}

/// What is configured and how far each product has come. Clones share one database.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// One connection, so that writers queue here and not inside SQLite.
    writer: SqlitePool,
    reader: SqlitePool,
    /// Whether the writer's connection may be inside a transaction that was given up.
    open: Arc<AtomicBool>,
    faults: Option<Arc<dyn CommitFaults>>,
    rules: Arc<Rules>,
}

impl Catalog {
    /// Opens the database file, or makes it, and brings its tables to this version's form.
    pub async fn open(path: &Path, options: Options) -> Result<Self, Error> {
        make_private(path);
        let file = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_WAIT)
            // What is slow shows in the ages that products report; statements are nobody's to read.
            .disable_statement_logging();
        let (open, rules) = (Arc::new(AtomicBool::new(false)), Arc::new(Rules::default()));
        let writer = writer(file.clone(), Arc::clone(&open), Arc::clone(&rules)).await?;
        sqlx::migrate!("./migrations").run(&writer).await?;
        let reader = SqlitePoolOptions::new()
            .max_connections(options.readers.max(1))
            .test_before_acquire(false)
            .connect_lazy_with(file.pragma("query_only", "on"));
        Ok(Self { writer, reader, open, faults: options.faults, rules })
    }

    /// A catalog that ends with the process. Reads share the one connection: while a [`Transaction`] is open, they wait
    /// for its end, so ask the transaction itself.
    pub async fn open_in_memory(options: Options) -> Result<Self, Error> {
        let (open, rules) = (Arc::new(AtomicBool::new(false)), Arc::new(Rules::default()));
        let memory = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
        let writer = writer(memory, Arc::clone(&open), Arc::clone(&rules)).await?;
        sqlx::migrate!("./migrations").run(&writer).await?;
        Ok(Self { reader: writer.clone(), writer, open, faults: options.faults, rules })
    }

    /// Begins a transaction that may write, after those begun before it have ended.
    pub async fn begin(&self) -> Result<Transaction, Error> {
        let connection = self.writer.acquire().await?;
        Transaction::begin(connection, Arc::clone(&self.open), self.faults.clone(), Arc::clone(&self.rules)).await
    }

    /// Where reads outside of transactions run.
    pub(crate) fn reader(&self) -> &SqlitePool {
        &self.reader
    }

    /// The number of changes of what decides about events.
    pub(crate) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Asks for nothing, to learn whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        sqlx::query("SELECT 1").execute(self.reader()).await?;
        Ok(())
    }

    /// Waits for running statements and closes the file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

/// Makes the file, if it isn't there, so that its owner alone can read it; SQLite gives its log the same mode. Should
/// this fail, so will the opening, which says why.
fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    let _ = options.write(true).create(true).truncate(false).mode(0o600).open(path);
}

async fn writer(options: SqliteConnectOptions, open: Arc<AtomicBool>, rules: Arc<Rules>) -> Result<SqlitePool, Error> {
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_release(move |connection, _| {
            let left_open = open.swap(false, Ordering::SeqCst);
            let rules = Arc::clone(&rules);
            Box::pin(async move {
                if left_open {
                    // At once, since other processes may wait for the file. After some errors SQLite has rolled back
                    // by itself and says so: either way it is done.
                    let _ = connection.execute("ROLLBACK").await;
                    // A commit that failed, or that nobody waited for, may have been kept.
                    rules.count();
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await?;
    Ok(pool)
}
