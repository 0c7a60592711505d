//! `format`: Java's format strings.

use arrow_array::{Array, ArrayRef};
use opentrail_trino::{SqlError, Type};

use super::super::adapt::{collect, input};
use super::super::kernel::{Call, Kernel};
use super::super::moment::Stamp;
use super::super::native::{Bool, Day, F32, F64, I8, I16, I32, I64, Native, Reader, Text, Unscaled};
use super::super::{Registry, cast, fault, print};

pub(super) fn register(to: &mut Registry) {
    to.add("format(varchar, any...) -> varchar", Kernel::partial(format));
}

/// The widest field.
const WIDTH_MAX: usize = 1_000_000;

/// An argument's value.
enum Value {
    Null,
    Whole(i128),
    Double(f64),
    Decimal(i128, u8),
    Other(String),
}

fn format(call: &Call<'_>) -> Result<ArrayRef, SqlError> {
    let pattern = Reader::<Text>::new(input(call, 0)?)?;
    let arguments: Vec<(ArrayRef, &Type)> = call
        .inputs
        .iter()
        .zip(call.parameters)
        .skip(1)
        .map(|(input, of)| {
            if is_plain(of) {
                Ok((ArrayRef::clone(input.array()), of))
            } else if !cast::exists(of, &Type::VARCHAR) {
                Err(fault::argument(format!("format() does not take a value of type {of}")))
            } else {
                Ok((cast::column(input.array(), of, &Type::VARCHAR)?, &Type::VARCHAR))
            }
        })
        .collect::<Result<_, SqlError>>()?;
    collect(call, |row| {
        let pattern = pattern.get(row)?;
        let values = arguments
            .iter()
            .zip(call.inputs.iter().skip(1))
            .map(|((array, of), input)| value(array, input.at(row), of));
        Some(values.collect::<Result<Vec<_>, _>>().and_then(|values| fill(pattern, &values)))
    })
}

fn is_plain(of: &Type) -> bool {
    of.is_numeric()
        || of.is_varchar()
        || matches!(of, Type::Boolean | Type::Date | Type::Timestamp { .. } | Type::Unknown | Type::Json)
}

fn value(array: &ArrayRef, row: usize, of: &Type) -> Result<Value, SqlError> {
    if array.is_null(row) || *of == Type::Unknown {
        return Ok(Value::Null);
    }
    macro_rules! get {
        ($marker:ty) => {
            <$marker>::get(&<$marker>::column(array)?, row).ok_or_else(|| fault::internal("a NULL was not expected"))?
        };
    }
    Ok(match of {
        Type::Tinyint => Value::Whole(get!(I8).into()),
        Type::Smallint => Value::Whole(get!(I16).into()),
        Type::Integer => Value::Whole(get!(I32).into()),
        Type::Bigint => Value::Whole(get!(I64).into()),
        Type::Real => Value::Double(get!(F32).into()),
        Type::Double => Value::Double(get!(F64)),
        Type::Decimal { scale, .. } => Value::Decimal(get!(Unscaled), *scale),
        Type::Boolean => Value::Other(get!(Bool).to_string()),
        Type::Date => Value::Other(print::date(get!(Day))?),
        Type::Timestamp { precision } => Value::Other(print::timestamp(get!(Stamp), *precision)?.replacen(' ', "T", 1)),
        _ => Value::Other(get!(Text).to_owned()),
    })
}

/// One `%…` of a format string.
#[derive(Default)]
struct Spec {
    index: Option<usize>,
    flags: String,
    width: usize,
    precision: Option<usize>,
    letter: char,
}

fn wrong(pattern: &str) -> SqlError {
    fault::argument(format!("Invalid format string: {pattern}"))
}

fn fill(pattern: &str, values: &[Value]) -> Result<String, SqlError> {
    let mut out = String::new();
    let mut rest = pattern;
    let mut next = 0;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let (spec, after) = spec(&rest[at + 1..]).ok_or_else(|| wrong(pattern))?;
        rest = after;
        match spec.letter {
            '%' => out.push_str(&padded("%".into(), &spec)),
            'n' => out.push('\n'),
            _ => {
                let index = spec.index.unwrap_or_else(|| {
                    next += 1;
                    next
                });
                let value = index.checked_sub(1).and_then(|index| values.get(index));
                let value = value
                    .ok_or_else(|| fault::argument(format!("Invalid format string: {pattern} (missing argument)")))?;
                let text = one(value, &spec).ok_or_else(|| wrong(pattern))?;
                out.push_str(&padded(text, &spec));
            }
        }
        if out.len() > WIDTH_MAX {
            return Err(fault::argument("the formatted text is too long"));
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn spec(text: &str) -> Option<(Spec, &str)> {
    let mut spec = Spec::default();
    let number = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut rest = text;
    let digits = number(rest);
    if digits > 0 && rest[digits..].starts_with('$') {
        spec.index = Some(rest[..digits].parse().ok()?);
        rest = &rest[digits + 1..];
    }
    let flags = rest.find(|letter| !"-#+ 0,(".contains(letter))?;
    spec.flags = rest[..flags].to_owned();
    rest = &rest[flags..];
    let digits = number(rest);
    if digits > 0 {
        spec.width = rest[..digits].parse().ok().filter(|width| *width <= WIDTH_MAX)?;
        rest = &rest[digits..];
    }
    if let Some(after) = rest.strip_prefix('.') {
        let digits = number(after);
        spec.precision = Some(after.get(..digits)?.parse().ok().filter(|precision| *precision <= 1000)?);
        rest = &after[digits..];
    }
    spec.letter = rest.chars().next()?;
    let after = &rest[spec.letter.len_utf8()..];
    Some((spec, after))
}

fn padded(text: String, spec: &Spec) -> String {
    let missing = spec.width.saturating_sub(text.chars().count());
    if missing == 0 {
        return text;
    }
    let fill = |letter: &str| letter.repeat(missing);
    if spec.flags.contains('-') {
        return text + &fill(" ");
    }
    if spec.flags.contains('0') && "dfxXoeEgG".contains(spec.letter) {
        let sign = usize::from(text.starts_with(['-', '+', ' ', '(']));
        return format!("{}{}{}", &text[..sign], fill("0"), &text[sign..]);
    }
    fill(" ") + &text
}

/// The text of one value; `None` if the letter does not fit it.
fn one(value: &Value, spec: &Spec) -> Option<String> {
    let text = match (spec.letter, value) {
        ('b' | 'B', Value::Null) => "false".into(),
        (_, Value::Null) => cut("null".into(), spec),
        ('d', Value::Whole(number)) => signed(number.unsigned_abs().to_string(), *number < 0, spec),
        ('x' | 'X', Value::Whole(number)) => i64::try_from(*number).ok().map(|number| format!("{number:x}"))?,
        ('o', Value::Whole(number)) => i64::try_from(*number).ok().map(|number| format!("{number:o}"))?,
        ('f', Value::Double(number)) => float(*number, spec),
        ('e' | 'E', Value::Double(number)) => exponent(*number, spec),
        ('g' | 'G', Value::Double(number)) => {
            let digits = spec.precision.unwrap_or(6).max(1);
            if *number == 0.0 || (1e-4..10_f64.powi(i32::try_from(digits).ok()?)).contains(&number.abs()) {
                let whole = number.abs().log10().floor().max(0.0);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count of digits")]
                let before = if *number == 0.0 { 1 } else { whole as usize + 1 };
                float(
                    *number,
                    &Spec {
                        precision: Some(digits.saturating_sub(before)),
                        flags: spec.flags.clone(),
                        ..Spec::default()
                    },
                )
            } else {
                exponent(*number, &Spec { precision: Some(digits - 1), flags: spec.flags.clone(), ..Spec::default() })
            }
        }
        ('f', Value::Decimal(number, scale)) => {
            let digits = u8::try_from(spec.precision.unwrap_or(6)).ok()?;
            let number = super::super::operator::rescale(*number, *scale, digits, 38)?;
            signed(print::decimal(number.checked_abs()?, digits), number < 0, spec)
        }
        ('b' | 'B', Value::Other(text)) => text.clone(),
        ('b' | 'B', _) => "true".into(),
        ('s' | 'S', value) => cut(plain(value), spec),
        ('c', Value::Whole(code)) => u32::try_from(*code).ok().and_then(char::from_u32)?.to_string(),
        _ => return None,
    };
    Some(if spec.letter.is_ascii_uppercase() { text.to_uppercase() } else { text })
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Whole(number) => number.to_string(),
        Value::Double(number) => print::java_double(*number),
        Value::Decimal(number, scale) => print::decimal(*number, *scale),
        Value::Other(text) => text.clone(),
    }
}

fn cut(text: String, spec: &Spec) -> String {
    match spec.precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text,
    }
}

/// Digits with their sign, and groups of thousands if these are wanted.
fn signed(digits: String, is_negative: bool, spec: &Spec) -> String {
    let digits = if spec.flags.contains(',') { grouped(&digits) } else { digits };
    match (is_negative, spec.flags.contains('('), spec.flags.contains('+'), spec.flags.contains(' ')) {
        (true, true, ..) => format!("({digits})"),
        (true, ..) => format!("-{digits}"),
        (false, _, true, _) => format!("+{digits}"),
        (false, _, _, true) => format!(" {digits}"),
        _ => digits,
    }
}

fn grouped(digits: &str) -> String {
    let (whole, fraction) = digits.find('.').map_or((digits, ""), |at| digits.split_at(at));
    let mut out = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}

fn float(number: f64, spec: &Spec) -> String {
    if !number.is_finite() {
        return print::java_double(number);
    }
    let digits = spec.precision.unwrap_or(6);
    // Java rounds the shortest text half up, where Rust would round the binary value.
    let shortest = number.abs().to_string();
    let rounded = u8::try_from(digits).ok().filter(|digits| *digits <= 18).and_then(|digits| {
        super::super::cast::parse_decimal(&shortest, 38, digits).map(|unscaled| print::decimal(unscaled, digits))
    });
    signed(
        rounded.unwrap_or_else(|| format!("{:.digits$}", number.abs())),
        number.is_sign_negative() && number != 0.0,
        spec,
    )
}

fn exponent(number: f64, spec: &Spec) -> String {
    if !number.is_finite() {
        return print::java_double(number);
    }
    let digits = spec.precision.unwrap_or(6);
    let text = format!("{:.digits$e}", number.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let power: i32 = exponent.parse().unwrap_or(0);
    let text = format!("{mantissa}e{}{:02}", if power < 0 { '-' } else { '+' }, power.abs());
    signed(text, number < 0.0, spec)
}
