//! Channels and resource policies.

use crate::common::{ABROAD, ACCOUNT, HOME, World, caller_of};
use crate::stores::{NOWHERE, check, create, only};
use expect_test::expect;
use opentrail_wire::Operation::*;
use serde_json::{Value, json};

/// Makes a store for events from outside of AWS.
async fn store(world: &World, name: &str) -> String {
    let settings = json!({
        "AdvancedEventSelectors": only("ActivityAuditLog"), "MultiRegionEnabled": false,
        "TerminationProtectionEnabled": false,
    });
    create(world, name, settings).await
}

fn to(stores: &[&str]) -> Value {
    stores.iter().map(|arn| json!({"Type": "EVENT_DATA_STORE", "Location": arn})).collect()
}

async fn channel(world: &World, name: &str, source: &str, stores: &[&str]) -> String {
    let answer = world.do_it(CreateChannel, json!({"Name": name, "Source": source, "Destinations": to(stores)})).await;
    answer["ChannelArn"].as_str().expect("an ARN").to_owned()
}

#[tokio::test]
async fn a_channel_is_made_read_changed_and_deleted() {
    let world = World::new().await;
    let (one, two) = (store(&world, "one").await, store(&world, "two").await);
    let id = one.rsplit('/').next().expect("an id");
    let body = json!({"Name": "my-channel", "Source": "Custom", "Destinations": to(&[id]), "Tags": [{"Key": "team", "Value": "blue"}]});
    check(&world, CreateChannel, body, expect![[r#"{"ChannelArn":"arn:aws:cloudtrail:us-east-1:111122223333:channel/<id>","Name":"my-channel","Source":"Custom","Destinations":[{"Type":"EVENT_DATA_STORE","Location":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>"}],"Tags":[{"Key":"team","Value":"blue"}]}"#]]).await;
    check(&world, ListChannels, json!({}), expect![[r#"{"Channels":[{"ChannelArn":"arn:aws:cloudtrail:us-east-1:111122223333:channel/<id>","Name":"my-channel"}]}"#]]).await;
    let arn =
        world.do_it(ListChannels, json!({})).await["Channels"][0]["ChannelArn"].as_str().expect("an ARN").to_owned();
    check(&world, GetChannel, json!({"Channel": arn}), expect![[r#"{"ChannelArn":"arn:aws:cloudtrail:us-east-1:111122223333:channel/<id>","Name":"my-channel","Source":"Custom","Destinations":[{"Type":"EVENT_DATA_STORE","Location":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>"}]}"#]]).await;
    let id = arn.rsplit('/').next().expect("an id");
    let update = json!({"Channel": id, "Name": "renamed", "Destinations": to(&[&one, &two])});
    check(&world, UpdateChannel, update, expect![[r#"{"ChannelArn":"arn:aws:cloudtrail:us-east-1:111122223333:channel/<id>","Name":"renamed","Source":"Custom","Destinations":[{"Type":"EVENT_DATA_STORE","Location":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>"},{"Type":"EVENT_DATA_STORE","Location":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>"}]}"#]]).await;
    check(&world, UpdateChannel, json!({"Channel": id, "Destinations": to(&[&two])}), expect![[r#"{"ChannelArn":"arn:aws:cloudtrail:us-east-1:111122223333:channel/<id>","Name":"renamed","Source":"Custom","Destinations":[{"Type":"EVENT_DATA_STORE","Location":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>"}]}"#]]).await;
    check(&world, DeleteEventDataStore, json!({"EventDataStore": two}), expect![[r#"{"__type":"ChannelExistsForEDSException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> is the destination of a channel. Delete the channel or update it first."}"#]]).await;
    assert_eq!(world.call(DeleteEventDataStore, json!({"EventDataStore": one})).await, "{}");

    let stored = world.api.catalog.channel(&arn.parse().expect("an ARN")).await.expect("reads").expect("is there");
    let mut transaction = world.api.catalog.begin().await.expect("begins");
    let event = "01234567-89ab-cdef-0123-456789abcdef";
    transaction
        .note_channel_ingestion(stored.id, world.api.clock.now(), event, Some("InvalidData"))
        .await
        .expect("notes");
    transaction.commit().await.expect("commits");
    check(&world, GetChannel, json!({"Channel": arn}), expect![[r#"{"ChannelArn":"arn:aws:cloudtrail:us-east-1:111122223333:channel/<id>","Name":"renamed","Source":"Custom","Destinations":[{"Type":"EVENT_DATA_STORE","Location":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>"}],"IngestionStatus":{"LatestIngestionErrorCode":"InvalidData","LatestIngestionAttemptTime":1.789319538551E9,"LatestIngestionAttemptEventID":"<id>"}}"#]]).await;

    assert_eq!(world.call(DeleteChannel, json!({"Channel": arn})).await, "{}");
    assert_eq!(world.call(DeleteEventDataStore, json!({"EventDataStore": two})).await, "{}");
    check(&world, ListChannels, json!({}), expect![[r#"{"Channels":[]}"#]]).await;
    check(&world, DeleteChannel, json!({"Channel": arn}), expect![[r#"{"__type":"ChannelNotFoundException","message":"The channel arn:aws:cloudtrail:us-east-1:111122223333:channel/<id> does not exist."}"#]]).await;
}

#[tokio::test]
async fn what_cannot_be_a_channel() {
    let world = World::new().await;
    let one = store(&world, "one").await;
    let events = create(&world, "events", json!({})).await;
    let pending = store(&world, "pending").await;
    world.do_it(DeleteEventDataStore, json!({"EventDataStore": pending})).await;
    let foreign = one.replace(ACCOUNT, "999999999999");
    channel(&world, "taken", "GitHub", &[&one]).await;
    for (name, source, destinations, expected) in [
        (
            "taken",
            "Custom",
            to(&[&one]),
            expect![[
                r#"{"__type":"ChannelAlreadyExistsException","message":"A channel with the name taken already exists in this Region."}"#
            ]],
        ),
        (
            "second",
            "GitHub",
            to(&[&one]),
            expect![[
                r#"{"__type":"ChannelMaxLimitExceededException","message":"A channel for the source GitHub already exists. Each source can have one channel."}"#
            ]],
        ),
        (
            "second",
            "Nobody",
            to(&[&one]),
            expect![[
                r#"{"__type":"InvalidSourceException","message":"The source Nobody is not valid. Specify Custom or the name of a partner event source."}"#
            ]],
        ),
        (
            "second",
            "Custom",
            to(&[&events]),
            expect![[
                r#"{"__type":"InvalidEventDataStoreCategoryException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> is of a category that this operation does not support; it needs events from outside of AWS (ActivityAuditLog)."}"#
            ]],
        ),
        (
            "second",
            "Custom",
            to(&[&pending]),
            expect![[
                r#"{"__type":"InactiveEventDataStoreException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> is pending deletion. Restore it first."}"#
            ]],
        ),
        (
            "second",
            "Custom",
            to(&[NOWHERE]),
            expect![[
                r#"{"__type":"EventDataStoreNotFoundException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> does not exist."}"#
            ]],
        ),
        (
            "second",
            "Custom",
            to(&[&foreign]),
            expect![[
                r#"{"__type":"EventDataStoreARNInvalidException","message":"The ARN arn:aws:cloudtrail:us-east-1:999999999999:eventdatastore/<id> of the event data store is not valid."}"#
            ]],
        ),
        (
            "second",
            "Custom",
            to(&["nowhere"]),
            expect![[
                r#"{"__type":"EventDataStoreARNInvalidException","message":"The ARN nowhere of the event data store is not valid."}"#
            ]],
        ),
        (
            "second",
            "Custom",
            to(&[&one, &one]),
            expect![[r#"{"__type":"InvalidParameterException","message":"Specify each destination at most once."}"#]],
        ),
        (
            "second",
            "Custom",
            to(&[]),
            expect![[
                r#"{"__type":"ValidationException","message":"1 validation error detected: Value '[]' at 'destinations' failed to satisfy constraint: Member must have length greater than or equal to 1"}"#
            ]],
        ),
        (
            "second",
            "Custom",
            json!([{"Type": "AWS_SERVICE", "Location": "inspector2"}]),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"The type of a destination must be EVENT_DATA_STORE."}"#
            ]],
        ),
    ] {
        let body = json!({"Name": name, "Source": source, "Destinations": destinations});
        check(&world, CreateChannel, body, expected).await;
    }
    let too_many: Vec<_> = (0..51).map(|n| json!({"Key": format!("k{n}")})).collect();
    for (tags, expected) in [
        (
            json!(too_many),
            expect![[
                r#"{"__type":"TagsLimitExceededException","message":"The number of tags per resource has exceeded the permissible limit. The limit is 50."}"#
            ]],
        ),
        (
            json!([{"Key": "aws:x"}]),
            expect![[
                r#"{"__type":"InvalidTagParameterException","message":"Tag key aws:x must not start with the reserved prefix aws:."}"#
            ]],
        ),
    ] {
        let body = json!({"Name": "second", "Source": "Custom", "Destinations": to(&[&one]), "Tags": tags});
        check(&world, CreateChannel, body, expected).await;
    }
    let second = channel(&world, "second", "Custom", &[&one]).await;
    for (body, expected) in [
        (
            json!({"Channel": second}),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"You must specify a name or destinations to update."}"#
            ]],
        ),
        (
            json!({"Channel": second, "Name": "taken"}),
            expect![[
                r#"{"__type":"ChannelAlreadyExistsException","message":"A channel with the name taken already exists in this Region."}"#
            ]],
        ),
        (
            json!({"Channel": second, "Destinations": to(&[&events])}),
            expect![[
                r#"{"__type":"InvalidEventDataStoreCategoryException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> is of a category that this operation does not support; it needs events from outside of AWS (ActivityAuditLog)."}"#
            ]],
        ),
        (
            json!({"Channel": "abc", "Name": "x-y"}),
            expect![[r#"{"__type":"ChannelARNInvalidException","message":"The channel ARN abc is not valid."}"#]],
        ),
        (
            json!({"Channel": NOWHERE.replace("eventdatastore", "channel"), "Name": "x-y"}),
            expect![[
                r#"{"__type":"ChannelNotFoundException","message":"The channel arn:aws:cloudtrail:us-east-1:111122223333:channel/<id> does not exist."}"#
            ]],
        ),
    ] {
        check(&world, UpdateChannel, body, expected).await;
    }
    let abroad = world.same(ABROAD, &[GetChannel, DeleteChannel], json!({"Channel": second})).await;
    assert!(abroad.contains("ChannelNotFoundException"), "{abroad}");
    let other = caller_of("999999999999", HOME);
    let answer = world.call_as(&other, GetChannel, json!({"Channel": second})).await;
    assert!(answer.contains("ChannelARNInvalidException"), "{answer}");
}

#[tokio::test]
async fn channels_come_in_pages_and_carry_tags() {
    let world = World::new().await;
    let one = store(&world, "one").await;
    let custom = channel(&world, "first", "Custom", &[&one]).await;
    channel(&world, "second", "GitHub", &[&one]).await;
    let first = world.do_it(ListChannels, json!({"MaxResults": 1})).await;
    assert_eq!(first["Channels"][0]["Name"], "first");
    let second = world.do_it(ListChannels, json!({"MaxResults": 1, "NextToken": first["NextToken"]})).await;
    assert_eq!((&second["Channels"][0]["Name"], second.get("NextToken")), (&json!("second"), None));
    let answer = world.call(ListChannels, json!({"NextToken": "none-of-ours"})).await;
    assert!(answer.contains("InvalidNextTokenException"), "{answer}");

    let tags = |tags: Value| json!({"ResourceId": custom, "TagsList": tags});
    assert_eq!(world.call(AddTags, tags(json!([{"Key": "a"}, {"Key": "b", "Value": "c"}]))).await, "{}");
    assert_eq!(world.call(RemoveTags, tags(json!([{"Key": "a"}]))).await, "{}");
    check(&world, ListTags, json!({"ResourceIdList": [custom]}), expect![[r#"{"ResourceTagList":[{"ResourceId":"arn:aws:cloudtrail:us-east-1:111122223333:channel/<id>","TagsList":[{"Key":"b","Value":"c"}]}]}"#]]).await;
}

fn policy(statement: Value) -> String {
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

/// A statement that lets an account do something to a resource.
fn allow(account: &str, action: &str, resource: &str) -> Value {
    let principal = json!({"AWS": format!("arn:aws:iam::{account}:root")});
    json!({"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource})
}

#[tokio::test]
async fn policies_are_put_read_and_deleted() {
    let world = World::new().await;
    let stores = (create(&world, "events", json!({})).await, store(&world, "one").await);
    let channel = channel(&world, "my-channel", "Custom", &[&stores.1]).await;
    world.do_it(CreateDashboard, json!({"Name": "mine"})).await;
    let dashboard = format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:dashboard/mine");
    let service = json!({
        "Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "cloudtrail:StartDashboardRefresh", "Resource": dashboard,
        "Condition": {"StringEquals": {"AWS:SourceArn": dashboard, "AWS:SourceAccount": ACCOUNT}},
    });
    for (arn, text) in [
        (&stores.0, policy(allow("999999999999", "cloudtrail:StartQuery", &stores.0))),
        (&channel, policy(allow("999999999999", "cloudtrail-data:PutAuditEvents", &channel))),
        (&dashboard, policy(service)),
    ] {
        let named = json!({"ResourceArn": arn});
        for operation in [GetResourcePolicy, DeleteResourcePolicy] {
            let answer = world.call(operation, named.clone()).await;
            assert!(answer.contains("ResourcePolicyNotFoundException"), "{answer}");
        }
        for _ in 0..2 {
            let put = world.do_it(PutResourcePolicy, json!({"ResourceArn": arn, "ResourcePolicy": text})).await;
            assert_eq!(put, json!({"ResourceArn": arn, "ResourcePolicy": text}));
        }
        assert_eq!(world.do_it(GetResourcePolicy, named.clone()).await["ResourcePolicy"], text);
        assert_eq!(world.call(DeleteResourcePolicy, named.clone()).await, "{}");
        assert!(world.call(GetResourcePolicy, named).await.contains("ResourcePolicyNotFoundException"));
    }
}

#[tokio::test]
async fn resources_that_have_no_policies() {
    let world = World::new().await;
    world.create("my-trail", json!({})).await;
    let trail = crate::common::arn("my-trail");
    let events = create(&world, "events", json!({})).await;
    let foreign = events.replace(ACCOUNT, "999999999999");
    for (arn, expected) in [
        (trail.as_str(), "ResourceTypeNotSupportedException"),
        ("arn:aws:s3:::bucket", "ResourceTypeNotSupportedException"),
        (NOWHERE, "ResourceARNNotValidException"),
        (&foreign, "ResourceARNNotValidException"),
        ("my-store", "ResourceARNNotValidException"),
        ("arn:aws:cloudtrail:us-east-1:111122223333:dashboard/nope", "ResourceARNNotValidException"),
    ] {
        let answer = world.call(PutResourcePolicy, json!({"ResourceArn": arn, "ResourcePolicy": "{}"})).await;
        assert!(answer.contains(expected), "{arn}: {answer}");
        let answer = world.same(HOME, &[GetResourcePolicy, DeleteResourcePolicy], json!({"ResourceArn": arn})).await;
        assert!(answer.contains(expected), "{arn}: {answer}");
    }
    let bad = json!({"ResourceArn": events, "ResourcePolicy": "{}"});
    check(&world, PutResourcePolicy, bad, expect![[r#"{"__type":"ResourcePolicyNotValidException","message":"The resource policy is not valid: Missing required field Statement"}"#]]).await;
    let bad = policy(allow("999999999999", "cloudtrail:DeleteEventDataStore", &events));
    check(&world, PutResourcePolicy, json!({"ResourceArn": events, "ResourcePolicy": bad}), expect![[r#"{"__type":"ResourcePolicyNotValidException","message":"The resource policy is not valid: The action cloudtrail:DeleteEventDataStore is not supported here."}"#]]).await;
}

#[tokio::test]
async fn policies_are_obeyed() {
    let world = World::new().await;
    let arn = create(&world, "shared", json!({})).await;
    let other = caller_of("999999999999", HOME);
    let named = json!({"EventDataStore": arn});
    let put = async |statement: Value| {
        let body = json!({"ResourceArn": arn, "ResourcePolicy": policy(statement)});
        world.do_it(PutResourcePolicy, body).await;
    };
    put(allow("999999999999", "cloudtrail:StartQuery", &arn)).await;
    assert!(world.call_as(&other, GetEventDataStore, named.clone()).await.contains("EventDataStoreARNInvalid"));
    put(allow("999999999999", "cloudtrail:GetEventDataStore", &arn)).await;
    assert!(world.call_as(&other, GetEventDataStore, named.clone()).await.contains(r#""Name":"shared""#));
    let third = caller_of("888888888888", HOME);
    assert!(world.call_as(&third, GetEventDataStore, named.clone()).await.contains("EventDataStoreARNInvalid"));
    assert!(
        world
            .call_as(&other, UpdateEventDataStore, json!({"EventDataStore": arn, "Name": "mine"}))
            .await
            .contains("EventDataStoreARNInvalid")
    );

    let mut deny = allow(ACCOUNT, "cloudtrail:GetEventDataStore", &arn);
    deny["Effect"] = json!("Deny");
    put(deny).await;
    check(&world, GetEventDataStore, named.clone(), expect![[r#"{"__type":"AccessDeniedException","message":"User: arn:aws:iam::111122223333:root is not authorized to perform: cloudtrail:GetEventDataStore on resource: arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> with an explicit deny in a resource-based policy"}"#]]).await;
    world.do_it(DeleteResourcePolicy, json!({"ResourceArn": arn})).await;
    assert!(world.call(GetEventDataStore, named).await.contains(r#""Name":"shared""#));
}

#[tokio::test]
async fn a_deleted_channel_leaves_no_policy_behind() {
    let world = World::new().await;
    let one = store(&world, "one").await;
    let arn = channel(&world, "my-channel", "Custom", &[&one]).await;
    let text = policy(allow("999999999999", "cloudtrail-data:PutAuditEvents", &arn));
    world.do_it(PutResourcePolicy, json!({"ResourceArn": arn, "ResourcePolicy": text})).await;
    world.do_it(DeleteChannel, json!({"Channel": arn})).await;
    assert_eq!(world.api.catalog.resource_policy(&arn).await.expect("reads"), None);
}
