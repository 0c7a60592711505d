//! What was appended and is not in the store yet.

use std::collections::HashMap;

use bytes::Bytes;
use opentrail_journal::Position;
use opentrail_model::AccountId;
use parking_lot::Mutex;
use xxhash_rust::xxh3::Xxh3Default;

/// Most records that are remembered; beyond, a duplicate may be counted as new. The store takes it in once anyway.
const RECORDS_MAX: usize = 1 << 20;

/// Recognizes a record that comes again before the store has taken in the first. It only counts: what is in the store
/// once or twice is decided there.
#[derive(Debug, Default)]
pub(super) struct Recent {
    /// Hashes of records, with the journal's end at a time when they were in it; none while they are on their way.
    seen: Mutex<HashMap<u128, Option<Position>>>,
}

impl Recent {
    /// The hash of an account's record.
    pub(super) fn hash(account: &AccountId, record: &Bytes) -> u128 {
        let mut hash = Xxh3Default::new();
        hash.update(account.as_str().as_bytes());
        hash.update(record);
        hash.digest128()
    }

    /// Whether each is on its way already; from now on all are. Forgets what was `consumed`.
    pub(super) fn meet(&self, hashes: &[u128], consumed: Position) -> Vec<bool> {
        let mut seen = self.seen.lock();
        seen.retain(|_, end| end.is_none_or(|end| end > consumed));
        let meet = |hash: &u128| {
            let is_seen = seen.contains_key(hash);
            if !is_seen && seen.len() < RECORDS_MAX {
                seen.insert(*hash, None);
            }
            is_seen
        };
        hashes.iter().map(meet).collect()
    }

    /// They are in the journal, before `end`.
    pub(super) fn appended(&self, hashes: &[u128], end: Position) {
        let mut seen = self.seen.lock();
        for hash in hashes {
            if let Some(at) = seen.get_mut(hash) {
                *at = Some(end);
            }
        }
    }

    /// They could not be appended.
    pub(super) fn forget(&self, hashes: &[u128]) {
        let mut seen = self.seen.lock();
        for hash in hashes {
            seen.remove(hash);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_met_again_until_it_is_consumed() {
        let recent = Recent::default();
        assert_eq!(recent.meet(&[1, 2, 1], Position(0)), [false, false, true]);
        recent.appended(&[1], Position(10));
        recent.forget(&[2]);
        assert_eq!(recent.meet(&[1, 2], Position(9)), [true, false]);
        assert_eq!(recent.meet(&[1, 2], Position(10)), [false, true]);
    }
}
