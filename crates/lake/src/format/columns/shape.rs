//! Columns that show members of a record by their names, in a shape of their own: those of the tables for what isn't
//! CloudTrail's own event.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, Int32Builder, StringBuilder, TimestampMillisecondBuilder};
use arrow_array::{ArrayRef, StructArray};
use arrow_buffer::NullBufferBuilder;
use arrow_schema::{DataType, Field, Fields};
use opentrail_model::record::view::parse_time;
use serde_json::value::RawValue;

use super::builder::{Lengths, Maps, list, stored_ms};
use super::flatten;

/// What a member looks like.
pub(super) enum Shape {
    /// Text, or what isn't text as it is written.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Double,
    /// A time that is written as text.
    Time,
    /// An object of free form.
    Map,
    /// An object of known members.
    Object(&'static [Member]),
    /// A list of objects of known members.
    List(&'static [Member]),
}

/// A member of an object of known members.
pub(super) struct Member {
    /// The column's name.
    pub(super) name: &'static str,
    /// The member's name in the record.
    pub(super) from: &'static str,
    pub(super) shape: Shape,
}

/// The value of a member: of its exact name, or else of one that differs only in the case of letters.
pub(super) fn member_of<'s>(members: &'s [(Cow<'s, str>, &'s RawValue)], name: &str) -> Option<&'s RawValue> {
    let exact = members.iter().find(|(of, _)| of == name);
    let found = exact.or_else(|| members.iter().find(|(of, _)| of.eq_ignore_ascii_case(name)));
    found.map(|(_, value)| *value).filter(|value| value.get() != "null")
}

/// The type of a shape's column.
pub(super) fn data_type(shape: &Shape) -> DataType {
    match shape {
        Shape::Text => DataType::Utf8,
        Shape::Integer => DataType::Int32,
        Shape::Double => DataType::Float64,
        Shape::Time => super::time(),
        Shape::Map => super::map(),
        Shape::Object(members) => DataType::Struct(fields(members)),
        Shape::List(members) => super::list(DataType::Struct(fields(members))),
    }
}

fn fields(members: &[Member]) -> Fields {
    members.iter().map(|member| Field::new(member.name, data_type(&member.shape), true)).collect()
}

/// A column that grows.
pub(super) enum Shaped {
    Text(StringBuilder),
    Integer(Int32Builder),
    Double(Float64Builder),
    Time(TimestampMillisecondBuilder),
    Map(Maps),
    Object(Objects),
    List { lengths: Lengths, items: Objects },
}

impl Shaped {
    pub(super) fn new(shape: &Shape) -> Self {
        match shape {
            Shape::Text => Self::Text(StringBuilder::new()),
            Shape::Integer => Self::Integer(Int32Builder::new()),
            Shape::Double => Self::Double(Float64Builder::new()),
            Shape::Time => Self::Time(TimestampMillisecondBuilder::new()),
            Shape::Map => Self::Map(Maps::default()),
            Shape::Object(members) => Self::Object(Objects::new(members)),
            Shape::List(members) => Self::List { lengths: Lengths::default(), items: Objects::new(members) },
        }
    }

    /// Adds a member's value, and to `odd` what can't be shown.
    pub(super) fn push(&mut self, shape: &Shape, value: Option<&RawValue>, odd: &mut u64) {
        match (self, shape) {
            (Self::Text(column), _) => {
                let text = value.map(flatten::text);
                *odd += u64::from(matches!(text, Some(Err(()))));
                column.append_option(text.and_then(Result::ok).flatten());
            }
            (Self::Integer(column), _) => column.append_option(number(value, odd)),
            (Self::Double(column), _) => column.append_option(number(value, odd)),
            (Self::Time(column), _) => {
                let time = value.map(|value| flatten::text(value).ok().flatten().as_deref().and_then(parse_time));
                *odd += u64::from(matches!(time, Some(None)));
                column.append_option(time.flatten().map(|time| stored_ms(time.as_ms())));
            }
            (Self::Map(column), _) => column.push(value, odd),
            (Self::Object(column), Shape::Object(members)) => column.push(members, value, odd),
            (Self::List { lengths, items }, Shape::List(members)) => {
                let values = value.map(|value| serde_json::from_str::<Vec<&RawValue>>(value.get()).ok());
                *odd += u64::from(matches!(values, Some(None)));
                let values = values.flatten();
                lengths.push(values.as_ref().map(Vec::len));
                values.into_iter().flatten().for_each(|value| items.push(members, Some(value), odd));
            }
            _ => unreachable!("columns are made of the same shape as they are fed by"),
        }
    }

    /// The array of what was added; the next begins empty.
    pub(super) fn finish(&mut self, shape: &Shape) -> ArrayRef {
        match (self, shape) {
            (Self::Text(column), _) => Arc::new(column.finish()),
            (Self::Integer(column), _) => Arc::new(column.finish()),
            (Self::Double(column), _) => Arc::new(column.finish()),
            (Self::Time(column), _) => Arc::new(column.finish()),
            (Self::Map(column), _) => Arc::new(column.finish()),
            (Self::Object(column), Shape::Object(members)) => Arc::new(column.finish(members)),
            (Self::List { lengths, items }, Shape::List(members)) => {
                let (offsets, nulls) = lengths.finish();
                Arc::new(list(items.finish(members), offsets, nulls))
            }
            _ => unreachable!("columns are made of the same shape as they are finished by"),
        }
    }
}

/// A number of the type that is asked for; text that writes one is taken, too.
fn number<T: std::str::FromStr>(value: Option<&RawValue>, odd: &mut u64) -> Option<T> {
    let text = value?.get().trim_matches('"');
    let number = text.parse().ok();
    *odd += u64::from(number.is_none());
    number
}

/// A column of objects of known members.
pub(super) struct Objects {
    members: Vec<Shaped>,
    nulls: NullBufferBuilder,
}

impl Objects {
    fn new(members: &[Member]) -> Self {
        let members = members.iter().map(|member| Shaped::new(&member.shape)).collect();
        Self { members, nulls: NullBufferBuilder::new(0) }
    }

    fn push(&mut self, members: &[Member], value: Option<&RawValue>, odd: &mut u64) {
        let values = value.map(flatten::members);
        *odd += u64::from(matches!(values, Some(None)));
        let values = values.flatten();
        self.nulls.append(values.is_some());
        let values = values.unwrap_or_default();
        for (column, member) in self.members.iter_mut().zip(members) {
            column.push(&member.shape, member_of(&values, member.from), odd);
        }
    }

    fn finish(&mut self, members: &[Member]) -> StructArray {
        let arrays = self.members.iter_mut().zip(members).map(|(column, member)| column.finish(&member.shape));
        StructArray::new(fields(members), arrays.collect(), self.nulls.finish())
    }
}
