//! ORC to Arrow.

use super::{DEPTH_MAX, TYPE_KEY};
use crate::Error;
use crate::proto::{Type, TypeKind};
use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit, UnionFields, UnionMode};
use std::collections::HashMap;
use std::sync::Arc;

/// The Arrow schema for an ORC type tree; every field may be null.
///
/// Timestamps get the given unit, instants the zone `UTC`; unions are dense, their fields named by their number. A
/// varchar's or char's length goes into the field's metadata, so that [`to_orc`](super::to_orc) gives it back.
///
/// # Errors
///
/// `Corrupt` when the tree is not one: ids out of preorder, a list without a child, names missing. `Unsupported` for
/// a root that is no struct and for nesting deeper than [`DEPTH_MAX`].
pub fn to_arrow(types: &[Type], timestamps: TimeUnit) -> Result<Schema, Error> {
    let mut walk = Walk { types, next: 0, timestamps };
    let (root, _) = walk.data_type(0)?;
    match root {
        DataType::Struct(fields) if walk.next == types.len() => Ok(Schema::new(fields)),
        DataType::Struct(_) => {
            Err(corrupt(walk.next, format!("{} of {} types hang on the root", walk.next, types.len())))
        }
        other => Err(Error::unsupported("footer", format!("a root of type `{other}`, not a struct,"))),
    }
}

fn corrupt(id: usize, problem: impl Into<String>) -> Error {
    Error::corrupt(format!("footer, type {id}"), problem)
}

/// Walks the tree in preorder, and so sees that it is one.
struct Walk<'a> {
    types: &'a [Type],
    next: usize,
    timestamps: TimeUnit,
}

impl Walk<'_> {
    /// The next type, and the metadata that its field needs.
    fn data_type(&mut self, depth: usize) -> Result<(DataType, HashMap<String, String>), Error> {
        let id = self.next;
        let node = self.types.get(id).ok_or_else(|| corrupt(id, "the tree ends early"))?;
        if depth > DEPTH_MAX {
            return Err(Error::unsupported(format!("footer, type {id}"), "nesting this deep"));
        }
        self.next += 1;
        let kind = node.kind.and_then(|kind| TypeKind::try_from(kind).ok());
        let kind = kind.ok_or_else(|| corrupt(id, format!("unknown kind {:?}", node.kind)))?;
        let mut metadata = HashMap::new();
        let data_type = match kind {
            TypeKind::Boolean => DataType::Boolean,
            TypeKind::Byte => DataType::Int8,
            TypeKind::Short => DataType::Int16,
            TypeKind::Int => DataType::Int32,
            TypeKind::Long => DataType::Int64,
            TypeKind::Float => DataType::Float32,
            TypeKind::Double => DataType::Float64,
            TypeKind::String => DataType::Utf8,
            TypeKind::Varchar | TypeKind::Char => {
                let name = if kind == TypeKind::Char { "char" } else { "varchar" };
                metadata.insert(TYPE_KEY.to_owned(), format!("{name}({})", node.maximum_length()));
                DataType::Utf8
            }
            TypeKind::Binary | TypeKind::Geometry => DataType::Binary,
            TypeKind::Timestamp => DataType::Timestamp(self.timestamps, None),
            TypeKind::TimestampInstant => DataType::Timestamp(self.timestamps, Some(Arc::from("UTC"))),
            TypeKind::Decimal => decimal(id, node)?,
            TypeKind::Date => DataType::Date32,
            TypeKind::Struct => DataType::Struct(self.struct_fields(id, node, depth)?),
            TypeKind::List => DataType::List(self.only_child(id, node, depth)?),
            TypeKind::Map => self.map(id, node, depth)?,
            TypeKind::Union => self.union(id, node, depth)?,
        };
        if data_type.is_nested() || node.subtypes.is_empty() {
            Ok((data_type, metadata))
        } else {
            Err(corrupt(id, "a type without children has some"))
        }
    }

    fn child(&mut self, id: usize, child_id: u32, name: &str, depth: usize) -> Result<Field, Error> {
        if child_id as usize != self.next {
            return Err(corrupt(id, format!("child {child_id} where {} is next in preorder", self.next)));
        }
        let (data_type, metadata) = self.data_type(depth + 1)?;
        Ok(Field::new(name, data_type, true).with_metadata(metadata))
    }

    fn struct_fields(&mut self, id: usize, node: &Type, depth: usize) -> Result<Fields, Error> {
        if node.field_names.len() != node.subtypes.len() {
            return Err(corrupt(id, format!("{} names for {} fields", node.field_names.len(), node.subtypes.len())));
        }
        node.subtypes.iter().zip(&node.field_names).map(|(child, name)| self.child(id, *child, name, depth)).collect()
    }

    fn only_child(&mut self, id: usize, node: &Type, depth: usize) -> Result<Arc<Field>, Error> {
        match node.subtypes[..] {
            [child] => Ok(Arc::new(self.child(id, child, Field::LIST_FIELD_DEFAULT_NAME, depth)?)),
            _ => Err(corrupt(id, format!("a list with {} children", node.subtypes.len()))),
        }
    }

    fn map(&mut self, id: usize, node: &Type, depth: usize) -> Result<DataType, Error> {
        let [key, value] = node.subtypes[..] else {
            return Err(corrupt(id, format!("a map with {} children", node.subtypes.len())));
        };
        // Arrow's keys are never null. Those of other writers may be; the reader refuses them.
        let key = self.child(id, key, "key", depth)?.with_nullable(false);
        let value = self.child(id, value, "value", depth)?;
        let entries = DataType::Struct(Fields::from(vec![key, value]));
        Ok(DataType::Map(Arc::new(Field::new("entries", entries, false)), false))
    }

    fn union(&mut self, id: usize, node: &Type, depth: usize) -> Result<DataType, Error> {
        if !(1..=127).contains(&node.subtypes.len()) {
            return Err(corrupt(id, format!("a union of {} types; Arrow has 1 to 127", node.subtypes.len())));
        }
        let children = node.subtypes.iter().enumerate();
        let fields: Vec<Field> = children
            .map(|(index, child)| self.child(id, *child, &index.to_string(), depth))
            .collect::<Result<_, _>>()?;
        let tags = 0..fields.len() as i8;
        Ok(DataType::Union(UnionFields::try_new(tags, fields)?, UnionMode::Dense))
    }
}

/// Decimals of Hive 0.11 name no precision: they get all 38 digits and the scale 18, as Hive reads them.
fn decimal(id: usize, node: &Type) -> Result<DataType, Error> {
    let (precision, scale) = match node.precision.unwrap_or(0) {
        0 => (38, node.scale.unwrap_or(18)),
        precision => (precision, node.scale()),
    };
    if precision > 38 || scale > precision {
        return Err(corrupt(id, format!("a decimal of {precision} digits and scale {scale}")));
    }
    Ok(DataType::Decimal128(precision as u8, scale as i8))
}
