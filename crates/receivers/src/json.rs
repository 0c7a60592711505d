//! Any JSON, read as a mapping file says.

mod rule;
mod settings;

use opentrail_stdx::Timestamp;
use serde_json::value::RawValue;

use crate::address::address;
use crate::event::{Event, Failure, User};
use crate::items::{self, Item};
use crate::rejected::Mistake;
use crate::{Delivery, Malformed, Received, uid};

use self::rule::{Pointer, Rule};
use self::settings::Settings;

/// A mapping file (TOML): where the events are in a body, and where in an event its members. `docs/receivers.md` has one.
#[derive(Debug, Clone)]
pub struct Mapping(Settings);

/// Why a text is no mapping file.
#[derive(Debug, thiserror::Error)]
#[error("the mapping file is not valid: {0}")]
pub struct MappingError(#[from] toml::de::Error);

impl Mapping {
    /// Reads a mapping file.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        Ok(Self(toml::from_str(text)?))
    }

    pub(crate) fn receive(&self, delivery: &Delivery<'_>) -> Result<Received, Malformed> {
        let items = events(items::values(delivery.body)?, &self.0.events)?;
        Ok(items::map(items, |item| self.event(item)))
    }

    fn event(&self, item: &RawValue) -> Result<Event, Mistake> {
        if !item.get().starts_with('{') {
            return Err(Mistake::invalid("an event is an object"));
        }
        let rules = &self.0;
        let text = |rule: &Option<Rule>| rule.as_ref().map_or(Ok(None), |rule| rule.text(item));
        let required = |rule: &Rule, name: &str| rule.text(item)?.ok_or_else(|| missing(rule, name));
        let address_text = text(&rules.source_ip_address)?;
        let source_ip_address = address_text.as_deref().and_then(address);
        let told = address_text.filter(|_| source_ip_address.is_none());
        Ok(Event {
            uid: text(&rules.uid)?.unwrap_or_else(|| uid::of_content(item.get().as_bytes())),
            event_name: required(&rules.event_name, "eventName")?,
            event_source: required(&rules.event_source, "eventSource")?,
            event_time: self.time(item)?,
            user: User {
                kind: required(&rules.user_identity.kind, "userIdentity.type")?,
                principal_id: required(&rules.user_identity.principal_id, "userIdentity.principalId")?,
                details: rules.user_identity.details.members(item)?,
            },
            user_agent: text(&rules.user_agent)?,
            source_ip_address,
            failure: failure(text(&rules.error_code)?, text(&rules.error_message)?),
            request_parameters: rules.request_parameters.members(item)?,
            response_elements: rules.response_elements.members(item)?,
            additional: rules.additional_event_data.members(item)?.text("sourceAddress", told.as_deref()),
        })
    }

    fn time(&self, item: &RawValue) -> Result<Timestamp, Mistake> {
        let rule = &self.0.event_time;
        let text = rule.rule().text(item)?.ok_or_else(|| missing(rule.rule(), "eventTime"))?;
        rule.unit().parse(&text).ok_or_else(|| {
            Mistake::invalid(format!("`eventTime` is `{}`, which is no {}", clipped(&text), rule.unit()))
        })
    }
}

fn failure(code: Option<String>, message: Option<String>) -> Option<Failure> {
    match (code, message) {
        (None, None) => None,
        (code, message) => Some(Failure { code: code.unwrap_or_else(|| "Error".to_owned()), message }),
    }
}

fn missing(rule: &Rule, name: &str) -> Mistake {
    Mistake::nowhere(name, &rule.to_string())
}

/// As much of a text as a message has room for.
fn clipped(text: &str) -> String {
    text.chars().take(64).collect()
}

/// The events in the values of a body.
fn events<'a>(values: Vec<Item<'a>>, list: &Pointer) -> Result<Vec<Item<'a>>, Malformed> {
    if list.is_whole() {
        return Ok(values);
    }
    let mut items = Vec::new();
    for (place, value) in values {
        let found = list.find(value).ok_or_else(|| Malformed::Broken(format!("{place} has no events at `{list}`")))?;
        items::spread(&mut items, &format!("{place}{list}"), found)?;
    }
    Ok(items)
}
