//! Queries: their turns, their threads, their results.
//!
//! A query runs on threads of its own kind, so many at a time, within its memory, its part of the disk and its time. Its rows
//! are written as they come, to a file that appears when it is whole; then the catalog notes the end. After a crash between
//! the two the query is FAILED, as is every query that had not ended: nothing but its text survives, and asking again is cheap.

mod active;
mod csv;
mod deliver;
mod files;
mod life;
mod tables;
mod threads;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use opentrail_api::{Caller, Queries, ResultPage, StatementRefused};
use opentrail_catalog::{Catalog, Query, QueryCost, QueryDelivery, QueryEnd, QueryStatus, Vault};
use opentrail_delivery::{FreshKeys, KeyRings};
use opentrail_journal::Journal;
use opentrail_lake::Lake;
use opentrail_model::EventDataStore;
use opentrail_query::prepare;
use opentrail_stdx::{Clock, Disk};
use opentrail_trino::{ErrorClass, SqlError};
use tokio::sync::Semaphore;

use self::active::Actives;
use self::files::ResultFiles;
use self::threads::Threads;
use crate::targets::Chain;

/// Queries give way at their next batch of rows; for longer than this nobody waits when the server stops.
const HALT_MAX: Duration = Duration::from_secs(5);

/// What queries need.
#[derive(Debug)]
pub(crate) struct QueryParts {
    pub(crate) catalog: Catalog,
    pub(crate) journal: Journal,
    pub(crate) lake: Lake,
    pub(crate) chain: Arc<Chain>,
    pub(crate) vault: Vault,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) dir: PathBuf,
    pub(crate) bounds: QueryBounds,
}

/// What queries may take.
#[derive(Debug, Clone)]
pub(crate) struct QueryBounds {
    /// Queries that run at once; others are queued.
    pub(crate) concurrency: u32,
    /// Memory of one query's sorts, joins and groups.
    pub(crate) memory_bytes: u64,
    /// Disk of one query for what doesn't fit into its memory.
    pub(crate) spill_bytes: u64,
    /// How long a query may run.
    pub(crate) timeout: Duration,
}

/// Runs queries and keeps their results.
#[derive(Debug, Clone)]
pub(crate) struct QueryDesk(Arc<Desk>);

#[derive(Debug)]
struct Desk {
    catalog: Catalog,
    journal: Journal,
    lake: Lake,
    chain: Arc<Chain>,
    clock: Arc<dyn Clock>,
    disk: Arc<dyn Disk>,
    files: ResultFiles,
    keys: tokio::sync::Mutex<KeyRings>,
    bounds: QueryBounds,
    turns: Semaphore,
    actives: Actives,
    threads: Threads,
}

impl QueryDesk {
    /// Opens the folder of results, and settles what a crash or a stop left: queries that had not ended have failed,
    /// results that were on their way are delivered.
    pub(crate) async fn open(parts: QueryParts) -> anyhow::Result<Self> {
        let QueryParts { catalog, journal, lake, chain, vault, clock, disk, dir, bounds } = parts;
        let files = ResultFiles::open(Arc::clone(&disk), dir)?;
        let desk = Desk {
            catalog,
            journal,
            lake,
            chain,
            clock,
            disk,
            files,
            keys: tokio::sync::Mutex::new(KeyRings::new(Arc::new(FreshKeys), vault)),
            turns: Semaphore::new(
                usize::try_from(bounds.concurrency).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS),
            ),
            bounds,
            actives: Actives::default(),
            threads: Threads::start()?,
        };
        let desk = Self(Arc::new(desk));
        desk.settle().await?;
        Ok(desk)
    }

    async fn settle(&self) -> anyhow::Result<()> {
        for query in self.0.catalog.unfinished_queries().await? {
            if query.status == QueryStatus::Finished {
                let (desk, id) = (Arc::clone(&self.0), query.id.clone());
                self.0.threads.spawn(async move { desk.deliver(&id).await });
                continue;
            }
            let why = "The service was stopped before the query had ended. Run the query again.";
            let (error, cost) = (Some(why.to_owned()), query.cost);
            let end = QueryEnd { status: QueryStatus::Failed, error, cost, rows: 0 };
            let mut transaction = self.0.catalog.begin().await?;
            transaction.end_query(&query.id, &end).await?;
            if query.delivery.is_some() {
                transaction.set_query_delivery(&query.id, QueryDelivery::Cancelled).await?;
            }
            // Commit point: the query has ended. A crash before it leaves the same to the next start.
            transaction.commit().await?;
        }
        self.forget().await
    }

    /// Calls off what is queued or runs, before the catalog closes. Nothing is noted of that: those queries have failed for the next
    /// start. A delivery that doesn't end in time is repeated then.
    pub(crate) async fn halt(&self) {
        self.0.actives.stop_all();
        let all_ended = async {
            while !self.0.actives.is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        if tokio::time::timeout(HALT_MAX, all_ended).await.is_err() {
            tracing::warn!("queries didn't give way in time; they are cut off");
        }
    }

    /// Forgets queries that are older than their results are kept, and removes results that no query has.
    pub(crate) async fn forget(&self) -> anyhow::Result<()> {
        let mut transaction = self.0.catalog.begin().await?;
        transaction.forget_queries(self.0.clock.now().minus(files::KEPT)).await?;
        // Commit point: the queries are gone. Their files go after them; what a crash leaves is found by name.
        transaction.commit().await?;
        for id in self.0.files.ids()? {
            if self.0.catalog.query(&id).await?.is_none() {
                self.0.files.remove(&id)?;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Queries for QueryDesk {
    async fn check(&self, statement: &str, stores: &[EventDataStore], caller: &Caller) -> Result<(), StatementRefused> {
        let (desk, statement, stores, caller) =
            (Arc::clone(&self.0), statement.to_owned(), stores.to_vec(), caller.clone());
        let analyzed = self.0.threads.analyze(move || {
            let tables = desk.tables(&stores, &caller);
            prepare(&statement, &tables, desk.clock.now().as_ms()).map(|_| tables.logs.named())
        });
        let analyzed = analyzed.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a statement could not be analyzed");
            Err(SqlError::new(ErrorClass::GenericInternalError, "The statement could not be analyzed."))
        });
        for files in analyzed.map_err(refused)? {
            files.check().await.map_err(refused)?;
        }
        Ok(())
    }

    async fn define(&self, store: &EventDataStore, is_federated: bool) -> Result<(), opentrail_lake::Error> {
        let (lake, store) = (self.0.lake.clone(), store.clone());
        let define = move || if is_federated { lake.define(&store) } else { lake.undefine(&store) };
        tokio::task::spawn_blocking(define).await?
    }

    fn begin(&self, query: Query, caller: &Caller) {
        let stop = self.0.actives.insert(&query.id);
        let (desk, caller) = (Arc::clone(&self.0), caller.clone());
        self.0.threads.spawn(async move { desk.live(query, &caller, stop).await });
    }

    fn cancel(&self, id: &str) {
        self.0.actives.stop(id);
    }

    fn cost(&self, id: &str) -> Option<QueryCost> {
        self.0.actives.cost(id, self.0.clock.now())
    }

    async fn rows(&self, id: &str, first: u64, count: usize) -> io::Result<ResultPage> {
        let (desk, id) = (Arc::clone(&self.0), id.to_owned());
        let read = tokio::task::spawn_blocking(move || desk.files.page(&id, first, count));
        read.await.map_err(io::Error::other)?
    }
}

fn refused(error: SqlError) -> StatementRefused {
    let message = error.to_string();
    let name = error.message.strip_prefix("Table '").and_then(|rest| rest.split_once('\'')).map(|(name, _)| name);
    match (error.class, name) {
        (ErrorClass::TableNotFound, Some(name)) => StatementRefused::UnknownTable { name: name.to_owned(), message },
        _ => StatementRefused::Invalid(message),
    }
}
