//! Holds a JSON value against a shape: first the types, then the constraints.

use std::borrow::Cow;

use serde_json::Value;

use crate::codec::{Blob, Codec as _, Mismatch, integer, unexpected};
use crate::schema::{Kind, Limits, Member, Shape};
use crate::violation::{Constraint, Violation, Violations, Whose};
use crate::{Error, Timestamp};

impl From<Mismatch> for Error {
    fn from(mismatch: Mismatch) -> Self {
        Self::serialization(mismatch.to_string())
    }
}

/// Whether each value has the type of its shape.
pub(crate) fn types(shape: &Shape, value: &Value) -> Result<(), Mismatch> {
    let ok = match (&shape.kind, value) {
        (Kind::Structure(members), Value::Object(object)) => {
            return members.iter().try_for_each(|member| match object.get(member.name) {
                None | Some(Value::Null) => Ok(()),
                Some(inner) => types(member.shape, inner),
            });
        }
        (Kind::List { member, .. }, Value::Array(items)) => {
            return items.iter().filter(|item| !item.is_null()).try_for_each(|item| types(member, item));
        }
        (Kind::Map { value: inner, .. }, Value::Object(entries)) => {
            return entries.values().filter(|entry| !entry.is_null()).try_for_each(|entry| types(inner, entry));
        }
        (Kind::String { .. } | Kind::Enum(_), value) => value.is_string(),
        (Kind::Boolean, value) => value.is_boolean(),
        (Kind::Integer(_), value) => integer(value).is_some_and(|it| i32::try_from(it).is_ok()),
        (Kind::Long, value) => integer(value).is_some(),
        (Kind::Float | Kind::Double, value) => value.is_number(),
        (Kind::Timestamp, value) => Timestamp::from_json(value).is_some(),
        (Kind::Blob, value) => return Blob::read(value.clone()).map(drop),
        _ => false,
    };
    if ok { Ok(()) } else { Err(unexpected(value, wanted(&shape.kind))) }
}

/// The type as AWS's messages call it.
fn wanted(kind: &Kind) -> &'static str {
    match kind {
        Kind::Structure(_) => "a structure",
        Kind::List { .. } => "a list",
        Kind::Map { .. } => "a map",
        Kind::String { .. } | Kind::Enum(_) => "a String",
        Kind::Integer(_) => "an Integer",
        Kind::Long => "a Long",
        Kind::Float => "a Float",
        Kind::Double => "a Double",
        Kind::Boolean => "a Boolean",
        Kind::Timestamp => "a Date",
        Kind::Blob => "a Blob",
    }
}

/// Which constraints a value of the right types breaks.
pub(crate) fn constraints(shape: &'static Shape, value: &Value) -> Violations {
    let mut walk = Walk { path: String::new(), members: Vec::new(), found: Violations::default() };
    walk.structure(shape.members(), value);
    walk.found
}

/// A walk over a value with the way to where it is.
struct Walk {
    path: String,
    members: Vec<&'static str>,
    found: Violations,
}

impl Walk {
    fn structure(&mut self, members: &'static [Member], value: &Value) {
        for member in members {
            let length = self.path.len();
            if length > 0 {
                self.path.push('.');
            }
            self.path.push_str(&lower_first(member.name));
            self.members.push(member.name);
            match value.get(member.name) {
                None | Some(Value::Null) if member.required => self.add(member.shape, None, Constraint::NotNull),
                None | Some(Value::Null) => {}
                Some(inner) => self.value(member.shape, inner),
            }
            self.members.pop();
            self.path.truncate(length);
        }
    }

    fn value(&mut self, shape: &'static Shape, value: &Value) {
        for constraint in broken(shape, value) {
            self.add(shape, Some(value), constraint);
        }
        match (&shape.kind, value) {
            (Kind::Structure(members), _) => self.structure(members, value),
            (Kind::List { member, .. }, Value::Array(items)) => self.items(member, items, value),
            (Kind::Map { key, value: inner, .. }, Value::Object(entries)) => {
                let bad_key = entries.keys().any(|it| !broken(key, &Value::String(it.clone())).is_empty());
                let bad_value = entries.values().any(|it| it.is_null() || !broken(inner, it).is_empty());
                if bad_key {
                    self.add(key, Some(value), Constraint::Each(Whose::MapKeys, all(key)));
                }
                if bad_value {
                    self.add(inner, Some(value), Constraint::Each(Whose::MapValues, all(inner)));
                }
            }
            _ => {}
        }
    }

    fn items(&mut self, member: &'static Shape, items: &[Value], list: &Value) {
        let has_inner = matches!(member.kind, Kind::Structure(_) | Kind::List { .. } | Kind::Map { .. });
        if !has_inner {
            if items.iter().any(|item| item.is_null() || !broken(member, item).is_empty()) {
                self.add(member, Some(list), Constraint::Each(Whose::Items, all(member)));
            }
            return;
        }
        for (index, item) in items.iter().enumerate() {
            let length = self.path.len();
            self.path.push_str(&format!(".{}.member", index + 1));
            if item.is_null() {
                self.add(member, None, Constraint::NotNull);
            } else {
                self.value(member, item);
            }
            self.path.truncate(length);
        }
    }

    fn add(&mut self, shape: &'static Shape, value: Option<&Value>, constraint: Constraint) {
        self.found.add(|| Violation {
            path: self.path.clone(),
            members: self.members.clone(),
            shape: shape.name,
            value: value.map(|it| if shape.sensitive { "***".to_owned() } else { shown(it).into_owned() }),
            constraint,
        });
    }
}

/// The constraints of this very shape that the value breaks.
fn broken(shape: &'static Shape, value: &Value) -> Vec<Constraint> {
    let holds = |constraint: &Constraint| match (constraint, value) {
        (Constraint::LengthMin(min), value) => length(value) >= *min,
        (Constraint::LengthMax(max), value) => length(value) <= *max,
        (Constraint::ValueMin(min), value) => integer(value).is_none_or(|it| it >= *min),
        (Constraint::ValueMax(max), value) => integer(value).is_none_or(|it| it <= *max),
        (Constraint::Pattern(pattern), Value::String(text)) => pattern.matches(text),
        (Constraint::Values(values), Value::String(text)) => values.contains(&text.as_str()),
        _ => true,
    };
    all(shape).into_iter().filter(|constraint| !holds(constraint)).collect()
}

/// All constraints of this very shape, in the order in which AWS lists them.
pub(crate) fn all(shape: &'static Shape) -> Vec<Constraint> {
    let length = |limits: &Limits| {
        let max = limits.max.map(Constraint::LengthMax);
        max.into_iter().chain(limits.min.map(Constraint::LengthMin)).collect::<Vec<_>>()
    };
    match &shape.kind {
        Kind::String { length: limits, pattern } => {
            length(limits).into_iter().chain(pattern.map(Constraint::Pattern)).collect()
        }
        Kind::List { length: limits, .. } | Kind::Map { length: limits, .. } => length(limits),
        Kind::Enum(values) => vec![Constraint::Values(values)],
        Kind::Integer(limits) => {
            let max = limits.max.map(Constraint::ValueMax);
            max.into_iter().chain(limits.min.map(Constraint::ValueMin)).collect()
        }
        _ => Vec::new(),
    }
}

/// Code points of a text, items of a list, entries of a map.
fn length(value: &Value) -> i64 {
    let length = match value {
        Value::String(text) => text.chars().count(),
        Value::Array(items) => items.len(),
        Value::Object(entries) => entries.len(),
        _ => 0,
    };
    i64::try_from(length).expect("a body is shorter than that")
}

/// A value as messages show it: the way Java prints it.
fn shown(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(shown).collect();
            Cow::Owned(format!("[{}]", items.join(", ")))
        }
        Value::Object(entries) => {
            let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{key}={}", shown(value))).collect();
            Cow::Owned(format!("{{{}}}", entries.join(", ")))
        }
        other => Cow::Owned(other.to_string()),
    }
}

/// `TagsList` → `tagsList`.
pub(crate) fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
