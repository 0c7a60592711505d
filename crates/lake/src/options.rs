//! The numbers that the store engine goes by.

use std::time::Duration;

/// A day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The numbers that the store engine goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How long records that were recorded here are kept in Event history, by their event's time.
    pub history: Duration,
    /// How long imported records are kept, by their event's time.
    pub imported: Duration,
    /// How much of the journal is read at a time, in bytes.
    pub read_bytes_max: usize,
    /// The hot tail goes to segments when it has so many records,
    pub flush_records: u64,
    /// or so many bytes of them,
    pub flush_bytes: u64,
    /// or is so old.
    pub flush_age: Duration,
    /// Segments of about one size are merged when there are so many of them in a day; two at least.
    pub merge_count: usize,
    /// For so long after a tail was flushed for its size, only many segments are merged: while an import goes on, its
    /// days get more, which are better merged all at once.
    pub merge_rest: Duration,
    /// Segments are merged to at most so many bytes of records.
    pub merge_bytes_max: u64,
    /// A day that got no segment for so long has its segments merged whatever their sizes.
    pub settle_after: Duration,
    /// A segment is written again without what is past its time when its oldest record has been so for this long.
    pub trim_after: Duration,
    /// How many segments are open for lookups at a time.
    pub open_segments_max: usize,
    /// How many cores a flush may use.
    pub cores: usize,
    /// Whether segments are built beside the engine's ticks. Without it, each tick waits for what it began, so that one
    /// seed always gives the same life.
    pub in_background: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            history: DAY * 90,
            imported: DAY * 36_525,
            read_bytes_max: 16 << 20,
            flush_records: 200_000,
            flush_bytes: 64 << 20,
            flush_age: Duration::from_secs(10 * 60),
            merge_count: 4,
            merge_rest: Duration::from_secs(15),
            merge_bytes_max: 512 << 20,
            settle_after: Duration::from_secs(60 * 60),
            trim_after: Duration::from_secs(6 * 60 * 60),
            open_segments_max: 256,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            in_background: true,
        }
    }
}

impl Options {
    /// Whatever the numbers, merging makes fewer segments, and something can be read, opened and built.
    pub(crate) fn sane(mut self) -> Self {
        self.merge_count = self.merge_count.max(2);
        self.open_segments_max = self.open_segments_max.max(1);
        self.cores = self.cores.max(1);
        self.flush_records = self.flush_records.max(1);
        self
    }
}
