//! `OpenTrail.SummarizeEvents`: how many events, over time and by their values; described in `docs/lookup.md`.

use std::time::Duration;

use bytes::Bytes;
use opentrail_lake::{Facet, Summarize, Summary};
use opentrail_model::filter::{Attribute, Filter};
use opentrail_stdx::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::question::{InvalidQuestion, Written};
use super::search::SearchError;
use crate::app::App;
use crate::gate::Authenticated;

/// After so long the rest is not counted, and the answer says so.
const COUNT_TIME_MAX: Duration = Duration::from_secs(10);
/// Parts of the time, when the caller doesn't say how many.
const BUCKETS: usize = 60;
/// Values of a facet, when the caller doesn't say how many.
const TOP: usize = 10;
/// The most that he may ask for.
const BUCKETS_MAX: usize = 500;
const TOP_MAX: usize = 100;

/// The request as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
struct SummarizeEvents {
    filter: Option<Filter>,
    r#where: Option<String>,
    start_time: Option<Value>,
    end_time: Option<Value>,
    categories: Option<Vec<String>>,
    regions: Option<Vec<String>>,
    buckets: Option<usize>,
    facets: Vec<Attribute>,
    top: Option<usize>,
}

/// Counts.
pub(crate) async fn answer(app: &App, body: &Bytes, caller: &Authenticated) -> Result<Value, SearchError> {
    let now = app.clock.now();
    let question = read(body, now)?;
    let _turn = app.counting.acquire().await;
    let account = &caller.key().principal.account;
    let until = app.clock.now().plus(COUNT_TIME_MAX);
    Ok(show(&app.history.summarize(account, question, until).await?))
}

fn read(body: &[u8], now: Timestamp) -> Result<Summarize, InvalidQuestion> {
    let body = if body.is_empty() { b"{}" } else { body };
    let request: SummarizeEvents = serde_json::from_slice(body)
        .map_err(|error| InvalidQuestion(format!("the body is not as expected: {error}")))?;
    let written = Written {
        filter: request.filter,
        r#where: request.r#where,
        start_time: request.start_time,
        end_time: request.end_time,
        categories: request.categories,
        regions: request.regions,
    };
    let question = written.understand(Some(now))?;
    if request.facets.contains(&Attribute::EventId) {
        return Err(InvalidQuestion("`Facets`: every event has an event-id of its own".to_owned()));
    }
    if (1..request.facets.len()).any(|place| request.facets[..place].contains(&request.facets[place])) {
        return Err(InvalidQuestion("`Facets` must name each attribute once".to_owned()));
    }
    Ok(Summarize {
        filter: question.filter,
        from: question.from,
        to: question.to.unwrap_or(now),
        buckets_max: within("Buckets", request.buckets, BUCKETS, BUCKETS_MAX)?,
        facets: request.facets,
        top: within("Top", request.top, TOP, TOP_MAX)?,
    })
}

fn within(name: &str, asked: Option<usize>, usual: usize, max: usize) -> Result<usize, InvalidQuestion> {
    match asked.unwrap_or(usual) {
        count if (1..=max).contains(&count) => Ok(count),
        _ => Err(InvalidQuestion(format!("`{name}` must be from 1 to {max}"))),
    }
}

fn show(summary: &Summary) -> Value {
    let bucket = |bucket: &opentrail_lake::Bucket| json!({ "Start": bucket.start.iso_ms(), "Count": bucket.count, "Errors": bucket.errors });
    json!({
        "StartTime": summary.from.iso_ms(),
        "EndTime": summary.to.iso_ms(),
        "Total": summary.total,
        "BucketSeconds": summary.bucket.as_secs(),
        "Histogram": summary.buckets.iter().map(bucket).collect::<Vec<_>>(),
        "Facets": summary.facets.iter().map(show_facet).collect::<Vec<_>>(),
        "IsExact": summary.is_exact,
    })
}

fn show_facet(facet: &Facet) -> Value {
    let values: Vec<_> = facet.values.iter().map(|(value, count)| json!({ "Value": value, "Count": count })).collect();
    json!({
        "Attribute": facet.attribute,
        "Values": values,
        "Distinct": facet.distinct,
        "Others": facet.others,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(body: &str) -> String {
        read(body.as_bytes(), Timestamp::from_secs(1_000)).expect_err(body).to_string()
    }

    #[test]
    fn what_is_not_said_has_its_usual_value() {
        let now = Timestamp::from_secs(1_000);
        let asked = read(b"", now).expect("a question");
        assert_eq!((asked.to, asked.buckets_max, asked.top, asked.facets.len()), (now, 60, 10, 0));
        assert_eq!(asked.filter.to_string(), "category = Management");
        let body = br#"{"Facets":["username","error-code"],"Buckets":500,"Top":100,"EndTime":5,"Categories":["all"]}"#;
        let asked = read(body, now).expect("a question");
        assert_eq!(asked.facets, [Attribute::Username, Attribute::ErrorCode]);
        assert_eq!((asked.to, asked.buckets_max, asked.top), (Timestamp::from_secs(5), 500, 100));
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert_eq!(refused(r#"{"Buckets":0}"#), "`Buckets` must be from 1 to 500");
        assert_eq!(refused(r#"{"Top":101}"#), "`Top` must be from 1 to 100");
        assert_eq!(refused(r#"{"Facets":["event-id"]}"#), "`Facets`: every event has an event-id of its own");
        assert_eq!(refused(r#"{"Facets":["region","region"]}"#), "`Facets` must name each attribute once");
        assert!(refused(r#"{"Facets":["colour"]}"#).contains("unknown attribute `colour`"));
        assert!(refused(r#"{"StartTime":2000}"#).contains("nor in the future"));
    }
}
