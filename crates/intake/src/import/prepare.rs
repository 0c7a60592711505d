//! What must be known of a record before it is appended.

use bytes::Bytes;
use opentrail_journal::{Category, Options};
use opentrail_model::{EventCategory, Region, View};
use opentrail_stdx::Timestamp;

/// The Region under which a record is kept that names none, or one that can't be.
const UNKNOWN_REGION: &str = "unknown";

/// A record that can be brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Its own bytes.
    pub text: Bytes,
    /// Its `awsRegion`, or `unknown`.
    pub region: String,
    /// Its category, named or derived.
    pub category: Category,
    /// When its event took place, if it tells.
    pub time: Option<Timestamp>,
    /// Its `eventID`, if it has one.
    pub event_id: Option<String>,
}

/// Looks at a record once. Any JSON object that could be CloudTrail's is taken, of any version and with members of any
/// shape; an error says why it isn't one.
pub fn prepare(text: Bytes) -> Result<Prepared, String> {
    let bytes_max = Options::default().record_bytes_max;
    if text.len() > usize::try_from(bytes_max).unwrap_or(usize::MAX) {
        return Err(format!("it has {} bytes, more than the {bytes_max} that are kept", text.len()));
    }
    let view = View::parse(&text).map_err(|error| {
        let source = std::error::Error::source(&error).map(|source| format!(": {source}"));
        format!("{error}{}", source.unwrap_or_default())
    })?;
    if !is_of_cloudtrail(&view) {
        return Err("it has none of the members that records of CloudTrail have".to_owned());
    }
    let region = view.aws_region.as_deref().filter(|region| region.parse::<Region>().is_ok());
    let (region, category) = (region.unwrap_or(UNKNOWN_REGION).to_owned(), category(view.category()));
    let (time, event_id) = (view.instant(), view.event_id.as_deref().map(str::to_owned));
    Ok(Prepared { text, region, category, time, event_id })
}

/// An object that holds something else, such as a digest, has none of these.
fn is_of_cloudtrail(view: &View<'_>) -> bool {
    let texts =
        [&view.event_version, &view.event_name, &view.event_source, &view.event_time, &view.event_id, &view.event_type];
    texts.into_iter().any(Option::is_some) || view.insight_details.is_some() || view.window_start.is_some()
}

fn category(category: EventCategory) -> Category {
    match category {
        EventCategory::Management => Category::Management,
        EventCategory::Data => Category::Data,
        EventCategory::NetworkActivity => Category::NetworkActivity,
        EventCategory::Insight => Category::Insight,
        EventCategory::ActivityAuditLog => Category::ActivityAuditLog,
        EventCategory::Aggregated => Category::Aggregated,
        EventCategory::Other => Category::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(text: &'static str) -> Result<(String, Category), String> {
        prepare(Bytes::from_static(text.as_bytes())).map(|it| (it.region, it.category))
    }

    #[test]
    fn any_record_is_taken() {
        let check = |text, region: &str, category| assert_eq!(prepared(text), Ok((region.to_owned(), category)));
        check(r#"{"eventVersion":"1.0","awsRegion":"eu-west-1"}"#, "eu-west-1", Category::Management);
        check(r#"{"eventName":"PutObject","awsRegion":7,"managementEvent":false}"#, "unknown", Category::Data);
        check(
            r#"{"eventId":"E","eventCategory":"Aggregated","awsRegion":"Not A Region"}"#,
            "unknown",
            Category::Aggregated,
        );
        check(r#"{"eventTime":"x","eventCategory":"Future"}"#, "unknown", Category::Other);
        check(r#"{"insightDetails":{},"awsRegion":"us-east-1"}"#, "us-east-1", Category::Insight);
    }

    #[test]
    fn what_is_no_record_is_refused() {
        assert!(
            prepared(r#"{"digestS3Bucket":"b","logFiles":[]}"#).is_err_and(|it| it.contains("none of the members"))
        );
        assert!(prepared(r#"{"eventName":tru}"#).is_err_and(|it| it.contains("expected ident at line 1")));
        assert!(prepared("[]").is_err());
    }
}
