//! From the models' names to CloudTrail's: casing, times, and what stays hidden.

use serde_json::{Map, Value};

use super::dynamodb;
use super::hidden::{self, Showing};
use super::time::Times;
use crate::Operation;
use crate::table::{Kind, Member, Model, Shape};

/// How a service's records write names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// With a small first letter: `dBInstanceIdentifier`.
    Small,
    /// The same, unless two capitals begin it: `AWSAccountId`.
    Bean,
    /// As on the wire.
    Written,
}

/// Services whose records keep names and times as they are on the wire.
const WRITTEN: [&str; 13] = [
    "account",
    "application-insights",
    "application-signals",
    "ce",
    "connect",
    "devops-guru",
    "internetmonitor",
    "networkflowmonitor",
    "oam",
    "resource-explorer-2",
    "rum",
    "securityhub",
    "synthetics",
];

/// Services whose records write times without the second comma.
const PLAIN_TIMES: [&str; 7] = ["dynamodb", "ebs", "iam", "kms", "pi", "rds", "cloudfront"];

/// Writes the members of one operation's structures.
#[derive(Debug)]
pub(super) struct Renderer {
    service: &'static str,
    model: &'static Model,
    names: Names,
    times: Times,
}

impl Renderer {
    pub(super) fn new(operation: &Operation) -> Self {
        let service = operation.head.name;
        let is_written = WRITTEN.contains(&service);
        let names = match service {
            "kms" => Names::Bean,
            _ if is_written => Names::Written,
            _ => Names::Small,
        };
        let times = match service {
            _ if is_written => Times::Written,
            _ if PLAIN_TIMES.contains(&service) => Times::Plain,
            _ => Times::Comma,
        };
        Self { service, model: operation.model(), names, times }
    }

    /// The members that are shown, as they are shown.
    pub(super) fn structure(&self, members: &[Member], mut values: Map<String, Value>) -> Map<String, Value> {
        let shown = members.iter().filter_map(|member| {
            let value = values.remove(member.name)?;
            Some((self.name(member), self.member(member, value)?))
        });
        shown.collect()
    }

    fn member(&self, member: &Member, value: Value) -> Option<Value> {
        if value.is_null() {
            return None;
        }
        match hidden::showing(self.service, member) {
            Showing::Left => return None,
            Showing::Masked(mask) => return Some(mask.into()),
            // Where even the keys are secret, nothing of a map is shown.
            Showing::Plain if self.has_secret_keys(member.kind) => return Some(hidden::REASONS.into()),
            Showing::Plain => {}
        }
        if self.service == "dynamodb"
            && let Some(shown) = dynamodb::shown(member.name, &value)
        {
            return shown;
        }
        Some(self.value(member.kind, value))
    }

    fn has_secret_keys(&self, kind: Kind) -> bool {
        let Kind::Shape(number) = kind else { return false };
        matches!(self.model.shape(number), Shape::Map { key, .. } if key.is_sensitive)
    }

    fn value(&self, kind: Kind, value: Value) -> Value {
        let Kind::Shape(number) = kind else {
            return if kind == Kind::Timestamp { self.times.print(value) } else { value };
        };
        match (self.model.shape(number), value) {
            (Shape::Structure { members, .. }, Value::Object(values)) => Value::Object(self.structure(members, values)),
            (Shape::List { item, .. }, Value::Array(items)) => {
                items.into_iter().filter_map(|value| self.member(item, value)).collect()
            }
            (Shape::Map { value: of, .. }, Value::Object(values)) => values
                .into_iter()
                .filter_map(|(key, value)| Some((key, self.member(of, value)?)))
                .collect::<Map<_, _>>()
                .into(),
            (_, value) => value,
        }
    }

    fn name(&self, member: &Member) -> String {
        match self.names {
            Names::Written => member.wire_name().to_owned(),
            Names::Bean if member.name.bytes().take(2).all(|byte| byte.is_ascii_uppercase()) => member.name.to_owned(),
            Names::Small | Names::Bean => small(member.name),
        }
    }
}

/// With a small first letter.
pub(super) fn small(name: &str) -> String {
    let mut name = name.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    name
}
