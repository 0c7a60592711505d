//! The members of a JSON object, each with its value's own text.

use std::cmp::Reverse;

use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

/// Members in the order in which they were added. Values keep the text that they came with, so that no number is rounded.
#[derive(Debug, Clone, Default)]
pub struct Members(Vec<(String, Box<RawValue>)>);

/// What had no room: the first few by name, the others by their number and size.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Omitted {
    named: Vec<OmittedMember>,
    others: usize,
    others_bytes: usize,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct OmittedMember {
    member: String,
    bytes: usize,
}

impl Omitted {
    /// The most members that are named, and the longest that a name is told, in characters: together they print within
    /// [`Omitted::BYTES_MAX`].
    const NAMED_MAX: usize = 12;
    const NAME_MAX: usize = 64;
    /// The most bytes that it prints as.
    pub(crate) const BYTES_MAX: usize = 8 << 10;

    fn push(&mut self, path: &str, name: &str, bytes: usize) {
        if self.named.len() < Self::NAMED_MAX {
            let name: String = name.chars().take(Self::NAME_MAX).collect();
            self.named.push(OmittedMember { member: format!("{path}.{name}"), bytes });
        } else {
            self.others += 1;
            self.others_bytes += bytes;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.named.is_empty()
    }
}

impl Serialize for Omitted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let others = OmittedMember { member: format!("{} others", self.others), bytes: self.others_bytes };
        serializer.collect_seq(self.named.iter().chain((self.others > 0).then_some(&others)))
    }
}

impl Members {
    /// Adds a text, if there is one.
    #[must_use]
    pub(crate) fn text(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(text) if !text.is_empty() => self.value(name, text),
            _ => self,
        }
    }

    /// Adds a value as it is written, unless it is absent or null.
    #[must_use]
    pub(crate) fn raw(mut self, name: &str, value: Option<&RawValue>) -> Self {
        if let Some(value) = value.filter(|value| value.get() != "null") {
            self.0.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Adds what prints as JSON.
    #[must_use]
    pub(crate) fn value(mut self, name: &str, value: impl Serialize) -> Self {
        let raw = to_raw_value(&value).expect("texts, numbers and maps of texts always print");
        self.0.push((name.to_owned(), raw));
        self
    }

    /// Adds an object, unless it is empty.
    #[must_use]
    pub(crate) fn object(self, name: &str, members: Self) -> Self {
        if members.is_empty() { self } else { self.value(name, members) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes that it prints as.
    fn bytes(&self) -> usize {
        self.0.iter().map(printed).sum::<usize>() + 2
    }

    /// Leaves out the largest members until the rest prints within `bytes_max`, and notes which they were.
    pub(crate) fn fit(&mut self, path: &str, bytes_max: usize, omitted: &mut Omitted) {
        let mut bytes = self.bytes();
        if bytes <= bytes_max {
            return;
        }
        let mut by_size: Vec<usize> = (0..self.0.len()).collect();
        by_size.sort_by_key(|index| Reverse(printed(&self.0[*index])));
        let mut is_kept = vec![true; self.0.len()];
        for index in by_size.into_iter().take_while(|index| {
            let is_over = bytes > bytes_max;
            bytes -= printed(&self.0[*index]);
            is_over
        }) {
            is_kept[index] = false;
            omitted.push(path, &self.0[index].0, self.0[index].1.get().len());
        }
        let mut kept = is_kept.into_iter();
        self.0.retain(|_| kept.next().unwrap_or(true));
    }
}

/// The bytes of a member with its colon and comma. Six a character of the name is the most that escaping makes of it.
fn printed((name, value): &(String, Box<RawValue>)) -> usize {
    let plain = name.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
    name.len() * if plain { 1 } else { 6 } + value.get().len() + 4
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl FromIterator<(String, Box<RawValue>)> for Members {
    fn from_iter<I: IntoIterator<Item = (String, Box<RawValue>)>>(members: I) -> Self {
        Self(members.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_left_out() {
        let null = RawValue::from_string("null".to_owned()).expect("JSON");
        let members = Members::default().text("a", None).text("b", Some("")).raw("c", Some(&null)).raw("d", None);
        assert!(members.object("e", Members::default()).is_empty());
    }

    #[test]
    fn a_value_keeps_its_text() {
        let raw = RawValue::from_string("12345678901234567890123".to_owned()).expect("JSON");
        let members = Members::default().raw("n", Some(&raw)).text("t", Some("x\"y"));
        assert_eq!(serde_json::to_string(&members).expect("text"), r#"{"n":12345678901234567890123,"t":"x\"y"}"#);
    }

    #[test]
    fn the_largest_goes_first() {
        let mut members = Members::default().text("a", Some(&"x".repeat(50))).text("b", Some("y")).text("c", Some("z"));
        let mut omitted = Omitted::default();
        members.fit("it", 30, &mut omitted);
        assert_eq!(serde_json::to_string(&members).expect("text"), r#"{"b":"y","c":"z"}"#);
        assert_eq!(serde_json::to_string(&omitted).expect("text"), r#"[{"member":"it.a","bytes":52}]"#);
        members.fit("it", 2, &mut omitted);
        assert!(members.is_empty());
    }

    #[test]
    fn what_is_omitted_is_told_within_bounds() {
        let name = |number: usize| format!("{number}{}", "\u{1}".repeat(200));
        let mut members = (0..1000).fold(Members::default(), |members, number| members.value(&name(number), number));
        let mut omitted = Omitted::default();
        members.fit("userIdentity.details", 2, &mut omitted);
        let told = serde_json::to_string(&omitted).expect("text");
        assert!(told.len() < Omitted::BYTES_MAX && told.contains("\"988 others\""), "{told}");
    }
}
