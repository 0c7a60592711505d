//! Arrow arrays that grow row by row, in the shape of the table of columns.

use std::borrow::Cow;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Int64Builder, StringBuilder, TimestampMillisecondBuilder};
use arrow_array::{ArrayRef, ListArray, MapArray, StructArray};
use arrow_buffer::{NullBufferBuilder, OffsetBuffer};
use arrow_schema::{Field, Fields};
use opentrail_model::View;
use opentrail_model::record::view::parse_time;
use serde_json::value::RawValue;

use super::shape::{Shaped, member_of};
use super::table::{Column, Kind};
use super::{entry_fields, field, flatten, map, resource_fields, resource_tags_fields};
use crate::format::row::{Row, checksum};

/// A row and what its record says.
pub(super) struct Subject<'s> {
    pub(super) row: &'s Row,
    pub(super) view: &'s View<'s>,
    pub(super) json: &'s str,
    /// The record's members, when a column asks for them by name.
    pub(super) members: &'s [(Cow<'s, str>, &'s RawValue)],
}

/// A column that grows.
pub(super) enum Builder {
    Text(StringBuilder),
    Flag(BooleanBuilder),
    Time(TimestampMillisecondBuilder),
    Position(Int64Builder),
    Map(Maps),
    Struct { members: Vec<Builder>, nulls: NullBufferBuilder },
    Resources(Resources),
    ResourceTags(ResourceTags),
    Shaped(Shaped),
}

impl Builder {
    pub(super) fn new(column: &Column) -> Self {
        match &column.kind {
            Kind::Text(_) | Kind::Json | Kind::Checksum => Self::Text(StringBuilder::new()),
            Kind::Flag(_) => Self::Flag(BooleanBuilder::new()),
            Kind::TimeText(_) | Kind::Time => Self::Time(TimestampMillisecondBuilder::new()),
            Kind::Position => Self::Position(Int64Builder::new()),
            Kind::Map(_) => Self::Map(Maps::default()),
            Kind::Struct { members, .. } => {
                Self::Struct { members: members.iter().map(Self::new).collect(), nulls: NullBufferBuilder::new(0) }
            }
            Kind::Resources => Self::Resources(Resources::default()),
            Kind::ResourceTags => Self::ResourceTags(ResourceTags::default()),
            Kind::Member { shape, .. } => Self::Shaped(Shaped::new(shape)),
        }
    }

    /// Adds what the column shows of a row, and to `odd` what can't be shown.
    pub(super) fn push(&mut self, kind: &Kind, subject: &Subject<'_>, odd: &mut u64) {
        let view = subject.view;
        match (self, kind) {
            (Self::Text(column), Kind::Text(of)) => column.append_option(of(view)),
            (Self::Text(column), Kind::Json) => column.append_value(subject.json),
            (Self::Text(column), Kind::Checksum) => column.append_value(checksum(&subject.row.record)),
            (Self::Flag(column), Kind::Flag(of)) => column.append_option(of(view)),
            (Self::Time(column), Kind::TimeText(of)) => {
                let text = of(view);
                let time = text.and_then(parse_time);
                *odd += u64::from(text.is_some() && time.is_none());
                column.append_option(time.map(|time| stored_ms(time.as_ms())));
            }
            (Self::Time(column), _) => column.append_value(stored_ms(subject.row.time.as_ms())),
            (Self::Position(column), _) => column.append_value(subject.row.position.cast_signed()),
            (Self::Map(column), Kind::Map(of)) => column.push(of(view), odd),
            (Self::Struct { members, nulls }, Kind::Struct { is_there, members: kinds }) => {
                nulls.append(is_there(view));
                for (member, column) in members.iter_mut().zip(*kinds) {
                    member.push(&column.kind, subject, odd);
                }
            }
            (Self::Resources(column), _) => column.push(view),
            (Self::ResourceTags(column), _) => column.push(view, odd),
            (Self::Shaped(column), Kind::Member { from, shape }) => {
                column.push(shape, member_of(subject.members, from), odd);
            }
            _ => unreachable!("builders are made from the same table as they are fed by"),
        }
    }

    /// The array of what was added; the next begins empty.
    pub(super) fn finish(&mut self, column: &Column) -> ArrayRef {
        match self {
            Self::Text(column) => Arc::new(column.finish()),
            Self::Flag(column) => Arc::new(column.finish()),
            Self::Time(column) => Arc::new(column.finish()),
            Self::Position(column) => Arc::new(column.finish()),
            Self::Map(column) => Arc::new(column.finish()),
            Self::Struct { members, nulls } => {
                let Kind::Struct { members: columns, .. } = &column.kind else {
                    unreachable!("builders are made from the same table as they are finished by")
                };
                let arrays = members.iter_mut().zip(*columns).map(|(member, column)| member.finish(column)).collect();
                let fields: Fields = columns.iter().map(field).collect();
                Arc::new(StructArray::new(fields, arrays, nulls.finish()))
            }
            Self::Resources(column) => Arc::new(column.finish()),
            Self::ResourceTags(column) => Arc::new(column.finish()),
            Self::Shaped(values) => {
                let Kind::Member { shape, .. } = &column.kind else {
                    unreachable!("builders are made from the same table as they are finished by")
                };
                values.finish(shape)
            }
        }
    }
}

/// A time as ORC can store it: of the last second before 1970 it has only the begin.
pub(super) fn stored_ms(ms: i64) -> i64 {
    if (-999..0).contains(&ms) { -1000 } else { ms }
}

/// How long each list of a column is.
#[derive(Default)]
pub(super) struct Lengths {
    lengths: Vec<usize>,
    nulls: Vec<bool>,
}

impl Lengths {
    pub(super) fn push(&mut self, length: Option<usize>) {
        self.lengths.push(length.unwrap_or(0));
        self.nulls.push(length.is_some());
    }

    pub(super) fn finish(&mut self) -> (OffsetBuffer<i32>, Option<arrow_buffer::NullBuffer>) {
        let offsets = OffsetBuffer::from_lengths(std::mem::take(&mut self.lengths));
        let nulls = arrow_buffer::NullBuffer::from(std::mem::take(&mut self.nulls));
        (offsets, (nulls.null_count() > 0).then_some(nulls))
    }
}

/// A column of maps of text.
#[derive(Default)]
pub(super) struct Maps {
    lengths: Lengths,
    keys: StringBuilder,
    values: StringBuilder,
}

impl Maps {
    pub(super) fn push(&mut self, object: Option<&RawValue>, odd: &mut u64) {
        let members = object.map(flatten::members);
        *odd += u64::from(matches!(members, Some(None)));
        let Some(members) = members.flatten() else { return self.lengths.push(None) };
        self.lengths.push(Some(members.len()));
        for (name, value) in members {
            self.keys.append_value(name);
            let text = flatten::text(value);
            *odd += u64::from(text.is_err());
            self.values.append_option(text.unwrap_or_default());
        }
    }

    pub(super) fn finish(&mut self) -> MapArray {
        let (offsets, nulls) = self.lengths.finish();
        let entries =
            StructArray::new(entry_fields(), vec![Arc::new(self.keys.finish()), Arc::new(self.values.finish())], None);
        let arrow_schema::DataType::Map(field, is_sorted) = map() else { unreachable!("it is a map") };
        MapArray::new(field, offsets, entries, nulls, is_sorted)
    }
}

/// The column `resources`.
#[derive(Default)]
pub(super) struct Resources {
    lengths: Lengths,
    members: [StringBuilder; 4],
}

impl Resources {
    fn push(&mut self, view: &View<'_>) {
        self.lengths.push(view.resources.as_ref().map(Vec::len));
        for resource in view.resources() {
            let values = [&resource.account_id, &resource.kind, &resource.arn, &resource.arn_prefix];
            for (member, value) in self.members.iter_mut().zip(values) {
                member.append_option(value.as_deref());
            }
        }
    }

    fn finish(&mut self) -> ListArray {
        let (offsets, nulls) = self.lengths.finish();
        let arrays = self.members.iter_mut().map(|member| Arc::new(member.finish()) as ArrayRef).collect();
        list(StructArray::new(resource_fields(), arrays, None), offsets, nulls)
    }
}

/// The column `eventContext.tagContext.resourceTags`.
#[derive(Default)]
pub(super) struct ResourceTags {
    lengths: Lengths,
    arns: StringBuilder,
    tags: Maps,
}

impl ResourceTags {
    fn push(&mut self, view: &View<'_>, odd: &mut u64) {
        let context = view.event_context.as_ref().and_then(|context| context.tag_context.as_ref());
        let tags = context.and_then(|context| context.resource_tags.as_ref());
        self.lengths.push(tags.map(Vec::len));
        for resource in tags.into_iter().flatten() {
            self.arns.append_option(resource.arn.as_deref());
            self.tags.push(resource.tags, odd);
        }
    }

    fn finish(&mut self) -> ListArray {
        let (offsets, nulls) = self.lengths.finish();
        let arrays: Vec<ArrayRef> = vec![Arc::new(self.arns.finish()), Arc::new(self.tags.finish())];
        list(StructArray::new(resource_tags_fields(), arrays, None), offsets, nulls)
    }
}

pub(super) fn list(
    items: StructArray,
    offsets: OffsetBuffer<i32>,
    nulls: Option<arrow_buffer::NullBuffer>,
) -> ListArray {
    let field = Field::new("item", arrow_schema::DataType::Struct(items.fields().clone()), true);
    ListArray::new(Arc::new(field), offsets, Arc::new(items), nulls)
}
