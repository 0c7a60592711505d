//! What `/metrics` tells (Prometheus text). The ages are the promise, in seconds.

mod lake;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use opentrail_delivery::{Metrics as DeliveryMetrics, Snapshot};
use opentrail_journal::{Health, Journal};
use opentrail_lake::{Metrics as LakeMetrics, Snapshot as LakeSnapshot};
use opentrail_stdx::{Clock, Timestamp};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use self::lake::LakeGauges;

/// An age or another measure in seconds or bytes.
type Measure = Gauge<f64, AtomicU64>;

/// How one call ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    service: &'static str,
    status: u16,
}

/// The server's metrics; gauges are read when somebody asks.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    calls: Family<CallLabels, Counter>,
    call_seconds: Histogram,
    gauges: Gauges,
    delivery: DeliveryMetrics,
    lake_gauges: LakeGauges,
    lake: LakeMetrics,
}

#[derive(Debug, Default)]
struct Gauges {
    undurable_age: Measure,
    undelivered_age: Measure,
    unsealed_age: Measure,
    journal_records: Measure,
    journal_segments: Measure,
    journal_queued_bytes: Measure,
    journal_commits: Measure,
    journal_failures: Measure,
    journal_healthy: Measure,
    delivery_lag_records: Measure,
    delivery_pending_files: Measure,
}

impl Metrics {
    pub(crate) fn new(delivery: DeliveryMetrics, lake: LakeMetrics) -> Self {
        let mut registry = Registry::with_prefix("opentrail");
        let calls = Family::<CallLabels, Counter>::default();
        registry.register("calls", "Calls answered, by service and HTTP status", calls.clone());
        let call_seconds = Histogram::new(exponential_buckets(0.000_25, 2.0, 16));
        registry.register(
            "call_duration_seconds",
            "Time from a call's head to its answer's head",
            call_seconds.clone(),
        );
        let gauges = Gauges::default();
        gauges.register(&mut registry);
        let lake_gauges = LakeGauges::register(&mut registry);
        Self { registry, calls, call_seconds, gauges, delivery, lake_gauges, lake }
    }

    /// How delivery and the lake stood when they were last looked at.
    pub(crate) fn snapshots(&self) -> (Snapshot, LakeSnapshot) {
        (self.delivery.snapshot(), self.lake.snapshot())
    }

    /// A call was answered.
    pub(crate) fn observe_call(&self, service: &'static str, status: u16, seconds: f64) {
        self.calls.get_or_create(&CallLabels { service, status }).inc();
        self.call_seconds.observe(seconds);
    }

    /// The exposition text.
    pub(crate) fn render(&self, journal: &Journal, clock: &Arc<dyn Clock>) -> String {
        self.gauges.read_journal(journal, clock.now());
        self.gauges.read_delivery(&self.delivery.snapshot(), journal, clock.now());
        self.lake_gauges.read(&self.lake.snapshot(), journal, clock.now());
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing to a string can't fail");
        text
    }
}

impl Gauges {
    fn register(&self, registry: &mut Registry) {
        let rows: [(&str, &str, &Measure); 11] = [
            ("oldest_undurable_age_seconds", "Age of the oldest record that waits for the disk", &self.undurable_age),
            (
                "oldest_undelivered_age_seconds",
                "Age of the oldest record not yet in its log file",
                &self.undelivered_age,
            ),
            ("oldest_unsealed_age_seconds", "Age of the oldest log file not yet in a digest", &self.unsealed_age),
            ("journal_records", "Records in the journal since its beginning", &self.journal_records),
            ("journal_segments", "Segment files of the journal", &self.journal_segments),
            ("journal_queued_bytes", "Bytes waiting for the disk", &self.journal_queued_bytes),
            ("journal_commits", "Commits (fsyncs) since the start", &self.journal_commits),
            ("journal_failures", "Failed commits and probes since the start", &self.journal_failures),
            ("journal_healthy", "1 when the journal takes records", &self.journal_healthy),
            ("delivery_lag_records", "Records that delivery has not looked at", &self.delivery_lag_records),
            (
                "delivery_pending_files",
                "Log files and digests that wait for their bucket",
                &self.delivery_pending_files,
            ),
        ];
        for (name, help, gauge) in rows {
            registry.register(name, help, gauge.clone());
        }
    }

    fn read_journal(&self, journal: &Journal, now: Timestamp) {
        let stats = journal.stats();
        self.undurable_age.set(age(stats.oldest_waiting_since, now));
        self.journal_records.set(journal.end().0 as f64);
        self.journal_segments.set(stats.segments as f64);
        self.journal_queued_bytes.set(stats.queued_bytes as f64);
        self.journal_commits.set(stats.commits as f64);
        self.journal_failures.set(stats.failures as f64);
        self.journal_healthy.set(if journal.health() == Health::Ok { 1.0 } else { 0.0 });
    }

    fn read_delivery(&self, snapshot: &Snapshot, journal: &Journal, now: Timestamp) {
        self.undelivered_age.set(age(snapshot.oldest_undelivered_at(), now));
        self.unsealed_age.set(age(snapshot.owed.oldest_unsealed_at, now));
        self.delivery_lag_records.set(journal.end().0.saturating_sub(snapshot.cursor) as f64);
        self.delivery_pending_files.set(snapshot.owed.undelivered as f64);
    }
}

fn age(since: Option<Timestamp>, now: Timestamp) -> f64 {
    since.map_or(0.0, |since| now.since(since).as_secs_f64())
}
