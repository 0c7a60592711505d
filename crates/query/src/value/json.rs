//! Cells as JSON.

use std::fmt::Write as _;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float32Type, Float64Type};
use arrow_array::{Array, ArrayRef};
use opentrail_trino::Type;

use super::scalar::scalar;

/// Appends a cell. Numbers but decimals are numbers, truth values are themselves, json is the value that it is, arrays and
/// rows without names are arrays, maps and rows with names (in lower case) are objects, all else is a string.
pub fn write_json(out: &mut String, array: &ArrayRef, row: usize, ty: &Type) {
    if array.is_null(row) || *ty == Type::Unknown {
        out.push_str("null");
        return;
    }
    match ty {
        Type::Boolean | Type::Tinyint | Type::Smallint | Type::Integer | Type::Bigint | Type::Json => {
            out.push_str(&scalar(array, row, ty));
        }
        Type::Real => write_float(out, f64::from(array.as_primitive::<Float32Type>().value(row))),
        Type::Double => write_float(out, array.as_primitive::<Float64Type>().value(row)),
        Type::Array(item) => {
            let items = array.as_list::<i32>().value(row);
            separated(out, '[', ']', items.len(), |out, index| write_json(out, &items, index, item));
        }
        Type::Map(key, value) => {
            let entries = array.as_map().value(row);
            let (keys, values) = (entries.column(0), entries.column(1));
            separated(out, '{', '}', entries.len(), |out, index| {
                write_string(out, &super::text(keys, index, key).unwrap_or_default());
                out.push(':');
                write_json(out, values, index, value);
            });
        }
        Type::Row(fields) => write_row(out, array.as_struct().columns(), row, fields),
        _ => write_string(out, &scalar(array, row, ty)),
    }
}

fn write_row(out: &mut String, columns: &[ArrayRef], row: usize, fields: &[(Option<String>, Type)]) {
    let is_named = fields.iter().all(|(name, _)| name.is_some());
    let (open, close) = if is_named { ('{', '}') } else { ('[', ']') };
    separated(out, open, close, fields.len(), |out, index| {
        let (name, ty) = &fields[index];
        if let (true, Some(name)) = (is_named, name) {
            write_string(out, &name.to_lowercase());
            out.push(':');
        }
        write_json(out, &columns[index], row, ty);
    });
}

fn separated(out: &mut String, open: char, close: char, count: usize, each: impl Fn(&mut String, usize)) {
    out.push(open);
    for index in 0..count {
        if index > 0 {
            out.push(',');
        }
        each(out, index);
    }
    out.push(close);
}

/// JSON has no word for what is not finite: a string says it.
fn write_float(out: &mut String, value: f64) {
    if value.is_finite() {
        let _ = write!(out, "{value:?}");
    } else {
        let word = if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        };
        write_string(out, word);
    }
}

fn write_string(out: &mut String, value: &str) {
    out.push('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
