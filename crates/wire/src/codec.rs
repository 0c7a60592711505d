//! How a typed value is read from JSON and written to it.
//!
//! Reading assumes a value that [`validate`](crate::schema) has seen, but trusts nothing: whatever doesn't fit is a
//! [`Mismatch`], never a panic.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::schema::Shape;

/// A type that has a form in JSON.
pub trait Codec: Sized {
    /// Reads the value.
    fn read(value: Value) -> Result<Self, Mismatch>;

    /// Appends the value's JSON text.
    fn write(&self, out: &mut Vec<u8>);

    /// What stands for a member that is not there; only optional ones have it.
    fn absent(member: &'static str) -> Result<Self, Mismatch> {
        Err(Mismatch(format!("member `{member}` is missing")))
    }

    /// Whether the member is left out when its structure is written.
    fn is_absent(&self) -> bool {
        false
    }
}

/// A structure of the models.
pub trait Structure: Codec {
    /// Its shape in the model, with all constraints.
    fn shape() -> &'static Shape;
}

/// A JSON value that cannot be what the model wants in its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Mismatch(pub(crate) String);

/// Bytes, which travel as base64.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Blob(pub Vec<u8>);

impl std::fmt::Debug for Blob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}

impl Codec for Blob {
    fn read(value: Value) -> Result<Self, Mismatch> {
        let text = String::read(value)?;
        STANDARD.decode(text).map(Self).map_err(|_| Mismatch("a blob is not valid base64".to_owned()))
    }

    fn write(&self, out: &mut Vec<u8>) {
        STANDARD.encode(&self.0).write(out);
    }
}

impl Codec for String {
    fn read(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(unexpected(&other, "a String")),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        write_text(self, out);
    }
}

/// Appends a JSON string.
pub(crate) fn write_text(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("writing text to memory cannot fail");
}

impl Codec for bool {
    fn read(value: Value) -> Result<Self, Mismatch> {
        value.as_bool().ok_or_else(|| unexpected(&value, "a Boolean"))
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl Codec for i32 {
    fn read(value: Value) -> Result<Self, Mismatch> {
        let whole = integer(&value).and_then(|it| Self::try_from(it).ok());
        whole.ok_or_else(|| unexpected(&value, "an Integer"))
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.to_string().as_bytes());
    }
}

impl Codec for i64 {
    fn read(value: Value) -> Result<Self, Mismatch> {
        integer(&value).ok_or_else(|| unexpected(&value, "a Long"))
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.to_string().as_bytes());
    }
}

/// A whole number, also one that is written as `5.0` or `5E0`.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "the range is checked first")]
    let from_float = |float: f64| (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64);
    value.as_i64().or_else(|| value.as_f64().filter(|_| !value.is_u64()).and_then(from_float))
}

impl Codec for f64 {
    fn read(value: Value) -> Result<Self, Mismatch> {
        value.as_f64().ok_or_else(|| unexpected(&value, "a Double"))
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(crate::timestamp::java_double(*self).as_bytes());
    }
}

impl Codec for f32 {
    #[allow(clippy::cast_possible_truncation, reason = "the model says that this number is a float")]
    fn read(value: Value) -> Result<Self, Mismatch> {
        value.as_f64().map(|it| it as Self).ok_or_else(|| unexpected(&value, "a Float"))
    }

    fn write(&self, out: &mut Vec<u8>) {
        let shortest: f64 = self.to_string().parse().expect("a printed float parses");
        shortest.write(out);
    }
}

impl<T: Codec> Codec for Option<T> {
    fn read(value: Value) -> Result<Self, Mismatch> {
        if value.is_null() { Ok(None) } else { T::read(value).map(Some) }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.write(out),
            None => out.extend_from_slice(b"null"),
        }
    }

    fn absent(_: &'static str) -> Result<Self, Mismatch> {
        Ok(None)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Codec> Codec for Vec<T> {
    fn read(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Array(items) => items.into_iter().map(T::read).collect(),
            other => Err(unexpected(&other, "a list")),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            item.write(out);
        }
        out.push(b']');
    }
}

impl<K: Codec + Ord, V: Codec> Codec for BTreeMap<K, V> {
    fn read(value: Value) -> Result<Self, Mismatch> {
        let Value::Object(entries) = value else { return Err(unexpected(&value, "a map")) };
        entries.into_iter().map(|(key, value)| Ok((K::read(Value::String(key))?, V::read(value)?))).collect()
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        for (index, (key, value)) in self.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            key.write(out);
            out.push(b':');
            value.write(out);
        }
        out.push(b'}');
    }
}

/// The members of a structure that is being read.
#[derive(Debug)]
pub struct Reader(Map<String, Value>);

impl Reader {
    pub(crate) fn new(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            other => Err(unexpected(&other, "a structure")),
        }
    }

    /// Takes one member; members that nobody takes are ignored, as AWS does.
    pub(crate) fn take<T: Codec>(&mut self, member: &'static str) -> Result<T, Mismatch> {
        match self.0.get_mut(member).map(Value::take) {
            None | Some(Value::Null) => T::absent(member),
            Some(value) => T::read(value),
        }
    }
}

/// Appends `"member":value,` unless the value is absent.
pub(crate) fn write_member<T: Codec>(out: &mut Vec<u8>, member: &str, value: &T) {
    if value.is_absent() {
        return;
    }
    write_text(member, out);
    out.push(b':');
    value.write(out);
    out.push(b',');
}

/// Ends a structure that was begun with `{`.
pub(crate) fn end_structure(out: &mut Vec<u8>) {
    if out.last() == Some(&b',') {
        out.pop();
    }
    out.push(b'}');
}

/// The words of AWS's own JSON layer for a value of the wrong type.
pub(crate) fn unexpected(value: &Value, wanted: &str) -> Mismatch {
    Mismatch(match value {
        Value::Object(_) => "Start of structure or map found where not expected.".to_owned(),
        Value::Array(_) => "Start of list found where not expected".to_owned(),
        Value::Null => format!("NULL_VALUE can not be converted to {wanted}"),
        Value::Bool(true) => format!("TRUE_VALUE can not be converted to {wanted}"),
        Value::Bool(false) => format!("FALSE_VALUE can not be converted to {wanted}"),
        Value::Number(number) if number.is_f64() => format!("DECIMAL_VALUE can not be converted to {wanted}"),
        Value::Number(_) => format!("NUMBER_VALUE can not be converted to {wanted}"),
        Value::String(_) => format!("STRING_VALUE can not be converted to {wanted}"),
    })
}

/// Gives a generated struct its JSON form.
macro_rules! structure {
    ($name:ident, $table:ident::$shape:ident { $($field:ident: $member:literal),* $(,)? }) => {
        impl $crate::codec::Codec for $name {
            #[allow(unused_mut, reason = "a structure may have no members")]
            fn read(value: ::serde_json::Value) -> Result<Self, $crate::codec::Mismatch> {
                let mut members = $crate::codec::Reader::new(value)?;
                let _ = &mut members;
                Ok(Self { $($field: members.take($member)?),* })
            }

            fn write(&self, out: &mut Vec<u8>) {
                out.push(b'{');
                $($crate::codec::write_member(out, $member, &self.$field);)*
                $crate::codec::end_structure(out);
            }
        }

        impl $crate::codec::Structure for $name {
            fn shape() -> &'static $crate::schema::Shape {
                &$table::$shape
            }
        }
    };
}
pub(crate) use structure;

/// An enumeration that also holds values which the model doesn't list, so that newer peers can be read.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $value:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $value, "`.")] $variant,)*
            /// A value that the model doesn't list.
            Other(String),
        }

        impl $name {
            /// The values that the model lists.
            pub const VALUES: &'static [&'static str] = &[$($value),*];

            /// The value as it travels.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Other(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::codec::Codec for $name {
            fn read(value: ::serde_json::Value) -> Result<Self, $crate::codec::Mismatch> {
                String::read(value).map(|value| Self::from(value.as_str()))
            }

            fn write(&self, out: &mut Vec<u8>) {
                $crate::codec::write_text(self.as_str(), out);
            }
        }
    };
}
pub(crate) use open_enum;

/// The error shapes as one enum.
macro_rules! error_shapes {
    ($($name:ident),* $(,)?) => {
        /// An error that a model knows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorShape {
            $(#[doc = concat!("`", stringify!($name), "`.")] $name,)*
        }

        impl ErrorShape {
            /// All of them, by name.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name, which is also the error code on the wire.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }
        }

        impl std::fmt::Display for ErrorShape {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use error_shapes;

#[cfg(test)]
mod tests;
