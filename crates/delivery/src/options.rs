//! The numbers that delivery goes by.

use std::time::Duration;

use opentrail_stdx::Backoff;

/// The numbers that delivery goes by. The defaults are CloudTrail's where it has any.
#[derive(Debug, Clone)]
pub struct Options {
    /// Log files are made at each multiple of this.
    pub delivery_interval: Duration,
    /// How long the window of a digest is.
    pub digest_interval: Duration,
    /// A log file is closed before its uncompressed JSON exceeds this, in bytes.
    pub log_bytes_max: u64,
    /// For how long a delivery is tried again.
    pub retry_for: Duration,
    /// How long to wait before a trail's bucket is tried again.
    pub backoff: Backoff,
    /// How much of the journal is read at a time, in bytes.
    pub read_bytes_max: usize,
    /// How much of the journal goes into one catalog transaction, in bytes: what a crash makes us stage again.
    pub pass_bytes_max: u64,
    /// How much waits to be compressed at a time, in bytes.
    pub waiting_bytes_max: usize,
    /// How many cores compress.
    pub cores: usize,
    /// How many log files are open at a time.
    pub open_files_max: usize,
    /// How many objects are put at a time.
    pub uploads_max: usize,
    /// How many bytes of staged log files are in memory at a time.
    pub upload_bytes_max: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            delivery_interval: Duration::from_secs(5 * 60),
            digest_interval: Duration::from_secs(60 * 60),
            log_bytes_max: 50_000_000,
            retry_for: Duration::from_secs(30 * 24 * 60 * 60),
            backoff: Backoff { first: Duration::from_secs(5), max: Duration::from_secs(10 * 60) },
            read_bytes_max: 16 << 20,
            pass_bytes_max: 256 << 20,
            waiting_bytes_max: 8 << 20,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            open_files_max: 64,
            uploads_max: 16,
            upload_bytes_max: 32 << 20,
        }
    }
}

impl Options {
    /// Digests are named by the second, so that their windows are whole seconds, one at least.
    pub(crate) fn sane(mut self) -> Self {
        self.digest_interval = Duration::from_secs(self.digest_interval.as_secs().max(1));
        self.uploads_max = self.uploads_max.max(1);
        self
    }
}
