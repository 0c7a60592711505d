//! What turns into what without a cast (Trino's `TypeCoercion`).

use super::{DECIMAL_PRECISION_MAX, Type};

/// The least type that both turn into without a cast; none if there is none.
pub fn common_super_type(a: &Type, b: &Type) -> Option<Type> {
    if a == b {
        return Some(a.clone());
    }
    match (a, b) {
        (Type::Unknown, other) | (other, Type::Unknown) => Some(other.clone()),
        (Type::Varchar { length: a }, Type::Varchar { length: b }) => {
            Some(Type::Varchar { length: a.zip(*b).map(|(a, b)| a.max(b)) })
        }
        (Type::Char { length: a }, Type::Char { length: b }) => Some(Type::Char { length: *a.max(b) }),
        (Type::Char { length: a }, Type::Varchar { length: b })
        | (Type::Varchar { length: b }, Type::Char { length: a }) => {
            Some(Type::Varchar { length: b.map(|b| b.max(*a)) })
        }
        (Type::Array(a), Type::Array(b)) => Some(Type::array(common_super_type(a, b)?)),
        (Type::Map(key_a, value_a), Type::Map(key_b, value_b)) => {
            Some(Type::map(common_super_type(key_a, key_b)?, common_super_type(value_a, value_b)?))
        }
        (Type::Row(a), Type::Row(b)) => row(a, b),
        _ => numeric(a, b).or_else(|| temporal(a, b)),
    }
}

/// Does `from` turn into `to` without a cast?
pub fn can_coerce(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Row(a), Type::Row(b)) => a.len() == b.len() && a.iter().zip(b).all(|((_, a), (_, b))| can_coerce(a, b)),
        (Type::Array(a), Type::Array(b)) => can_coerce(a, b),
        (Type::Map(key_a, value_a), Type::Map(key_b, value_b)) => {
            can_coerce(key_a, key_b) && can_coerce(value_a, value_b)
        }
        _ => common_super_type(from, to).is_some_and(|common| common == *to),
    }
}

/// Field by field; a name stays where both have it.
fn row(a: &[(Option<String>, Type)], b: &[(Option<String>, Type)]) -> Option<Type> {
    if a.len() != b.len() {
        return None;
    }
    let fields = a.iter().zip(b).map(|((name_a, a), (name_b, b))| {
        let is_same =
            name_a.as_ref().map(|name| name.to_lowercase()) == name_b.as_ref().map(|name| name.to_lowercase());
        Some((name_a.clone().filter(|_| is_same), common_super_type(a, b)?))
    });
    fields.collect::<Option<Vec<_>>>().map(Type::Row)
}

/// Whole numbers grow, then become decimals; a decimal becomes real or double, whichever it meets.
fn numeric(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        _ if !a.is_numeric() || !b.is_numeric() => None,
        (Type::Double, _) | (_, Type::Double) => Some(Type::Double),
        (Type::Real, _) | (_, Type::Real) => Some(Type::Real),
        _ if a.is_integral() && b.is_integral() => Some(if digits(a) > digits(b) { a.clone() } else { b.clone() }),
        _ => {
            let ((precision_a, scale_a), (precision_b, scale_b)) = (digits(a)?, digits(b)?);
            let scale = scale_a.max(scale_b);
            let whole = (precision_a - scale_a).max(precision_b - scale_b);
            Some(Type::Decimal { precision: (whole + scale).min(DECIMAL_PRECISION_MAX), scale })
        }
    }
}

/// Precision and scale of the decimal that holds every value of a whole-number or decimal type.
fn digits(of: &Type) -> Option<(u8, u8)> {
    match of {
        Type::Tinyint => Some((3, 0)),
        Type::Smallint => Some((5, 0)),
        Type::Integer => Some((10, 0)),
        Type::Bigint => Some((19, 0)),
        Type::Decimal { precision, scale } => Some((*precision, *scale)),
        _ => None,
    }
}

/// A date becomes a timestamp, either becomes one with a zone, the finer precision stays.
fn temporal(a: &Type, b: &Type) -> Option<Type> {
    use Type::{Date, Time, TimeTz, Timestamp, TimestampTz};
    match (a, b) {
        (Date, Timestamp { precision }) | (Timestamp { precision }, Date) => Some(Timestamp { precision: *precision }),
        (Date, TimestampTz { precision }) | (TimestampTz { precision }, Date) => {
            Some(TimestampTz { precision: *precision })
        }
        (Timestamp { precision: a }, Timestamp { precision: b }) => Some(Timestamp { precision: *a.max(b) }),
        (
            Timestamp { precision: a } | TimestampTz { precision: a },
            Timestamp { precision: b } | TimestampTz { precision: b },
        ) => Some(TimestampTz { precision: *a.max(b) }),
        (Time { precision: a }, Time { precision: b }) => Some(Time { precision: *a.max(b) }),
        (Time { precision: a } | TimeTz { precision: a }, Time { precision: b } | TimeTz { precision: b }) => {
            Some(TimeTz { precision: *a.max(b) })
        }
        _ => None,
    }
}
