//! Which casts exist, and how they go through columns.

use arrow_array::{Array, ArrayRef, new_null_array};
use opentrail_trino::{ErrorClass, SqlError, Type};

use super::super::arrays::concat;
use super::super::fault;
use super::super::native::Native;
use super::super::output::{Answer, Output, Sink};
use super::super::shape::data_type;
use super::{from_json, nested, number, text, time, to_json};

/// Is there such a cast?
pub(in super::super) fn exists(from: &Type, to: &Type) -> bool {
    use Type::{
        Array, Char, Date, IntervalDaySecond, IntervalYearMonth, IpAddress, Json, Map, Row, Time, TimeTz, Timestamp,
        TimestampTz, Unknown, Uuid, Varbinary, Varchar,
    };
    if from == to || *from == Unknown {
        return true;
    }
    match (from, to) {
        (Array(a), Array(b)) => exists(a, b),
        (Map(k1, v1), Map(k2, v2)) => exists(k1, k2) && exists(v1, v2),
        (Row(a), Row(b)) => a.len() == b.len() && a.iter().zip(b).all(|((_, a), (_, b))| exists(a, b)),
        (Json, to) => from_json::exists(to),
        (from, Json) => to_json::exists(from),
        (Array(_) | Map(..) | Row(_), _) | (_, Array(_) | Map(..) | Row(_)) => false,
        (Varchar { .. } | Char { .. }, IntervalDaySecond | IntervalYearMonth) => false,
        (Varchar { .. } | Char { .. }, _) => true,
        (Varbinary, Varchar { .. } | Char { .. }) => false,
        (_, Varchar { .. } | Char { .. }) => true,
        (IpAddress | Uuid, Varbinary) | (Varbinary, IpAddress | Uuid) => true,
        (from, to) if is_number(from) && is_number(to) => true,
        (Date | Timestamp { .. } | TimestampTz { .. }, Date | Timestamp { .. } | TimestampTz { .. }) => true,
        (Timestamp { .. } | TimestampTz { .. } | Time { .. } | TimeTz { .. }, Time { .. } | TimeTz { .. }) => true,
        _ => false,
    }
}

/// Numbers, and truth among them.
fn is_number(of: &Type) -> bool {
    of.is_numeric() || *of == Type::Boolean
}

/// The column as another type. With `is_lenient` a value that fails becomes NULL as a whole.
pub(in super::super) fn cast(array: &ArrayRef, from: &Type, to: &Type, is_lenient: bool) -> Result<ArrayRef, SqlError> {
    match strict(array, from, to, is_lenient) {
        Err(error) if is_lenient && is_mendable(&error) => match array.len() {
            0 | 1 => Ok(new_null_array(&data_type(to), array.len())),
            many => {
                let half = many / 2;
                let first = cast(&array.slice(0, half), from, to, true)?;
                concat(&[first, cast(&array.slice(half, many - half), from, to, true)?])
            }
        },
        other => other,
    }
}

/// May `try` and TRY_CAST make NULL of this error?
pub(in super::super) fn is_mendable(error: &SqlError) -> bool {
    matches!(
        error.class,
        ErrorClass::DivisionByZero
            | ErrorClass::InvalidCastArgument
            | ErrorClass::InvalidFunctionArgument
            | ErrorClass::NumericValueOutOfRange
    )
}

/// The column as another type; only casts of plain values heed `is_lenient`.
pub(super) fn strict(array: &ArrayRef, from: &Type, to: &Type, is_lenient: bool) -> Result<ArrayRef, SqlError> {
    if from == to {
        return Ok(ArrayRef::clone(array));
    }
    if *from == Type::Unknown {
        return Ok(new_null_array(&data_type(to), array.len()));
    }
    let job = Job { array, from, to, is_lenient };
    match (from, to) {
        (Type::Array(_) | Type::Map(..) | Type::Row(_), Type::Array(_) | Type::Map(..) | Type::Row(_)) => {
            nested::cast(&job)
        }
        (Type::Json, _) => from_json::cast(&job),
        (_, Type::Json) => to_json::cast(&job),
        (Type::Varchar { .. } | Type::Char { .. }, _) => text::from_text(&job),
        (_, Type::Varchar { .. } | Type::Char { .. }) => text::to_text(&job),
        (from, to) if is_number(from) && is_number(to) => number::cast(&job),
        (Type::IpAddress | Type::Uuid, Type::Varbinary) | (Type::Varbinary, Type::IpAddress | Type::Uuid) => {
            text::bytes(&job)
        }
        _ => time::cast(&job),
    }
}

/// One column to cast.
pub(super) struct Job<'a> {
    pub(super) array: &'a ArrayRef,
    pub(super) from: &'a Type,
    pub(super) to: &'a Type,
    pub(super) is_lenient: bool,
}

impl Job<'_> {
    /// Value by value.
    pub(super) fn each<N: Native, R: Answer>(
        &self,
        read: impl for<'a> Fn(N::At<'a>) -> Result<R, SqlError>,
    ) -> Result<ArrayRef, SqlError> {
        let column = N::column(self.array)?;
        let mut sink = <R::Out as Output>::Sink::new(&data_type(self.to), self.array.len());
        for row in 0..self.array.len() {
            let answer = match N::get(&column, row) {
                Some(value) => match read(value).and_then(Answer::answer) {
                    Err(error) if self.is_lenient && is_mendable(&error) => None,
                    other => other?,
                },
                None => None,
            };
            sink.push(answer)?;
        }
        sink.finish()
    }

    /// `Cannot cast 'x' to BIGINT`
    pub(super) fn failure(&self, value: impl std::fmt::Display) -> SqlError {
        fault::cast(format!("Cannot cast '{value}' to {}", self.to.to_string().to_uppercase()))
    }
}
