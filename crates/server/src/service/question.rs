//! Which events are meant: what searches and summaries ask in the same words.

use opentrail_model::filter::{Attribute, Filter};
use opentrail_stdx::Timestamp;
use serde_json::Value;

/// Something in a question that its caller mends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct InvalidQuestion(pub(crate) String);

/// The members of a request that tell which events, as they are written.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) filter: Option<Filter>,
    pub(crate) r#where: Option<String>,
    pub(crate) start_time: Option<Value>,
    pub(crate) end_time: Option<Value>,
    pub(crate) categories: Option<Vec<String>>,
    pub(crate) regions: Option<Vec<String>>,
}

/// The same, understood.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) filter: Filter,
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
}

/// What people call the categories, and what records do.
const CATEGORIES: [(&str, &str); 6] = [
    ("management", "Management"),
    ("data", "Data"),
    ("network", "NetworkActivity"),
    ("insight", "Insight"),
    ("aggregated", "Aggregated"),
    ("activity", "ActivityAuditLog"),
];

impl Written {
    /// Management events, when nothing else is asked for. A start without an end must lie before `now`, if it is given.
    pub(crate) fn understand(self, now: Option<Timestamp>) -> Result<Question, InvalidQuestion> {
        let (from, to) = (instant("StartTime", self.start_time)?, instant("EndTime", self.end_time)?);
        if from > to && to.is_some() || to.is_none() && now.is_some() && from > now {
            let message = "`StartTime` must be neither after `EndTime` nor in the future";
            return Err(InvalidQuestion(message.to_owned()));
        }
        let mut parts: Vec<Filter> = categories(self.categories)?.into_iter().collect();
        parts.extend(self.regions.map(|regions| one_of(Attribute::Region, regions)));
        parts.extend(self.filter);
        if let Some(text) = self.r#where {
            parts.push(text.parse().map_err(|error| InvalidQuestion(format!("`Where`: {error}")))?);
        }
        let filter = Filter::And(parts);
        filter.check().map_err(|error| InvalidQuestion(error.to_string()))?;
        Ok(Question { filter, from, to })
    }
}

pub(crate) fn instant(name: &str, value: Option<Value>) -> Result<Option<Timestamp>, InvalidQuestion> {
    let Some(value) = value else { return Ok(None) };
    match opentrail_wire::Timestamp::from_json(&value) {
        Some(at) => Ok(Some(Timestamp::from_ms(at.as_millis()))),
        None => Err(InvalidQuestion(format!("`{name}` must be seconds since 1970, or text of ISO 8601"))),
    }
}

fn categories(asked: Option<Vec<String>>) -> Result<Option<Filter>, InvalidQuestion> {
    let asked = asked.unwrap_or_else(|| vec!["management".to_owned()]);
    if asked.iter().any(|name| name.eq_ignore_ascii_case("all")) {
        return Ok(None);
    }
    let known = |name: &String| {
        let found =
            CATEGORIES.iter().find(|(short, long)| name.eq_ignore_ascii_case(short) || name.eq_ignore_ascii_case(long));
        found.map(|(_, long)| (*long).to_owned()).ok_or_else(|| {
            let names: Vec<&str> = CATEGORIES.iter().map(|(short, _)| *short).collect();
            InvalidQuestion(format!("unknown category `{name}`; there are {} and all", names.join(", ")))
        })
    };
    Ok(Some(one_of(Attribute::Category, asked.iter().map(known).collect::<Result<_, _>>()?)))
}

fn one_of(attribute: Attribute, values: Vec<String>) -> Filter {
    Filter::Or(values.into_iter().map(|value| Filter::Is { attribute, value }).collect())
}
