//! Rules: where a member comes from.

use std::fmt;

use opentrail_stdx::Timestamp;
use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::items;
use crate::rejected::Mistake;

/// A JSON pointer (RFC 6901); the empty one is the whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Pointer(String);

/// Where a member's value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(
    untagged,
    expecting = "a JSON pointer such as `/user/name`, or a table with `at` (and perhaps `default`) or with `value`"
)]
pub(super) enum Rule {
    /// `"/user/name"`.
    At(Pointer),
    /// `{ at = ["/user/name", "/user/id"], default = "nobody" }`: the first that is there.
    FirstOf(FirstOf),
    /// `{ value = "app.example.com" }`.
    Constant(Constant),
}

/// The first of several places.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FirstOf {
    at: Places,
    default: Option<String>,
}

/// A text that is always the same.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Constant {
    value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Places {
    One(Pointer),
    Many(Vec<Pointer>),
}

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub(super) enum Unit {
    /// `2026-11-22T10:29:23.5+01:00`.
    #[default]
    #[serde(rename = "rfc3339")]
    Rfc3339,
    /// Seconds since 1970, perhaps with a fraction.
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds since 1970.
    #[serde(rename = "ms")]
    Milliseconds,
    /// Microseconds since 1970.
    #[serde(rename = "us")]
    Microseconds,
    /// Nanoseconds since 1970.
    #[serde(rename = "ns")]
    Nanoseconds,
}

impl TryFrom<String> for Pointer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() || text.starts_with('/') {
            Ok(Self(text))
        } else {
            Err(format!("`{text}` is no JSON pointer; write `/{text}`"))
        }
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Pointer {
    /// Does it point at the whole?
    pub(super) fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// What it points at; `null` is not there.
    pub(super) fn find<'a>(&self, value: &'a RawValue) -> Option<&'a RawValue> {
        let mut tokens = self.0.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"));
        tokens.try_fold(value, |value, token| part(value, &token)).filter(|value| value.get() != "null")
    }
}

/// The member or element of that name.
fn part<'a>(value: &'a RawValue, token: &str) -> Option<&'a RawValue> {
    if value.get().starts_with('[') {
        let elements: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
        elements.get(token.parse::<usize>().ok()?).copied()
    } else {
        items::members(value)?.remove(token)
    }
}

impl Rule {
    /// The value as it is written; nothing when it is nowhere.
    pub(super) fn raw(&self, item: &RawValue) -> Option<Box<RawValue>> {
        let text = |text: &str| to_raw_value(text).expect("a text prints");
        match self {
            Self::At(pointer) => pointer.find(item).map(ToOwned::to_owned),
            Self::FirstOf(first) => {
                let found = first.at.pointers().iter().find_map(|pointer| pointer.find(item));
                found.map(ToOwned::to_owned).or_else(|| first.default.as_deref().map(text))
            }
            Self::Constant(constant) => Some(text(&constant.value)),
        }
    }

    /// The value as a text: numbers and truth values as they are written. An empty one is nothing.
    pub(super) fn text(&self, item: &RawValue) -> Result<Option<String>, Mistake> {
        let Some(raw) = self.raw(item) else { return Ok(None) };
        let text = match raw.get().as_bytes().first() {
            Some(b'"') => serde_json::from_str(raw.get())?,
            Some(b'{' | b'[') => return Err(Mistake::invalid(format!("what is at `{self}` is no text"))),
            _ => raw.get().to_owned(),
        };
        Ok(Some(text).filter(|text| !text.is_empty()))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(pointer) => pointer.fmt(f),
            Self::Constant(constant) => f.write_str(&constant.value),
            Self::FirstOf(first) => {
                let places: Vec<&str> = first.at.pointers().iter().map(|pointer| pointer.0.as_str()).collect();
                f.write_str(&places.join("`, `"))
            }
        }
    }
}

impl Places {
    fn pointers(&self) -> &[Pointer] {
        match self {
            Self::One(pointer) => std::slice::from_ref(pointer),
            Self::Many(pointers) => pointers,
        }
    }
}

impl Unit {
    /// Reads a time.
    pub(super) fn parse(self, text: &str) -> Option<Timestamp> {
        let whole = || text.parse::<i64>().ok();
        match self {
            Self::Rfc3339 => Timestamp::parse_iso(text),
            Self::Seconds => seconds(text),
            Self::Milliseconds => whole().map(Timestamp::from_ms),
            Self::Microseconds => whole().map(|it| Timestamp::from_ms(it.div_euclid(1_000))),
            Self::Nanoseconds => whole().map(|it| Timestamp::from_ms(it.div_euclid(1_000_000))),
        }
    }
}

/// Seconds with at most three places of their fraction looked at.
fn seconds(text: &str) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.parse().ok().filter(|whole| *whole >= 0)?;
    let is_number = fraction.bytes().all(|byte| byte.is_ascii_digit());
    let ms =
        fraction.bytes().chain(*b"000").take(3).fold(0, |ms, digit| ms * 10 + i64::from(digit.saturating_sub(b'0')));
    is_number.then(|| whole.checked_mul(1_000)?.checked_add(ms)).flatten().map(Timestamp::from_ms)
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rfc3339 => "RFC 3339 time; is it a number that needs a `unit`?",
            Self::Seconds => "number of seconds",
            Self::Milliseconds => "whole number of milliseconds",
            Self::Microseconds => "whole number of microseconds",
            Self::Nanoseconds => "whole number of nanoseconds",
        })
    }
}
