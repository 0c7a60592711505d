//! The life of one query: queued, running, at its end.

use std::sync::Arc;
use std::time::Duration;

use opentrail_api::Caller;
use opentrail_catalog::{Query, QueryCost, QueryDelivery, QueryEnd, QueryStatus};
use opentrail_model::{EventDataStore, EventDataStoreArn};
use opentrail_query::{Limits, ResultWriter, Run, begin, prepare};
use opentrail_trino::{ErrorClass, SqlError};
use tokio::sync::watch;

use super::Desk;
use super::active::Meter;

/// The greatest row of a result.
const ROW_BYTES_MAX: usize = 16 << 20;

/// How often the end of a query is noted, should the catalog fail.
const END_TRIES: u32 = 5;

/// How a run came to its end.
enum Ended {
    /// There are no more rows.
    Whole,
    /// Time was up; the rows so far are the result.
    TimedOut,
    /// Somebody called it off, and has noted that.
    Stopped,
}

impl Desk {
    /// From the queue to the end. Whoever cancels notes it in the catalog first, and then sets `stop`.
    pub(super) async fn live(self: Arc<Self>, query: Query, caller: &Caller, mut stop: watch::Receiver<bool>) {
        let turn = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => None,
            turn = self.turns.acquire() => turn.ok(),
        };
        if turn.is_some() && self.is_begun(&query).await {
            self.run(&query, caller, stop).await;
        }
        self.actives.remove(&query.id);
        drop(turn);
        if query.delivery.is_some() {
            self.deliver(&query.id).await;
        }
    }

    async fn is_begun(&self, query: &Query) -> bool {
        let noted = async {
            let mut transaction = self.catalog.begin().await?;
            let is_begun = transaction.begin_query(&query.id).await?;
            // Commit point: it runs. A crash from here on makes it FAILED at the next start.
            transaction.commit().await?;
            Ok::<_, opentrail_catalog::Error>(is_begun)
        };
        noted.await.unwrap_or_else(|error| {
            tracing::error!(%error, query = query.id, "the beginning of a query could not be noted");
            true
        })
    }

    async fn run(&self, query: &Query, caller: &Caller, stop: watch::Receiver<bool>) {
        let begun = self.clock.now();
        let mut cost = QueryCost::default();
        let outcome = self.execute(query, caller, stop, &mut cost).await;
        cost.execution_ms = u64::try_from(self.clock.now().as_ms() - begun.as_ms()).unwrap_or(0);
        let end = match outcome {
            Ok((Ended::Stopped, _)) => return,
            Ok((Ended::Whole, rows)) => QueryEnd { status: QueryStatus::Finished, error: None, cost, rows },
            Ok((Ended::TimedOut, rows)) => QueryEnd { status: QueryStatus::TimedOut, error: None, cost, rows },
            Err(error) => QueryEnd { status: QueryStatus::Failed, error: Some(said(&error, query)), cost, rows: 0 },
        };
        self.note_end(query, &end).await;
    }

    /// Runs the statement into its result; answers how many rows that has.
    async fn execute(
        &self,
        query: &Query,
        caller: &Caller,
        mut stop: watch::Receiver<bool>,
        cost: &mut QueryCost,
    ) -> Result<(Ended, u64), SqlError> {
        let begun = self.clock.now();
        let (mut consumed, end) = (self.lake.consumed(), self.journal.end());
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return Ok((Ended::Stopped, 0)),
            // What was acknowledged before the query ran is found by it.
            _ = consumed.wait_for(|position| *position >= end) => {}
        }
        let tables = self.tables(&self.stores(query).await?, caller);
        let statement = prepare(&query.statement, &tables, query.created_at.as_ms())?;
        let mut meter = Meter { begun, stores: tables.stores.counts(), logs: tables.logs.counts(), plan: None };
        self.actives.meter(&query.id, meter.clone());
        let titles = statement.columns().iter().map(|(title, _)| title.clone()).collect();
        let writer = self.files.create(&query.id, titles).map_err(internal)?;
        let limits = Limits {
            memory_bytes: usize::try_from(self.bounds.memory_bytes).unwrap_or(usize::MAX),
            spill_bytes: self.bounds.spill_bytes,
            spill_dir: self.files.spill_dir(),
            threads: std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get),
            row_bytes_max: ROW_BYTES_MAX,
        };
        let run = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return Ok((Ended::Stopped, 0)),
            run = begin(&statement, &limits) => run?,
        };
        meter.plan = Some(run.meter());
        self.actives.meter(&query.id, meter.clone());
        let done = self.write(run, writer, stop).await;
        *cost = meter.read(self.clock.now());
        done
    }

    /// Writes the rows as they come.
    async fn write(
        &self,
        mut run: Run,
        mut writer: ResultWriter,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(Ended, u64), SqlError> {
        let deadline = tokio::time::sleep(self.bounds.timeout);
        tokio::pin!(deadline);
        let ended = loop {
            let rows = tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => return Ok((Ended::Stopped, 0)),
                () = &mut deadline => break Ended::TimedOut,
                rows = run.next() => rows?,
            };
            let Some(rows) = rows else { break Ended::Whole };
            for row in rows {
                writer.push(&row).map_err(internal)?;
            }
        };
        drop(run);
        let rows = writer.finish(self.disk.as_ref()).map_err(internal)?;
        Ok((ended, rows))
    }

    /// The stores that a query reads, as they are configured now.
    async fn stores(&self, query: &Query) -> Result<Vec<EventDataStore>, SqlError> {
        let mut stores = Vec::new();
        for arn in &query.stores {
            let arn: EventDataStoreArn = arn.parse().map_err(internal)?;
            let stored = self.catalog.event_data_store(&arn).await.map_err(internal)?;
            let missing = || SqlError::new(ErrorClass::TableNotFound, format!("The event data store {arn} is gone"));
            stores.push(stored.ok_or_else(missing)?.store);
        }
        Ok(stores)
    }

    async fn note_end(&self, query: &Query, end: &QueryEnd) {
        for attempt in 1..=END_TRIES {
            let noted = async {
                let mut transaction = self.catalog.begin().await?;
                let is_ended = transaction.end_query(&query.id, end).await?;
                if is_ended && query.delivery.is_some() && end.status != QueryStatus::Finished {
                    transaction.set_query_delivery(&query.id, QueryDelivery::Cancelled).await?;
                }
                // Commit point: the end is told, and the result, whole on disk, can be read.
                transaction.commit().await
            };
            match noted.await {
                Ok(()) => return,
                Err(error) => {
                    tracing::error!(%error, query = query.id, attempt, "the end of a query could not be noted")
                }
            }
            tokio::time::sleep(Duration::from_secs(u64::from(attempt))).await;
        }
    }
}

/// What the caller reads; what is our own fault goes to the log.
fn said(error: &SqlError, query: &Query) -> String {
    if error.class != ErrorClass::GenericInternalError {
        return error.to_string();
    }
    tracing::error!(%error, query = query.id, "a query failed");
    format!("The query failed because of an internal error: {error}")
}

fn internal(error: impl std::fmt::Display) -> SqlError {
    SqlError::new(ErrorClass::GenericInternalError, error.to_string())
}
