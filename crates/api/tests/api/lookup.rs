//! LookupEvents, on a history that answers by looking at each record.

use crate::common::{ABROAD, ACCOUNT, HOME, World, caller_of};
use crate::questions::record;
use expect_test::expect;
use opentrail_wire::Operation::LookupEvents;
use serde_json::{Value, json};
use std::sync::atomic::Ordering;

fn add(world: &World, record: &Value) {
    world.history.add(ACCOUNT, &record.to_string());
}

async fn ids(world: &World, body: Value) -> Vec<String> {
    let answer = world.do_it(LookupEvents, body).await;
    answer["Events"]
        .as_array()
        .expect("events")
        .iter()
        .map(|it| it["EventId"].as_str().expect("id").to_owned())
        .collect()
}

#[tokio::test]
async fn an_event_is_shown_as_aws_shows_it() {
    let world = World::new().await;
    assert_eq!(world.call(LookupEvents, json!({})).await, r#"{"Events":[]}"#);
    let user =
        json!({"type": "IAMUser", "accessKeyId": "AKIA1", "userName": "alice", "arn": "arn:aws:iam::1:user/alice"});
    add(
        &world,
        &record(
            HOME,
            "2026-09-13T17:00:00Z",
            json!({
                "eventID": "e1", "eventName": "CreateUser", "eventSource": "iam.amazonaws.com", "readOnly": false,
                "userIdentity": user, "requestParameters": {"userName": "bob"},
            }),
        ),
    );
    expect![[r#"{"Events":[{"EventId":"e1","EventName":"CreateUser","ReadOnly":"false","AccessKeyId":"AKIA1","EventTime":1.7893188E9,"EventSource":"iam.amazonaws.com","Username":"alice","Resources":[{"ResourceType":"AWS::IAM::User","ResourceName":"bob"}],"CloudTrailEvent":"{\"eventVersion\":\"1.11\",\"eventTime\":\"2026-09-13T17:00:00Z\",\"awsRegion\":\"us-east-1\",\"eventCategory\":\"Management\",\"eventID\":\"e1\",\"eventName\":\"CreateUser\",\"eventSource\":\"iam.amazonaws.com\",\"readOnly\":false,\"userIdentity\":{\"type\":\"IAMUser\",\"accessKeyId\":\"AKIA1\",\"userName\":\"alice\",\"arn\":\"arn:aws:iam::1:user/alice\"},\"requestParameters\":{\"userName\":\"bob\"}}"}]}"#]]
    .assert_eq(&world.call(LookupEvents, json!({})).await);
    assert_eq!(world.call_in(ABROAD, LookupEvents, json!({})).await, r#"{"Events":[]}"#);
    assert_eq!(world.call_as(&caller_of("444455556666", HOME), LookupEvents, json!({})).await, r#"{"Events":[]}"#);
}

#[tokio::test]
async fn what_a_record_does_not_say_is_left_out() {
    let world = World::new().await;
    let service = json!({"accountId": ACCOUNT, "invokedBy": "AWS Internal", "accessKeyId": ""});
    add(&world, &record(HOME, "2026-09-13T17:00:00Z", json!({"eventID": "e1", "userIdentity": service})));
    let answer = world.do_it(LookupEvents, json!({})).await;
    let event = answer["Events"][0].as_object().expect("an event");
    let names: Vec<&str> = event.keys().map(String::as_str).collect();
    assert_eq!(names, ["EventId", "ReadOnly", "EventTime", "Resources", "CloudTrailEvent"]);
    assert_eq!(event["Resources"], json!([]));
}

#[tokio::test]
async fn insights_events_are_found_by_their_subject() {
    let world = World::new().await;
    let about = |name: &str| json!({"state": "Start", "eventSource": "ssm.amazonaws.com", "eventName": name});
    for (id, name) in [("i1", "GetParameter"), ("i2", "PutParameter")] {
        let more = json!({"eventID": id, "eventCategory": "Insight", "insightDetails": about(name)});
        add(&world, &record(HOME, "2026-09-13T17:00:00Z", more));
    }
    assert_eq!(ids(&world, json!({})).await, [""; 0]);
    assert_eq!(ids(&world, json!({"EventCategory": "insight"})).await, ["i2", "i1"]);
    let lookup = |key: &str, value: &str| json!({"EventCategory": "insight", "LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]});
    assert_eq!(ids(&world, lookup("EventName", "GetParameter")).await, ["i1"]);
    assert_eq!(ids(&world, lookup("EventSource", "ssm.amazonaws.com")).await, ["i2", "i1"]);
    expect![[r#"{"__type":"InvalidLookupAttributesException","message":"Insights events can be looked up by EventId, EventName and EventSource only."}"#]]
    .assert_eq(&world.call(LookupEvents, lookup("Username", "x")).await);
}

#[tokio::test]
async fn wrong_inputs_are_refused() {
    let world = World::new().await;
    let one = |key: &str, value: &str| json!({"AttributeKey": key, "AttributeValue": value});
    let two = json!({"LookupAttributes": [one("EventName", "a"), one("Username", "b")]});
    expect![[
        r#"{"__type":"InvalidLookupAttributesException","message":"You can look up events by one attribute only."}"#
    ]]
    .assert_eq(&world.call(LookupEvents, two).await);
    for value in ["True", "FALSE", "other"] {
        let body = json!({"LookupAttributes": [one("ReadOnly", value)]});
        expect![[
            r#"{"__type":"InvalidLookupAttributesException","message":"The value of ReadOnly must be true or false."}"#
        ]]
        .assert_eq(&world.call(LookupEvents, body).await);
    }
    expect![[r#"{"__type":"InvalidTimeRangeException","message":"The start time must not be after the end time."}"#]]
        .assert_eq(&world.call(LookupEvents, json!({"StartTime": 2, "EndTime": 1})).await);
    expect![[r#"{"__type":"InvalidTimeRangeException","message":"The start time must not be in the future when no end time is given."}"#]]
        .assert_eq(&world.call(LookupEvents, json!({"StartTime": 2_100_000_000})).await);
    assert_eq!(ids(&world, json!({"StartTime": 2_100_000_000, "EndTime": 2_100_000_001})).await, [""; 0]);
    expect![[r#"{"__type":"InvalidNextTokenException","message":"The token is not valid. Use it with the parameters of the call that answered it, or call without a token."}"#]]
        .assert_eq(&world.call(LookupEvents, json!({"NextToken": "broken"})).await);
    let long = json!({"LookupAttributes": [one("ResourceName", &"_".repeat(2_000))]});
    assert_eq!(ids(&world, long).await, [""; 0]);
    assert_eq!(ids(&world, json!({"LookupAttributes": [one("ResourceType", "Other")]})).await, [""; 0]);
}

#[tokio::test]
async fn both_ends_of_the_range_belong_to_it() {
    let world = World::new().await;
    for second in 0..5 {
        let time = format!("2026-09-13T17:00:0{second}Z");
        add(&world, &record(HOME, &time, json!({"eventID": second.to_string()})));
    }
    let start = 1_789_318_800;
    assert_eq!(ids(&world, json!({"StartTime": start + 1, "EndTime": start + 3})).await, ["3", "2", "1"]);
    assert_eq!(ids(&world, json!({"StartTime": start + 4})).await, ["4"]);
    assert_eq!(ids(&world, json!({"EndTime": start})).await, ["0"]);
    assert_eq!(ids(&world, json!({"StartTime": start, "EndTime": start})).await, ["0"]);
}

#[tokio::test]
async fn pages_go_on_where_they_ended_while_events_arrive() {
    let world = World::new().await;
    let event = |id: usize| record(HOME, "2026-09-13T17:00:00Z", json!({"eventID": id.to_string(), "eventName": "A"}));
    for id in 0..7 {
        add(&world, &event(id));
    }
    let first = world.do_it(LookupEvents, json!({"MaxResults": 3})).await;
    let token = first["NextToken"].clone();
    for id in 7..20 {
        add(&world, &event(id));
    }
    let second = world.do_it(LookupEvents, json!({"MaxResults": 2, "NextToken": token.clone()})).await;
    let last = world.do_it(LookupEvents, json!({"NextToken": second["NextToken"]})).await;
    let shown: Vec<&Value> = [&first, &second, &last]
        .iter()
        .flat_map(|page| page["Events"].as_array().expect("events"))
        .map(|event| &event["EventId"])
        .collect();
    assert_eq!(shown, ["6", "5", "4", "3", "2", "1", "0"]);
    assert_eq!(last.get("NextToken"), None);
    // Bound to parameters, account and Region.
    let other =
        json!({"NextToken": token.clone(), "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "A"}]});
    for body in [
        other,
        json!({"NextToken": token.clone(), "StartTime": 1}),
        json!({"NextToken": token.clone(), "EventCategory": "insight"}),
    ] {
        assert!(world.call(LookupEvents, body).await.contains("InvalidNextTokenException"));
    }
    let body = json!({"NextToken": token});
    assert!(world.call_in(ABROAD, LookupEvents, body.clone()).await.contains("InvalidNextTokenException"));
    assert!(
        world.call_as(&caller_of("444455556666", HOME), LookupEvents, body).await.contains("InvalidNextTokenException")
    );
}

#[tokio::test]
async fn a_history_that_cannot_be_read_is_unavailable() {
    let world = World::new().await;
    world.history.is_broken.store(true, Ordering::SeqCst);
    expect![[r#"{"__type":"ServiceUnavailable","message":"Event history cannot be read now. Try again later."}"#]]
        .assert_eq(&world.call(LookupEvents, json!({})).await);
}
