//! Is an answer the expected one?

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use opentrail_trino::{Type, parse_type};
use serde_json::Value;

/// The first difference, if there is one.
pub(super) fn compare(
    statement: &str,
    columns: &[(String, Type)],
    rows: &[Vec<Value>],
    expected: &Value,
) -> Result<(), String> {
    let strings = |name: &str| -> Vec<&str> {
        expected[name].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let titles: Vec<&str> = columns.iter().map(|(title, _)| title.as_str()).collect();
    if titles != strings("columns") {
        return Err(format!("titles {titles:?}, not {:?}", strings("columns")));
    }
    let types: Vec<Type> = strings("types").into_iter().map(|ty| parse_type(ty).expect("a type")).collect();
    for ((title, ours), theirs) in columns.iter().zip(&types) {
        if !same_type(ours, theirs) {
            return Err(format!("{title} is {ours}, not {theirs}"));
        }
    }
    let count = expected["count"].as_u64().expect("a count");
    if rows.len() as u64 != count {
        return Err(format!("{} rows, not {count}", rows.len()));
    }
    if let Some(sum) = expected["sha256"].as_str() {
        let ours = checksum(rows);
        return if ours == sum { Ok(()) } else { Err(format!("checksum {ours}, not {sum}")) };
    }
    let tolerances = tolerances(statement);
    let is_ordered = statement.lines().any(|line| line == "-- order: yes");
    let theirs: Vec<&Vec<Value>> =
        expected["rows"].as_array().expect("rows").iter().map(|row| row.as_array().expect("a row")).collect();
    let same = |ours: &[Value], theirs: &[Value]| {
        ours.iter()
            .zip(theirs)
            .zip(columns.iter().zip(&types))
            .all(|((a, b), ((title, _), ty))| same_cell(a, b, ty, tolerances.get(title.as_str()).copied()))
    };
    if is_ordered {
        for (index, (a, b)) in rows.iter().zip(&theirs).enumerate() {
            if !same(a, b) {
                return Err(format!("row {index} is {}, not {}", Value::from(a.clone()), Value::from((*b).clone())));
            }
        }
        return Ok(());
    }
    let mut left: Vec<&Vec<Value>> = theirs;
    for row in rows {
        let Some(at) = left.iter().position(|other| same(row, other)) else {
            let some = left.first().map_or_else(String::new, |row| Value::from((*row).clone()).to_string());
            return Err(format!("unexpected row {}; one that is missing: {some}", Value::from(row.clone())));
        };
        left.swap_remove(at);
    }
    Ok(())
}

/// Widths of numbers and texts do not matter, names of fields by their letters only.
fn same_type(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Integer | Type::Bigint, Type::Integer | Type::Bigint) | (Type::Varchar { .. }, Type::Varchar { .. }) => {
            true
        }
        (Type::Decimal { scale: a, .. }, Type::Decimal { scale: b, .. }) => a == b,
        (Type::Array(a), Type::Array(b)) => same_type(a, b),
        (Type::Map(ak, av), Type::Map(bk, bv)) => same_type(ak, bk) && same_type(av, bv),
        (Type::Row(a), Type::Row(b)) => {
            let lower = |name: &Option<String>| name.as_ref().map(|name| name.to_lowercase());
            a.len() == b.len() && a.iter().zip(b).all(|((an, a), (bn, b))| lower(an) == lower(bn) && same_type(a, b))
        }
        _ => a == b,
    }
}

fn same_cell(ours: &Value, theirs: &Value, ty: &Type, tolerance: Option<f64>) -> bool {
    if let (Some(a), Some(b)) = (ours.as_f64(), theirs.as_f64()) {
        let bound = tolerance.or_else(|| matches!(ty, Type::Double | Type::Real).then_some(1e-9));
        if let Some(bound) = bound {
            return (a - b).abs() <= bound * a.abs().max(b.abs());
        }
        return a == b;
    }
    match (ours, theirs, ty) {
        (Value::String(a), Value::String(b), Type::Timestamp { .. } | Type::TimestampTz { .. }) => {
            a == b || a.replace(".000", "") == b.replace(".000", "")
        }
        (Value::Array(a), Value::Array(b), Type::Array(item)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_cell(a, b, item, tolerance))
        }
        (Value::Array(a), Value::Array(b), Type::Row(fields)) => {
            a.len() == b.len() && a.iter().zip(b).zip(fields).all(|((a, b), (_, ty))| same_cell(a, b, ty, tolerance))
        }
        (Value::Object(a), Value::Object(b), Type::Row(fields)) => fields.iter().all(|(name, ty)| {
            let name = name.as_deref().unwrap_or_default().to_lowercase();
            same_cell(&a[&name], &b[&name], ty, tolerance)
        }),
        (Value::Object(a), Value::Object(b), Type::Map(_, value)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same_cell(a, b, value, tolerance)))
        }
        (a, b, _) => a == b,
    }
}

/// `-- tolerance: a 0.08, b 0.03`
fn tolerances(statement: &str) -> BTreeMap<&str, f64> {
    let line = statement.lines().find_map(|line| line.strip_prefix("-- tolerance: ")).unwrap_or_default();
    let pairs = line.split(',').filter_map(|pair| pair.trim().split_once(' '));
    pairs.map(|(column, bound)| (column, bound.parse().expect("a number"))).collect()
}

/// SHA-256 over the rows as sorted JSON lines.
fn checksum(rows: &[Vec<Value>]) -> String {
    let mut lines: Vec<String> = rows.iter().map(|row| sorted(&Value::from(row.clone())).to_string()).collect();
    lines.sort();
    digest(&SHA256, lines.join("\n").as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(members) => {
            let members: BTreeMap<_, _> = members.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            members.into_iter().collect()
        }
        other => other.clone(),
    }
}
