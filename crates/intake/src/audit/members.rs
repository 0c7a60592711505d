//! What an event's data must have, checked on its own bytes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{EVENT_BYTES_MAX, Refusal};

/// Members that are text: their names, the longest in characters, and whether they must be there.
const TEXTS: [(&str, usize, bool); 10] = [
    ("version", 256, true),
    ("userAgent", 1024, false),
    ("eventSource", 1024, true),
    ("eventName", 1024, true),
    ("eventTime", 64, true),
    ("UID", 1024, true),
    ("errorCode", 256, false),
    ("errorMessage", 256, false),
    ("sourceIPAddress", 64, false),
    ("recipientAccountId", 12, true),
];

/// Members of `userIdentity` that are text.
const IDENTITY_TEXTS: [(&str, usize, bool); 2] = [("type", 128, true), ("principalId", 1024, true)];

/// Members that are objects: their names, and the longest in bytes.
const OBJECTS: [(&str, usize); 3] =
    [("requestParameters", 100 << 10), ("responseElements", 100 << 10), ("additionalEventData", 28 << 10)];

/// Printed without spaces, JSON is at most so many times as long as it came: `9e15` becomes `9000000000000000.0`.
const PRINTED_TIMES_MAX: usize = 6;

/// The members of an object as they came. Of a name that comes twice, the last counts.
#[derive(Debug, Default)]
pub(super) struct Members<'a>(Vec<(Cow<'a, str>, Member<'a>)>);

/// The value of a member.
#[derive(Debug)]
enum Member<'a> {
    Null,
    Text(Cow<'a, str>),
    Object(&'a str),
    Other,
}

impl<'a> Members<'a> {
    /// Of an object, all of which is looked at: whoever reads it later must be able to.
    pub(super) fn of(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<Sound>(text)?;
        serde_json::from_str(text)
    }

    /// A member's text; empty when it has none.
    pub(super) fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Member::Text(text)) => text,
            _ => "",
        }
    }

    /// Whether all is there and as long as it may be.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        self.check_texts(&TEXTS, "")?;
        match self.get("userIdentity") {
            None => return Err(missing("userIdentity")),
            Some(Member::Object(identity)) => {
                let identity: Members<'_> = serde_json::from_str(identity).unwrap_or_default();
                identity.check_texts(&IDENTITY_TEXTS, "userIdentity.")?;
                identity.check_object("details", EVENT_BYTES_MAX)?;
            }
            Some(_) => return Err(Refusal::new("InvalidData", "userIdentity is not an object.")),
        }
        OBJECTS.iter().try_for_each(|(name, bytes_max)| self.check_object(name, *bytes_max))
    }

    /// A member that is there and not null.
    fn get(&self, name: &str) -> Option<&Member<'a>> {
        let (_, member) = self.0.iter().rfind(|(known, _)| known == name)?;
        Some(member).filter(|member| !matches!(member, Member::Null))
    }

    fn check_texts(&self, known: &[(&str, usize, bool)], path: &str) -> Result<(), Refusal> {
        for (name, length_max, is_required) in known {
            match self.get(name) {
                None if *is_required => return Err(missing(&format!("{path}{name}"))),
                None => {}
                Some(Member::Text(text)) if text.is_empty() && *is_required => {
                    return Err(missing(&format!("{path}{name}")));
                }
                Some(Member::Text(text)) if text.len() > *length_max && text.chars().count() > *length_max => {
                    let message = format!("{path}{name} is longer than {length_max} characters.");
                    return Err(Refusal::new("FieldTooLong", message));
                }
                Some(Member::Text(_)) => {}
                Some(_) => return Err(Refusal::new("InvalidData", format!("{path}{name} is not a string."))),
            }
        }
        Ok(())
    }

    fn check_object(&self, name: &str, bytes_max: usize) -> Result<(), Refusal> {
        match self.get(name) {
            None => Ok(()),
            Some(Member::Object(object)) if is_longer(object, bytes_max) => {
                Err(Refusal::new("FieldTooLong", format!("{name} is longer than {bytes_max} bytes.")))
            }
            Some(Member::Object(_)) => Ok(()),
            Some(_) => Err(Refusal::new("InvalidData", format!("{name} is not an object."))),
        }
    }
}

/// Whether an object is longer than that when it is printed without spaces.
fn is_longer(object: &str, bytes_max: usize) -> bool {
    let printed = || serde_json::from_str::<Value>(object).map_or(object.len(), |value| value.to_string().len());
    object.len() > bytes_max / PRINTED_TIMES_MAX && printed() > bytes_max
}

fn missing(name: &str) -> Refusal {
    Refusal::new("FieldNotFound", format!("{name} is missing."))
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::with_capacity(16);
        while let Some(Name(name)) = map.next_key()? {
            let value: &'de RawValue = map.next_value()?;
            members.push((name, Member::of(value.get()).map_err(A::Error::custom)?));
        }
        Ok(Members(members))
    }
}

impl<'a> Member<'a> {
    fn of(value: &'a str) -> Result<Self, serde_json::Error> {
        match value.as_bytes() {
            [b'"', text @ .., b'"'] if !text.contains(&b'\\') => Ok(Self::Text(Cow::Borrowed(&value[1..=text.len()]))),
            [b'"', ..] => serde_json::from_str(value).map(|text| Self::Text(Cow::Owned(text))),
            [b'{', ..] => Ok(Self::Object(value)),
            [b'n', ..] => Ok(Self::Null),
            _ => Ok(Self::Other),
        }
    }
}

/// The name of a member, borrowed when nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Any value. Reading it is as strict as reading one to keep it, and keeps nothing.
struct Sound;

impl<'de> Deserialize<'de> for Sound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Sound {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Ok(Self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(Self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        while members.next_entry::<Self, Self>()?.is_some() {}
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_last_of_a_name_counts() {
        let members = Members::of(r#"{"a":"x","b":{"c":1},"a":"\u0079","n":null,"z":[1]}"#).expect("an object");
        assert_eq!((members.text("a"), members.text("b"), members.text("none")), ("y", "", ""));
        assert!(matches!(members.get("b"), Some(Member::Object(r#"{"c":1}"#))));
        assert!(members.get("n").is_none() && matches!(members.get("z"), Some(Member::Other)));
    }

    #[test]
    fn lengths_are_those_of_the_printed_object() {
        assert!(!is_longer(&format!(r#"{{"a":{}1}}"#, " ".repeat(100)), 7));
        assert!(is_longer(r#"{"a":12}"#, 7));
        assert!(is_longer(r#"{"a":9e15}"#, 23) && !is_longer(r#"{"a":9e15}"#, 24));
    }

    /// JSON, and what is nearly JSON.
    fn text() -> impl Strategy<Value = String> {
        let scalar = proptest::sample::select(vec![
            "1",
            "-0.5e3",
            "9e15",
            "1e999",
            "18446744073709551616",
            "true",
            "null",
            "nul",
            r#""""#,
            r#""a\n""#,
            r#""\ud83d\ude00""#,
            r#""\ud800""#,
            r#""\q""#,
            "\"\u{1}\"",
            "",
            "01",
        ]);
        scalar.prop_map(str::to_owned).prop_recursive(4, 24, 4, |inner| {
            let name = proptest::sample::select(vec!["a", "UID", r"\u0061", r"\ud800", "userIdentity"]);
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" , "))),
                proptest::collection::vec((name, inner), 0..4).prop_map(|members| {
                    let members = members.iter().map(|(name, value)| format!(r#""{name}": {value}"#));
                    format!(" {{{}}}", members.collect::<Vec<_>>().join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_taken_is_what_can_be_kept(text in text()) {
            let kept = serde_json::from_str::<serde_json::Map<String, Value>>(&text);
            let members = Members::of(&text);
            prop_assert_eq!(members.is_ok(), kept.is_ok(), "{:?} {:?}", members, kept);
            if let (Ok(members), Ok(kept)) = (members, kept) {
                for name in ["a", "UID"] {
                    prop_assert_eq!(members.text(name), kept.get(name).and_then(Value::as_str).unwrap_or_default());
                }
            }
        }

        #[test]
        fn printing_lengthens_within_bounds(text in text()) {
            if let Ok(value) = serde_json::from_str::<Value>(&text) {
                prop_assert!(value.to_string().len() <= text.len() * PRINTED_TIMES_MAX);
            }
        }
    }
}
