//! From the types and streams of a stripe to its columns.

use std::marker::PhantomData;
use std::sync::Arc;

use arrow_array::types::{
    Date32Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow_schema::{DataType, Field, Fields, TimeUnit};

use super::decimal::DecimalColumn;
use super::nested::{Children, ListColumn, StructColumn, UnionColumn};
use super::number::{BooleanColumn, ByteColumn, FloatColumn, Integer, IntegerColumn};
use super::text::{Dictionary, DictionaryColumn, DirectColumn, Octets, Plain, Shared, StoredDictionary, Text, Texts};
use super::time::{Clock, TimestampColumn, Unit};
use super::{Column, Presence};
use crate::Error;
use crate::proto::{EncodingKind, StreamKind};
use crate::read::decode::boolean::Booleans;
use crate::read::decode::byte_rle::Bytes;
use crate::read::decode::integer::{Integers, Version};
use crate::read::stream::Stream;
use crate::read::stripe::Stripe;

/// The columns to build: a part of the file's tree with the Arrow types they get.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) id: u32,
    pub(crate) field: Arc<Field>,
    /// In the order of the file. For nested types, one for each child of the Arrow type.
    pub(crate) children: Vec<Wanted>,
}

impl Wanted {
    /// The ids of these columns and all below them.
    pub(crate) fn ids(&self, ids: &mut Vec<u32>) {
        ids.push(self.id);
        self.children.iter().for_each(|child| child.ids(ids));
    }
}

/// The column with all its children. The depth of types was bounded when the schema was read.
pub(crate) fn build(stripe: &Stripe, wanted: &Wanted) -> Result<Box<dyn Column>, Error> {
    let from = Source { stripe, wanted, id: wanted.id };
    let id = wanted.id;
    let presence = || Presence(stripe.stream(id, StreamKind::Present).map(Booleans::new));
    Ok(match wanted.field.data_type() {
        DataType::Boolean => Box::new(BooleanColumn { id, presence: presence(), data: Booleans::new(from.data()) }),
        DataType::Int8 => Box::new(ByteColumn { id, presence: presence(), data: Bytes::new(from.data()) }),
        DataType::Int16 => from.integer::<Int16Type>(presence())?,
        DataType::Int32 => from.integer::<Int32Type>(presence())?,
        DataType::Int64 => from.integer::<Int64Type>(presence())?,
        DataType::Date32 => from.integer::<Date32Type>(presence())?,
        DataType::Float32 => {
            Box::new(FloatColumn::<Float32Type> { id, presence: presence(), data: from.data(), of: PhantomData })
        }
        DataType::Float64 => {
            Box::new(FloatColumn::<Float64Type> { id, presence: presence(), data: from.data(), of: PhantomData })
        }
        DataType::Utf8 => from.text::<Plain>(presence())?,
        DataType::Dictionary(..) => from.text::<Shared>(presence())?,
        DataType::Binary => from.direct::<Octets>(presence())?,
        DataType::Decimal128(precision, scale) => Box::new(DecimalColumn {
            id,
            presence: presence(),
            data: from.data(),
            scales: from.integers(StreamKind::Secondary, true)?,
            precision: *precision,
            scale: *scale,
        }),
        DataType::Timestamp(TimeUnit::Second, zone) => from.timestamp::<TimestampSecondType>(zone, presence())?,
        DataType::Timestamp(TimeUnit::Millisecond, zone) => {
            from.timestamp::<TimestampMillisecondType>(zone, presence())?
        }
        DataType::Timestamp(TimeUnit::Microsecond, zone) => {
            from.timestamp::<TimestampMicrosecondType>(zone, presence())?
        }
        DataType::Timestamp(TimeUnit::Nanosecond, zone) => {
            from.timestamp::<TimestampNanosecondType>(zone, presence())?
        }
        DataType::Struct(fields) => {
            Box::new(StructColumn { id, presence: presence(), fields: fields.clone(), children: from.children()? })
        }
        DataType::List(field) => {
            let children = Children::List { field: Arc::clone(field), element: from.child(0)? };
            Box::new(ListColumn {
                id,
                presence: presence(),
                lengths: from.integers(StreamKind::Length, false)?,
                children,
            })
        }
        DataType::Map(entries, _) => {
            let fields = struct_fields(entries);
            let children =
                Children::Map { entries: Arc::clone(entries), fields, key: from.child(0)?, value: from.child(1)? };
            Box::new(ListColumn {
                id,
                presence: presence(),
                lengths: from.integers(StreamKind::Length, false)?,
                children,
            })
        }
        DataType::Union(fields, _) => Box::new(UnionColumn {
            id,
            presence: presence(),
            tags: Bytes::new(from.data()),
            fields: fields.clone(),
            children: from.children()?,
        }),
        other => return Err(Error::unsupported(format!("column {id}"), format!("reading into {other}"))),
    })
}

fn struct_fields(entries: &Field) -> Fields {
    match entries.data_type() {
        DataType::Struct(fields) => fields.clone(),
        _ => unreachable!("a map's entries are a struct, as the schema made them"),
    }
}

/// A column's streams and encoding.
struct Source<'a> {
    stripe: &'a Stripe,
    wanted: &'a Wanted,
    id: u32,
}

impl Source<'_> {
    /// A stream; one that the stripe doesn't have is empty, as for a column without values.
    fn stream(&self, kind: StreamKind) -> Stream {
        self.stripe.stream(self.id, kind).unwrap_or_else(|| self.stripe.empty_stream(self.id, kind))
    }

    fn data(&self) -> Stream {
        self.stream(StreamKind::Data)
    }

    fn integers(&self, kind: StreamKind, is_signed: bool) -> Result<Integers, Error> {
        let version = match self.stripe.encoding(self.id)? {
            EncodingKind::Direct | EncodingKind::Dictionary => Version::One,
            EncodingKind::DirectV2 | EncodingKind::DictionaryV2 => Version::Two,
        };
        Ok(Integers::new(self.stream(kind), version, is_signed))
    }

    fn integer<T: Integer>(&self, presence: Presence) -> Result<Box<dyn Column>, Error> {
        let data = self.integers(StreamKind::Data, true)?;
        Ok(Box::new(IntegerColumn::<T> { id: self.id, presence, data, of: PhantomData }))
    }

    fn direct<T: Text>(&self, presence: Presence) -> Result<Box<dyn Column>, Error> {
        let lengths = self.integers(StreamKind::Length, false)?;
        Ok(Box::new(DirectColumn::<T> { id: self.id, presence, data: self.data(), lengths, of: PhantomData }))
    }

    fn text<T: Texts>(&self, presence: Presence) -> Result<Box<dyn Column>, Error> {
        if let EncodingKind::Direct | EncodingKind::DirectV2 = self.stripe.encoding(self.id)? {
            return self.direct::<T>(presence);
        }
        let dictionary = StoredDictionary {
            bytes: self.stream(StreamKind::DictionaryData),
            lengths: self.integers(StreamKind::Length, false)?,
            size: self.stripe.dictionary_size(self.id),
        };
        let dictionary = Dictionary::Stored(Box::new(dictionary));
        let data = self.integers(StreamKind::Data, false)?;
        Ok(Box::new(DictionaryColumn::<T> { id: self.id, presence, data, dictionary, of: PhantomData }))
    }

    fn timestamp<T: Unit>(&self, zone: &Option<Arc<str>>, presence: Presence) -> Result<Box<dyn Column>, Error> {
        let clock = if zone.is_some() { Clock::utc() } else { Clock::local(self.stripe.zone()?) };
        Ok(Box::new(TimestampColumn::<T> {
            id: self.id,
            presence,
            seconds: self.integers(StreamKind::Data, true)?,
            nanos: self.integers(StreamKind::Secondary, false)?,
            clock,
            zone: zone.clone(),
            of: PhantomData,
        }))
    }

    fn child(&self, child: usize) -> Result<Box<dyn Column>, Error> {
        build(self.stripe, &self.wanted.children[child])
    }

    fn children(&self) -> Result<Vec<Box<dyn Column>>, Error> {
        (0..self.wanted.children.len()).map(|child| self.child(child)).collect()
    }
}
