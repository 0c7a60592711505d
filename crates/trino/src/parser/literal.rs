//! Literals.

use crate::ast::{Expr, ExprKind, IntervalUnit};
use crate::lexer::Kind;

use super::cursor::{Parsed, Parser, at};

impl Parser<'_> {
    /// A number, with a minus before it or without.
    pub(super) fn number(&mut self) -> Parsed<Expr> {
        let place = self.place();
        let is_negative = self.is_symbol(0, "-");
        if is_negative {
            self.advance();
        }
        let sign = if is_negative { "-" } else { "" };
        let kind = match self.kind(0) {
            Kind::Integer => ExprKind::Integer(self.whole_number(is_negative)?),
            Kind::Decimal => ExprKind::Decimal(format!("{sign}{}", self.advance().replace('_', ""))),
            Kind::Double => {
                let text = format!("{sign}{}", self.text(0));
                let value = text.parse().map_err(|_| self.syntax(format!("Invalid numeric literal: {text}")))?;
                self.advance();
                ExprKind::Double(value)
            }
            _ => return Err(self.unexpected("<expression>")),
        };
        Ok(at(place, kind))
    }

    /// A whole number that comes next.
    pub(super) fn whole_number(&mut self, is_negative: bool) -> Parsed<i64> {
        let written = self.text(0);
        let plain = written.replace('_', "").to_ascii_lowercase();
        let (radix, digits) = match plain.get(..2) {
            Some("0x") => (16, plain.get(2..)),
            Some("0o") => (8, plain.get(2..)),
            Some("0b") => (2, plain.get(2..)),
            _ => (10, Some(plain.as_str())),
        };
        let magnitude = digits.and_then(|digits| i128::from_str_radix(digits, radix).ok());
        let signed = magnitude.map(|magnitude| if is_negative { -magnitude } else { magnitude });
        let value = signed.and_then(|value| i64::try_from(value).ok());
        let value = value.ok_or_else(|| self.syntax(format!("Invalid numeric literal: {written}")))?;
        self.advance();
        Ok(value)
    }

    /// `X'65 68'`: blanks are allowed.
    pub(super) fn bytes(&mut self) -> Parsed<Expr> {
        let place = self.place();
        let Kind::Bytes(written) = self.kind(0) else { return Err(self.unexpected("<expression>")) };
        let digits: Option<Vec<u8>> = written
            .chars()
            .filter(|character| !character.is_ascii_whitespace())
            .map(|character| character.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let Some(digits) = digits else {
            return Err(self.syntax("Binary literal can only contain hexadecimal digits"));
        };
        if digits.len() % 2 != 0 {
            return Err(self.syntax("Binary literal must contain an even number of digits"));
        }
        self.advance();
        let bytes = digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
        Ok(at(place, ExprKind::Bytes(bytes)))
    }

    /// The text that comes next, `U&'…'` with UESCAPE among others.
    pub(super) fn string_literal(&mut self) -> Parsed<String> {
        match self.kind(0) {
            Kind::String(text) => {
                let text = text.clone();
                self.advance();
                Ok(text)
            }
            Kind::UnicodeString(text) => {
                let text = text.clone();
                self.unicode_string(&text)
            }
            _ => Err(self.unexpected("<string>")),
        }
    }

    fn unicode_string(&mut self, text: &str) -> Parsed<String> {
        let start = self.place();
        self.advance();
        let mut escape = '\\';
        if self.eat("UESCAPE") {
            let written = self.string()?;
            let mut characters = written.chars();
            escape = match (characters.next(), characters.next()) {
                (Some(only), None) if !only.is_ascii_hexdigit() && !"+'\" ".contains(only) => only,
                _ => return Err(self.syntax("Invalid Unicode escape character")),
            };
        }
        decode(text, escape).ok_or_else(|| {
            let mut error = self.syntax("Incomplete or invalid escape sequence in a Unicode literal");
            error.place = Some(start);
            error
        })
    }

    /// Does an interval come next?
    pub(super) fn is_interval(&self) -> bool {
        let is_text = |ahead| matches!(self.kind(ahead), Kind::String(_) | Kind::UnicodeString(_));
        let is_signed = self.is_symbol(1, "-") || self.is_symbol(1, "+");
        self.is_word(0, "INTERVAL") && (is_text(1) || (is_signed && is_text(2)))
    }

    /// `INTERVAL [sign] 'text' unit [TO unit]`
    pub(super) fn interval(&mut self) -> Parsed<Expr> {
        let place = self.place();
        self.advance();
        let is_negative = self.eat_symbol("-");
        if !is_negative {
            self.eat_symbol("+");
        }
        let text = self.string()?;
        let from = self.interval_unit()?;
        let to = if self.eat("TO") { Some(self.interval_unit()?) } else { None };
        Ok(at(place, ExprKind::Interval { text, is_negative, from, to }))
    }

    pub(super) fn interval_unit(&mut self) -> Parsed<IntervalUnit> {
        const UNITS: [(&str, IntervalUnit); 6] = [
            ("YEAR", IntervalUnit::Year),
            ("MONTH", IntervalUnit::Month),
            ("DAY", IntervalUnit::Day),
            ("HOUR", IntervalUnit::Hour),
            ("MINUTE", IntervalUnit::Minute),
            ("SECOND", IntervalUnit::Second),
        ];
        for (word, unit) in UNITS {
            if self.eat(word) {
                return Ok(unit);
            }
        }
        Err(self.mismatch())
    }
}

/// `\0041`, `\+01F600`, `\\` for the escape `\`.
fn decode(text: &str, escape: char) -> Option<String> {
    let mut decoded = String::new();
    let mut rest = text;
    while let Some((plain, escaped)) = rest.split_once(escape) {
        decoded.push_str(plain);
        if let Some(after) = escaped.strip_prefix(escape) {
            decoded.push(escape);
            rest = after;
            continue;
        }
        let (digits, after) = match escaped.strip_prefix('+') {
            Some(long) => long.split_at_checked(6)?,
            None => escaped.split_at_checked(4)?,
        };
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
        decoded.push(char::from_u32(code)?);
        rest = after;
    }
    decoded.push_str(rest);
    Some(decoded)
}
