//! What is in a mapping file.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::rule::{Pointer, Rule, Unit};
use crate::items;
use crate::members::Members;
use crate::rejected::Mistake;

/// The file. Names are those of the integrations event schema.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Settings {
    /// The list of events in a body; none: a body is an event, a list of events, or one event a line.
    #[serde(default)]
    pub(super) events: Pointer,
    pub(super) event_name: Rule,
    pub(super) event_source: Rule,
    pub(super) event_time: TimeRule,
    pub(super) user_identity: UserRules,
    /// None: the hash of the event's text.
    #[serde(rename = "UID")]
    pub(super) uid: Option<Rule>,
    pub(super) user_agent: Option<Rule>,
    #[serde(rename = "sourceIPAddress")]
    pub(super) source_ip_address: Option<Rule>,
    pub(super) error_code: Option<Rule>,
    pub(super) error_message: Option<Rule>,
    #[serde(default)]
    pub(super) request_parameters: ObjectRule,
    #[serde(default)]
    pub(super) response_elements: ObjectRule,
    #[serde(default)]
    pub(super) additional_event_data: ObjectRule,
}

/// `[userIdentity]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UserRules {
    #[serde(rename = "type")]
    pub(super) kind: Rule,
    pub(super) principal_id: Rule,
    #[serde(default)]
    pub(super) details: ObjectRule,
}

/// Where a time comes from, and how it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(
    untagged,
    expecting = "a JSON pointer such as `/time`, or a table with `at` and perhaps `unit`: rfc3339, s, ms, us or ns"
)]
pub(super) enum TimeRule {
    /// `"/time"`.
    Plain(Pointed),
    /// `{ at = "/time", unit = "ms" }`.
    Unit(UnitRule),
}

/// A pointer alone, as a rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Pointer")]
pub(super) struct Pointed(Rule);

/// A time in a unit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitRule {
    at: Pointed,
    #[serde(default)]
    unit: Unit,
}

impl From<Pointer> for Pointed {
    fn from(pointer: Pointer) -> Self {
        Self(Rule::At(pointer))
    }
}

impl TimeRule {
    pub(super) fn rule(&self) -> &Rule {
        match self {
            Self::Plain(pointed) => &pointed.0,
            Self::Unit(rule) => &rule.at.0,
        }
    }

    pub(super) fn unit(&self) -> Unit {
        match self {
            Self::Plain(_) => Unit::Rfc3339,
            Self::Unit(rule) => rule.unit,
        }
    }
}

/// Where an object comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a JSON pointer to an object, or a table of members and where each comes from")]
pub(super) enum ObjectRule {
    /// `"/request"`.
    At(Pointer),
    /// `{ path = "/request/path", host = "/request/host" }`.
    Members(BTreeMap<String, Rule>),
}

impl Default for ObjectRule {
    fn default() -> Self {
        Self::Members(BTreeMap::new())
    }
}

impl ObjectRule {
    /// The members that are there.
    pub(super) fn members(&self, item: &RawValue) -> Result<Members, Mistake> {
        match self {
            Self::Members(rules) => {
                Ok(rules.iter().filter_map(|(name, rule)| Some((name.clone(), rule.raw(item)?))).collect())
            }
            Self::At(pointer) => {
                let Some(found) = pointer.find(item) else { return Ok(Members::default()) };
                let members = items::members(found);
                let members =
                    members.ok_or_else(|| Mistake::invalid(format!("what is at `{pointer}` is no object")))?;
                Ok(members.into_iter().map(|(name, value)| (name, value.to_owned())).collect())
            }
        }
    }
}
