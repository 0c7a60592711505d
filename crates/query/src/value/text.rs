//! Cells as text: GetQueryResults and CSV files.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use opentrail_trino::Type;

use super::scalar::scalar;

/// A cell as CloudTrail Lake shows it; none for NULL. Parts of a map are `{k=v, k2=v2}`, of a row `{field=v}`, of an array
/// `[a, b]`, and NULL among them is `null`.
pub fn text(array: &ArrayRef, row: usize, ty: &Type) -> Option<String> {
    (array.is_valid(row) && *ty != Type::Unknown).then(|| present(array, row, ty))
}

fn present(array: &ArrayRef, row: usize, ty: &Type) -> String {
    match ty {
        Type::Array(item) => {
            let items = array.as_list::<i32>().value(row);
            let items = (0..items.len()).map(|index| part(&items, index, item));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Type::Map(key, value) => {
            let entries = array.as_map().value(row);
            let (keys, values) = (entries.column(0), entries.column(1));
            let pair = |index| format!("{}={}", part(keys, index, key), part(values, index, value));
            format!("{{{}}}", (0..entries.len()).map(pair).collect::<Vec<_>>().join(", "))
        }
        Type::Row(fields) => {
            let columns = array.as_struct().columns();
            let parts = fields.iter().zip(columns).enumerate().map(|(index, ((name, ty), column))| {
                let name = name.clone().unwrap_or_else(|| format!("field{index}"));
                format!("{name}={}", part(column, row, ty))
            });
            format!("{{{}}}", parts.collect::<Vec<_>>().join(", "))
        }
        _ => scalar(array, row, ty),
    }
}

fn part(array: &ArrayRef, row: usize, ty: &Type) -> String {
    text(array, row, ty).unwrap_or_else(|| "null".to_owned())
}
