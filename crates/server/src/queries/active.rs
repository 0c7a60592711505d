//! The queries that are queued or run: how to stop them, what they have cost.

use std::collections::HashMap;

use opentrail_catalog::QueryCost;
use opentrail_lake::ScanCounts;
use opentrail_query::LogCounts;
use opentrail_stdx::Timestamp;
use parking_lot::Mutex;
use tokio::sync::watch;

/// What tells the cost of a query that runs.
#[derive(Debug, Clone)]
pub(super) struct Meter {
    pub(super) begun: Timestamp,
    pub(super) stores: ScanCounts,
    pub(super) logs: LogCounts,
    pub(super) plan: Option<opentrail_query::Meter>,
}

impl Meter {
    pub(super) fn read(&self, now: Timestamp) -> QueryCost {
        let of_plan = |count: fn(&opentrail_query::Meter) -> u64| self.plan.as_ref().map_or(0, count);
        QueryCost {
            events_matched: of_plan(opentrail_query::Meter::rows_matched),
            // Those that were counted without being read are what the answer is about, too.
            events_scanned: self.stores.records() + self.logs.records() + of_plan(opentrail_query::Meter::rows_counted),
            bytes_scanned: self.stores.bytes() + self.logs.bytes(),
            execution_ms: u64::try_from(now.as_ms() - self.begun.as_ms()).unwrap_or(0),
        }
    }
}

#[derive(Debug)]
struct Active {
    stop: watch::Sender<bool>,
    meter: Option<Meter>,
}

/// By id.
#[derive(Debug, Default)]
pub(super) struct Actives(Mutex<HashMap<String, Active>>);

impl Actives {
    /// A query is queued; what is answered turns true when it is to stop.
    pub(super) fn insert(&self, id: &str) -> watch::Receiver<bool> {
        let (stop, stopped) = watch::channel(false);
        self.0.lock().insert(id.to_owned(), Active { stop, meter: None });
        stopped
    }

    pub(super) fn meter(&self, id: &str, meter: Meter) {
        if let Some(active) = self.0.lock().get_mut(id) {
            active.meter = Some(meter);
        }
    }

    pub(super) fn stop(&self, id: &str) {
        if let Some(active) = self.0.lock().get(id) {
            active.stop.send_replace(true);
        }
    }

    pub(super) fn stop_all(&self) {
        for active in self.0.lock().values() {
            active.stop.send_replace(true);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.lock().is_empty()
    }

    pub(super) fn cost(&self, id: &str, now: Timestamp) -> Option<QueryCost> {
        self.0.lock().get(id)?.meter.as_ref().map(|meter| meter.read(now))
    }

    pub(super) fn remove(&self, id: &str) {
        self.0.lock().remove(id);
    }
}
