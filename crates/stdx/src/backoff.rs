//! How long to wait before the next try.

use std::time::Duration;

use crate::Entropy;

/// Exponential back-off with full jitter in its upper half.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    /// The wait after the first failure.
    pub first: Duration,
    /// The longest wait.
    pub max: Duration,
}

impl Backoff {
    /// The wait after `failures` failures in a row (at least one).
    pub fn delay(&self, failures: u32, entropy: &dyn Entropy) -> Duration {
        let doubled = self.first.saturating_mul(1 << failures.saturating_sub(1).min(30)).min(self.max);
        let half_ms = u64::try_from(doubled.as_millis() / 2).unwrap_or(u64::MAX / 2);
        Duration::from_millis(half_ms + entropy.below(half_ms + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn waits_grow_and_stay_below_the_maximum() {
        let backoff = Backoff { first: Duration::from_secs(1), max: Duration::from_secs(60) };
        let entropy = SeededEntropy::new(1);
        for failures in 1..100 {
            let wait = backoff.delay(failures, &entropy);
            let full = Duration::from_secs(1 << failures.min(10).saturating_sub(1)).min(backoff.max);
            assert!(wait >= full / 2 && wait <= backoff.max, "{failures}: {wait:?}");
        }
    }
}
