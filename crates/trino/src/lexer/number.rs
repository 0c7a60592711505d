//! Numbers: the longest of Trino's four rules wins, the first of them at a tie.

use super::{Kind, run};

/// The number (or word that begins with a digit) at the beginning of `rest`.
pub(super) fn number(rest: &str) -> Option<(usize, Kind)> {
    let candidates = [
        (integer(rest), Kind::Integer),
        (decimal(rest), Kind::Decimal),
        (double(rest), Kind::Double),
        (digit_word(rest), Kind::DigitWord),
    ];
    let mut longest: Option<(usize, Kind)> = None;
    for (length, kind) in candidates {
        if let Some(length) = length
            && longest.as_ref().is_none_or(|(found, _)| length > *found)
        {
            longest = Some((length, kind));
        }
    }
    longest
}

/// `123`, `1_000`, `0xFF`, `0o17`, `0b101`
fn integer(rest: &str) -> Option<usize> {
    let prefixed = |lower: &str, upper: &str, is_digit: fn(u8) -> bool| {
        let body = rest.strip_prefix(lower).or_else(|| rest.strip_prefix(upper))?;
        let underscore = usize::from(body.starts_with('_'));
        digits(body.get(underscore..)?, is_digit).map(|length| 2 + underscore + length)
    };
    prefixed("0x", "0X", |byte| byte.is_ascii_hexdigit())
        .or_else(|| prefixed("0o", "0O", |byte| (b'0'..=b'7').contains(&byte)))
        .or_else(|| prefixed("0b", "0B", |byte| matches!(byte, b'0' | b'1')))
        .or_else(|| digits(rest, |byte| byte.is_ascii_digit()))
}

/// `1.`, `1.5`, `.5`
fn decimal(rest: &str) -> Option<usize> {
    let whole = digits(rest, |byte| byte.is_ascii_digit());
    let after = rest.get(whole.unwrap_or(0)..)?.strip_prefix('.')?;
    let fraction = digits(after, |byte| byte.is_ascii_digit());
    (whole.is_some() || fraction.is_some()).then(|| whole.unwrap_or(0) + 1 + fraction.unwrap_or(0))
}

/// `1e3`, `1.5E-3`, `.5e+1`: no underscores.
fn double(rest: &str) -> Option<usize> {
    let plain = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = plain(rest);
    let mut length = whole;
    if let Some(after) = rest.get(whole..)?.strip_prefix('.') {
        let fraction = plain(after);
        if whole == 0 && fraction == 0 {
            return None;
        }
        length += 1 + fraction;
    } else if whole == 0 {
        return None;
    }
    let exponent = rest.get(length..)?.strip_prefix(['e', 'E'])?;
    let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let power = plain(unsigned);
    (power > 0).then(|| length + 1 + (exponent.len() - unsigned.len()) + power)
}

/// Digits with single underscores between them.
fn digits(rest: &str, is_digit: fn(u8) -> bool) -> Option<usize> {
    let bytes = rest.as_bytes();
    let is_at = |index: usize| bytes.get(index).is_some_and(|byte| is_digit(*byte));
    if !is_at(0) {
        return None;
    }
    let mut length = 1;
    loop {
        if is_at(length) {
            length += 1;
        } else if bytes.get(length) == Some(&b'_') && is_at(length + 1) {
            length += 2;
        } else {
            return Some(length);
        }
    }
}

/// A digit with letters, digits or `_` behind it.
fn digit_word(rest: &str) -> Option<usize> {
    rest.starts_with(|c: char| c.is_ascii_digit()).then(|| run(rest)).filter(|length| *length > 1)
}
