//! Which key signs, and when a new one is due.

use std::time::Duration;

use opentrail_stdx::Timestamp;

/// How long a key is valid.
pub const KEY_VALIDITY: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A key signs no more when less than this is left of its validity: its successor overlaps with it for so long.
pub const KEY_OVERLAP: Duration = Duration::from_secs(24 * 60 * 60);

/// When a key may sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// The first instant.
    pub from: Timestamp,
    /// The last instant.
    pub to: Timestamp,
}

impl Validity {
    /// Of a key that is made to sign for `at`.
    pub fn starting(at: Timestamp) -> Self {
        let from = at.floor_to_second();
        Self { from, to: from.plus(KEY_VALIDITY) }
    }

    /// Whether a key of this validity signs for `at`.
    fn signs(self, at: Timestamp) -> bool {
        self.from <= at && at <= self.to
    }
}

/// What to do to sign for an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Sign with the key at this index.
    Use(usize),
    /// Make a key of this validity and sign with it.
    Make(Validity),
}

/// Chooses the key that signs for `at`, which lies in its validity: the newest that is valid, unless that one has less
/// than [`KEY_OVERLAP`] left and no successor, when a new one is to be made.
pub fn choose_key(ring: &[Validity], at: Timestamp) -> Choice {
    let valid = ring.iter().enumerate().filter(|(_, validity)| validity.signs(at));
    match valid.max_by_key(|(_, validity)| validity.from) {
        Some((index, validity)) if at.plus(KEY_OVERLAP) < validity.to => Choice::Use(index),
        _ => Choice::Make(Validity::starting(at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    #[test]
    fn keys_rotate_before_thirty_days_and_overlap() {
        let mut ring = Vec::new();
        let mut at = Timestamp::parse_iso("2026-11-22T10:00:00Z").unwrap();
        for _ in 0..24 * 90 {
            let index = match choose_key(&ring, at) {
                Choice::Use(index) => index,
                Choice::Make(validity) => {
                    ring.push(validity);
                    ring.len() - 1
                }
            };
            assert!(ring[index].signs(at));
            assert_eq!(choose_key(&ring, at), Choice::Use(index), "a choice holds");
            at = at.plus(Duration::from_secs(3600));
        }
        assert_eq!(ring.len(), 4);
        for pair in ring.windows(2) {
            assert_eq!(pair[0].to.since(pair[0].from), KEY_VALIDITY);
            assert_eq!(pair[0].to.since(pair[1].from), DAY);
        }
    }

    #[test]
    fn windows_of_the_past_are_signed_by_a_key_that_was_valid_then() {
        let then = Timestamp::from_secs(1_000_000);
        let ring = [Validity::starting(then), Validity::starting(then.plus(DAY * 29))];
        assert_eq!(choose_key(&ring, then.plus(DAY)), Choice::Use(0));
        assert_eq!(choose_key(&ring, then.minus(DAY)), Choice::Make(Validity::starting(then.minus(DAY))));
    }
}
