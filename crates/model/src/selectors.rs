//! Which records a trail or an event data store wants.

mod advanced;
mod arns;
mod basic;
mod fields;
pub mod tables;

use serde::{Deserialize, Serialize};

pub use advanced::{AdvancedEventSelector, AdvancedEventSelectorInput, FieldSelector, FieldSelectorInput};
pub use basic::{DataResource, DataResourceInput, EventSelector, EventSelectorInput, ReadWriteType};
pub use fields::{Field, SelectorSubject};

use crate::record::routed::Routed;

/// The whole selector configuration of a resource. A record is wanted when any selector matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Selectors {
    /// `EventSelectors`.
    Basic(Vec<EventSelector>),
    /// `AdvancedEventSelectors`, as submitted.
    Advanced(Vec<AdvancedEventSelector>),
}

/// The selectors can't be put on the resource; the text is the one that CloudTrail prints.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidEventSelectors(pub String);

/// What a caller submitted: exactly one family must be there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelectorsInput {
    /// `EventSelectors`.
    pub basic: Option<Vec<EventSelectorInput>>,
    /// `AdvancedEventSelectors`.
    pub advanced: Option<Vec<AdvancedEventSelectorInput>>,
}

impl Default for Selectors {
    /// What a new trail has: all management events.
    fn default() -> Self {
        Self::Basic(vec![EventSelector::default()])
    }
}

impl Selectors {
    /// Checks what a caller submitted for a resource in `partition` (`aws`, `aws-cn`, …), and fills in defaults. The
    /// order of selectors and fields is kept: this is what PutEventSelectors echoes.
    pub fn validate(
        input: SelectorsInput,
        subject: SelectorSubject,
        partition: &str,
    ) -> Result<Self, InvalidEventSelectors> {
        match (input.basic, input.advanced) {
            (Some(_), Some(_)) => Err(InvalidEventSelectors(
                "You can select events by using either EventSelectors or AdvancedEventSelectors, but not both."
                    .to_owned(),
            )),
            (basic, None) => basic::validate(basic.unwrap_or_default(), partition).map(Self::Basic),
            (None, Some(advanced)) => advanced::validate(advanced, subject, partition).map(Self::Advanced),
        }
    }

    /// Does any selector want this record?
    pub fn matches(&self, event: &Routed<'_>) -> bool {
        match self {
            Self::Basic(selectors) => selectors.iter().any(|selector| selector.matches(event)),
            Self::Advanced(selectors) => selectors.iter().any(|selector| selector.matches(event)),
        }
    }

    /// The form that GetEventSelectors prints: the field selectors of advanced selectors are sorted by field.
    #[must_use]
    pub fn sorted(&self) -> Self {
        let mut sorted = self.clone();
        if let Self::Advanced(selectors) = &mut sorted {
            for selector in selectors {
                selector.field_selectors.sort_by_key(|field| field.field.as_str());
            }
        }
        sorted
    }

    /// Is this what a new trail has?
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests;
