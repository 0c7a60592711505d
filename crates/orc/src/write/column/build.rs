//! The tree of columns for a schema.

use super::text::Limit;
use super::{Column, Values, boolean, bytes, collection, decimal, float, integer, structure, text, timestamp, union};
use crate::proto::{Type, TypeKind};
use crate::schema::{column_id, column_paths};
use crate::write::bloom::Bloom;
use crate::write::options::WriterOptions;
use crate::{ColumnPath, Error};
use arrow_schema::{DataType, Schema};
use std::collections::BTreeSet;

/// A stripe's dictionary takes no more than this part of it.
const DICTIONARY_PART: usize = 4;
const DICTIONARY_BYTES_MIN: usize = 1 << 20;

/// The columns for a schema whose type tree is `types`.
pub(in crate::write) fn build(schema: &Schema, types: &[Type], options: &WriterOptions) -> Result<Column, Error> {
    let ids = |paths: &[ColumnPath]| -> Result<BTreeSet<u32>, Error> {
        paths.iter().map(|path| column_id(types, path).ok_or_else(|| Error::UnknownColumn(path.clone()))).collect()
    };
    let mut builder = Builder {
        types,
        paths: column_paths(types),
        bloom: ids(&options.bloom_columns)?,
        direct: ids(&options.direct_columns)?,
        options,
        next: 0,
    };
    builder.check_blooms()?;
    Ok(builder.column(&DataType::Struct(schema.fields().clone())))
}

struct Builder<'a> {
    types: &'a [Type],
    paths: Vec<ColumnPath>,
    bloom: BTreeSet<u32>,
    direct: BTreeSet<u32>,
    options: &'a WriterOptions,
    next: usize,
}

impl Builder<'_> {
    /// Only kinds that readers look up have bloom filters.
    fn check_blooms(&self) -> Result<(), Error> {
        for id in &self.bloom {
            let kind = self.types[*id as usize].kind();
            if matches!(kind, TypeKind::Boolean | TypeKind::Struct | TypeKind::List | TypeKind::Map | TypeKind::Union) {
                let problem = format!("`{}` is a {kind:?}, which has no bloom filter", self.paths[*id as usize]);
                return Err(Error::InvalidOption { option: "bloom_columns", problem });
            }
        }
        Ok(())
    }

    /// The next column in preorder.
    fn column(&mut self, data_type: &DataType) -> Column {
        let data_type = match data_type {
            DataType::Dictionary(_, values) => values,
            other => other,
        };
        let id = self.next;
        self.next += 1;
        let values = self.values(id, data_type);
        let bloom = self.bloom.contains(&(id as u32)).then(|| Bloom::new(self.options.bloom_fpp));
        Column::new(id as u32, self.paths[id].clone(), values, bloom)
    }

    fn values(&mut self, id: usize, data_type: &DataType) -> Box<dyn Values> {
        let node = &self.types[id];
        match node.kind() {
            TypeKind::Boolean => Box::new(boolean::Booleans::new()),
            TypeKind::Byte => Box::new(integer::Bytes::new()),
            TypeKind::Short | TypeKind::Int | TypeKind::Long => Box::new(integer::Integers::new(false)),
            TypeKind::Date => Box::new(integer::Integers::new(true)),
            TypeKind::Float | TypeKind::Double => Box::new(float::Floats::new()),
            TypeKind::String => self.strings(id, Limit::None),
            TypeKind::Varchar => self.strings(id, Limit::Varchar(node.maximum_length() as usize)),
            TypeKind::Char => self.strings(id, Limit::Char(node.maximum_length() as usize)),
            TypeKind::Binary | TypeKind::Geometry => Box::new(bytes::Binaries::new()),
            TypeKind::Timestamp | TypeKind::TimestampInstant => Box::new(timestamp::Timestamps::new()),
            TypeKind::Decimal => Box::new(decimal::Decimals::new(node.precision(), node.scale())),
            TypeKind::Struct => Box::new(structure::Struct::new(self.children(data_type))),
            TypeKind::List | TypeKind::Map => Box::new(collection::Collection::new(self.children(data_type))),
            TypeKind::Union => {
                let DataType::Union(fields, _) = data_type else {
                    unreachable!("the type tree was made from this schema")
                };
                let type_ids = fields.iter().map(|(type_id, _)| type_id).collect();
                Box::new(union::Union::new(type_ids, self.children(data_type)))
            }
        }
    }

    fn children(&mut self, data_type: &DataType) -> Vec<Column> {
        match data_type {
            DataType::Struct(fields) => fields.iter().map(|field| self.column(field.data_type())).collect(),
            DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
                vec![self.column(field.data_type())]
            }
            DataType::Map(entries, _) => self.children(entries.data_type()),
            DataType::Union(fields, _) => fields.iter().map(|(_, field)| self.column(field.data_type())).collect(),
            other => unreachable!("`{other}` has no children in the type tree"),
        }
    }

    fn strings(&self, id: usize, limit: Limit) -> Box<dyn Values> {
        let dictionary_bytes_max = (self.options.stripe_bytes / DICTIONARY_PART).max(DICTIONARY_BYTES_MIN);
        let tries_dictionary = !self.direct.contains(&(id as u32));
        Box::new(text::Strings::new(limit, tries_dictionary, dictionary_bytes_max))
    }
}
