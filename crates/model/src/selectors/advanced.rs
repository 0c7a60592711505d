//! Advanced selectors (CloudTrail API reference, `AdvancedEventSelector` and `AdvancedFieldSelector`).

use serde::{Deserialize, Serialize};

use super::InvalidEventSelectors;
use super::fields::{Field, SelectorSubject};
use crate::record::routed::Routed;

/// An advanced selector: all its fields must match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdvancedEventSelector {
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its conditions, in the order in which they were submitted.
    pub field_selectors: Vec<FieldSelector>,
}

/// A condition on one field. An operator without values doesn't count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldSelector {
    /// The field.
    pub field: Field,
    /// Selected when equal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equals: Vec<String>,
    /// Selected when it begins so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts_with: Vec<String>,
    /// Selected when it ends so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends_with: Vec<String>,
    /// Refused when equal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_equals: Vec<String>,
    /// Refused when it begins so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_starts_with: Vec<String>,
    /// Refused when it ends so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_ends_with: Vec<String>,
}

/// An advanced selector as submitted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AdvancedEventSelectorInput {
    /// `Name`.
    pub name: Option<String>,
    /// `FieldSelectors`.
    pub field_selectors: Vec<FieldSelectorInput>,
}

/// A condition as submitted; absent operators are empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "each is named like the member of the request")]
pub struct FieldSelectorInput {
    pub field: String,
    pub equals: Vec<String>,
    pub starts_with: Vec<String>,
    pub ends_with: Vec<String>,
    pub not_equals: Vec<String>,
    pub not_starts_with: Vec<String>,
    pub not_ends_with: Vec<String>,
}

impl AdvancedEventSelector {
    pub(super) fn matches(&self, event: &Routed<'_>) -> bool {
        self.field_selectors.iter().all(|selector| selector.matches(event))
    }
}

impl FieldSelector {
    /// Selected by some operator (or there is none that selects), and refused by none.
    fn matches(&self, event: &Routed<'_>) -> bool {
        let selects = [&self.equals, &self.starts_with, &self.ends_with].iter().any(|values| !values.is_empty());
        (!selects || self.any_value(event, Self::is_selected)) && !self.any_value(event, Self::is_refused)
    }

    fn is_selected(&self, value: &str) -> bool {
        self.equals.iter().any(|wanted| value == wanted)
            || self.starts_with.iter().any(|wanted| value.starts_with(wanted.as_str()))
            || self.ends_with.iter().any(|wanted| value.ends_with(wanted.as_str()))
    }

    fn is_refused(&self, value: &str) -> bool {
        self.not_equals.iter().any(|unwanted| value == unwanted)
            || self.not_starts_with.iter().any(|unwanted| value.starts_with(unwanted.as_str()))
            || self.not_ends_with.iter().any(|unwanted| value.ends_with(unwanted.as_str()))
    }

    /// Does `test` hold for any value that the record has in this field? `resources` can have several; an absent member
    /// has none, so that no operator selects it and none refuses it.
    fn any_value(&self, event: &Routed<'_>, test: impl Fn(&Self, &str) -> bool) -> bool {
        let test = |value: &str| test(self, value);
        match self.field {
            Field::ResourcesArn => event.resources.iter().filter_map(|resource| resource.arn.as_deref()).any(test),
            Field::ResourcesType => event.resources.iter().filter_map(|resource| resource.kind.as_deref()).any(test),
            Field::EventCategory => test(event.category.as_str()),
            Field::ReadOnly => event.read_only.is_some_and(|flag| test(if flag { "true" } else { "false" })),
            Field::ErrorCode => event.error_code.as_deref().is_some_and(test),
            Field::EventName => event.event_name.as_deref().is_some_and(test),
            Field::EventSource => event.event_source.as_deref().is_some_and(test),
            Field::EventType => event.event_type.as_deref().is_some_and(test),
            Field::SessionCredentialFromConsole => event.session_credential_from_console.as_deref().is_some_and(test),
            Field::UserIdentityArn => event.user_identity.arn.as_deref().is_some_and(test),
            Field::VpcEndpointId => event.vpc_endpoint_id.as_deref().is_some_and(test),
        }
    }
}

/// How many values all operators may have together.
const VALUES_MAX: usize = 500;
/// How many advanced selectors an event data store may have.
const STORE_SELECTORS_MAX: usize = 5;

/// Checks advanced selectors.
pub(super) fn validate(
    input: Vec<AdvancedEventSelectorInput>,
    subject: SelectorSubject,
    partition: &str,
) -> Result<Vec<AdvancedEventSelector>, InvalidEventSelectors> {
    let values: usize =
        input.iter().flat_map(|selector| &selector.field_selectors).map(FieldSelectorInput::count).sum();
    let is_too_many = subject == SelectorSubject::EventDataStore && input.len() > STORE_SELECTORS_MAX;
    if input.is_empty() || values > VALUES_MAX || is_too_many {
        return Err(InvalidEventSelectors(subject.count_message().to_owned()));
    }
    let is_alone = input.len() == 1;
    input.into_iter().map(|selector| validate_one(selector, subject, partition, is_alone)).collect()
}

impl SelectorSubject {
    fn count_message(self) -> &'static str {
        match self {
            Self::Trail => "Specify between 1 and 500 selectors for your trail.",
            Self::EventDataStore => {
                "Specify between 1 and 5 selectors, with at most 500 values, for your event data store."
            }
        }
    }
}

fn validate_one(
    input: AdvancedEventSelectorInput,
    subject: SelectorSubject,
    partition: &str,
    is_alone: bool,
) -> Result<AdvancedEventSelector, InvalidEventSelectors> {
    let field_selectors =
        input.field_selectors.into_iter().map(FieldSelectorInput::into_selector).collect::<Result<Vec<_>, _>>()?;
    rules::check(&field_selectors, subject, partition, is_alone).map_err(InvalidEventSelectors)?;
    Ok(AdvancedEventSelector { name: input.name, field_selectors })
}

impl FieldSelectorInput {
    fn count(&self) -> usize {
        [&self.equals, &self.starts_with, &self.ends_with, &self.not_equals, &self.not_starts_with, &self.not_ends_with]
            .iter()
            .map(|values| values.len())
            .sum()
    }

    fn into_selector(self) -> Result<FieldSelector, InvalidEventSelectors> {
        let Some(field) = Field::from_name(&self.field) else {
            return Err(InvalidEventSelectors(format!("The field {} is not valid.", self.field)));
        };
        Ok(FieldSelector {
            field,
            equals: self.equals,
            starts_with: self.starts_with,
            ends_with: self.ends_with,
            not_equals: self.not_equals,
            not_starts_with: self.not_starts_with,
            not_ends_with: self.not_ends_with,
        })
    }
}

mod rules;
