//! Members that may have any type: one that doesn't fit is counted and otherwise absent, and never fails.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Takes members of an object one by one.
pub(super) trait Members<'a>: Default {
    /// Takes the value of `name` from `map`, whether of interest or not, and adds to `odd` what is of an unexpected
    /// type.
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error>;
}

/// The next value of `map` as text.
pub(super) fn text<'a, M: MapAccess<'a>>(map: &mut M, odd: &mut u32) -> Result<Option<Cow<'a, str>>, M::Error> {
    Ok(map.next_value::<Value<Text<'a>>>()?.fit(odd).map(|text| text.0))
}

/// The next value of `map` as a boolean, also one that is written as a string.
pub(super) fn flag<'a, M: MapAccess<'a>>(map: &mut M, odd: &mut u32) -> Result<Option<bool>, M::Error> {
    Ok(map.next_value::<Value<Flag>>()?.fit(odd).map(|flag| flag.0))
}

/// The next value of `map` as an object.
pub(super) fn object<'a, T: Members<'a>, M: MapAccess<'a>>(map: &mut M, odd: &mut u32) -> Result<Option<T>, M::Error> {
    let object = map.next_value::<Value<Object<T>>>()?.fit(odd);
    Ok(object.map(|object| {
        *odd += object.odd;
        object.members
    }))
}

/// The objects in the array that is the next value of `map`.
pub(super) fn list<'a, T: Members<'a>, M: MapAccess<'a>>(
    map: &mut M,
    odd: &mut u32,
) -> Result<Option<Vec<T>>, M::Error> {
    let list = map.next_value::<Value<List<T>>>()?.fit(odd);
    Ok(list.map(|list| {
        *odd += list.odd;
        list.items
    }))
}

/// The next value of `map` as the text of an object.
pub(super) fn raw_object<'a, M: MapAccess<'a>>(map: &mut M, odd: &mut u32) -> Result<Option<&'a RawValue>, M::Error> {
    let raw = map.next_value::<&'a RawValue>()?;
    match raw.get().as_bytes().first() {
        Some(b'{') => return Ok(Some(raw)),
        Some(b'n') => {}
        _ => *odd += 1,
    }
    Ok(None)
}

/// Passes over the next value of `map`.
pub(super) fn skip<'a, M: MapAccess<'a>>(map: &mut M) -> Result<(), M::Error> {
    map.next_value::<IgnoredAny>().map(|_| ())
}

/// All members of the object that is the whole of a document.
pub(super) struct Document<T> {
    pub(super) members: T,
    pub(super) odd: u32,
}

impl<'de, T: Members<'de>> Deserialize<'de> for Document<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut odd = 0;
        let object = Value::<Object<T>>::deserialize(deserializer)?.fit(&mut odd);
        let Object { members, odd: inside } = object.unwrap_or_default();
        Ok(Self { members, odd: odd + inside })
    }
}

/// A value of any type.
enum Value<T> {
    /// Of the expected type.
    Fits(T),
    /// `null`.
    Null,
    /// Of another type.
    Odd,
}

impl<T> Value<T> {
    fn fit(self, odd: &mut u32) -> Option<T> {
        match self {
            Self::Fits(value) => Some(value),
            Self::Null => None,
            Self::Odd => {
                *odd += 1;
                None
            }
        }
    }
}

/// What a type takes of the JSON types; the rest is odd.
trait Fit<'de>: Sized {
    fn of_bool(_: bool) -> Value<Self> {
        Value::Odd
    }

    fn of_text(_: Cow<'de, str>) -> Value<Self> {
        Value::Odd
    }

    fn of_seq<A: SeqAccess<'de>>(mut seq: A) -> Result<Value<Self>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Odd)
    }

    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Value<Self>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Odd)
    }
}

struct ValueVisitor<T>(PhantomData<T>);

impl<'de, T: Fit<'de>> Visitor<'de> for ValueVisitor<T> {
    type Value = Value<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(T::of_bool(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Value::Odd)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Value::Odd)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Value::Odd)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(T::of_text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(T::of_text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        T::of_seq(seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::of_map(map)
    }
}

impl<'de, T: Fit<'de>> Deserialize<'de> for Value<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor(PhantomData))
    }
}

struct Text<'a>(Cow<'a, str>);

impl<'de> Fit<'de> for Text<'de> {
    fn of_text(text: Cow<'de, str>) -> Value<Self> {
        Value::Fits(Text(text))
    }
}

struct Flag(bool);

impl<'de> Fit<'de> for Flag {
    fn of_bool(value: bool) -> Value<Self> {
        Value::Fits(Self(value))
    }

    fn of_text(text: Cow<'de, str>) -> Value<Self> {
        text.parse().map_or(Value::Odd, |value| Value::Fits(Self(value)))
    }
}

#[derive(Default)]
struct Object<T> {
    members: T,
    odd: u32,
}

impl<'de, T: Members<'de>> Fit<'de> for Object<T> {
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Value<Self>, A::Error> {
        let mut object = Self { members: T::default(), odd: 0 };
        while let Some(Name(name)) = map.next_key()? {
            object.members.member(&name, &mut map, &mut object.odd)?;
        }
        Ok(Value::Fits(object))
    }
}

struct List<T> {
    items: Vec<T>,
    odd: u32,
}

impl<'de, T: Members<'de>> Fit<'de> for List<T> {
    fn of_seq<A: SeqAccess<'de>>(mut seq: A) -> Result<Value<Self>, A::Error> {
        let mut list = Self { items: Vec::new(), odd: 0 };
        while let Some(value) = seq.next_element::<Value<Object<T>>>()? {
            if let Some(object) = value.fit(&mut list.odd) {
                list.odd += object.odd;
                list.items.push(object.members);
            }
        }
        Ok(Value::Fits(list))
    }
}

/// The name of a member, borrowed where the text allows.
struct Name<'a>(Cow<'a, str>);

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Name(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Name(Cow::Owned(text.to_owned())))
    }
}

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}
