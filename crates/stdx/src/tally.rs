//! How often something happened that should not, and when it last did.

use crate::Timestamp;

/// A count, and the time of the newest that was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How often.
    pub count: u64,
    /// When it last happened, if it ever did.
    pub newest: Option<Timestamp>,
}

impl Tally {
    /// It happened so often, the last time `now`; nothing changes when it didn't happen.
    pub fn add(&mut self, count: u64, now: Timestamp) {
        if count > 0 {
            self.count += count;
            self.newest = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_when_something_was_counted() {
        let mut tally = Tally::default();
        tally.add(0, Timestamp::from_ms(1));
        assert_eq!(tally, Tally::default());
        tally.add(2, Timestamp::from_ms(2));
        tally.add(0, Timestamp::from_ms(3));
        assert_eq!(tally, Tally { count: 2, newest: Some(Timestamp::from_ms(2)) });
    }
}
