//! Which values a record is found by.

use std::borrow::Cow;

use super::Attribute;
use crate::record::{EventCategory, View};

/// The values that a record has for each attribute, borrowed from its text where that is possible. Empty values are
/// none; a value that an attribute has twice is there once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms<'a>(Vec<(Attribute, Cow<'a, str>)>);

impl<'a> Terms<'a> {
    /// The terms of a record.
    pub fn of(view: &'a View<'_>) -> Self {
        let mut terms = Self(Vec::with_capacity(16));
        let identity = view.user_identity.as_ref();
        terms.add(Attribute::EventId, view.event_id.as_deref());
        let (source, name) = view.lookup_operation();
        terms.add(Attribute::EventName, name);
        terms.add(Attribute::ReadOnly, Some(if view.is_read() { "true" } else { "false" }));
        terms.add(Attribute::Username, view.username());
        terms.add(Attribute::EventSource, source);
        terms.add(Attribute::AccessKeyId, identity.and_then(|it| it.access_key_id.as_deref()));
        terms.add(Attribute::SourceIp, view.source_ip_address.as_deref());
        terms.add(Attribute::ErrorCode, view.error_code.as_deref());
        terms.add(Attribute::UserArn, identity.and_then(|it| it.arn.as_deref()));
        terms.add(Attribute::Region, view.aws_region.as_deref());
        terms.add(Attribute::Account, view.recipient_account_id.as_deref());
        terms.add(Attribute::Category, Some(category(view)));
        for resource in view.lookup_resources() {
            terms.add(Attribute::ResourceType, resource.kind);
            terms.add(Attribute::ResourceName, Some(resource.name));
        }
        terms
    }

    /// The values of one attribute.
    pub fn values(&self, attribute: Attribute) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(of, _)| *of == attribute).map(|(_, term)| term.as_ref())
    }

    /// All values with their attributes.
    pub fn iter(&self) -> impl Iterator<Item = (Attribute, &str)> {
        self.0.iter().map(|(attribute, term)| (*attribute, term.as_ref()))
    }

    fn add(&mut self, attribute: Attribute, term: Option<impl Into<Cow<'a, str>>>) {
        if let Some(term) = term.map(Into::into)
            && !term.is_empty()
            && !self.values(attribute).any(|known| known == term)
        {
            self.0.push((attribute, term));
        }
    }
}

/// The category that the record names, also one that we don't know, or else the one that follows.
fn category<'a>(view: &'a View<'_>) -> &'a str {
    match view.category() {
        EventCategory::Other => view.event_category.as_deref().unwrap_or_default(),
        known => known.as_str(),
    }
}
