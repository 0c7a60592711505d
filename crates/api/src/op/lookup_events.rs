//! LookupEvents: Event history, the management or Insights events of the account in the called Region, newest first.
//!
//! - Seen: the members of an event and how they are printed (`ReadOnly` as text, `Resources` empty when there are none,
//!   `AccessKeyId` and `Username` left out); the user's or the session's name as `Username`; the resources of trails,
//!   IAM, STS and EC2; a `ReadOnly` other than `true` and `false` refused; a type of resource that doesn't exist finds
//!   nothing; a start in the future without an end refused; values that are longer than 2000 by the documented weights accepted.
//! - Documented: one attribute at most, eight keys, of which three find Insights events; both ends of the range
//!   belong to it; 50 events a page at most; the token is good for the same parameters only.
//! - Ours: the texts of the errors; matches are exact, case included, also those of user names; the resources of other
//!   services follow the same manner; a token holds while events arrive and does not expire; how many calls a caller makes is
//!   not limited, where AWS answers two a second; imported events older than 90 days are found like others.

use opentrail_lake::{Found, Lookup};
use opentrail_model::filter::{Attribute, Filter};
use opentrail_model::{EventCategory, View};
use opentrail_stdx::Timestamp;
use opentrail_wire::shapes::{
    self, Event, LookupAttribute, LookupAttributeKey as Key, LookupEventsRequest, LookupEventsResponse, Resource,
};

use crate::page_token::Binding;
use crate::view::timestamp;
use crate::{Api, Caller, Error};

/// Events of a page when the caller doesn't say; also the most that he may ask for.
const PAGE: usize = 50;

pub(crate) async fn lookup_events(
    api: &Api,
    caller: &Caller,
    input: LookupEventsRequest,
) -> Result<LookupEventsResponse, Error> {
    let category = category(input.event_category.as_ref());
    let attribute = attribute(input.lookup_attributes.as_deref().unwrap_or_default(), category)?;
    let (from, to) = range(&input, api.clock.now())?;
    let binding = binding(caller, &input);
    let after = match &input.next_token {
        Some(token) => Some(binding.place(token).ok_or(Error::NextToken)?),
        None => None,
    };
    let limit = input.max_results.and_then(|max| usize::try_from(max).ok()).unwrap_or(PAGE).min(PAGE);
    let filter = filter(caller, category, attribute);
    let page = api.history.lookup(caller.account(), Lookup { filter, from, to, after, limit }).await?;
    Ok(LookupEventsResponse {
        events: Some(page.events.iter().map(show).collect()),
        next_token: page.next.map(|place| binding.token(place)),
    })
}

fn category(asked: Option<&shapes::EventCategory>) -> EventCategory {
    match asked {
        Some(_insight) => EventCategory::Insight,
        None => EventCategory::Management,
    }
}

/// The one attribute that is asked for.
fn attribute(given: &[LookupAttribute], category: EventCategory) -> Result<Option<Filter>, Error> {
    let [LookupAttribute { attribute_key, attribute_value }] = given else {
        return match given {
            [] => Ok(None),
            _ => Err(Error::LookupAttributes("You can look up events by one attribute only.")),
        };
    };
    let attribute = match attribute_key {
        Key::EventId => Attribute::EventId,
        Key::EventName => Attribute::EventName,
        Key::EventSource => Attribute::EventSource,
        _ if category == EventCategory::Insight => {
            let message = "Insights events can be looked up by EventId, EventName and EventSource only.";
            return Err(Error::LookupAttributes(message));
        }
        Key::ReadOnly if !matches!(attribute_value.as_str(), "true" | "false") => {
            return Err(Error::LookupAttributes("The value of ReadOnly must be true or false."));
        }
        Key::ReadOnly => Attribute::ReadOnly,
        Key::Username => Attribute::Username,
        Key::ResourceType => Attribute::ResourceType,
        Key::ResourceName => Attribute::ResourceName,
        Key::AccessKeyId => Attribute::AccessKeyId,
        Key::Other(_) => return Err(Error::LookupAttributes("There is no such attribute.")),
    };
    Ok(Some(Filter::Is { attribute, value: attribute_value.clone() }))
}

fn range(input: &LookupEventsRequest, now: Timestamp) -> Result<(Option<Timestamp>, Option<Timestamp>), Error> {
    let instant = |at: opentrail_wire::Timestamp| Timestamp::from_ms(at.as_millis());
    let (from, to) = (input.start_time.map(instant), input.end_time.map(instant));
    match (from, to) {
        (Some(from), Some(to)) if from > to => Err(Error::TimeRange),
        (Some(from), None) if from > now => Err(Error::FutureStart),
        _ => Ok((from, to)),
    }
}

/// What a token is bound to: all but the size of a page, which may change on the way.
fn binding(caller: &Caller, input: &LookupEventsRequest) -> Binding {
    let attribute = input.lookup_attributes.as_deref().and_then(<[_]>::first);
    let instant = |at: Option<opentrail_wire::Timestamp>| at.map(|at| at.as_millis().to_string());
    let (from, to) = (instant(input.start_time), instant(input.end_time));
    Binding::new(
        "LookupEvents",
        &[
            Some(caller.account().as_str()),
            Some(caller.region.as_str()),
            Some(category(input.event_category.as_ref()).as_str()),
            attribute.map(|attribute| attribute.attribute_key.as_str()),
            attribute.map(|attribute| attribute.attribute_value.as_str()),
            from.as_deref(),
            to.as_deref(),
        ],
    )
}

fn filter(caller: &Caller, category: EventCategory, attribute: Option<Filter>) -> Filter {
    let is = |attribute, value: &str| Filter::Is { attribute, value: value.to_owned() };
    let mut all = vec![is(Attribute::Category, category.as_str()), is(Attribute::Region, caller.region.as_str())];
    all.extend(attribute);
    Filter::And(all)
}

/// An event as the answer shows it. What its record doesn't say is left out.
fn show(found: &Found) -> Event {
    let view = View::parse(&found.record).unwrap_or_default();
    let (event_source, event_name) = view.lookup_operation();
    let identity = view.user_identity.as_ref();
    let access_key = identity.and_then(|identity| identity.access_key_id.as_deref());
    let resources = view.lookup_resources().into_iter().map(|resource| Resource {
        resource_type: resource.kind.map(Into::into),
        resource_name: Some(resource.name.into()),
    });
    Event {
        event_id: view.event_id.as_deref().map(str::to_owned),
        event_name: event_name.map(Into::into),
        read_only: Some(view.is_read().to_string()),
        access_key_id: access_key.filter(|id| !id.is_empty()).map(str::to_owned),
        event_time: Some(timestamp(found.place.time)),
        event_source: event_source.map(Into::into),
        username: view.username().map(Into::into),
        resources: Some(resources.collect()),
        cloud_trail_event: Some(String::from_utf8_lossy(&found.record).into_owned()),
    }
}
