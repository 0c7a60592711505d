//! The journal's bounds.

/// The journal's bounds, all in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// A segment that has reached this size is followed by a new one.
    pub segment_bytes_max: u64,
    /// The largest record.
    pub record_bytes_max: u64,
    /// The largest append, records and envelopes together.
    pub batch_bytes_max: u64,
    /// How much may wait for the disk before appends are answered with `Busy`.
    pub queue_bytes_max: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            segment_bytes_max: 64 << 20,
            record_bytes_max: 1 << 20,
            batch_bytes_max: 8 << 20,
            queue_bytes_max: 32 << 20,
        }
    }
}
