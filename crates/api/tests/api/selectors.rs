//! Event selectors and Insights selectors: what is echoed, what is read back, what is refused.

use crate::common::{ABROAD, World, arn};
use expect_test::{Expect, expect};
use opentrail_wire::Operation::{
    GetEventSelectors, GetInsightSelectors, GetTrail, PutEventSelectors, PutInsightSelectors, StartLogging, StopLogging,
};
use serde_json::{Value, json};

async fn world() -> World {
    let world = World::new().await;
    world.create("my-trail", json!({})).await;
    world.written();
    world
}

async fn check_put(world: &World, more: Value, expected: Expect) {
    let mut body = json!({"TrailName": "my-trail"});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    expected.assert_eq(&world.call(PutEventSelectors, body).await);
}

async fn check_insights(world: &World, body: Value, expected: Expect) {
    expected.assert_eq(&world.call(PutInsightSelectors, body).await);
}

async fn is_custom(world: &World) -> bool {
    world.call(GetTrail, json!({"Name": "my-trail"})).await.contains(r#""HasCustomEventSelectors":true"#)
}

#[tokio::test]
async fn a_new_trail_has_one_basic_selector() {
    let world = world().await;
    expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","EventSelectors":[{"ReadWriteType":"All","IncludeManagementEvents":true,"DataResources":[],"ExcludeManagementEventSources":[]}]}"#]].assert_eq(&world.call(GetEventSelectors, json!({"TrailName": "my-trail"})).await);
}

#[tokio::test]
async fn basic_and_advanced_replace_each_other() {
    let world = world().await;
    let advanced = json!({"AdvancedEventSelectors": [{"Name": "reads", "FieldSelectors": [
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::my-bucket/"], "NotEndsWith": [".tmp"]},
    ]}]});
    check_put(&world, advanced, expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","AdvancedEventSelectors":[{"Name":"reads","FieldSelectors":[{"Field":"resources.type","Equals":["AWS::S3::Object"]},{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.ARN","StartsWith":["arn:aws:s3:::my-bucket/"],"NotEndsWith":[".tmp"]}]}]}"#]]).await;
    assert!(is_custom(&world).await);
    expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","AdvancedEventSelectors":[{"Name":"reads","FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.ARN","StartsWith":["arn:aws:s3:::my-bucket/"],"NotEndsWith":[".tmp"]},{"Field":"resources.type","Equals":["AWS::S3::Object"]}]}]}"#]].assert_eq(&world.call(GetEventSelectors, json!({"TrailName": arn("my-trail")})).await);
    let basic = json!({"EventSelectors": [
        {"ReadWriteType": "WriteOnly", "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::my-bucket/"]}]},
    ]});
    check_put(&world, basic, expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","EventSelectors":[{"ReadWriteType":"WriteOnly","IncludeManagementEvents":true,"DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3:::my-bucket/"]}],"ExcludeManagementEventSources":[]}]}"#]]).await;
    expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","EventSelectors":[{"ReadWriteType":"WriteOnly","IncludeManagementEvents":true,"DataResources":[{"Type":"AWS::S3::Object","Values":["arn:aws:s3:::my-bucket/"]}],"ExcludeManagementEventSources":[]}]}"#]].assert_eq(&world.call(GetEventSelectors, json!({"TrailName": "my-trail"})).await);
    check_put(&world, json!({"EventSelectors": [{}]}), expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","EventSelectors":[{"ReadWriteType":"All","IncludeManagementEvents":true,"DataResources":[],"ExcludeManagementEventSources":[]}]}"#]]).await;
    assert!(!is_custom(&world).await, "what a new trail has is not custom");
}

#[tokio::test]
async fn bad_selectors_are_refused_in_cloudtrails_words() {
    let world = world().await;
    let fields = |fields: Value| json!({"AdvancedEventSelectors": [{"FieldSelectors": fields}]});
    check_put(&world, json!({}), expect![[r#"{"__type":"InvalidEventSelectorsException","message":"Specify a valid number of selectors (1 to 5) for your trail"}"#]]).await;
    check_put(&world, json!({"EventSelectors": []}), expect![[r#"{"__type":"InvalidEventSelectorsException","message":"Specify a valid number of selectors (1 to 5) for your trail"}"#]]).await;
    check_put(&world, json!({"AdvancedEventSelectors": []}), expect![[r#"{"__type":"InvalidEventSelectorsException","message":"Specify between 1 and 500 selectors for your trail."}"#]]).await;
    check_put(&world, json!({"EventSelectors": [{}, {}, {}, {}, {}, {}]}), expect![[r#"{"__type":"InvalidEventSelectorsException","message":"Specify a valid number of selectors (1 to 5) for your trail"}"#]]).await;
    let both = json!({"EventSelectors": [{}], "AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}]});
    check_put(&world, both, expect![[r#"{"__type":"InvalidEventSelectorsException","message":"You can select events by using either EventSelectors or AdvancedEventSelectors, but not both."}"#]]).await;
    check_put(
        &world,
        json!({"EventSelectors": [{"ReadWriteType": "Both"}]}),
        expect![[
            r#"{"__type":"InvalidEventSelectorsException","message":"Value Both for ReadWriteType is invalid."}"#
        ]],
    )
    .await;
    check_put(&world, json!({"EventSelectors": [{"IncludeManagementEvents": false}]}), expect![[r#"{"__type":"InvalidEventSelectorsException","message":"Invalid combination of parameters in EventSelectors. When includeManagementEvents is false, DataResources must not be empty"}"#]]).await;
    let bucket = json!({"EventSelectors": [{"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::my-bucket"]}]}]});
    check_put(&world, bucket, expect![[r#"{"__type":"InvalidEventSelectorsException","message":"Value arn:aws:s3:::my-bucket for DataResources.Values is invalid."}"#]]).await;
    check_put(&world, fields(json!([{"Field": "readOnly", "Equals": ["true"]}])), expect![[r#"{"__type":"InvalidEventSelectorsException","message":"The following fields are required: [eventCategory]."}"#]]).await;
    let unknown = json!([{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::IAM::Role"]}]);
    check_put(
        &world,
        fields(unknown),
        expect![[
            r#"{"__type":"InvalidEventSelectorsException","message":"The resources.type field value is not valid."}"#
        ]],
    )
    .await;
    let malformed = json!([
        {"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", "Equals": ["nonsense"]},
    ]);
    check_put(&world, fields(malformed), expect![[r#"{"__type":"InvalidEventSelectorsException","message":"The specified ARN nonsense is not valid. Verify that the ARN is properly formatted."}"#]]).await;
    assert!(!is_custom(&world).await);
}

#[tokio::test]
async fn selectors_are_read_abroad_and_put_at_home() {
    let world = World::new().await;
    world.create("wide", json!({"IsMultiRegionTrail": true})).await;
    let read = world.call_in(ABROAD, GetEventSelectors, json!({"TrailName": arn("wide")})).await;
    assert!(read.starts_with(r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:"#), "{read}");
    expect![[r#"{"__type":"TrailNotFoundException","message":"Unknown trail: arn:aws:cloudtrail:eu-west-1:111122223333:trail/wide for the user: 111122223333"}"#]].assert_eq(&world.call_in(ABROAD, GetEventSelectors, json!({"TrailName": "wide"})).await);
    let body = json!({"TrailName": "wide", "EventSelectors": [{}]});
    expect![[r#"{"__type":"InvalidHomeRegionException","message":"The trail arn:aws:cloudtrail:us-east-1:111122223333:trail/wide can be changed only in its home Region, us-east-1."}"#]].assert_eq(&world.call_in(ABROAD, PutEventSelectors, body).await);
    let body = json!({"TrailName": "wide", "InsightSelectors": []});
    expect![[r#"{"__type":"InvalidHomeRegionException","message":"The trail arn:aws:cloudtrail:us-east-1:111122223333:trail/wide can be changed only in its home Region, us-east-1."}"#]].assert_eq(&world.call_in(ABROAD, PutInsightSelectors, body).await);
    let unknown = json!({"TrailName": "nope", "EventSelectors": [{}], "InsightSelectors": []});
    expect![[r#"{"__type":"TrailNotFoundException","message":"Unknown trail: arn:aws:cloudtrail:us-east-1:111122223333:trail/nope for the user: 111122223333"}"#]].assert_eq(
        &world
            .same(
                crate::common::HOME,
                &[PutEventSelectors, PutInsightSelectors, GetEventSelectors, GetInsightSelectors],
                unknown,
            )
            .await,
    );
}

#[tokio::test]
async fn insights_are_kept_shown_and_disabled() {
    let world = world().await;
    let get = async || world.call(GetInsightSelectors, json!({"TrailName": "my-trail"})).await;
    expect![[r#"{"__type":"InsightNotEnabledException","message":"Trail arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again."}"#]].assert_eq(&get().await);
    let two = json!({"TrailName": "my-trail", "InsightSelectors": [
        {"InsightType": "ApiCallRateInsight"},
        {"InsightType": "ApiErrorRateInsight", "EventCategories": ["Management"]},
    ]});
    check_insights(&world, two.clone(), expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","InsightSelectors":[{"InsightType":"ApiCallRateInsight","EventCategories":["Management"]},{"InsightType":"ApiErrorRateInsight","EventCategories":["Management"]}]}"#]]).await;
    assert_eq!(world.written(), ["logs AWSLogs/111122223333/CloudTrail-Insight/"]);
    expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","InsightSelectors":[{"InsightType":"ApiCallRateInsight","EventCategories":["Management"]},{"InsightType":"ApiErrorRateInsight","EventCategories":["Management"]}]}"#]].assert_eq(&get().await);
    assert!(world.call(GetTrail, json!({"Name": "my-trail"})).await.contains(r#""HasInsightSelectors":true"#));
    check_insights(
        &world,
        json!({"TrailName": "my-trail", "InsightSelectors": []}),
        expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","InsightSelectors":[]}"#]],
    )
    .await;
    assert!(get().await.contains("InsightNotEnabledException"));
    check_insights(
        &world,
        json!({"TrailName": "my-trail", "InsightSelectors": []}),
        expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","InsightSelectors":[]}"#]],
    )
    .await;
    world.do_it(PutInsightSelectors, two).await;
    world.do_it(StartLogging, json!({"Name": "my-trail"})).await;
    world.do_it(StopLogging, json!({"Name": "my-trail"})).await;
    assert!(get().await.contains("InsightNotEnabledException"), "a stop disables them");
}

#[tokio::test]
async fn insights_need_what_the_trail_logs() {
    let world = world().await;
    let on = |kind: &str, categories: Value| json!({"TrailName": "my-trail", "InsightSelectors": [{"InsightType": kind, "EventCategories": categories}]});
    world
        .do_it(PutEventSelectors, json!({"TrailName": "my-trail", "EventSelectors": [{"ReadWriteType": "ReadOnly"}]}))
        .await;
    check_insights(&world, on("ApiCallRateInsight", json!(["Management"])), expect![[r#"{"__type":"InvalidInsightSelectorsException","message":"To log Insights on the API call rate, write management events must be logged."}"#]]).await;
    check_insights(&world, on("ApiErrorRateInsight", json!(["Data"])), expect![[r#"{"__type":"InvalidInsightSelectorsException","message":"To log Insights on data events, data events must be logged."}"#]]).await;
    check_insights(&world, on("ApiErrorRateInsight", json!(["Management"])), expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","InsightSelectors":[{"InsightType":"ApiErrorRateInsight","EventCategories":["Management"]}]}"#]]).await;
    let data = json!({"TrailName": "my-trail", "AdvancedEventSelectors": [{"FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    ]}]});
    world.do_it(PutEventSelectors, data).await;
    check_insights(&world, on("ApiErrorRateInsight", json!(["Management", "Data"])), expect![[r#"{"__type":"InvalidInsightSelectorsException","message":"To log Insights on the API error rate, read or write management events must be logged."}"#]]).await;
    check_insights(&world, on("ApiCallRateInsight", json!(["Data", "Data"])), expect![[r#"{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","InsightSelectors":[{"InsightType":"ApiCallRateInsight","EventCategories":["Data"]}]}"#]]).await;
    check_insights(&world, on("Other", json!([])), expect![[r#"{"__type":"InvalidInsightSelectorsException","message":"1 validation error detected: Value 'Other' at 'insightSelectors.1.member.insightType' failed to satisfy constraint: Member must satisfy enum value set: [ApiCallRateInsight, ApiErrorRateInsight]"}"#]]).await;
    check_insights(&world, on("ApiCallRateInsight", json!(["Other"])), expect![[r#"{"__type":"InvalidInsightSelectorsException","message":"1 validation error detected: Value '[Other]' at 'insightSelectors.1.member.eventCategories' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [Management, Data]]"}"#]]).await;
    let twice = json!({"TrailName": "my-trail", "InsightSelectors": [{"InsightType": "ApiCallRateInsight"}, {"InsightType": "ApiCallRateInsight"}]});
    check_insights(
        &world,
        twice,
        expect![[
            r#"{"__type":"InvalidInsightSelectorsException","message":"Specify each Insights type at most once."}"#
        ]],
    )
    .await;
}

#[tokio::test]
async fn insights_name_a_trail_or_a_store() {
    let world = world().await;
    let store = "arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/01234567-89ab-cdef-0123-456789abcdef";
    check_insights(&world, json!({"InsightSelectors": []}), expect![[r#"{"__type":"InvalidParameterException","message":"You must specify either TrailName, or EventDataStore and InsightsDestination."}"#]]).await;
    let one = json!([{"InsightType": "ApiCallRateInsight"}]);
    check_insights(&world, json!({"InsightSelectors": one, "EventDataStore": store}), expect![[r#"{"__type":"InvalidParameterException","message":"You must specify either TrailName, or EventDataStore and InsightsDestination."}"#]]).await;
    let both = json!({"InsightSelectors": [], "EventDataStore": store, "TrailName": "my-trail"});
    check_insights(&world, both, expect![[r#"{"__type":"InvalidParameterCombinationException","message":"You can specify either TrailName, or EventDataStore and InsightsDestination, but not both."}"#]]).await;
    let stores = json!({"InsightSelectors": [], "EventDataStore": store, "InsightsDestination": store});
    check_insights(&world, stores, expect![[r#"{"__type":"InvalidParameterException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/01234567-89ab-cdef-0123-456789abcdef does not exist."}"#]]).await;
    let get = async |body: Value| world.call(GetInsightSelectors, body).await;
    expect![[
        r#"{"__type":"InvalidParameterException","message":"You must specify either TrailName or EventDataStore."}"#
    ]]
    .assert_eq(&get(json!({})).await);
    expect![[r#"{"__type":"InvalidParameterException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/01234567-89ab-cdef-0123-456789abcdef does not exist."}"#]].assert_eq(&get(json!({"EventDataStore": store})).await);
    expect![[r#"{"__type":"InvalidParameterCombinationException","message":"You can specify either TrailName or EventDataStore, but not both."}"#]].assert_eq(&get(json!({"EventDataStore": store, "TrailName": "my-trail"})).await);
}

#[tokio::test]
async fn insights_objects_must_be_writable() {
    let world = World::new().await;
    world.create("my-trail", json!({"S3BucketName": "no-insight"})).await;
    let body = json!({"TrailName": "my-trail", "InsightSelectors": [{"InsightType": "ApiCallRateInsight"}]});
    check_insights(&world, body, expect![[r#"{"__type":"InsufficientS3BucketPolicyException","message":"Incorrect S3 bucket policy is detected for bucket: no-insight"}"#]]).await;
    assert!(world.call(GetInsightSelectors, json!({"TrailName": "my-trail"})).await.contains("InsightNotEnabled"));
}
