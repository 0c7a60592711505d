//! Requests and responses as CloudTrail records show them.
//!
//! In `requestParameters` and `responseElements` the members of structures begin with a small letter
//! (`S3BucketName` → `s3BucketName`), the keys of maps stay as they are, dates are text (`Sep 13, 2026 7:02:13 PM`),
//! members that are absent or that the model doesn't know are left out, and sensitive ones are hidden.

use serde_json::{Map, Value};

use crate::schema::{Kind, Member, Shape};
use crate::validate::{lower_first, types};
use crate::{Operation, Timestamp};

/// What stands for a value that must not be shown.
pub const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// The `requestParameters` of a call: null when there are none, or when the body is not of the model's types.
pub fn event_parameters(operation: Operation, body: &Value) -> Value {
    shown_or_null(operation.input(), body)
}

/// The `responseElements` of an answer: null when it is empty. Records of reads show none at all; that is for the
/// caller to know.
pub fn event_elements(operation: Operation, body: &Value) -> Value {
    shown_or_null(operation.output(), body)
}

fn shown_or_null(shape: &Shape, value: &Value) -> Value {
    if types(shape, value).is_err() {
        return Value::Null;
    }
    match shown(shape, value) {
        Value::Object(members) if members.is_empty() => Value::Null,
        other => other,
    }
}

fn shown(shape: &Shape, value: &Value) -> Value {
    if shape.sensitive {
        return Value::String(HIDDEN.to_owned());
    }
    match (&shape.kind, value) {
        (Kind::Structure(members), Value::Object(object)) => Value::Object(structure(members, object)),
        (Kind::List { member, .. }, Value::Array(items)) => items.iter().map(|item| shown(member, item)).collect(),
        (Kind::Map { value: inner, .. }, Value::Object(entries)) => {
            entries.iter().map(|(key, value)| (key.clone(), shown(inner, value))).collect()
        }
        (Kind::Timestamp, value) => match Timestamp::from_json(value) {
            Some(instant) => Value::String(instant.to_record_date()),
            None => value.clone(),
        },
        (_, value) => value.clone(),
    }
}

fn structure(members: &[Member], object: &Map<String, Value>) -> Map<String, Value> {
    let present = |member: &Member| {
        let value = object.get(member.name).filter(|value| !value.is_null())?;
        Some((lower_first(member.name), shown(member.shape, value)))
    };
    members.iter().filter_map(present).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    fn check(shown: &Value, expected: &Expect) {
        expected.assert_eq(&shown.to_string());
    }

    #[test]
    fn members_begin_small_and_strangers_go() {
        let body = json!({
            "Name": "audit", "S3BucketName": "logs", "IsMultiRegionTrail": null, "Surprise": 1,
            "TagsList": [{"Key": "Team", "Value": "Blue"}],
        });
        check(
            &event_parameters(Operation::CreateTrail, &body),
            &expect![[r#"{"name":"audit","s3BucketName":"logs","tagsList":[{"key":"Team","value":"Blue"}]}"#]],
        );
    }

    #[test]
    fn map_keys_stay() {
        let body = json!({"DashboardId": "d", "QueryParameterValues": {"$StartTime$": "x", "Upper": "y"}});
        check(
            &event_parameters(Operation::StartDashboardRefresh, &body),
            &expect![[r#"{"dashboardId":"d","queryParameterValues":{"$StartTime$":"x","Upper":"y"}}"#]],
        );
    }

    #[test]
    fn dates_are_text() {
        let body = json!({"StartTime": 1_789_326_133, "EndTime": "2026-09-14T07:02:13Z", "MaxResults": 5});
        check(
            &event_parameters(Operation::LookupEvents, &body),
            &expect![[r#"{"startTime":"Sep 13, 2026 7:02:13 PM","endTime":"Sep 14, 2026 7:02:13 AM","maxResults":5}"#]],
        );
        let answer = json!({"IsLogging": true, "StartLoggingTime": 1.789_326_133_5E9});
        check(
            &event_elements(Operation::GetTrailStatus, &answer),
            &expect![[r#"{"isLogging":true,"startLoggingTime":"Sep 13, 2026 7:02:13 PM"}"#]],
        );
    }

    #[test]
    fn nothing_is_null() {
        assert_eq!(event_parameters(Operation::DescribeTrails, &json!({})), Value::Null);
        assert_eq!(event_elements(Operation::StopLogging, &json!({})), Value::Null);
        assert_eq!(event_parameters(Operation::StopLogging, &json!({"Name": 7})), Value::Null);
        assert_eq!(event_parameters(Operation::StopLogging, &json!("x")), Value::Null);
    }
}
