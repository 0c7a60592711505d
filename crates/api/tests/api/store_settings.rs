//! What can be set on an event data store: ingestion, federation, Insights, event configuration, tags.

use crate::common::{World, arn as trail_arn};
use crate::stores::{NOWHERE, check, create, create_bare, only};
use expect_test::expect;
use opentrail_wire::Operation::*;
use serde_json::json;

#[tokio::test]
async fn ingestion_stops_and_starts() {
    let world = World::new().await;
    let arn = create(&world, "my-store", json!({})).await;
    let named = json!({"EventDataStore": arn});
    let status = async || world.do_it(GetEventDataStore, named.clone()).await["Status"].clone();
    check(&world, StartEventDataStoreIngestion, named.clone(), expect![[r#"{"__type":"InvalidEventDataStoreStatusException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> has the status ENABLED; this operation needs STOPPED_INGESTION."}"#]]).await;
    assert_eq!(world.call(StopEventDataStoreIngestion, named.clone()).await, "{}");
    assert_eq!(status().await, "STOPPED_INGESTION");
    check(&world, StopEventDataStoreIngestion, named.clone(), expect![[r#"{"__type":"InvalidEventDataStoreStatusException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> has the status STOPPED_INGESTION; this operation needs ENABLED."}"#]]).await;
    assert_eq!(world.call(StartEventDataStoreIngestion, named.clone()).await, "{}");
    assert_eq!(status().await, "ENABLED");
    let insights = create(&world, "insights", json!({"AdvancedEventSelectors": only("Insight")})).await;
    let answer = world
        .same(
            "us-east-1",
            &[StartEventDataStoreIngestion, StopEventDataStoreIngestion],
            json!({"EventDataStore": insights}),
        )
        .await;
    assert!(answer.contains("InvalidEventDataStoreCategoryException"), "{answer}");
}

#[tokio::test]
async fn federation_is_enabled_once() {
    let world = World::new().await;
    let arn = create(&world, "my-store", json!({})).await;
    let role = "arn:aws:iam::111122223333:role/service-role/lake";
    check(
        &world,
        EnableFederation,
        json!({"EventDataStore": arn, "FederationRoleArn": "lake"}),
        expect![[
            r#"{"__type":"InvalidParameterException","message":"The federation role must be the ARN of an IAM role."}"#
        ]],
    )
    .await;
    let enable = json!({"EventDataStore": arn, "FederationRoleArn": role});
    check(&world, EnableFederation, enable.clone(), expect![[r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","FederationStatus":"ENABLED","FederationRoleArn":"arn:aws:iam::111122223333:role/service-role/lake"}"#]]).await;
    check(&world, EnableFederation, enable, expect![[r#"{"__type":"EventDataStoreFederationEnabledException","message":"Lake query federation is enabled for the event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>."}"#]]).await;
    check(&world, UpdateEventDataStore, json!({"EventDataStore": arn, "RetentionPeriod": 8}), expect![[r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","Name":"my-store","Status":"ENABLED","AdvancedEventSelectors":[{"Name":"Default management events","FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}],"MultiRegionEnabled":true,"OrganizationEnabled":false,"RetentionPeriod":8,"TerminationProtectionEnabled":true,"CreatedTimestamp":1.789319538551E9,"UpdatedTimestamp":1.789319538551E9,"BillingMode":"EXTENDABLE_RETENTION_PRICING","FederationStatus":"ENABLED","FederationRoleArn":"arn:aws:iam::111122223333:role/service-role/lake"}"#]]).await;
    let shown = world.do_it(GetEventDataStore, json!({"EventDataStore": arn})).await;
    assert_eq!((&shown["FederationStatus"], &shown["FederationRoleArn"]), (&json!("ENABLED"), &json!(role)));
    check(&world, DisableFederation, json!({"EventDataStore": arn}), expect![[r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","FederationStatus":"DISABLED"}"#]]).await;
    assert!(world.call(DisableFederation, json!({"EventDataStore": arn})).await.contains("DISABLED"), "it stays so");
}

#[tokio::test]
async fn insights_of_a_store_go_to_another() {
    let world = World::new().await;
    let source = create(&world, "source", json!({})).await;
    let destination = create(&world, "destination", json!({"AdvancedEventSelectors": only("Insight")})).await;
    let selectors = json!([{"InsightType": "ApiCallRateInsight"}]);
    let put = |store: &str, destination: &str| json!({"EventDataStore": store, "InsightsDestination": destination, "InsightSelectors": selectors});
    check(&world, GetInsightSelectors, json!({"EventDataStore": source}), expect![[r#"{"__type":"InsightNotEnabledException","message":"Event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> does not have Insights enabled. Edit its settings to enable Insights, and then try the operation again."}"#]]).await;
    check(&world, PutInsightSelectors, put(&source, &destination), expect![[r#"{"InsightSelectors":[{"InsightType":"ApiCallRateInsight","EventCategories":["Management"]}],"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","InsightsDestination":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>"}"#]]).await;
    check(&world, GetInsightSelectors, json!({"EventDataStore": source}), expect![[r#"{"InsightSelectors":[{"InsightType":"ApiCallRateInsight","EventCategories":["Management"]}],"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","InsightsDestination":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>"}"#]]).await;
    for (body, expected) in [
        (
            put(&source, &source),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"The destination of Insights events must be an event data store for Insights events."}"#
            ]],
        ),
        (
            put(&source, NOWHERE),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> does not exist."}"#
            ]],
        ),
        (
            put(NOWHERE, &destination),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> does not exist."}"#
            ]],
        ),
        (
            put(&destination, &destination),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> does not hold CloudTrail events."}"#
            ]],
        ),
        (
            json!({"EventDataStore": source, "InsightsDestination": destination, "InsightSelectors": [{"InsightType": "ApiCallRateInsight", "EventCategories": ["Data"]}]}),
            expect![[
                r#"{"__type":"InvalidInsightSelectorsException","message":"Insights on data events can be logged by trails only."}"#
            ]],
        ),
        (
            json!({"EventDataStore": source, "InsightSelectors": selectors}),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"You must specify either TrailName, or EventDataStore and InsightsDestination."}"#
            ]],
        ),
    ] {
        check(&world, PutInsightSelectors, body, expected).await;
    }
    let reads = json!([{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}, {"Field": "readOnly", "Equals": ["true"]}]}]);
    let fewer = json!({"EventDataStore": source, "AdvancedEventSelectors": reads});
    check(&world, UpdateEventDataStore, fewer.clone(), expect![[r#"{"__type":"InvalidInsightSelectorsException","message":"To log Insights on the API call rate, write management events must be logged."}"#]]).await;
    check(&world, PutInsightSelectors, json!({"EventDataStore": source, "InsightSelectors": []}), expect![[r#"{"InsightSelectors":[],"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>"}"#]])
        .await;
    assert!(world.call(GetInsightSelectors, json!({"EventDataStore": source})).await.contains("InsightNotEnabled"));
    world.do_it(UpdateEventDataStore, fewer).await;
    let pending = create_bare(&world, "pending").await;
    world.do_it(DeleteEventDataStore, json!({"EventDataStore": pending})).await;
    check(&world, PutInsightSelectors, put(&pending, &destination), expect![[r#"{"__type":"InvalidParameterException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> is pending deletion. Restore it first."}"#]]).await;
}

#[tokio::test]
async fn events_of_a_store_are_configured() {
    let world = World::new().await;
    let store = create(&world, "my-store", json!({})).await;
    check(&world, GetEventConfiguration, json!({"EventDataStore": store}), expect![[r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","MaxEventSize":"Standard","ContextKeySelectors":[]}"#]]).await;
    let keys = json!([{"Type": "TagContext", "Equals": ["team", "stage"]}, {"Type": "RequestContext", "Equals": ["aws:SourceVpc"]}]);
    let insights = create(&world, "insights", json!({"AdvancedEventSelectors": only("Insight")})).await;
    for (body, expected) in [
        (
            json!({"EventDataStore": store, "ContextKeySelectors": keys}),
            expect![[
                r#"{"__type":"InvalidParameterCombinationException","message":"ContextKeySelectors can be used only when MaxEventSize is Large."}"#
            ]],
        ),
        (
            json!({"EventDataStore": store, "MaxEventSize": "Large", "ContextKeySelectors": keys}),
            expect![[
                r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","MaxEventSize":"Large","ContextKeySelectors":[{"Type":"TagContext","Equals":["team","stage"]},{"Type":"RequestContext","Equals":["aws:SourceVpc"]}]}"#
            ]],
        ),
        (
            json!({"EventDataStore": store, "MaxEventSize": "Standard"}),
            expect![[
                r#"{"__type":"InvalidParameterCombinationException","message":"ContextKeySelectors can be used only when MaxEventSize is Large."}"#
            ]],
        ),
        (
            json!({"EventDataStore": store, "MaxEventSize": "Large"}),
            expect![[
                r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","MaxEventSize":"Large","ContextKeySelectors":[{"Type":"TagContext","Equals":["team","stage"]},{"Type":"RequestContext","Equals":["aws:SourceVpc"]}]}"#
            ]],
        ),
        (
            json!({"EventDataStore": store, "MaxEventSize": "Standard", "ContextKeySelectors": []}),
            expect![[
                r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","MaxEventSize":"Standard","ContextKeySelectors":[]}"#
            ]],
        ),
        (
            json!({"EventDataStore": store, "MaxEventSize": "Large", "ContextKeySelectors": [{"Type": "TagContext", "Equals": ["a"]}, {"Type": "TagContext", "Equals": ["b"]}]}),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"Specify each type of context key selector at most once."}"#
            ]],
        ),
        (
            json!({"EventDataStore": store, "AggregationConfigurations": []}),
            expect![[
                r#"{"__type":"InvalidParameterCombinationException","message":"AggregationConfigurations can be specified for trails only."}"#
            ]],
        ),
        (
            json!({"EventDataStore": insights, "MaxEventSize": "Large"}),
            expect![[
                r#"{"__type":"InvalidEventDataStoreCategoryException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> is of a category that this operation does not support; it needs management or data events."}"#
            ]],
        ),
        (
            json!({"EventDataStore": store, "TrailName": "my-trail"}),
            expect![[
                r#"{"__type":"InvalidParameterCombinationException","message":"You can specify either TrailName or EventDataStore, but not both."}"#
            ]],
        ),
        (
            json!({}),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"You must specify either TrailName or EventDataStore."}"#
            ]],
        ),
        (
            json!({"EventDataStore": NOWHERE}),
            expect![[
                r#"{"__type":"EventDataStoreNotFoundException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> does not exist."}"#
            ]],
        ),
        (
            json!({"EventDataStore": "nowhere"}),
            expect![[
                r#"{"__type":"EventDataStoreARNInvalidException","message":"The ARN nowhere of the event data store is not valid."}"#
            ]],
        ),
    ] {
        check(&world, PutEventConfiguration, body, expected).await;
    }
    for (body, expected) in [
        (
            json!({"EventDataStore": insights}),
            expect![[
                r#"{"__type":"InvalidEventDataStoreCategoryException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> is of a category that this operation does not support; it needs management or data events."}"#
            ]],
        ),
        (
            json!({"EventDataStore": store, "TrailName": "my-trail"}),
            expect![[
                r#"{"__type":"InvalidParameterCombinationException","message":"You can specify either TrailName or EventDataStore, but not both."}"#
            ]],
        ),
        (
            json!({}),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"You must specify either TrailName or EventDataStore."}"#
            ]],
        ),
    ] {
        check(&world, GetEventConfiguration, body, expected).await;
    }
}

#[tokio::test]
async fn aggregated_events_need_a_trail_with_data_events() {
    let world = World::new().await;
    world.create("my-trail", json!({})).await;
    let wanted = json!([{"EventCategory": "Data", "Templates": ["API_ACTIVITY", "USER_ACTIONS", "API_ACTIVITY"]}]);
    let put = json!({"TrailName": "my-trail", "AggregationConfigurations": wanted});
    check(&world, PutEventConfiguration, put.clone(), expect![[r#"{"__type":"InvalidParameterException","message":"To log aggregated events, the trail must log data events."}"#]]).await;
    let data = json!({"TrailName": "my-trail", "EventSelectors": [{"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]});
    world.do_it(PutEventSelectors, data).await;
    check(&world, PutEventConfiguration, put, expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","AggregationConfigurations":[{"Templates":["API_ACTIVITY","USER_ACTIONS"],"EventCategory":"Data"}]}"#]]).await;
    check(&world, GetEventConfiguration, json!({"TrailName": trail_arn("my-trail")}), expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","AggregationConfigurations":[{"Templates":["API_ACTIVITY","USER_ACTIONS"],"EventCategory":"Data"}]}"#]]).await;
    let none = json!({"TrailName": "my-trail", "AggregationConfigurations": []});
    check(
        &world,
        PutEventConfiguration,
        none,
        expect![[
            r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","AggregationConfigurations":[]}"#
        ]],
    )
    .await;
    for (body, expected) in [
        (
            json!({"TrailName": "my-trail", "MaxEventSize": "Large"}),
            expect![[
                r#"{"__type":"InvalidParameterCombinationException","message":"MaxEventSize and ContextKeySelectors can be specified for event data stores only."}"#
            ]],
        ),
        (
            json!({"TrailName": "nope"}),
            expect![[
                r#"{"__type":"TrailNotFoundException","message":"Unknown trail: arn:aws:cloudtrail:us-east-1:111122223333:trail/nope for the user: 111122223333"}"#
            ]],
        ),
    ] {
        check(&world, PutEventConfiguration, body, expected).await;
    }
}

#[tokio::test]
async fn stores_carry_tags() {
    let world = World::new().await;
    let store = create(
        &world,
        "my-store",
        json!({"TerminationProtectionEnabled": false, "TagsList": [{"Key": "team", "Value": "blue"}]}),
    )
    .await;
    let tags = |tags: serde_json::Value| json!({"ResourceId": store, "TagsList": tags});
    assert_eq!(world.call(AddTags, tags(json!([{"Key": "stage"}, {"Key": "team", "Value": "red"}]))).await, "{}");
    check(&world, ListTags, json!({"ResourceIdList": [store]}), expect![[r#"{"ResourceTagList":[{"ResourceId":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","TagsList":[{"Key":"team","Value":"red"},{"Key":"stage"}]}]}"#]]).await;
    assert_eq!(world.call(RemoveTags, tags(json!([{"Key": "team"}]))).await, "{}");
    check(&world, ListTags, json!({"ResourceIdList": [store]}), expect![[r#"{"ResourceTagList":[{"ResourceId":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","TagsList":[{"Key":"stage"}]}]}"#]]).await;
    world.do_it(DeleteEventDataStore, json!({"EventDataStore": store})).await;
    let answer = world.same("us-east-1", &[AddTags, RemoveTags], tags(json!([{"Key": "team"}]))).await;
    assert!(answer.contains("InactiveEventDataStoreException"), "{answer}");
    check(&world, ListTags, json!({"ResourceIdList": [store]}), expect![[r#"{"__type":"InactiveEventDataStoreException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> is pending deletion. Restore it first."}"#]]).await;
    let foreign = store.replace("111122223333", "999999999999");
    check(&world, ListTags, json!({"ResourceIdList": [foreign]}), expect![[r#"{"__type":"EventDataStoreNotFoundException","message":"The event data store arn:aws:cloudtrail:us-east-1:999999999999:eventdatastore/<id> does not exist."}"#]]).await;
}
