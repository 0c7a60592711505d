//! Lookups, newest first: the parts of a store merged by place, each opened only when its turn has come.

use std::collections::{BinaryHeap, VecDeque};

use opentrail_catalog::StoreKind;
use opentrail_model::{AccountId, Filter};
use opentrail_stdx::Timestamp;

use super::{Found, Source};
use crate::format::{Hit, Place, TimeRange};
use crate::shared::Shared;
use crate::store::StoreKey;

/// A page ends before the texts in it exceed this, but for its first record.
const PAGE_BYTES_MAX: usize = 16 << 20;

/// The most hits that a part of a store is asked for at a time.
const HITS_MAX: usize = 1024;

/// A question to a store.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// Which records.
    pub filter: Filter,
    /// The earliest time; none: from the first that is kept.
    pub from: Option<Timestamp>,
    /// The latest time, included; none: to the last.
    pub to: Option<Timestamp>,
    /// Only what comes after this place, newest first: the `next` of the page before.
    pub after: Option<Place>,
    /// The most records of the page.
    pub limit: usize,
}

/// A part of an answer, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The records. Fewer than the limit when their texts are very long.
    pub events: Vec<Found>,
    /// Where the next page begins; none when there is nothing more.
    pub next: Option<Place>,
}

/// A part of a store in the merge, with the hits that it has given and nobody has taken.
struct Asked {
    source: Source,
    hits: VecDeque<Hit>,
    /// It has no more than `hits`.
    is_drained: bool,
}

/// The newest hit of a part that was asked.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    place: Place,
    asked: usize,
}

struct Merge<'a> {
    shared: &'a Shared,
    question: &'a Lookup,
    /// Not asked yet, the one with the newest record last.
    waiting: Vec<Source>,
    asked: Vec<Asked>,
    heads: BinaryHeap<Head>,
}

pub(super) fn lookup(shared: &Shared, account: &AccountId, question: &Lookup) -> Page {
    let mut page = Page::default();
    let Some(view) = shared.store(&StoreKey::history(account)) else { return page };
    let mut merge = Merge::new(shared, question, Source::of(&view));
    let mut bytes = 0;
    while let Some((index, hit)) = merge.peek() {
        if page.events.len() >= question.limit {
            page.next = page.events.last().map(|found| found.place);
            break;
        }
        if let Some(record) = merge.asked[index].source.record(shared, hit.row) {
            if bytes + record.len() > PAGE_BYTES_MAX && !page.events.is_empty() {
                page.next = page.events.last().map(|found| found.place);
                break;
            }
            bytes += record.len();
            page.events.push(Found { place: hit.place, record });
        }
        merge.advance(index, question.limit.saturating_sub(page.events.len()));
    }
    page
}

impl<'a> Merge<'a> {
    fn new(shared: &'a Shared, question: &'a Lookup, sources: impl Iterator<Item = Source>) -> Self {
        let mut waiting: Vec<_> = sources.filter(|source| may_answer(shared, question, source)).collect();
        waiting.sort_by_key(|source| source.times.1);
        Self { shared, question, waiting, asked: Vec::new(), heads: BinaryHeap::new() }
    }

    /// The newest hit of all, still in its place.
    fn peek(&mut self) -> Option<(usize, Hit)> {
        // A part whose newest record is older than the best hit can wait. Equal times are told apart by position only.
        while let Some(next) = self.waiting.last()
            && self.heads.peek().is_none_or(|head| next.times.1 >= head.place.time)
        {
            let source = self.waiting.pop().expect("just seen");
            self.asked.push(Asked { source, hits: VecDeque::new(), is_drained: false });
            self.fill(self.asked.len() - 1, self.question.after, self.question.limit);
        }
        let asked = self.heads.peek()?.asked;
        self.asked[asked].hits.front().map(|hit| (asked, *hit))
    }

    /// Takes that part's hit away; about `wanted` more will be asked for.
    fn advance(&mut self, index: usize, wanted: usize) {
        self.heads.pop();
        let asked = &mut self.asked[index];
        let taken = asked.hits.pop_front().map(|hit| hit.place);
        match asked.hits.front() {
            Some(hit) => self.heads.push(Head { place: hit.place, asked: index }),
            None => self.fill(index, taken, wanted),
        }
    }

    /// Asks a part whose hits are taken for more.
    fn fill(&mut self, index: usize, after: Option<Place>, wanted: usize) {
        let asked = &mut self.asked[index];
        if asked.is_drained {
            return;
        }
        let limit = wanted.saturating_add(1).min(HITS_MAX);
        let cutoff = self.shared.cutoff(StoreKind::History, asked.source.origin);
        let from = Some(self.question.from.map_or(cutoff, |from| from.max(cutoff)));
        let range = TimeRange { from, to: self.question.to };
        asked.hits = asked.source.lookup(self.shared, &self.question.filter, range, after, limit).into();
        asked.is_drained = asked.hits.len() < limit;
        if let Some(hit) = asked.hits.front() {
            self.heads.push(Head { place: hit.place, asked: index });
        }
    }
}

/// Whether a part's times can hold an answer.
fn may_answer(shared: &Shared, question: &Lookup, source: &Source) -> bool {
    let (oldest, newest) = source.times;
    let is_passed = question.after.is_some_and(|after| oldest > after.time);
    let is_later = question.to.is_some_and(|to| oldest > to);
    let is_earlier =
        question.from.is_some_and(|from| newest < from) || newest < shared.cutoff(StoreKind::History, source.origin);
    !is_passed && !is_later && !is_earlier
}
