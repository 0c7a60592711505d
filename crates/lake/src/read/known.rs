//! Whether a store has a record already.

use std::collections::BTreeMap;

use opentrail_catalog::{SegmentOrigin, StoreKind};
use opentrail_model::{AccountId, Routed};
use opentrail_stdx::Timestamp;
use serde_json::Value;

use super::{Asked, Source};
use crate::Error;
use crate::format::{Table, describe, identity_hash, identity_of};
use crate::registry::{Feed, Registry};
use crate::shared::Shared;
use crate::store::{StoreKey, StoreView, Stores};

/// What a store says to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// It has none of this identity.
    New,
    /// It has the same.
    Same,
    /// It has another of this identity.
    Colliding,
}

/// A record that may be known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'a> {
    /// Its time; none: it has none that can be read, and may be anywhere.
    pub(crate) time: Option<Timestamp>,
    pub(crate) identity: &'a str,
    pub(crate) hash: u64,
    pub(crate) record: &'a [u8],
    pub(crate) sameness: Sameness,
}

/// When two records of one identity are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sameness {
    /// When their JSON is.
    Json,
    /// Always: the identity is made of what its sender calls the event, and the rest tells how it came to us.
    Identity,
}

impl Sameness {
    /// For records of a table.
    pub(crate) fn of(table: Table) -> Self {
        if table == Table::Events { Self::Json } else { Self::Identity }
    }
}

/// Asks of many records whether every store has them that would take them in now.
pub(crate) struct Acquaintance<'a> {
    shared: &'a Shared,
    account: &'a AccountId,
    feed: Feed<'a>,
    stores: Stores,
    /// The parts of those that were asked.
    sources: BTreeMap<StoreKind, Option<Sources>>,
}

impl<'a> Acquaintance<'a> {
    pub(crate) fn new(shared: &'a Shared, registry: &'a Registry, account: &'a AccountId) -> Self {
        Self { shared, account, feed: Feed::new(registry), stores: shared.stores(), sources: BTreeMap::new() }
    }

    /// Whether nothing would come of importing the record.
    pub(crate) fn has(&mut self, asked: Asked<'_>) -> Result<bool, Error> {
        let Asked { record, time, event_id, .. } = asked;
        let identity = identity_of(event_id, record);
        let (identity, hash) = (identity.as_str(), identity_hash(&identity));
        let candidate = Candidate { time, identity, hash, record, sameness: Sameness::Json };
        for kind in self.takers(asked) {
            let view = || self.stores.get(&StoreKey { account: self.account.clone(), kind });
            let sources = self.sources.entry(kind).or_insert_with(|| view().map(|view| Sources::of(kind, view)));
            let known = match sources {
                Some(sources) => sources.look_up(self.shared, candidate).map_err(|name| Error::Suspect { name })?,
                None => Known::New,
            };
            if known != Known::Same {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Event history, and those event data stores in which the record is not past its time.
    fn takers(&mut self, asked: Asked<'_>) -> Vec<StoreKind> {
        let mut takers = vec![StoreKind::History];
        // Nothing is at that position: what is in force there is in force now.
        if self.feed.has_takers(u64::MAX)
            && let Ok(event) = Routed::parse(asked.record)
        {
            let keeps = |number: &u128| {
                let cutoff = self.shared.cutoff(StoreKind::EventDataStore(*number), SegmentOrigin::Imported);
                asked.time.is_none_or(|time| time >= cutoff)
            };
            let wanted = self.feed.takers(u64::MAX, self.account.as_str(), asked.region, &event);
            takers.extend(wanted.filter(keeps).map(StoreKind::EventDataStore));
        }
        takers
    }
}

/// More parts of a store than this are not kept open from one question to the next.
const OPEN_MAX: usize = 64;

/// The parts of a store, to ask about many records.
#[derive(Debug)]
pub(crate) struct Sources {
    kind: StoreKind,
    sources: Vec<Source>,
    /// Segments that can't tell what they have, by their times.
    suspects: Vec<((Timestamp, Timestamp), String)>,
}

impl Sources {
    pub(crate) fn of(kind: StoreKind, view: &StoreView) -> Self {
        let suspects = view.segments.iter().filter(|stored| !stored.is_damaged() && !stored.is_readable());
        let suspects = suspects.map(|stored| ((stored.row.time_min, stored.row.time_max), stored.label()));
        Self { kind, sources: Source::of(view).collect(), suspects: suspects.collect() }
    }

    /// Looks for the record in all parts of the store that have its time. `Err` names a segment that can't tell.
    pub(crate) fn look_up(&mut self, shared: &Shared, candidate: Candidate<'_>) -> Result<Known, String> {
        let mut known = Known::New;
        let has_time = |(oldest, newest): (Timestamp, Timestamp)| {
            candidate.time.is_none_or(|time| oldest <= time && time <= newest)
        };
        if let Some((_, name)) = self.suspects.iter().find(|(times, _)| has_time(*times)) {
            return Err(name.clone());
        }
        let (kind, is_many) = (self.kind, self.sources.len() > OPEN_MAX);
        // What is past its time is not there any more, though its files may be.
        let is_kept = |source: &Source| {
            let cutoff = shared.cutoff(kind, source.origin);
            candidate.time.is_none_or(|time| time >= cutoff) && source.times.1 >= cutoff
        };
        for source in self.sources.iter_mut().filter(|source| has_time(source.times)) {
            let rows = source.rows_of(shared, candidate.hash)?;
            if !rows.is_empty() && is_kept(source) {
                match source.compare(shared, &rows, candidate)? {
                    Known::Same => return Ok(Known::Same),
                    Known::Colliding => known = Known::Colliding,
                    Known::New => {}
                }
            }
            if is_many {
                source.close();
            }
        }
        Ok(known)
    }
}

impl Source {
    fn compare(&mut self, shared: &Shared, rows: &[u32], candidate: Candidate<'_>) -> Result<Known, String> {
        let mut known = Known::New;
        for row in rows {
            let record = self.record(shared, *row).ok_or_else(|| self.label())?;
            match compare(&record, candidate) {
                Known::Same => return Ok(Known::Same),
                Known::Colliding => known = Known::Colliding,
                Known::New => {}
            }
        }
        Ok(known)
    }
}

/// What a record that the store has says to one that may be the same.
pub(crate) fn compare(known: &[u8], candidate: Candidate<'_>) -> Known {
    if known == candidate.record {
        return Known::Same;
    }
    if describe(known).identity != candidate.identity {
        // Two identities of one hash.
        return Known::New;
    }
    if candidate.sameness == Sameness::Identity {
        return Known::Same;
    }
    match (serde_json::from_slice::<Value>(known), serde_json::from_slice::<Value>(candidate.record)) {
        (Ok(one), Ok(other)) if one == other => Known::Same,
        _ => Known::Colliding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_the_same_when_their_json_is() {
        let check = |known: &str, record: &str| {
            let described = describe(record.as_bytes());
            let (identity, hash) = (described.identity.as_str(), described.hash);
            let sameness = Sameness::Json;
            compare(known.as_bytes(), Candidate { time: None, identity, hash, record: record.as_bytes(), sameness })
        };
        assert_eq!(check(r#"{"eventID":"a","x":1}"#, r#"{"eventID":"a","x":1}"#), Known::Same);
        assert_eq!(check(r#"{"eventID":"a","x":1}"#, r#"{ "x":1, "eventID":"a"}"#), Known::Same);
        assert_eq!(check(r#"{"eventID":"a","x":1}"#, r#"{"eventID":"a","x":2}"#), Known::Colliding);
        assert_eq!(check(r#"{"eventID":"b","x":1}"#, r#"{"eventID":"a","x":1}"#), Known::New);
        assert_eq!(check(r#"{"x":1}"#, r#"{"x":2}"#), Known::New);
    }
}
