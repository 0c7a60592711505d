//! Objects of free form as maps of text: scalars as their own text, objects and arrays as compact JSON.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object, in its order; of one that comes twice, the last stands at the place of the first.
pub(super) fn members<'a>(object: &'a RawValue) -> Option<Vec<(Cow<'a, str>, &'a RawValue)>> {
    of_text(object.get())
}

/// The members of an object that is given as text.
pub(super) fn of_text(object: &str) -> Option<Vec<(Cow<'_, str>, &RawValue)>> {
    serde_json::from_str::<Members<'_>>(object).ok().map(|members| members.0)
}

/// A member's value as text; nothing for `null`. An empty error is for text that is none: escapes of half a character.
pub(super) fn text(value: &RawValue) -> Result<Option<Cow<'_, str>>, ()> {
    let json = value.get();
    match json.as_bytes().first() {
        Some(b'n') => Ok(None),
        Some(b'"') if !json.contains('\\') => Ok(Some(Cow::Borrowed(json.trim_matches('"')))),
        Some(b'"') => serde_json::from_str(json).map(|text: String| Some(Cow::Owned(text))).map_err(|_| ()),
        Some(b'{' | b'[') => Ok(Some(compact(json))),
        _ => Ok(Some(Cow::Borrowed(json))),
    }
}

/// JSON without the blanks between its parts.
fn compact(json: &str) -> Cow<'_, str> {
    const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];
    if !json.contains(BLANKS) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len());
    // Every second part between quotes is inside a string, once escaped quotes are taken for what they are.
    let (mut in_string, mut is_escaped) = (false, false);
    for character in json.chars() {
        if in_string {
            in_string = is_escaped || character != '"';
            is_escaped = character == '\\' && !is_escaped;
        } else {
            in_string = character == '"';
            if BLANKS.contains(&character) {
                continue;
            }
        }
        out.push(character);
    }
    Cow::Owned(out)
}

struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Vec<(Cow<'de, str>, &'de RawValue)> = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            members.push((name, map.next_value()?));
        }
        Ok(Members(each_once(members)))
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// Few members are compared with one another, many by their hash.
fn each_once<'a>(members: Vec<(Cow<'a, str>, &'a RawValue)>) -> Vec<(Cow<'a, str>, &'a RawValue)> {
    const FEW: usize = 24;
    let twice = |(index, (name, _)): (usize, &(Cow<'a, str>, &'a RawValue))| {
        members[..index].iter().any(|(before, _)| before == name)
    };
    if members.len() <= FEW && !members.iter().enumerate().any(twice) {
        return members;
    }
    let mut places: HashMap<Cow<'a, str>, usize> = HashMap::new();
    let mut once: Vec<(Cow<'a, str>, &'a RawValue)> = Vec::with_capacity(members.len());
    for (name, value) in members {
        match places.get(&name) {
            Some(place) => once[*place].1 = value,
            None => {
                places.insert(name.clone(), once.len());
                once.push((name, value));
            }
        }
    }
    once
}

/// A name, borrowed where the text allows.
struct Name<'a>(Cow<'a, str>);

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Name(Cow::Borrowed(name)))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }
}

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn flat(json: &str) -> Vec<(String, Option<String>)> {
        let raw: &RawValue = serde_json::from_str(json).expect("JSON");
        let flat = |(name, value): (Cow<'_, str>, &RawValue)| {
            (name.into_owned(), text(value).expect("text").map(Cow::into_owned))
        };
        members(raw).expect("an object").into_iter().map(flat).collect()
    }

    #[test]
    fn members_become_text() {
        let json =
            r#"{"a":"x \"y\" \u00e9","b":true,"c":1.50,"d":null,"e":{"f" : [1, "g \" h"] },"i":[ ],"j":"","k":"\\"}"#;
        let expected = [
            ("a", Some(r#"x "y" é"#)),
            ("b", Some("true")),
            ("c", Some("1.50")),
            ("d", None),
            ("e", Some(r#"{"f":[1,"g \" h"]}"#)),
            ("i", Some("[]")),
            ("j", Some("")),
            ("k", Some("\\")),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.map(str::to_owned)));
        assert_eq!(flat(json), expected);
    }

    #[test]
    fn the_last_of_two_counts() {
        assert_eq!(flat(r#"{"a":1,"b":2,"a":3}"#), [("a".into(), Some("3".into())), ("b".into(), Some("2".into()))]);
        let many: Vec<_> = (0..60).map(|n| format!("\"k{}\":{n}", n % 30)).collect();
        let flat = flat(&format!("{{{}}}", many.join(",")));
        assert_eq!(flat.len(), 30);
        assert_eq!(flat[0], ("k0".into(), Some("30".into())));
    }

    #[test]
    fn half_a_character_is_no_text() {
        let raw: &RawValue = serde_json::from_str(r#""\ud800""#).expect("JSON");
        assert_eq!(text(raw), Err(()));
    }

    proptest! {
        #[test]
        fn compact_json_says_the_same(value in r#"(\{"[a "]{0,3}": ?\[ ?1 ?, ?"[ x\\\\n]{0,4}"\] ?\}|\[ ?\] ?)"#) {
            if let Ok(parsed) = serde_json::from_str::<serde_json::Value>(&value) {
                prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&compact(&value)).expect("JSON"), parsed);
            }
        }
    }
}
