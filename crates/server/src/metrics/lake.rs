//! What the lake tells: ages, what it holds, what it did.

use opentrail_journal::Journal;
use opentrail_lake::Snapshot;
use opentrail_stdx::Timestamp;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::{Measure, age};

/// A segment that can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DamagedLabels {
    segment: String,
}

/// Name after `opentrail_lake_`, help, and how it is read.
type Row = (&'static str, &'static str, fn(&Snapshot) -> f64);

const ROWS: [Row; 21] = [
    ("tail_records", "Events in memory, in no segment yet", |it| it.tail_records as f64),
    ("tail_bytes", "Bytes that they take, about", |it| it.tail_bytes as f64),
    ("stores", "Stores", |it| it.stores as f64),
    ("segments", "Segments that answer", |it| it.segments as f64),
    ("segment_records", "Events in them", |it| it.records as f64),
    ("segment_record_bytes", "Bytes of those events' own texts", |it| it.record_bytes as f64),
    ("segment_file_bytes", "Bytes of the segments' files", |it| it.file_bytes as f64),
    ("damaged_segments", "Segments that can't be read", |it| it.damaged.len() as f64),
    ("cursor", "The journal position before which all is in segments", |it| it.cursor as f64),
    ("flushes", "Flushes since the start", |it| it.flushes as f64),
    ("merges", "Merges since the start", |it| it.merges as f64),
    ("expired_segments", "Segments dropped as past their time, since the start", |it| it.expired_segments as f64),
    ("repaired_segments", "Segments mended since the start", |it| it.repaired_segments as f64),
    ("failures", "Steps that failed since the start; each is tried again", |it| it.failures as f64),
    ("duplicates", "Imported events that were there already, since the start", |it| it.duplicates as f64),
    ("colliding", "Imported events whose id another one has, since the start", |it| it.colliding.count as f64),
    ("undated", "Events without a time that can be read, since the start", |it| it.undated.count as f64),
    ("mistyped", "Members of an unexpected type in flushed events, since the start", |it| it.mistyped as f64),
    ("expired_on_arrival", "Imported events past their time when they came", |it| it.expired_on_arrival as f64),
    ("unstorable", "Records that no store can hold, since the start", |it| it.unstorable.count as f64),
    ("consumed", "The journal position before which all is found", |it| it.consumed as f64),
];

/// The lake's gauges.
#[derive(Debug)]
pub(super) struct LakeGauges {
    rows: Vec<Measure>,
    lag_records: Measure,
    unsearchable_age: Measure,
    unflushed_age: Measure,
    damaged: Family<DamagedLabels, Measure>,
}

impl LakeGauges {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let mut gauge = |name: String, help: &'static str| {
            let gauge = Measure::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        let rows = ROWS.iter().map(|(name, help, _)| gauge(format!("lake_{name}"), help)).collect();
        let lag_records = gauge("lake_lag_records".to_owned(), "Records that the lake has not looked at");
        let age_help = "For how long there have been records that lookups don't find yet";
        let unsearchable_age = gauge("oldest_unsearchable_age_seconds".to_owned(), age_help);
        let unflushed_age =
            gauge("oldest_unflushed_age_seconds".to_owned(), "Age of the oldest event in no segment yet");
        let damaged = Family::<DamagedLabels, Measure>::default();
        registry.register("lake_damaged", "1 for each segment that can't be read", damaged.clone());
        Self { rows, lag_records, unsearchable_age, unflushed_age, damaged }
    }

    pub(super) fn read(&self, snapshot: &Snapshot, journal: &Journal, now: Timestamp) {
        for (gauge, (_, _, value)) in self.rows.iter().zip(ROWS) {
            gauge.set(value(snapshot));
        }
        self.lag_records.set(journal.end().0.saturating_sub(snapshot.consumed) as f64);
        self.unsearchable_age.set(age(snapshot.oldest_unconsumed_at, now));
        self.unflushed_age.set(age(snapshot.oldest_unflushed_at, now));
        self.damaged.clear();
        for segment in &snapshot.damaged {
            self.damaged.get_or_create(&DamagedLabels { segment: segment.clone() }).set(1.0);
        }
    }
}
