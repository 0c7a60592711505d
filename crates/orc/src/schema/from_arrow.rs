//! Arrow to ORC.

use super::{DEPTH_MAX, TYPE_KEY};
use crate::proto::{Type, TypeKind};
use crate::{ColumnPath, Error};
use arrow_schema::{DataType, Field, Schema};

/// The longest types that Hive has, characters.
const VARCHAR_MAX: u32 = 65_535;
const CHAR_MAX: u32 = 255;

/// The ORC type tree for an Arrow schema.
///
/// Types without an ORC kind of their own take the next wider: unsigned integers the signed ones above (`UInt64` is a
/// bigint, and greater values are refused when written), dictionaries their values' type, all list types `list`.
///
/// # Errors
///
/// `Unsupported` for types without any ORC kind (times of day, durations, intervals, 256-bit decimals) and for
/// nesting deeper than [`DEPTH_MAX`].
pub fn to_orc(schema: &Schema) -> Result<Vec<Type>, Error> {
    let mut tree = Tree { types: vec![Type { kind: Some(TypeKind::Struct as i32), ..Type::default() }] };
    for field in schema.fields() {
        tree.types[0].field_names.push(field.name().clone());
        tree.add_child(0, field, &ColumnPath::new([field.name()]))?;
    }
    Ok(tree.types)
}

struct Tree {
    types: Vec<Type>,
}

impl Tree {
    fn add_child(&mut self, parent: usize, field: &Field, path: &ColumnPath) -> Result<(), Error> {
        let id = self.types.len() as u32;
        self.types[parent].subtypes.push(id);
        self.add(field.data_type(), field, path)
    }

    fn add(&mut self, data_type: &DataType, field: &Field, path: &ColumnPath) -> Result<(), Error> {
        if path.segments().len() > DEPTH_MAX {
            return Err(Error::unsupported(format!("column `{path}`"), "nesting this deep"));
        }
        if let DataType::Dictionary(_, value) = data_type {
            return self.add(value, field, path);
        }
        let id = self.types.len();
        self.types.push(leaf(data_type, field, path)?);
        match data_type {
            DataType::Struct(fields) => {
                for child in fields {
                    self.types[id].field_names.push(child.name().clone());
                    self.add_child(id, child, &path.child(child.name()))?;
                }
            }
            DataType::List(element) | DataType::LargeList(element) | DataType::FixedSizeList(element, _) => {
                self.add_child(id, element, &path.child("element"))?;
            }
            DataType::Map(entries, _) => {
                let DataType::Struct(fields) = entries.data_type() else {
                    return Err(Error::unsupported(format!("column `{path}`"), "a map whose entries are no struct"));
                };
                for (child, name) in fields.iter().zip(["key", "value"]) {
                    self.add_child(id, child, &path.child(name))?;
                }
            }
            DataType::Union(fields, _) => {
                for (index, (_, child)) in fields.iter().enumerate() {
                    self.add_child(id, child, &path.child(&index.to_string()))?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// The type without its children.
fn leaf(data_type: &DataType, field: &Field, path: &ColumnPath) -> Result<Type, Error> {
    let kind = match data_type {
        DataType::Boolean => TypeKind::Boolean,
        DataType::Int8 => TypeKind::Byte,
        DataType::Int16 | DataType::UInt8 => TypeKind::Short,
        DataType::Int32 | DataType::UInt16 => TypeKind::Int,
        DataType::Int64 | DataType::UInt32 | DataType::UInt64 => TypeKind::Long,
        DataType::Float32 => TypeKind::Float,
        DataType::Float64 => TypeKind::Double,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => return text(field, path),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            TypeKind::Binary
        }
        DataType::Date32 => TypeKind::Date,
        DataType::Timestamp(_, None) => TypeKind::Timestamp,
        DataType::Timestamp(_, Some(_)) => TypeKind::TimestampInstant,
        DataType::Decimal128(precision, scale) => return decimal(*precision, *scale, path),
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(_, _) => TypeKind::List,
        DataType::Map(_, _) => TypeKind::Map,
        DataType::Struct(_) => TypeKind::Struct,
        DataType::Union(_, _) => TypeKind::Union,
        other => return Err(Error::unsupported(format!("column `{path}`"), format!("Arrow's type `{other}`"))),
    };
    Ok(Type { kind: Some(kind as i32), ..Type::default() })
}

fn decimal(precision: u8, scale: i8, path: &ColumnPath) -> Result<Type, Error> {
    if scale < 0 || scale as u8 > precision || !(1..=38).contains(&precision) {
        let what = format!("a decimal of {precision} digits and scale {scale}");
        return Err(Error::unsupported(format!("column `{path}`"), what));
    }
    Ok(Type {
        kind: Some(TypeKind::Decimal as i32),
        precision: Some(precision.into()),
        scale: Some(scale as u32),
        ..Type::default()
    })
}

/// `string`, or what the field's metadata asks for.
fn text(field: &Field, path: &ColumnPath) -> Result<Type, Error> {
    let Some(asked) = field.metadata().get(TYPE_KEY) else {
        return Ok(Type { kind: Some(TypeKind::String as i32), ..Type::default() });
    };
    let (kind, maximum_length) = parse_text_type(asked)
        .ok_or_else(|| Error::unsupported(format!("column `{path}`"), format!("`{TYPE_KEY}` of `{asked}`")))?;
    Ok(Type { kind: Some(kind as i32), maximum_length, ..Type::default() })
}

fn parse_text_type(asked: &str) -> Option<(TypeKind, Option<u32>)> {
    if asked == "string" {
        return Some((TypeKind::String, None));
    }
    let (name, length) = asked.strip_suffix(')')?.split_once('(')?;
    let (kind, most) = match name {
        "varchar" => (TypeKind::Varchar, VARCHAR_MAX),
        "char" => (TypeKind::Char, CHAR_MAX),
        _ => return None,
    };
    let length = length.parse().ok().filter(|length| (1..=most).contains(length))?;
    Some((kind, Some(length)))
}
