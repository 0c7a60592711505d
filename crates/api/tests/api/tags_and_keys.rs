//! Tags and public keys.

use crate::common::{ABROAD, HOME, World, arn};
use expect_test::expect;
use opentrail_catalog::SigningKey;
use opentrail_stdx::Timestamp;
use opentrail_wire::Operation::{AddTags, ListPublicKeys, ListTags, RemoveTags};
use serde_json::{Value, json};

async fn world() -> World {
    let world = World::new().await;
    world.create("my-trail", json!({"TagsList": [{"Key": "team", "Value": "blue"}]})).await;
    world
}

fn tags(resource: &str, tags: Value) -> Value {
    json!({"ResourceId": resource, "TagsList": tags})
}

#[tokio::test]
async fn tags_are_added_replaced_listed_and_removed() {
    let world = world().await;
    let list = async || world.call(ListTags, json!({"ResourceIdList": [arn("my-trail")]})).await;
    let added = json!([{"Key": "stage", "Value": "test"}, {"Key": "team", "Value": "red"}, {"Key": "bare"}]);
    assert_eq!(world.call(AddTags, tags(&arn("my-trail"), added)).await, "{}");
    expect![[r#"{"ResourceTagList":[{"ResourceId":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","TagsList":[{"Key":"team","Value":"red"},{"Key":"stage","Value":"test"},{"Key":"bare"}]}]}"#]].assert_eq(&list().await);
    let removed = json!([{"Key": "team", "Value": "other"}, {"Key": "absent"}]);
    assert_eq!(world.call(RemoveTags, tags(&arn("my-trail"), removed)).await, "{}");
    expect![[r#"{"ResourceTagList":[{"ResourceId":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","TagsList":[{"Key":"stage","Value":"test"},{"Key":"bare"}]}]}"#]].assert_eq(&list().await);
    let all = json!([{"Key": "stage"}, {"Key": "bare"}]);
    assert_eq!(world.call(RemoveTags, tags(&arn("my-trail"), all)).await, "{}");
    expect![[r#"{"ResourceTagList":[{"ResourceId":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","TagsList":[]}]}"#]].assert_eq(&list().await);
}

#[tokio::test]
async fn resources_that_do_not_exist_or_take_no_tags() {
    let world = world().await;
    let changed = async |resource: &str| {
        let body = tags(resource, json!([{"Key": "k", "Value": "v"}]));
        world.same(HOME, &[AddTags, RemoveTags], body).await
    };
    let listed =
        async |resource: &str| world.call(ListTags, json!({"ResourceIdList": [arn("my-trail"), resource]})).await;
    let resource = |rest: &str| format!("arn:aws:cloudtrail:us-east-1:111122223333:{rest}");
    let id = "01234567-89ab-cdef-0123-456789abcdef";
    for (resource, expected) in [
        (
            "my-trail".to_owned(),
            expect![[
                r#"{"__type":"CloudTrailARNInvalidException","message":"The resource ID my-trail is not a valid ARN of a CloudTrail resource."}"#
            ]],
        ),
        (
            resource("trail/-"),
            expect![[
                r#"{"__type":"CloudTrailARNInvalidException","message":"CloudTrail ARN arn:aws:cloudtrail:us-east-1:111122223333:trail/- is not valid. A trail ARN has the form arn:partition:cloudtrail:region:account:trail/name."}"#
            ]],
        ),
        (
            resource("trail/nope"),
            expect![[
                r#"{"__type":"ResourceNotFoundException","message":"The resource arn:aws:cloudtrail:us-east-1:111122223333:trail/nope does not exist."}"#
            ]],
        ),
        (
            resource("eventdatastore/1"),
            expect![[
                r#"{"__type":"EventDataStoreARNInvalidException","message":"The ARN arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/1 of the event data store is not valid."}"#
            ]],
        ),
        (
            resource(&format!("eventdatastore/{id}")),
            expect![[
                r#"{"__type":"EventDataStoreNotFoundException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/01234567-89ab-cdef-0123-456789abcdef does not exist."}"#
            ]],
        ),
        (
            resource("channel/1"),
            expect![[
                r#"{"__type":"ChannelARNInvalidException","message":"The channel ARN arn:aws:cloudtrail:us-east-1:111122223333:channel/1 is not valid."}"#
            ]],
        ),
        (
            resource("dashboard/mine"),
            expect![[
                r#"{"__type":"ResourceNotFoundException","message":"The resource arn:aws:cloudtrail:us-east-1:111122223333:dashboard/mine does not exist."}"#
            ]],
        ),
        (
            "arn:aws:s3:::bucket".to_owned(),
            expect![[
                r#"{"__type":"ResourceTypeNotSupportedException","message":"The resource type of arn:aws:s3:::bucket is not supported for tagging."}"#
            ]],
        ),
    ] {
        let answer = changed(&resource).await;
        expected.assert_eq(&answer);
        assert_eq!(listed(&resource).await, answer);
    }
    let channel = resource(&format!("channel/{id}"));
    expect![[r#"{"__type":"ChannelNotFoundException","message":"The channel arn:aws:cloudtrail:us-east-1:111122223333:channel/01234567-89ab-cdef-0123-456789abcdef does not exist."}"#]].assert_eq(&changed(&channel).await);
    expect![[r#"{"__type":"ResourceNotFoundException","message":"The resource arn:aws:cloudtrail:us-east-1:111122223333:channel/01234567-89ab-cdef-0123-456789abcdef does not exist."}"#]].assert_eq(&listed(&channel).await);
    let many: Vec<String> = (0..21).map(|_| arn("my-trail")).collect();
    expect![[r#"{"__type":"ValidationException","message":"1 validation error detected: Value at 'resourceIdList' failed to satisfy constraint: Member must have length less than or equal to 20"}"#]].assert_eq(&world.call(ListTags, json!({"ResourceIdList": many})).await);
}

#[tokio::test]
async fn tags_that_break_rules() {
    let world = world().await;
    let add = async |added: Value| world.call(AddTags, tags(&arn("my-trail"), added)).await;
    expect![[r#"{"__type":"InvalidTagParameterException","message":"Tag key AWS:x must not start with the reserved prefix aws:."}"#]].assert_eq(&add(json!([{"Key": "AWS:x"}])).await);
    expect![[r#"{"__type":"InvalidTagParameterException","message":"Duplicate tag key x in the request."}"#]]
        .assert_eq(&add(json!([{"Key": "x"}, {"Key": "x"}])).await);
    expect![[r#"{"__type":"InvalidTagParameterException","message":"1 validation error detected: Value '' at 'tagsList.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1"}"#]].assert_eq(&add(json!([{"Key": ""}])).await);
    expect![[r#"{"__type":"InvalidTagParameterException","message":"Tag tab\t can only contain letters, numbers, spaces and the characters _.:/=+-@."}"#]].assert_eq(&add(json!([{"Key": "tab\t"}])).await);
    let many: Vec<Value> = (0..50).map(|n| json!({"Key": format!("k{n}")})).collect();
    expect![[r#"{"__type":"TagsLimitExceededException","message":"The number of tags per resource has exceeded the permissible limit. The limit is 50."}"#]].assert_eq(&add(json!(many)).await);
    let removed = tags(&arn("my-trail"), json!([{"Key": "x"}, {"Key": "x"}]));
    expect![[r#"{"__type":"InvalidTagParameterException","message":"Duplicate tag key x in the request."}"#]]
        .assert_eq(&world.call(RemoveTags, removed).await);
}

#[tokio::test]
async fn shadows_are_listed_abroad_and_tagged_at_home() {
    let world = World::new().await;
    world.create("wide", json!({"IsMultiRegionTrail": true})).await;
    world.create("narrow", json!({})).await;
    let list = async |name| world.call_in(ABROAD, ListTags, json!({"ResourceIdList": [arn(name)]})).await;
    expect![[
        r#"{"ResourceTagList":[{"ResourceId":"arn:aws:cloudtrail:us-east-1:111122223333:trail/wide","TagsList":[]}]}"#
    ]]
    .assert_eq(&list("wide").await);
    expect![[r#"{"__type":"ResourceNotFoundException","message":"The resource arn:aws:cloudtrail:us-east-1:111122223333:trail/narrow does not exist."}"#]].assert_eq(&list("narrow").await);
    let body = tags(&arn("wide"), json!([{"Key": "k", "Value": "v"}]));
    expect![[r#"{"__type":"OperationNotPermittedException","message":"The tags of the multi-Region trail arn:aws:cloudtrail:us-east-1:111122223333:trail/wide can be changed only in its home Region, us-east-1."}"#]].assert_eq(&world.same(ABROAD, &[AddTags, RemoveTags], body).await);
}

#[tokio::test]
async fn public_keys_of_the_region_and_range() {
    let world = World::new().await;
    assert_eq!(world.call(ListPublicKeys, json!({})).await, r#"{"PublicKeyList":[]}"#);
    let days = |days: i64| Timestamp::from_secs(1_789_319_538 + days * 86_400);
    let mut transaction = world.api.catalog.begin().await.expect("begins");
    for (region, fingerprint, from) in [(HOME, "old", -40), (HOME, "new", -10), (ABROAD, "far", -10)] {
        let key = SigningKey {
            region: region.to_owned(),
            fingerprint: fingerprint.to_owned(),
            public_key: vec![1, 2, 3],
            private_key: vec![4, 5, 6],
            valid_from: days(from),
            valid_to: days(from + 30),
        };
        transaction.insert_signing_key(&key).await.expect("inserts");
    }
    transaction.commit().await.expect("commits");
    expect![[r#"{"PublicKeyList":[{"Value":"AQID","ValidityStartTime":1.788455538E9,"ValidityEndTime":1.791047538E9,"Fingerprint":"new"}]}"#]].assert_eq(&world.call(ListPublicKeys, json!({"NextToken": "ignored"})).await);
    let range = |from: i64, to: i64| json!({"StartTime": days(from).as_secs(), "EndTime": days(to).as_secs()});
    let listed = async |region, body| {
        let answer: Value = serde_json::from_str(&world.call_in(region, ListPublicKeys, body).await).expect("JSON");
        let keys = answer["PublicKeyList"].as_array().expect("a list").clone();
        keys.iter().map(|key| key["Fingerprint"].as_str().expect("text").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed(HOME, range(-20, 0)).await, ["old", "new"]);
    assert_eq!(listed(HOME, range(-90, -41)).await, [""; 0]);
    assert_eq!(listed(HOME, json!({"StartTime": days(-20).as_secs()})).await, ["old", "new"]);
    assert_eq!(listed(ABROAD, json!({})).await, ["far"]);
    expect![[r#"{"__type":"InvalidTimeRangeException","message":"The start time must not be after the end time."}"#]]
        .assert_eq(&world.call(ListPublicKeys, range(1, 0)).await);
    expect![[r#"{"__type":"InvalidTimeRangeException","message":"The start time must not be after the end time."}"#]]
        .assert_eq(&world.call(ListPublicKeys, json!({"EndTime": days(-1).as_secs()})).await);
}
