//! Making, changing, reading and deleting trails: answers to the byte, and every error.

use crate::common::{ABROAD, ACCOUNT, HOME, World, arn, caller_of};
use expect_test::{Expect, expect};
use opentrail_wire::Operation::{
    CreateTrail, DeleteTrail, DescribeTrails, GetTrail, GetTrailStatus, ListTrails, StartLogging, StopLogging,
    UpdateTrail,
};
use serde_json::{Value, json};

async fn check_create(world: &World, body: Value, expected: Expect) {
    expected.assert_eq(&world.call(CreateTrail, body).await);
}

async fn check_update(world: &World, body: Value, expected: Expect) {
    expected.assert_eq(&world.call(UpdateTrail, body).await);
}

#[tokio::test]
async fn a_plain_trail_has_the_defaults() {
    let world = World::new().await;
    check_create(&world, json!({"Name": "my-trail", "S3BucketName": "logs"}), expect![[r#"{"Name":"my-trail","S3BucketName":"logs","IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":false,"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","LogFileValidationEnabled":false,"IsOrganizationTrail":false,"RecursiveLogging":true}"#]]).await;
    expect![[r#"{"Trail":{"Name":"my-trail","S3BucketName":"logs","IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":false,"HomeRegion":"us-east-1","TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","LogFileValidationEnabled":false,"HasCustomEventSelectors":false,"HasInsightSelectors":false,"IsOrganizationTrail":false,"RecursiveLogging":true}}"#]].assert_eq(&world.call(GetTrail, json!({"Name": "my-trail"})).await);
    expect![[r#"{"trailList":[{"Name":"my-trail","S3BucketName":"logs","IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":false,"HomeRegion":"us-east-1","TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","LogFileValidationEnabled":false,"HasCustomEventSelectors":false,"HasInsightSelectors":false,"IsOrganizationTrail":false,"RecursiveLogging":true}]}"#]].assert_eq(&world.call(DescribeTrails, json!({})).await);
    expect![[r#"{"Trails":[{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","Name":"my-trail","HomeRegion":"us-east-1"}]}"#]].assert_eq(&world.call(ListTrails, json!({})).await);
    assert_eq!(world.written(), ["logs AWSLogs/111122223333/CloudTrail/"]);
    assert_eq!(world.revisions().await, [(100, "silent")]);
}

#[tokio::test]
async fn a_full_trail_shows_what_was_given() {
    let world = World::new().await;
    let body = json!({
        "Name": "full", "S3BucketName": "logs", "S3KeyPrefix": "a/b", "IsMultiRegionTrail": true,
        "IncludeGlobalServiceEvents": true, "EnableLogFileValidation": true, "RecursiveLogging": false,
        "IsOrganizationTrail": false, "TagsList": [{"Key": "team", "Value": "blue"}, {"Key": "bare"}],
        "SnsTopicName": "", "KmsKeyId": "", "CloudWatchLogsLogGroupArn": "", "CloudWatchLogsRoleArn": "",
    });
    check_create(&world, body, expect![[r#"{"Name":"full","S3BucketName":"logs","S3KeyPrefix":"a/b","IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":true,"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/full","LogFileValidationEnabled":true,"IsOrganizationTrail":false,"RecursiveLogging":false}"#]]).await;
    expect![[r#"{"Trail":{"Name":"full","S3BucketName":"logs","S3KeyPrefix":"a/b","IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":true,"HomeRegion":"us-east-1","TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/full","LogFileValidationEnabled":true,"HasCustomEventSelectors":false,"HasInsightSelectors":false,"IsOrganizationTrail":false,"RecursiveLogging":false}}"#]].assert_eq(&world.call(GetTrail, json!({"Name": arn("full")})).await);
    assert_eq!(
        world.written(),
        ["logs a/b/AWSLogs/111122223333/CloudTrail/", "logs a/b/AWSLogs/111122223333/CloudTrail-Digest/"]
    );
}

#[tokio::test]
async fn create_refuses_bad_parameters() {
    let world = World::new().await;
    let with = |more: Value| {
        let mut body = json!({"Name": "my-trail", "S3BucketName": "logs"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };
    check_create(&world, json!({"S3BucketName": "logs"}), expect![[r#"{"__type":"ValidationException","message":"1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"}"#]]).await;
    check_create(&world, with(json!({"Name": "ab"})), expect![[r#"{"__type":"InvalidTrailNameException","message":"Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters."}"#]]).await;
    check_create(&world, with(json!({"Name": arn("my-trail")})), expect![[r#"{"__type":"InvalidTrailNameException","message":"Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_)."}"#]]).await;
    check_create(&world, with(json!({"TagsList": [{"Key": "aws:x", "Value": "y"}]})), expect![[r#"{"__type":"InvalidTagParameterException","message":"Tag key aws:x must not start with the reserved prefix aws:."}"#]]).await;
    check_create(
        &world,
        with(json!({"TagsList": [{"Key": "x"}, {"Key": "x"}]})),
        expect![[r#"{"__type":"InvalidTagParameterException","message":"Duplicate tag key x in the request."}"#]],
    )
    .await;
    let many: Vec<Value> = (0..51).map(|n| json!({"Key": format!("k{n}")})).collect();
    check_create(&world, with(json!({"TagsList": many})), expect![[r#"{"__type":"TagsLimitExceededException","message":"The number of tags per resource has exceeded the permissible limit. The limit is 50."}"#]]).await;
    check_create(&world, with(json!({"IsOrganizationTrail": true})), expect![[r#"{"__type":"OrganizationsNotInUseException","message":"Your account is not a member of an organization."}"#]]).await;
    let contradiction = json!({"IsMultiRegionTrail": true, "IncludeGlobalServiceEvents": false});
    check_create(&world, with(contradiction), expect![[r#"{"__type":"InvalidParameterCombinationException","message":"Multi-Region trail must include global service events."}"#]]).await;
    check_create(
        &world,
        with(json!({"S3BucketName": "Not_a_bucket"})),
        expect![[
            r#"{"__type":"InvalidS3BucketNameException","message":"The S3 bucket name 'Not_a_bucket' is not valid."}"#
        ]],
    )
    .await;
    check_create(&world, with(json!({"S3KeyPrefix": "p".repeat(201)})), expect![[r#"{"__type":"InvalidS3PrefixException","message":"The S3 key prefix is too long. Maximum allowed length: 200 characters. Specified prefix length: 201 characters."}"#]]).await;
    check_create(
        &world,
        with(json!({"SnsTopicName": "my.fifo"})),
        expect![[r#"{"__type":"InvalidSnsTopicNameException","message":"SNS Topic name my.fifo is not valid."}"#]],
    )
    .await;
    let group = "arn:aws:logs:us-east-1:111122223333:log-group:trail:*";
    let role = "arn:aws:iam::111122223333:role/CloudTrail";
    check_create(&world, with(json!({"CloudWatchLogsLogGroupArn": group})), expect![[r#"{"__type":"InvalidCloudWatchLogsRoleArnException","message":"You must specify a log group and a role ARN."}"#]]).await;
    check_create(&world, with(json!({"CloudWatchLogsRoleArn": role})), expect![[r#"{"__type":"InvalidCloudWatchLogsLogGroupArnException","message":"You must specify a log group and a role ARN."}"#]]).await;
    let logs =
        |group: &str, role: &str| with(json!({"CloudWatchLogsLogGroupArn": group, "CloudWatchLogsRoleArn": role}));
    check_create(&world, logs("nonsense", role), expect![[r#"{"__type":"InvalidCloudWatchLogsLogGroupArnException","message":"CloudTrail cannot validate the specified log group ARN."}"#]]).await;
    check_create(&world, logs(&group.replace("us-east-1", ABROAD), role), expect![[r#"{"__type":"InvalidCloudWatchLogsLogGroupArnException","message":"You must specify a log group that is in the current region."}"#]]).await;
    check_create(&world, logs(group, "nonsense"), expect![[r#"{"__type":"InvalidCloudWatchLogsRoleArnException","message":"CloudTrail cannot validate the specified role ARN."}"#]]).await;
    assert_eq!(world.written(), [""; 0], "all this was refused before the bucket was touched");
    assert_eq!(world.call(ListTrails, json!({})).await, r#"{"Trails":[]}"#);
}

#[tokio::test]
async fn create_refuses_destinations_that_do_not_take_it() {
    let world = World::new().await;
    let to = |bucket: &str| json!({"Name": "my-trail", "S3BucketName": bucket, "EnableLogFileValidation": true});
    check_create(
        &world,
        to("missing-bucket"),
        expect![[r#"{"__type":"S3BucketDoesNotExistException","message":"S3 bucket missing-bucket does not exist!"}"#]],
    )
    .await;
    check_create(&world, to("no-put"), expect![[r#"{"__type":"InsufficientS3BucketPolicyException","message":"Incorrect S3 bucket policy is detected for bucket: no-put"}"#]]).await;
    check_create(
        &world,
        to("down"),
        expect![[
            r#"{"__type":"ServiceUnavailable","message":"S3 bucket down cannot be reached now. Try again later."}"#
        ]],
    )
    .await;
    assert_eq!(world.written(), [""; 0]);
    check_create(&world, to("no-acl"), expect![[r#"{"__type":"InsufficientS3BucketPolicyException","message":"Incorrect S3 bucket policy is detected for bucket: no-acl"}"#]]).await;
    check_create(&world, to("no-digest"), expect![[r#"{"__type":"InsufficientS3BucketPolicyException","message":"Incorrect S3 bucket policy is detected for bucket: no-digest"}"#]]).await;
    assert_eq!(
        world.written(),
        ["no-acl AWSLogs/111122223333/CloudTrail/", "no-digest AWSLogs/111122223333/CloudTrail/"],
        "the first marker stays behind"
    );
    let with = |more: Value| {
        let mut body = json!({"Name": "my-trail", "S3BucketName": "logs"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };
    check_create(&world, with(json!({"KmsKeyId": "alias/mine"})), expect![[r#"{"__type":"InsufficientEncryptionPolicyException","message":"Insufficient permissions to access S3 bucket logs or KMS key alias/mine"}"#]]).await;
    check_create(
        &world,
        with(json!({"KmsKeyId": "not a key"})),
        expect![[r#"{"__type":"KmsKeyNotFoundException","message":"The KMS key not a key does not exist."}"#]],
    )
    .await;
    let nowhere = json!({"Name": "my-trail", "S3BucketName": "missing", "KmsKeyId": "alias/mine"});
    check_create(
        &world,
        nowhere,
        expect![[r#"{"__type":"S3BucketDoesNotExistException","message":"S3 bucket missing does not exist!"}"#]],
    )
    .await;
    assert_eq!(world.written(), [""; 0], "an object under a missing key can't be written");
    check_create(&world, with(json!({"SnsTopicName": "topic"})), expect![[r#"{"__type":"InsufficientSnsTopicPolicyException","message":"SNS Topic does not exist or the topic policy is incorrect!"}"#]]).await;
    let logs = json!({
        "CloudWatchLogsLogGroupArn": "arn:aws:logs:us-east-1:111122223333:log-group:trail:*",
        "CloudWatchLogsRoleArn": "arn:aws:iam::111122223333:role/CloudTrail",
    });
    check_create(&world, with(logs), expect![[r#"{"__type":"InvalidCloudWatchLogsLogGroupArnException","message":"Access denied. Verify in IAM that the role has adequate permissions."}"#]]).await;
    assert_eq!(world.call(ListTrails, json!({})).await, r#"{"Trails":[]}"#);
}

#[tokio::test]
async fn a_name_is_taken_once_and_a_region_holds_five() {
    let world = World::new().await;
    world.create("one", json!({})).await;
    check_create(&world, json!({"Name": "one", "S3BucketName": "other"}), expect![[r#"{"__type":"TrailAlreadyExistsException","message":"Trail one already exists for customer: 111122223333"}"#]]).await;
    for name in ["two", "three"] {
        world.create(name, json!({"IsMultiRegionTrail": true})).await;
    }
    world.create("four", json!({})).await;
    world.create("five", json!({})).await;
    check_create(&world, json!({"Name": "six", "S3BucketName": "logs"}), expect![[r#"{"__type":"MaximumNumberOfTrailsExceededException","message":"User: 111122223333 already has 5 trails in us-east-1."}"#]]).await;
    // Another Region shows two of these; one of the same name is another trail there.
    for name in ["one", "six", "seven"] {
        let body = json!({"Name": name, "S3BucketName": "logs"});
        let answer = world.call_in(ABROAD, CreateTrail, body).await;
        assert!(answer.contains(r#""TrailARN":"arn:aws:cloudtrail:eu-west-1:"#), "{answer}");
    }
    let body = json!({"Name": "eight", "S3BucketName": "logs"});
    expect![[r#"{"__type":"MaximumNumberOfTrailsExceededException","message":"User: 111122223333 already has 5 trails in eu-west-1."}"#]].assert_eq(&world.call_in(ABROAD, CreateTrail, body).await);
    assert_eq!(world.call_as(&caller_of("444455556666", HOME), ListTrails, json!({})).await, r#"{"Trails":[]}"#);
}

#[tokio::test]
async fn a_multi_region_trail_needs_room_in_every_region() {
    let world = World::new().await;
    for name in ["one", "two", "three", "four", "five"] {
        world.call_in(ABROAD, CreateTrail, json!({"Name": name, "S3BucketName": "logs"})).await;
    }
    let wide = json!({"Name": "wide", "S3BucketName": "logs", "IsMultiRegionTrail": true});
    check_create(&world, wide, expect![[r#"{"__type":"MaximumNumberOfTrailsExceededException","message":"User: 111122223333 already has 5 trails in eu-west-1."}"#]]).await;
    world.create("narrow", json!({})).await;
}

#[tokio::test]
async fn unknown_trails_are_told_by_name_or_arn() {
    let world = World::new().await;
    expect![[r#"{"__type":"TrailNotFoundException","message":"Unknown trail: nope for the user: 111122223333"}"#]]
        .assert_eq(&world.call(GetTrail, json!({"Name": "nope"})).await);
    expect![[r#"{"__type":"TrailNotFoundException","message":"Unknown trail: nope for the user: 111122223333"}"#]]
        .assert_eq(&world.call(GetTrail, json!({"Name": arn("nope")})).await);
    let others = [GetTrailStatus, StartLogging, StopLogging, DeleteTrail, UpdateTrail];
    expect![[r#"{"__type":"TrailNotFoundException","message":"Unknown trail: arn:aws:cloudtrail:us-east-1:111122223333:trail/nope for the user: 111122223333"}"#]].assert_eq(&world.same(HOME, &others, json!({"Name": "nope"})).await);
    let other = arn("nope").replace(ACCOUNT, "444455556666");
    expect![[r#"{"__type":"TrailNotFoundException","message":"Unknown trail: arn:aws:cloudtrail:us-east-1:444455556666:trail/nope for the user: 111122223333"}"#]].assert_eq(&world.call(StartLogging, json!({"Name": other})).await);
}

#[tokio::test]
async fn malformed_names_and_arns_are_refused_everywhere() {
    let world = World::new().await;
    let all = [GetTrail, GetTrailStatus, StartLogging, StopLogging, DeleteTrail, UpdateTrail];
    expect![[r#"{"__type":"InvalidTrailNameException","message":"Trail name must starts with a letter or number."}"#]]
        .assert_eq(&world.same(HOME, &all, json!({"Name": "-bad"})).await);
    expect![[r#"{"__type":"CloudTrailARNInvalidException","message":"CloudTrail ARN arn:aws:cloudtrail is not valid. A trail ARN has the form arn:partition:cloudtrail:region:account:trail/name."}"#]].assert_eq(&world.same(HOME, &all, json!({"Name": "arn:aws:cloudtrail"})).await);
    expect![[r#"{"__type":"InvalidTrailNameException","message":"Trail name too short. Minimum allowed length: 3 characters. Specified name length: 1 characters."}"#]].assert_eq(&world.call(DescribeTrails, json!({"trailNameList": ["x"]})).await);
    expect![[r#"{"__type":"CloudTrailARNInvalidException","message":"CloudTrail ARN arn:x is not valid. A trail ARN has the form arn:partition:cloudtrail:region:account:trail/name."}"#]].assert_eq(&world.call(DescribeTrails, json!({"trailNameList": ["arn:x"]})).await);
}

#[tokio::test]
async fn shadows_show_abroad_and_are_changed_at_home() {
    let world = World::new().await;
    world.create("wide", json!({"IsMultiRegionTrail": true})).await;
    world.create("narrow", json!({})).await;
    let abroad = async |operation, body| world.call_in(ABROAD, operation, body).await;
    let shown = abroad(DescribeTrails, json!({})).await;
    assert!(shown.contains("wide") && !shown.contains("narrow"), "{shown}");
    assert_eq!(abroad(DescribeTrails, json!({"includeShadowTrails": false})).await, r#"{"trailList":[]}"#);
    assert_eq!(abroad(DescribeTrails, json!({"trailNameList": ["wide"]})).await, r#"{"trailList":[]}"#);
    assert_eq!(abroad(DescribeTrails, json!({"trailNameList": [arn("narrow")]})).await, r#"{"trailList":[]}"#);
    assert_eq!(abroad(DescribeTrails, json!({"trailNameList": [arn("wide"), "nope"]})).await, shown);
    assert!(abroad(GetTrail, json!({"Name": arn("wide")})).await.contains(r#""HomeRegion":"us-east-1""#));
    expect![[r#"{"__type":"TrailNotFoundException","message":"Unknown trail: wide for the user: 111122223333"}"#]]
        .assert_eq(&abroad(GetTrail, json!({"Name": "wide"})).await);
    expect![[r#"{"__type":"TrailNotFoundException","message":"Unknown trail: narrow for the user: 111122223333"}"#]]
        .assert_eq(&abroad(GetTrail, json!({"Name": arn("narrow")})).await);
    assert!(abroad(GetTrailStatus, json!({"Name": arn("wide")})).await.starts_with(r#"{"IsLogging":false"#));
    let changes = [StartLogging, StopLogging, DeleteTrail, UpdateTrail];
    let refused = async |name: &str| world.same(ABROAD, &changes, json!({"Name": name})).await;
    expect![[r#"{"__type":"InvalidHomeRegionException","message":"The trail arn:aws:cloudtrail:us-east-1:111122223333:trail/wide can be changed only in its home Region, us-east-1."}"#]].assert_eq(&refused("wide").await);
    expect![[r#"{"__type":"InvalidHomeRegionException","message":"The trail arn:aws:cloudtrail:us-east-1:111122223333:trail/wide can be changed only in its home Region, us-east-1."}"#]].assert_eq(&refused(&arn("wide")).await);
    expect![[r#"{"__type":"InvalidHomeRegionException","message":"The trail arn:aws:cloudtrail:us-east-1:111122223333:trail/narrow can be changed only in its home Region, us-east-1."}"#]].assert_eq(&refused(&arn("narrow")).await);
    expect![[r#"{"__type":"TrailNotFoundException","message":"Unknown trail: arn:aws:cloudtrail:eu-west-1:111122223333:trail/narrow for the user: 111122223333"}"#]].assert_eq(&refused("narrow").await);
    expect![[r#"{"Trails":[{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/wide","Name":"wide","HomeRegion":"us-east-1"},{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/narrow","Name":"narrow","HomeRegion":"us-east-1"}]}"#]].assert_eq(&abroad(ListTrails, json!({"NextToken": "ignored"})).await);
}

#[tokio::test]
async fn logging_starts_and_stops_with_status_and_revisions() {
    let world = World::new().await;
    world.create("my-trail", json!({"EnableLogFileValidation": true})).await;
    let status = async || world.call(GetTrailStatus, json!({"Name": "my-trail"})).await;
    let chain = async || {
        let trails = world.api.catalog.trails().await.expect("reads");
        trails[0].trail.chain_started_at.map(|at| at.iso_ms())
    };
    let fresh = status().await;
    expect![[r#"{"IsLogging":false,"LatestDeliveryAttemptTime":"","LatestNotificationAttemptTime":"","LatestNotificationAttemptSucceeded":"","LatestDeliveryAttemptSucceeded":"","TimeLoggingStarted":"","TimeLoggingStopped":""}"#]].assert_eq(&fresh);
    assert_eq!(fresh.len(), 209);
    assert_eq!(world.call(StopLogging, json!({"Name": "my-trail"})).await, "{}", "a trail that never logged stops");
    assert_eq!(status().await, fresh);

    world.clock.advance(std::time::Duration::from_millis(1500));
    world.journal.0.store(200, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(world.call(StartLogging, json!({"Name": "my-trail"})).await, "{}");
    expect![[r#"{"IsLogging":true,"StartLoggingTime":1.789319540051E9,"LatestDeliveryAttemptTime":"","LatestNotificationAttemptTime":"","LatestNotificationAttemptSucceeded":"","LatestDeliveryAttemptSucceeded":"","TimeLoggingStarted":"2026-09-13T17:12:20Z","TimeLoggingStopped":""}"#]].assert_eq(&status().await);
    assert_eq!(chain().await.as_deref(), Some("2026-09-13T17:12:20.000Z"));
    world.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(world.call(StartLogging, json!({"Name": arn("my-trail")})).await, "{}");
    expect![[r#"{"IsLogging":true,"StartLoggingTime":1.789319540051E9,"LatestDeliveryAttemptTime":"","LatestNotificationAttemptTime":"","LatestNotificationAttemptSucceeded":"","LatestDeliveryAttemptSucceeded":"","TimeLoggingStarted":"2026-09-13T17:12:20Z","TimeLoggingStopped":""}"#]].assert_eq(&status().await);

    world.journal.0.store(300, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(world.call(StopLogging, json!({"Name": "my-trail"})).await, "{}");
    expect![[r#"{"IsLogging":false,"StartLoggingTime":1.789319540051E9,"StopLoggingTime":1.789319600051E9,"LatestDeliveryAttemptTime":"","LatestNotificationAttemptTime":"","LatestNotificationAttemptSucceeded":"","LatestDeliveryAttemptSucceeded":"","TimeLoggingStarted":"2026-09-13T17:12:20Z","TimeLoggingStopped":"2026-09-13T17:13:20Z"}"#]].assert_eq(&status().await);
    assert_eq!(chain().await, None);
    assert_eq!(world.call(DeleteTrail, json!({"Name": "my-trail"})).await, "{}");
    expect![[r#"{"__type":"TrailNotFoundException","message":"Unknown trail: arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail for the user: 111122223333"}"#]].assert_eq(&world.call(DeleteTrail, json!({"Name": "my-trail"})).await);
    assert_eq!(world.revisions().await, [(100, "silent"), (200, "logs"), (301, "silent"), (301, "deleted")]);
}

#[tokio::test]
async fn deliveries_show_in_the_status_of_their_region() {
    let world = World::new().await;
    world.create("wide", json!({"IsMultiRegionTrail": true})).await;
    let id = world.api.catalog.trails().await.expect("reads")[0].id;
    let at = opentrail_stdx::Timestamp::from_ms(1_789_319_946_210);
    let later = opentrail_stdx::Timestamp::from_ms(1_789_320_246_000);
    let mut transaction = world.api.catalog.begin().await.expect("begins");
    transaction.note_delivery(id, "us-east-1", at, None).await.expect("notes");
    transaction.note_delivery(id, "us-east-1", later, Some("AccessDenied")).await.expect("notes");
    transaction.note_digest_delivery(id, "us-east-1", at, None).await.expect("notes");
    transaction.note_digest_delivery(id, "us-east-1", later, Some("NoSuchBucket")).await.expect("notes");
    transaction.commit().await.expect("commits");
    expect![[r#"{"IsLogging":false,"LatestDeliveryError":"AccessDenied","LatestDeliveryTime":1.78931994621E9,"LatestDigestDeliveryTime":1.78931994621E9,"LatestDigestDeliveryError":"NoSuchBucket","LatestDeliveryAttemptTime":"2026-09-13T17:24:06Z","LatestNotificationAttemptTime":"","LatestNotificationAttemptSucceeded":"","LatestDeliveryAttemptSucceeded":"2026-09-13T17:19:06Z","TimeLoggingStarted":"","TimeLoggingStopped":""}"#]].assert_eq(&world.call(GetTrailStatus, json!({"Name": "wide"})).await);
    let abroad = world.call_in(ABROAD, GetTrailStatus, json!({"Name": arn("wide")})).await;
    assert_eq!(abroad.len(), 209, "nothing was delivered from there: {abroad}");
}

#[tokio::test]
async fn an_update_changes_what_it_names() {
    let world = World::new().await;
    world.create("my-trail", json!({"S3KeyPrefix": "old"})).await;
    world.written();
    check_update(&world, json!({"Name": "my-trail"}), expect![[r#"{"Name":"my-trail","S3BucketName":"logs","S3KeyPrefix":"old","IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":false,"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","LogFileValidationEnabled":false,"IsOrganizationTrail":false,"RecursiveLogging":true}"#]]).await;
    assert_eq!(world.written(), ["logs old/AWSLogs/111122223333/CloudTrail/"], "even an empty one checks the bucket");
    assert_eq!(world.revisions().await.len(), 1, "and changes nothing");
    let body = json!({
        "Name": arn("my-trail"), "S3BucketName": "other", "S3KeyPrefix": "new", "IsMultiRegionTrail": true,
        "EnableLogFileValidation": true, "RecursiveLogging": false, "IsOrganizationTrail": false,
    });
    check_update(&world, body, expect![[r#"{"Name":"my-trail","S3BucketName":"other","S3KeyPrefix":"new","IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":true,"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","LogFileValidationEnabled":true,"IsOrganizationTrail":false,"RecursiveLogging":false}"#]]).await;
    assert_eq!(
        world.written(),
        ["other new/AWSLogs/111122223333/CloudTrail/", "other new/AWSLogs/111122223333/CloudTrail-Digest/"]
    );
    check_update(&world, json!({"Name": "my-trail", "IsMultiRegionTrail": false}), expect![[r#"{"Name":"my-trail","S3BucketName":"other","S3KeyPrefix":"new","IncludeGlobalServiceEvents":false,"IsMultiRegionTrail":false,"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","LogFileValidationEnabled":true,"IsOrganizationTrail":false,"RecursiveLogging":false}"#]]).await;
    let empty = json!({
        "Name": "my-trail", "S3KeyPrefix": "", "SnsTopicName": "", "KmsKeyId": "", "CloudWatchLogsRoleArn": "",
        "EnableLogFileValidation": false,
    });
    check_update(&world, empty, expect![[r#"{"Name":"my-trail","S3BucketName":"other","SnsTopicName":"","SnsTopicARN":"","IncludeGlobalServiceEvents":false,"IsMultiRegionTrail":false,"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","LogFileValidationEnabled":false,"IsOrganizationTrail":false,"RecursiveLogging":false}"#]]).await;
    expect![[r#"{"Trail":{"Name":"my-trail","S3BucketName":"other","IncludeGlobalServiceEvents":false,"IsMultiRegionTrail":false,"HomeRegion":"us-east-1","TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/my-trail","LogFileValidationEnabled":false,"HasCustomEventSelectors":false,"HasInsightSelectors":false,"IsOrganizationTrail":false,"RecursiveLogging":false}}"#]].assert_eq(&world.call(GetTrail, json!({"Name": "my-trail"})).await);
}

#[tokio::test]
async fn a_refused_update_changes_nothing() {
    let world = World::new().await;
    world.create("my-trail", json!({"IsMultiRegionTrail": true})).await;
    let before = world.call(GetTrail, json!({"Name": "my-trail"})).await;
    let with = |more: Value| {
        let mut body = json!({"Name": "my-trail", "S3KeyPrefix": "changed"});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };
    check_update(&world, with(json!({"IncludeGlobalServiceEvents": false})), expect![[r#"{"__type":"InvalidParameterCombinationException","message":"Multi-Region trail must include global service events."}"#]]).await;
    check_update(&world, with(json!({"IsOrganizationTrail": true})), expect![[r#"{"__type":"OrganizationsNotInUseException","message":"Your account is not a member of an organization."}"#]]).await;
    check_update(
        &world,
        with(json!({"S3BucketName": ""})),
        expect![[r#"{"__type":"InvalidS3BucketNameException","message":"The S3 bucket name '' is not valid."}"#]],
    )
    .await;
    check_update(&world, with(json!({"S3KeyPrefix": "p".repeat(201)})), expect![[r#"{"__type":"InvalidS3PrefixException","message":"The S3 key prefix is too long. Maximum allowed length: 200 characters. Specified prefix length: 201 characters."}"#]]).await;
    check_update(
        &world,
        with(json!({"S3BucketName": "missing"})),
        expect![[r#"{"__type":"S3BucketDoesNotExistException","message":"S3 bucket missing does not exist!"}"#]],
    )
    .await;
    check_update(&world, with(json!({"S3BucketName": "no-put"})), expect![[r#"{"__type":"InsufficientS3BucketPolicyException","message":"Incorrect S3 bucket policy is detected for bucket: no-put"}"#]]).await;
    check_update(
        &world,
        with(json!({"SnsTopicName": "a b"})),
        expect![[r#"{"__type":"InvalidSnsTopicNameException","message":"SNS Topic name a b is not valid."}"#]],
    )
    .await;
    check_update(&world, with(json!({"SnsTopicName": "topic"})), expect![[r#"{"__type":"InsufficientSnsTopicPolicyException","message":"SNS Topic does not exist or the topic policy is incorrect!"}"#]]).await;
    check_update(&world, with(json!({"KmsKeyId": "alias/mine"})), expect![[r#"{"__type":"InsufficientEncryptionPolicyException","message":"Insufficient permissions to access S3 bucket logs or KMS key alias/mine"}"#]]).await;
    check_update(
        &world,
        with(json!({"KmsKeyId": "mine"})),
        expect![[r#"{"__type":"KmsKeyNotFoundException","message":"The KMS key mine does not exist."}"#]],
    )
    .await;
    let group = "arn:aws:logs:us-east-1:111122223333:log-group:trail:*";
    check_update(&world, with(json!({"CloudWatchLogsLogGroupArn": group})), expect![[r#"{"__type":"InvalidCloudWatchLogsRoleArnException","message":"You must specify a log group and a role ARN."}"#]]).await;
    let role = "arn:aws:iam::111122223333:role/CloudTrail";
    check_update(&world, with(json!({"CloudWatchLogsRoleArn": role})), expect![[r#"{"__type":"InvalidCloudWatchLogsLogGroupArnException","message":"You must specify a log group and a role ARN."}"#]]).await;
    let both = json!({"CloudWatchLogsLogGroupArn": group, "CloudWatchLogsRoleArn": role});
    check_update(&world, with(both), expect![[r#"{"__type":"InvalidCloudWatchLogsLogGroupArnException","message":"Access denied. Verify in IAM that the role has adequate permissions."}"#]]).await;
    assert_eq!(world.call(GetTrail, json!({"Name": "my-trail"})).await, before);
}

#[tokio::test]
async fn validation_switched_while_logging_starts_and_ends_a_chain() {
    let world = World::new().await;
    world.create("my-trail", json!({})).await;
    world.do_it(StartLogging, json!({"Name": "my-trail"})).await;
    let chain = async || world.api.catalog.trails().await.expect("reads")[0].trail.chain_started_at;
    assert_eq!(chain().await, None);
    world.do_it(UpdateTrail, json!({"Name": "my-trail", "EnableLogFileValidation": true})).await;
    let started = chain().await.expect("started");
    assert_eq!(started.iso_ms(), "2026-09-13T17:12:18.000Z");
    world.clock.advance(std::time::Duration::from_secs(100));
    world.do_it(UpdateTrail, json!({"Name": "my-trail", "EnableLogFileValidation": true})).await;
    assert_eq!(chain().await, Some(started), "it was on already");
    world.do_it(UpdateTrail, json!({"Name": "my-trail", "EnableLogFileValidation": false})).await;
    assert_eq!(chain().await, None);
}
