//! The times that digests prove.

use std::time::Duration;

use opentrail_stdx::Timestamp;

use super::Checked;

/// A log file's stamp is at most this much after the arrival of its records.
const STAMP_AHEAD_MAX: Duration = Duration::from_secs(5 * 60);
/// A log file is listed by the digest of the time in which it is delivered: at most this long after its stamp, unless
/// its bucket was broken.
const DELIVERY_DELAY_MAX: Duration = Duration::from_secs(15 * 60);

/// Windows of valid digests, merged.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Sorted, and apart from each other.
    windows: Vec<(Timestamp, Timestamp)>,
}

impl Coverage {
    /// The windows of these digests. The first digest of a chain lists nothing of the hour that it covers, and a backfill
    /// digest lists only what came late: neither proves that nothing else was delivered.
    pub fn of<'a>(digests: impl IntoIterator<Item = &'a Checked>) -> Self {
        let proving = digests.into_iter().filter(|checked| !checked.digest.is_first());
        let mut windows: Vec<_> = proving.map(|checked| (checked.start, checked.end)).collect();
        windows.sort_unstable();
        let mut merged: Vec<(Timestamp, Timestamp)> = Vec::new();
        for (start, end) in windows {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        Self { windows: merged }
    }

    /// Whether a log file with this stamp must be listed: all the time in which it can have been delivered is proven.
    pub fn must_list(&self, stamp: Timestamp) -> bool {
        let (from, to) = (stamp.minus(STAMP_AHEAD_MAX), stamp.plus(DELIVERY_DELAY_MAX));
        self.windows.iter().any(|(start, end)| *start <= from && to <= *end)
    }

    /// The end of the last window.
    pub fn end(&self) -> Option<Timestamp> {
        self.windows.last().map(|(_, end)| *end)
    }
}
