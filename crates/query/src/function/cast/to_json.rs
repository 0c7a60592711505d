//! To JSON.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use opentrail_trino::{SqlError, Type};

use super::super::json::{compact, quote};
use super::super::lists::range;
use super::super::moment::Stamp;
use super::super::native::{Bool, Day, F32, F64, I8, I16, I32, I64, Native, Sixteen, Text, Unscaled};
use super::super::{fault, print};
use super::apply::Job;

/// Is there a cast from this type to JSON?
pub(super) fn exists(from: &Type) -> bool {
    match from {
        Type::Json | Type::Boolean | Type::Varchar { .. } | Type::Date | Type::Timestamp { .. } => true,
        Type::IpAddress | Type::Uuid | Type::Unknown | Type::TimestampTz { .. } => true,
        Type::Array(item) => exists(item),
        Type::Map(key, value) => (key.is_numeric() || key.is_varchar() || **key == Type::Boolean) && exists(value),
        Type::Row(fields) => fields.iter().all(|(_, field)| exists(field)),
        other => other.is_numeric(),
    }
}

pub(super) fn cast(job: &Job<'_>) -> Result<ArrayRef, SqlError> {
    let mut texts = StringBuilder::new();
    let mut text = String::new();
    for row in 0..job.array.len() {
        if job.array.is_null(row) {
            texts.append_null();
            continue;
        }
        text.clear();
        write(job.array, row, job.from, &mut text)?;
        texts.append_value(&text);
    }
    Ok(Arc::new(texts.finish()))
}

/// A plain value as a text, unquoted; `None` for nested ones.
fn plain(array: &ArrayRef, row: usize, of: &Type) -> Result<Option<String>, SqlError> {
    macro_rules! get {
        ($marker:ty) => {
            <$marker>::get(&<$marker>::column(array)?, row).ok_or_else(|| fault::internal("a NULL was not expected"))?
        };
    }
    Ok(Some(match of {
        Type::Boolean => get!(Bool).to_string(),
        Type::Tinyint => get!(I8).to_string(),
        Type::Smallint => get!(I16).to_string(),
        Type::Integer => get!(I32).to_string(),
        Type::Bigint => get!(I64).to_string(),
        Type::Real => print::java_real(get!(F32)),
        Type::Double => print::java_double(get!(F64)),
        Type::Decimal { scale, .. } => print::decimal(get!(Unscaled), *scale),
        Type::Date => print::date(get!(Day))?,
        Type::Timestamp { precision } => print::timestamp(get!(Stamp), *precision)?,
        Type::TimestampTz { precision } => print::timestamp_tz(get!(Stamp), *precision)?,
        Type::IpAddress => print::ip(get!(Sixteen)),
        Type::Uuid => print::uuid(get!(Sixteen)),
        Type::Varchar { .. } | Type::Char { .. } | Type::Json => get!(Text).to_owned(),
        _ => return Ok(None),
    }))
}

/// Appends a value.
pub(super) fn write(array: &ArrayRef, row: usize, of: &Type, out: &mut String) -> Result<(), SqlError> {
    if array.is_null(row) || *of == Type::Unknown {
        out.push_str("null");
        return Ok(());
    }
    match of {
        Type::Array(item) => {
            let list = array.as_list::<i32>();
            out.push('[');
            for (position, index) in range(list.offsets(), row).enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write(list.values(), index, item, out)?;
            }
            out.push(']');
        }
        Type::Map(key, value) => {
            let map = array.as_map();
            let names = range(map.offsets(), row).map(|index| Ok((plain(map.keys(), index, key)?, index)));
            let mut names = names.collect::<Result<Vec<_>, SqlError>>()?;
            names.sort();
            out.push('{');
            for (position, (name, index)) in names.into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                quote(&name.unwrap_or_default(), out);
                out.push(':');
                write(map.values(), index, value, out)?;
            }
            out.push('}');
        }
        Type::Row(fields) => {
            let columns = array.as_struct().columns();
            out.push('{');
            for (position, (column, (name, of))) in columns.iter().zip(fields).enumerate() {
                if position > 0 {
                    out.push(',');
                }
                quote(name.as_deref().unwrap_or_default(), out);
                out.push(':');
                write(column, row, of, out)?;
            }
            out.push('}');
        }
        Type::Json => {
            let text = plain(array, row, of)?.unwrap_or_default();
            out.push_str(&compact(&text).unwrap_or(text));
        }
        Type::Boolean | Type::Tinyint | Type::Smallint | Type::Integer | Type::Bigint | Type::Decimal { .. } => {
            out.push_str(&plain(array, row, of)?.unwrap_or_default());
        }
        Type::Real | Type::Double => {
            let text = plain(array, row, of)?.unwrap_or_default();
            let is_number = text.ends_with(|c: char| c.is_ascii_digit());
            if is_number { out.push_str(&text) } else { quote(&text, out) }
        }
        _ => quote(&plain(array, row, of)?.unwrap_or_default(), out),
    }
    Ok(())
}
