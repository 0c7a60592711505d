//! Picking strings out of JSON by path, in one pass and without building it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A string that is wanted: which rule wants it, and the members that are still to be passed, joined by dots.
#[derive(Debug, Clone, Copy)]
pub(super) struct Want {
    /// The rule's place in its table.
    pub(super) rule: usize,
    /// What is left of its path; empty at the string itself.
    pub(super) path: &'static str,
}

/// A string that was found, and for which rule.
#[derive(Debug)]
pub(super) struct Found<'a> {
    /// The rule's place in its table.
    pub(super) rule: usize,
    /// The string.
    pub(super) text: Cow<'a, str>,
}

/// Finds the strings that `wants` ask for. Arrays are looked through at any place of a path; values of other types
/// than expected, and whatever comes after a fault in the JSON, are passed over. At most `max` strings are taken.
pub(super) fn seek<'a>(json: &'a str, wants: &[Want], max: usize) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    if !wants.is_empty() {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        // A fault only ends the search: what was found before it counts.
        let _ = Seeker { wants, found: &mut found, max }.deserialize(&mut deserializer);
    }
    found
}

struct Seeker<'w, 'f, 'a> {
    wants: &'w [Want],
    found: &'f mut Vec<Found<'a>>,
    max: usize,
}

impl<'a> Seeker<'_, '_, 'a> {
    fn take(self, text: Cow<'a, str>) {
        for want in self.wants.iter().filter(|want| want.path.is_empty() && !text.is_empty()) {
            if self.found.len() < self.max {
                self.found.push(Found { rule: want.rule, text: text.clone() });
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seeker<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seeker<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.take(Cow::Borrowed(text));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.take(Cow::Owned(text.to_owned()));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self { wants, found, max } = self;
        while seq.next_element_seed(Seeker { wants, found: &mut *found, max })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { wants, found, max } = self;
        let mut inner = Vec::new();
        while map.next_key_seed(Step { wants, inner: &mut inner })?.is_some() {
            if inner.is_empty() {
                map.next_value::<IgnoredAny>()?;
            } else {
                map.next_value_seed(Seeker { wants: &inner, found: &mut *found, max })?;
            }
        }
        Ok(())
    }
}

/// Reads a member's name and leaves in `inner` the wants that go on inside of it.
struct Step<'w, 'i> {
    wants: &'w [Want],
    inner: &'i mut Vec<Want>,
}

impl<'de> DeserializeSeed<'de> for Step<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Step<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<(), E> {
        self.inner.clear();
        for want in self.wants {
            let (first, rest) = want.path.split_once('.').unwrap_or((want.path, ""));
            if first == name && !first.is_empty() {
                self.inner.push(Want { rule: want.rule, path: rest });
            }
        }
        Ok(())
    }
}
