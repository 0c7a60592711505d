//! The terms of many rows, collected in the order of the rows and handed out in the order of the terms.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use opentrail_model::Attribute;
use xxhash_rust::xxh3::Xxh3Default;

use super::varint;

/// Collects terms. Memory: some 2 to 4 bytes for each term of each row, and some 80 bytes and its text for each term
/// that is new.
#[derive(Default)]
pub(super) struct TermLog {
    attributes: [AttributeLog; Attribute::ALL.len()],
    rows: u32,
}

impl TermLog {
    /// Adds the next row; answers its number.
    pub(super) fn push<'t>(&mut self, terms: impl Iterator<Item = (Attribute, &'t str)>) -> u32 {
        let row = self.rows;
        for (attribute, term) in terms {
            self.attributes[slot(attribute)].push(row, term);
        }
        self.rows += 1;
        row
    }

    /// How many terms there are so far, those of each attribute counted for themselves.
    pub(super) fn distinct(&self) -> usize {
        self.attributes.iter().map(|log| log.ids.len()).sum()
    }

    /// What was collected, attribute by attribute in the order of their numbers. Only one is laid out at a time.
    pub(super) fn finish(self) -> impl Iterator<Item = (Attribute, SortedTerms)> {
        Attribute::ALL.into_iter().zip(self.attributes.map(Some)).map(|(attribute, mut log)| {
            let sorted = log.take().map(AttributeLog::finish).unwrap_or_default();
            (attribute, sorted)
        })
    }
}

/// The place of an attribute in a list of all.
pub(super) fn slot(attribute: Attribute) -> usize {
    attribute as usize - 1
}

type Ids = HashMap<Box<str>, u32, BuildHasherDefault<Xxh3Default>>;

/// The terms of one attribute.
#[derive(Default)]
struct AttributeLog {
    ids: Ids,
    /// Pairs of varints: how many rows after the last, and the term's id.
    log: Vec<u8>,
    entries: usize,
    last_row: u32,
    /// The last term: many attributes have the same one row after row.
    last_term: String,
    last_id: Option<u32>,
}

impl AttributeLog {
    fn push(&mut self, row: u32, term: &str) {
        let id = self.id(term);
        varint::put(&mut self.log, u64::from(row - self.last_row));
        varint::put(&mut self.log, u64::from(id));
        self.last_row = row;
        self.entries += 1;
    }

    fn id(&mut self, term: &str) -> u32 {
        if let Some(id) = self.last_id
            && self.last_term == term
        {
            return id;
        }
        let next = u32::try_from(self.ids.len()).expect("fewer terms than rows times resources of a record");
        let id = match self.ids.get(term) {
            Some(id) => *id,
            None => {
                self.ids.insert(term.into(), next);
                next
            }
        };
        self.last_term.clear();
        self.last_term.push_str(term);
        self.last_id = Some(id);
        id
    }

    fn finish(self) -> SortedTerms {
        let mut terms: Vec<(Box<str>, u32)> = self.ids.into_iter().collect();
        terms.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut place_of = vec![0_u32; terms.len()];
        for (place, (_, id)) in (0_u32..).zip(&terms) {
            place_of[*id as usize] = place;
        }
        let mut starts = vec![0_usize; terms.len() + 1];
        for (_, id) in entries(&self.log) {
            starts[place_of[id] as usize + 1] += 1;
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let mut next = starts.clone();
        let mut rows = vec![0_u32; self.entries];
        let mut row = 0;
        for (after, id) in entries(&self.log) {
            row += after;
            let place = &mut next[place_of[id] as usize];
            rows[*place] = row;
            *place += 1;
        }
        SortedTerms { terms: terms.into_iter().map(|(term, _)| term).collect(), starts, rows }
    }
}

fn entries(mut log: &[u8]) -> impl Iterator<Item = (u32, usize)> {
    std::iter::from_fn(move || {
        let after = varint::take(&mut log)?;
        let id = varint::take(&mut log)?;
        Some((u32::try_from(after).ok()?, usize::try_from(id).ok()?))
    })
}

/// The terms of one attribute in their order, each with its rows in theirs.
#[derive(Debug, Default)]
pub(super) struct SortedTerms {
    terms: Vec<Box<str>>,
    /// Where the rows of each term begin in `rows`, and the end.
    starts: Vec<usize>,
    rows: Vec<u32>,
}

impl SortedTerms {
    /// Each term with its rows.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[u32])> {
        self.terms.iter().enumerate().map(|(place, term)| (&**term, self.rows_at(place)))
    }

    /// The rows of a term.
    pub(super) fn rows_of(&self, term: &str) -> &[u32] {
        match self.terms.binary_search_by(|known| (**known).cmp(term)) {
            Ok(place) => self.rows_at(place),
            Err(_) => &[],
        }
    }

    /// The terms from `from` on, each with its rows.
    pub(super) fn iter_from(&self, from: &str) -> impl Iterator<Item = (&str, &[u32])> {
        let first = self.terms.partition_point(|term| **term < *from);
        (first..self.terms.len()).map(|place| (&*self.terms[place], self.rows_at(place)))
    }

    /// Every row that has a term, ascending; one that has several comes once.
    pub(super) fn present(&self) -> Vec<u32> {
        let mut rows = self.rows.clone();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// The terms of several sets of rows as those of one; `rows_now` tells what became of each set's rows, and keeps
    /// their order.
    pub(super) fn merge(parts: &[(&Self, &[u32])]) -> Self {
        let mut places: Vec<(&str, usize, usize)> = Vec::new();
        for (part, (terms, _)) in parts.iter().enumerate() {
            places.extend(terms.terms.iter().enumerate().map(|(place, term)| (&**term, part, place)));
        }
        places.sort_unstable();
        let mut merged = Self { terms: Vec::new(), starts: vec![0], rows: Vec::new() };
        for same in places.chunk_by(|a, b| a.0 == b.0) {
            let start = merged.rows.len();
            for (_, part, place) in same {
                let (terms, rows_now) = parts[*part];
                merged.rows.extend(terms.rows_at(*place).iter().map(|row| rows_now[*row as usize]));
            }
            merged.rows[start..].sort_unstable();
            merged.terms.push(same[0].0.into());
            merged.starts.push(merged.rows.len());
        }
        merged
    }

    /// About how much memory this takes, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        let texts: usize = self.terms.iter().map(|term| term.len() + 16).sum();
        texts + self.starts.len() * 8 + self.rows.len() * 4
    }

    fn rows_at(&self, place: usize) -> &[u32] {
        &self.rows[self.starts[place]..self.starts[place + 1]]
    }
}
