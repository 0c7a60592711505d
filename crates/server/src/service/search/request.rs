//! What a search asks for.

use opentrail_model::filter::{Attribute, Filter};
use opentrail_stdx::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::SearchError;

/// The request as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
struct SearchEvents {
    filter: Option<Filter>,
    r#where: Option<String>,
    start_time: Option<Value>,
    end_time: Option<Value>,
    categories: Option<Vec<String>>,
    regions: Option<Vec<String>>,
    limit: Option<u64>,
    follow: bool,
    position: Option<u64>,
}

/// The request, understood.
#[derive(Debug)]
pub(super) struct Search {
    pub(super) filter: Filter,
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
    /// The most events; none: all.
    pub(super) limit: Option<u64>,
    /// Answer what arrives, in the order in which it does, and wait for more.
    pub(super) is_follow: bool,
    /// Where following begins.
    pub(super) position: Option<u64>,
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

impl Search {
    /// Reads the body of a request; an empty one asks for all management events.
    pub(super) fn read(body: &[u8], now: Timestamp) -> Result<Self, SearchError> {
        let body = if body.is_empty() { b"{}" } else { body };
        let request: SearchEvents = serde_json::from_slice(body)
            .map_err(|error| SearchError::Invalid(format!("the body is not as expected: {error}")))?;
        let (from, to) = (instant("StartTime", request.start_time)?, instant("EndTime", request.end_time)?);
        if from > to && to.is_some() || to.is_none() && from > Some(now) && !request.follow {
            return Err(SearchError::Invalid(
                "`StartTime` must be neither after `EndTime` nor in the future".to_owned(),
            ));
        }
        let mut parts: Vec<Filter> = categories(request.categories)?.into_iter().collect();
        parts.extend(request.regions.map(|regions| one_of(Attribute::Region, regions)));
        parts.extend(request.filter);
        if let Some(text) = request.r#where {
            let filter = text.parse().map_err(|error| SearchError::Invalid(format!("`Where`: {error}")))?;
            parts.push(filter);
        }
        let filter = Filter::And(parts);
        filter.check().map_err(|error| SearchError::Invalid(error.to_string()))?;
        let (limit, is_follow, position) = (request.limit, request.follow, request.position);
        if position.is_some() && !is_follow {
            return Err(SearchError::Invalid("`Position` is where `Follow` begins; give both or neither".to_owned()));
        }
        Ok(Self { filter, from, to, limit, is_follow, position })
    }
}

fn instant(name: &str, value: Option<Value>) -> Result<Option<Timestamp>, SearchError> {
    let Some(value) = value else { return Ok(None) };
    match opentrail_wire::Timestamp::from_json(&value) {
        Some(at) => Ok(Some(Timestamp::from_ms(at.as_millis()))),
        None => Err(SearchError::Invalid(format!("`{name}` must be seconds since 1970, or text of ISO 8601"))),
    }
}

/// Management events, when nothing else is asked for.
fn categories(asked: Option<Vec<String>>) -> Result<Option<Filter>, SearchError> {
    let asked = asked.unwrap_or_else(|| vec!["management".to_owned()]);
    if asked.iter().any(|name| name.eq_ignore_ascii_case("all")) {
        return Ok(None);
    }
    let known = |name: &String| {
        let found =
            CATEGORIES.iter().find(|(short, long)| name.eq_ignore_ascii_case(short) || name.eq_ignore_ascii_case(long));
        found.map(|(_, long)| (*long).to_owned()).ok_or_else(|| {
            let names: Vec<&str> = CATEGORIES.iter().map(|(short, _)| *short).collect();
            SearchError::Invalid(format!("unknown category `{name}`; there are {} and all", names.join(", ")))
        })
    };
    Ok(Some(one_of(Attribute::Category, asked.iter().map(known).collect::<Result<_, _>>()?)))
}

fn one_of(attribute: Attribute, values: Vec<String>) -> Filter {
    Filter::Or(values.into_iter().map(|value| Filter::Is { attribute, value }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &str) {
        let now = Timestamp::from_secs(1_000);
        let shown = match Search::read(body.as_bytes(), now) {
            Ok(search) => search.filter.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected, "{body}");
    }

    #[test]
    fn all_that_is_asked_must_hold() {
        check("", "category = Management");
        check(r#"{"Categories":["ALL"]}"#, "all");
        check(r#"{"Categories":["data","insight"]}"#, "category = Data OR category = Insight");
        check(
            r#"{"Regions":["eu-west-1"],"Where":"user = a OR user = b","Filter":{"has":"error-code"}}"#,
            "category = Management AND region = eu-west-1 AND error-code = * AND (username = a OR username = b)",
        );
    }

    #[test]
    fn what_is_wrong_is_told() {
        check(
            r#"{"Categories":["dta"]}"#,
            "unknown category `dta`; there are management, data, network, insight, aggregated, activity and all",
        );
        check(r#"{"StartTime":"soon"}"#, "`StartTime` must be seconds since 1970, or text of ISO 8601");
        let range = "`StartTime` must be neither after `EndTime` nor in the future";
        check(r#"{"StartTime":2,"EndTime":1}"#, range);
        check(r#"{"StartTime":2000}"#, range);
        check(r#"{"EndTime":1}"#, "category = Management");
        check(r#"{"StartTime":2000,"EndTime":2001}"#, "category = Management");
        check(
            r#"{"Where":"usr = x"}"#,
            "`Where`: there is no attribute `usr`; did you mean `username`? (at character 1)",
        );
        check(r#"{"Position":1}"#, "`Position` is where `Follow` begins; give both or neither");
        check(
            r#"{"Fllow":true}"#,
            "the body is not as expected: unknown field `Fllow`, expected one of `Filter`, `Where`, `StartTime`, `EndTime`, `Categories`, `Regions`, `Limit`, `Follow`, `Position` at line 1 column 8",
        );
    }
}
