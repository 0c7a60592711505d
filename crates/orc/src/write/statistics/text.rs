//! Of strings. A long least or greatest value is cut to a bound, so that an index never grows by a long value.

use crate::proto;

/// The longest value that is kept whole, bytes; the specification's number.
const VALUE_BYTES_MAX: usize = 1024;

/// A least or greatest value, or a bound of it.
#[derive(Clone, Debug, Default)]
struct Edge {
    bytes: Vec<u8>,
    is_bound: bool,
}

/// The range of strings by their bytes, which is the order of their characters too.
#[derive(Clone, Debug, Default)]
pub(in crate::write) struct Texts {
    seen: bool,
    least: Edge,
    greatest: Edge,
    /// The first eight bytes of both, so that most values are judged by one comparison.
    least_prefix: u64,
    greatest_prefix: u64,
    bytes: i64,
}

/// The first eight bytes as a number that is ordered as they are, zeros behind the end.
fn prefix(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(first) => u64::from_be_bytes(*first),
        None => {
            let mut first = [0; 8];
            first[..bytes.len()].copy_from_slice(bytes);
            u64::from_be_bytes(first)
        }
    }
}

impl Texts {
    /// Counts the bytes of values, which `widen` hears of too.
    pub(in crate::write) fn add_bytes(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes as i64);
    }

    /// Widens the range by a value. UTF-8 only.
    pub(in crate::write) fn widen(&mut self, value: &[u8]) {
        let start = prefix(value);
        if !self.seen {
            self.seen = true;
            self.set_least(value, start);
            self.set_greatest(value, start);
        } else {
            if start <= self.least_prefix && value < self.least.bytes.as_slice() {
                self.set_least(value, start);
            }
            if start >= self.greatest_prefix && value > self.greatest.bytes.as_slice() {
                self.set_greatest(value, start);
            }
        }
    }

    fn set_least(&mut self, value: &[u8], start: u64) {
        self.least.bytes.clear();
        self.least.bytes.extend_from_slice(value);
        self.least.is_bound = false;
        self.least_prefix = start;
    }

    fn set_greatest(&mut self, value: &[u8], start: u64) {
        self.greatest.bytes.clear();
        self.greatest.bytes.extend_from_slice(value);
        self.greatest.is_bound = false;
        self.greatest_prefix = start;
    }

    /// Cuts what is too long to be kept. Called when a row group ends, before it is merged.
    pub(in crate::write) fn cut(&mut self) {
        if self.least.bytes.len() > VALUE_BYTES_MAX {
            self.least = Edge { bytes: cut(&self.least.bytes).to_vec(), is_bound: true };
        }
        if self.greatest.bytes.len() > VALUE_BYTES_MAX {
            // A text of the last character only has none above it. It stays whole: without a greatest value the Java
            // reader takes the range for empty.
            if let Some(bound) = above(cut(&self.greatest.bytes)) {
                self.greatest = bound;
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        if !other.seen {
            return;
        }
        if !self.seen {
            let bytes = self.bytes;
            *self = Self { bytes, ..other.clone() };
            return;
        }
        // Of two equal edges the one that is a value says more: the bound's value is behind it.
        if (&other.least.bytes, other.least.is_bound) < (&self.least.bytes, self.least.is_bound) {
            self.least = other.least.clone();
            self.least_prefix = other.least_prefix;
        }
        if (&other.greatest.bytes, !other.greatest.is_bound) > (&self.greatest.bytes, !self.greatest.is_bound) {
            self.greatest = other.greatest.clone();
            self.greatest_prefix = other.greatest_prefix;
        }
    }

    pub(super) fn to_proto(&self) -> proto::StringStatistics {
        let text =
            |edge: &Edge| String::from_utf8(edge.bytes.clone()).expect("strings are UTF-8 and cut between characters");
        let mut out = proto::StringStatistics { sum: Some(self.bytes), ..Default::default() };
        if !self.seen {
            return out;
        }
        if self.least.is_bound {
            out.lower_bound = Some(text(&self.least));
        } else {
            out.minimum = Some(text(&self.least));
        }
        if self.greatest.is_bound {
            out.upper_bound = Some(text(&self.greatest));
        } else {
            out.maximum = Some(text(&self.greatest));
        }
        out
    }
}

/// The start of a long text, cut between characters.
fn cut(bytes: &[u8]) -> &[u8] {
    let mut end = VALUE_BYTES_MAX.min(bytes.len());
    while end > 0 && end < bytes.len() && bytes[end] & 0xc0 == 0x80 {
        end -= 1;
    }
    &bytes[..end]
}

/// The least text above all that start with `start`, if there is one: its last character is raised.
fn above(start: &[u8]) -> Option<Edge> {
    let mut text = String::from_utf8(start.to_vec()).ok()?;
    while let Some(last) = text.pop() {
        // The range of characters steps over the surrogates.
        if let Some(raised) = (last..=char::MAX).nth(1) {
            text.push(raised);
            return Some(Edge { bytes: text.into_bytes(), is_bound: true });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[&str]) -> Texts {
        let mut texts = Texts::default();
        for value in values {
            texts.add_bytes(value.len());
            texts.widen(value.as_bytes());
        }
        texts.cut();
        texts
    }

    #[test]
    fn long_values_become_bounds() {
        let long = format!("{}ä{}", "a".repeat(1023), "z".repeat(10));
        let proto = of(&[&long]).to_proto();
        assert_eq!(proto.minimum, None);
        assert_eq!(proto.lower_bound, Some("a".repeat(1023)));
        assert_eq!(proto.upper_bound, Some(format!("{}b", "a".repeat(1022))));
        assert_eq!(proto.sum, Some(1035));
    }

    #[test]
    fn nothing_is_above_the_last_character() {
        let last = char::MAX.to_string().repeat(300);
        let proto = of(&[&last, "b"]).to_proto();
        assert_eq!((proto.minimum, proto.maximum, proto.upper_bound), (Some("b".to_owned()), Some(last), None));
        assert_eq!(above("\u{d7ff}".as_bytes()).unwrap().bytes, "\u{e000}".as_bytes());
    }

    fn low(proto: &proto::StringStatistics) -> Option<&String> {
        proto.minimum.as_ref().or(proto.lower_bound.as_ref())
    }

    proptest! {
        #[test]
        fn merged_ranges_hold_all_values(
            one in prop::collection::vec("[a-c\u{10ffff}]{0,3}", 1..5),
            two in prop::collection::vec("[a-c\u{10ffff}]{0,3}", 1..5),
            long in prop::collection::vec(prop::bool::ANY, 10),
        ) {
            let grow = |values: Vec<String>| -> Vec<String> {
                let pairs = values.into_iter().zip(&long);
                pairs.map(|(value, long)| if *long { value.repeat(800) } else { value }).collect()
            };
            let (one, two) = (grow(one), grow(two));
            let mut all = of(&one.iter().map(String::as_str).collect::<Vec<_>>());
            all.merge(&of(&two.iter().map(String::as_str).collect::<Vec<_>>()));
            let proto = all.to_proto();
            for value in one.iter().chain(&two) {
                prop_assert!(low(&proto).unwrap() <= value);
                prop_assert!(proto.maximum.as_ref().or(proto.upper_bound.as_ref()).unwrap() >= value);
            }
        }
    }
}
