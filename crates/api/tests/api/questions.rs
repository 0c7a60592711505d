//! Generated records, questions about them, and what a naive filter answers.

use opentrail_wire::Operation::LookupEvents;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::{ABROAD, HOME, World};

/// A management record of a Region with these members.
pub(crate) fn record(region: &str, time: &str, more: Value) -> Value {
    let mut record =
        json!({"eventVersion": "1.11", "eventTime": time, "awsRegion": region, "eventCategory": "Management"});
    record.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    record
}

/// What the naive answer finds a record by: a plain reading of the API's definition, apart from the code under test.
fn values(record: &Value, key: &str) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned).into_iter().collect::<Vec<_>>();
    let identity = &record["userIdentity"];
    let bucket = &record["requestParameters"]["bucketName"];
    match key {
        "EventId" => text(&record["eventID"]),
        "EventName" => text(&record["eventName"]),
        "EventSource" => text(&record["eventSource"]),
        "AccessKeyId" => text(&identity["accessKeyId"]),
        "ReadOnly" => vec![record["readOnly"].to_string()],
        "Username" => match identity["type"].as_str() {
            Some("Root") => vec!["root".to_owned()],
            Some("AssumedRole") => {
                text(&identity["arn"]).iter().filter_map(|arn| arn.split('/').nth(2)).map(str::to_owned).collect()
            }
            _ => text(&identity["userName"]),
        },
        "ResourceType" if bucket.is_string() => vec!["AWS::S3::Bucket".to_owned()],
        "ResourceName" => text(bucket),
        _ => Vec::new(),
    }
}

pub(crate) fn records() -> impl Strategy<Value = Vec<Value>> {
    let identity = prop_oneof![
        "[ab]".prop_map(|name| json!({"type": "IAMUser", "userName": name, "accessKeyId": format!("AKIA{name}")})),
        "[ab]".prop_map(|name| json!({"type": "AssumedRole", "arn": format!("arn:aws:sts::1:assumed-role/r/{name}")})),
        Just(json!({"type": "Root"})),
        Just(json!({"type": "AWSService", "invokedBy": "a"})),
    ];
    let one = (identity, "[AB]", any::<bool>(), 0..4_u8, 0..20_u8, proptest::option::of("[ab]"));
    let record = one.prop_map(|(identity, name, read, place, second, bucket)| {
        let region = if place == 0 { ABROAD } else { HOME };
        let category = if place == 1 { "Data" } else { "Management" };
        record(
            region,
            &format!("2026-09-13T17:00:{second:02}Z"),
            json!({
                "eventName": name, "eventSource": "s3.amazonaws.com", "readOnly": read, "eventCategory": category,
                "userIdentity": identity, "requestParameters": {"bucketName": bucket},
            }),
        )
    });
    proptest::collection::vec(record, 0..60)
}

pub(crate) fn questions() -> impl Strategy<Value = Value> {
    let of = |key: &'static str, values: &[&'static str]| {
        proptest::sample::select(values.to_vec())
            .prop_map(move |value| json!({"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}))
    };
    let attribute = prop_oneof![
        Just(json!({})),
        of("EventId", &["3", "17", "x"]),
        of("EventName", &["A", "B", "a"]),
        of("ReadOnly", &["true", "false"]),
        of("Username", &["a", "b", "root"]),
        of("ResourceType", &["AWS::S3::Bucket", "AWS::EC2::VPC"]),
        of("ResourceName", &["a", "b", ""]).prop_filter("not empty", |body| !body.to_string().contains(r#""""#)),
        of("EventSource", &["s3.amazonaws.com", "s3"]),
        of("AccessKeyId", &["AKIAa", "AKIAc"]),
    ];
    let bound = || proptest::option::of(0..20_i64);
    (attribute, bound(), bound(), 1..8_i64).prop_map(|(mut body, from, to, page)| {
        let start = 1_789_318_800;
        if let Some(from) = from {
            body["StartTime"] = json!(start + from);
        }
        if let Some(to) = to {
            body["EndTime"] = json!(start + from.unwrap_or(0).max(to));
        }
        body["MaxResults"] = json!(page);
        body
    })
}

/// The ids that a question finds, by looking at all records.
pub(crate) fn naive(records: &[Value], question: &Value) -> Vec<String> {
    let second = |record: &Value| {
        let text = record["eventTime"].as_str().expect("a time");
        1_789_318_800 + text[17..19].parse::<i64>().expect("seconds")
    };
    let attribute = &question["LookupAttributes"][0];
    let matches = |record: &&Value| {
        let time = second(record);
        let wanted = attribute["AttributeKey"].as_str();
        record["awsRegion"] == HOME
            && record["eventCategory"] == "Management"
            && question["StartTime"].as_i64().is_none_or(|from| time >= from)
            && question["EndTime"].as_i64().is_none_or(|to| time <= to)
            && wanted.is_none_or(|key| values(record, key).iter().any(|value| *value == attribute["AttributeValue"]))
    };
    let mut found: Vec<&Value> = records.iter().filter(matches).collect();
    // Later ones first; a stable sort keeps the last of an instant first.
    found.reverse();
    found.sort_by_key(|record| -second(record));
    found.iter().map(|record| record["eventID"].as_str().expect("id").to_owned()).collect()
}

/// All pages of a question.
pub(crate) async fn all(world: &World, question: &Value) -> Vec<String> {
    let (mut found, mut body) = (Vec::new(), question.clone());
    loop {
        let page = world.do_it(LookupEvents, body.clone()).await;
        let events = page["Events"].as_array().expect("events");
        assert!(events.len() <= 7);
        found.extend(events.iter().map(|event| event["EventId"].as_str().expect("id").to_owned()));
        match page.get("NextToken") {
            Some(token) => body["NextToken"] = token.clone(),
            None => return found,
        }
    }
}
