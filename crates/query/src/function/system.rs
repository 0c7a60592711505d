//! What fits nowhere else: `typeof`, `format`, sizes, `version`.

mod chance;
mod format;

use super::Registry;
use super::adapt::{collect, nullary, unary};
use super::fault;
use super::kernel::Kernel;
use super::native::{F64, Text};
use super::signature::Binding;
use opentrail_trino::Type;

pub(crate) use chance::SEEDED;

pub(super) fn register(to: &mut Registry) {
    to.add(
        "typeof(any) -> varchar",
        Kernel::total(|call| {
            let name = call.parameters.first().map(ToString::to_string).unwrap_or_default();
            collect(call, |_| Some(name.clone()))
        }),
    );
    to.add("version() -> varchar", nullary(|| env!("CARGO_PKG_VERSION")));
    to.add_adjusted("parse_data_size(varchar) -> decimal", size_type, unary::<Text, _>(size));
    to.add("format_number(double) -> varchar", unary::<F64, _>(short_number));
    to.add("$fail(varchar) -> boolean", unary::<Text, _>(|message| Err::<bool, _>(fault::argument(message))));
    chance::register(to);
    format::register(to);
}

fn size_type(binding: Binding) -> Option<Binding> {
    Some(Binding { returns: Type::Decimal { precision: 38, scale: 0 }, ..binding })
}

/// `2.3MB` in bytes.
fn size(text: &str) -> Result<i128, opentrail_trino::SqlError> {
    let invalid = || fault::argument(format!("Invalid data size: '{text}'"));
    let at = text.find(|letter: char| letter.is_ascii_alphabetic()).ok_or_else(invalid)?;
    let (number, unit) = text.split_at(at);
    let power = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"].iter().position(|known| *known == unit);
    let power = power.and_then(|power| u32::try_from(power).ok()).ok_or_else(invalid)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let (whole, digits): (i128, i128) =
        (whole.parse().map_err(|_| invalid())?, fraction.parse().map_err(|_| invalid())?);
    let scale =
        u32::try_from(fraction.len()).ok().and_then(|length| 10_i128.checked_pow(length)).ok_or_else(invalid)?;
    let unit = 1024_i128.pow(power);
    let bytes = whole.checked_mul(unit).zip(digits.checked_mul(unit)).and_then(|(a, b)| a.checked_add(b / scale));
    bytes.ok_or_else(invalid)
}

/// `1.23M`
fn short_number(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.into();
    }
    let (mut scaled, mut unit) = (number.abs(), "");
    for next in ["K", "M", "B", "T", "Q"] {
        if scaled < 1000.0 {
            break;
        }
        scaled /= 1000.0;
        unit = next;
    }
    let digits = if scaled < 10.0 {
        2
    } else if scaled < 100.0 {
        1
    } else {
        0
    };
    let text = format!("{scaled:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{}{text}{unit}", if number < 0.0 { "-" } else { "" })
}
