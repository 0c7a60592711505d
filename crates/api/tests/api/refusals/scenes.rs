//! How the errors are provoked.

use opentrail_wire::Operation::*;
use serde_json::{Value, json};

use super::Audit;
use crate::common::{ACCOUNT, World, arn as trail_arn};
use crate::imports::request as import_of;
use crate::stores::{NOWHERE, create, create_bare, only};

/// What the errors are provoked with.
pub(super) struct Things {
    events: String,
    pending: String,
    insights: String,
    outside: String,
    channel: String,
    dashboard: String,
    trail: String,
}

const NO_ID: &str = "01234567-89ab-cdef-0123-456789abcdef";

fn to(stores: &[&str]) -> Value {
    stores.iter().map(|arn| json!({"Type": "EVENT_DATA_STORE", "Location": arn})).collect()
}

fn many_tags() -> Value {
    (0..51).map(|n| json!({"Key": format!("k{n}")})).collect()
}

impl Things {
    pub(super) async fn make(world: &World) -> Self {
        let outside = json!({"AdvancedEventSelectors": only("ActivityAuditLog"), "MultiRegionEnabled": false,
            "TerminationProtectionEnabled": false});
        let (events, outside) = (create_bare(world, "events").await, create(world, "outside", outside).await);
        let pending = create_bare(world, "pending").await;
        world.do_it(DeleteEventDataStore, json!({"EventDataStore": pending})).await;
        let insights = create(world, "insights", json!({"AdvancedEventSelectors": only("Insight")})).await;
        let channel = json!({"Name": "channel", "Source": "Custom", "Destinations": to(&[&outside])});
        let channel = world.do_it(CreateChannel, channel).await["ChannelArn"].as_str().expect("an ARN").to_owned();
        let dashboard = world.do_it(CreateDashboard, json!({"Name": "dashboard"})).await;
        let dashboard = dashboard["DashboardArn"].as_str().expect("an ARN").to_owned();
        world.create("my-trail", json!({})).await;
        Self { events, pending, insights, outside, channel, dashboard, trail: trail_arn("my-trail") }
    }
}

pub(super) async fn stores(audit: &mut Audit, things: &Things) {
    let Things { events, pending, insights, .. } = things;
    let of_one = [
        GetEventDataStore,
        UpdateEventDataStore,
        DeleteEventDataStore,
        RestoreEventDataStore,
        StartEventDataStoreIngestion,
        StopEventDataStoreIngestion,
        EnableFederation,
        DisableFederation,
        PutEventConfiguration,
        GetEventConfiguration,
        ListQueries,
    ];
    let with = |arn: &str| json!({"EventDataStore": arn, "Name": "new", "FederationRoleArn": format!("arn:aws:iam::{ACCOUNT}:role/r")});
    audit.expect_all("EventDataStoreARNInvalid", &of_one, with("arn:aws:x")).await;
    audit.expect_all("EventDataStoreNotFound", &of_one, with(NOWHERE)).await;
    let of_active = [
        UpdateEventDataStore,
        DeleteEventDataStore,
        EnableFederation,
        DisableFederation,
        PutEventConfiguration,
        ListQueries,
    ];
    audit.expect_all("InactiveEventDataStore", &of_active, with(pending)).await;
    let not_a_role = json!({"EventDataStore": events, "FederationRoleArn": "arn:aws:iam::111122223333:user/u"});
    audit.expect("InvalidParameter", EnableFederation, not_a_role).await;
    let of_status = [StartEventDataStoreIngestion, StopEventDataStoreIngestion, GetEventConfiguration];
    audit.expect_all("InvalidEventDataStoreStatus", &of_status, with(pending)).await;
    audit.expect("InvalidEventDataStoreStatus", RestoreEventDataStore, with(events)).await;
    let of_category =
        [StartEventDataStoreIngestion, StopEventDataStoreIngestion, GetEventConfiguration, PutEventConfiguration];
    audit.expect_all("InvalidEventDataStoreCategory", &of_category, with(insights)).await;
    for operation in [CreateEventDataStore, UpdateEventDataStore] {
        let with = |more: Value| {
            let mut body = json!({"EventDataStore": events, "Name": "other"});
            body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            body
        };
        audit.expect("EventDataStoreAlreadyExists", operation, with(json!({"Name": "insights"}))).await;
        audit.expect("InvalidEventSelectors", operation, with(json!({"AdvancedEventSelectors": []}))).await;
        audit.expect("InvalidParameter", operation, with(json!({"RetentionPeriod": 1}))).await;
        audit.expect("InsufficientEncryptionPolicy", operation, with(json!({"KmsKeyId": "alias/mine"}))).await;
        audit.expect("KmsKeyNotFound", operation, with(json!({"KmsKeyId": "mine"}))).await;
        audit.expect("OrganizationsNotInUse", operation, with(json!({"OrganizationEnabled": true}))).await;
    }
    audit.expect("InvalidTagParameter", CreateEventDataStore, json!({"Name": "tagged", "TagsList": many_tags()})).await;
    audit.expect("InvalidMaxResults", ListEventDataStores, json!({"MaxResults": 0})).await;
    audit.expect("InvalidNextToken", ListEventDataStores, json!({"NextToken": "none-of-ours"})).await;
    let insight = json!({"EventDataStore": events, "InsightsDestination": insights, "InsightSelectors": [{"InsightType": "ApiCallRateInsight"}]});
    audit.world.do_it(PutInsightSelectors, insight).await;
    let data = json!([{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}]}]);
    let fewer = json!({"EventDataStore": events, "AdvancedEventSelectors": data});
    audit.expect("InvalidInsightSelectors", UpdateEventDataStore, fewer).await;
}

/// What keeps a store from being deleted or made.
pub(super) async fn more_stores(audit: &mut Audit, things: &Things) {
    let role = format!("arn:aws:iam::{ACCOUNT}:role/r");
    let delete = |arn: &str| json!({"EventDataStore": arn});
    audit.expect("EventDataStoreTerminationProtected", DeleteEventDataStore, delete(&things.insights)).await;
    audit.expect("ChannelExistsForEDS", DeleteEventDataStore, delete(&things.outside)).await;
    let federate = json!({"EventDataStore": things.events, "FederationRoleArn": role});
    audit.world.do_it(EnableFederation, federate.clone()).await;
    audit.expect("EventDataStoreFederationEnabled", EnableFederation, federate).await;
    audit.expect("EventDataStoreFederationEnabled", DeleteEventDataStore, delete(&things.events)).await;
    audit.world.do_it(DisableFederation, delete(&things.events)).await;
    let mut last = String::new();
    for n in 0.. {
        let body = json!({"Name": format!("many{n}"), "TerminationProtectionEnabled": false});
        let answer: Value = serde_json::from_str(&audit.world.call(CreateEventDataStore, body).await).expect("JSON");
        let Some(made) = answer["EventDataStoreArn"].as_str() else { break };
        last = made.to_owned();
    }
    audit.expect("EventDataStoreMaxLimitExceeded", CreateEventDataStore, json!({"Name": "one-more"})).await;
    audit.world.do_it(DeleteEventDataStore, delete(&last)).await;
}

pub(super) async fn configurations(audit: &mut Audit, things: &Things) {
    let both = [PutEventConfiguration, GetEventConfiguration];
    audit.expect_all("TrailNotFound", &both, json!({"TrailName": trail_arn("nope")})).await;
    audit.expect_all("InvalidTrailName", &both, json!({"TrailName": "a--b"})).await;
    audit.expect_all("CloudTrailARNInvalid", &both, json!({"TrailName": "arn:aws:x"})).await;
    let two = json!({"TrailName": "my-trail", "EventDataStore": things.events});
    audit.expect_all("InvalidParameterCombination", &both, two).await;
    audit.expect_all("InvalidParameter", &both, json!({})).await;
    let abroad =
        audit.world.call_in(crate::common::ABROAD, PutEventConfiguration, json!({"TrailName": things.trail})).await;
    assert!(abroad.contains("InvalidHomeRegionException"), "{abroad}");
    audit.provoked.insert((PutEventConfiguration.name(), "InvalidHomeRegion".to_owned()));
}

pub(super) async fn channels(audit: &mut Audit, things: &Things) {
    let Things { events, pending, outside, channel, .. } = things;
    let make =
        |name: &str, source: &str, stores: &[&str]| json!({"Name": name, "Source": source, "Destinations": to(stores)});
    audit.expect("ChannelMaxLimitExceeded", CreateChannel, make("new", "Custom", &[outside])).await;
    audit.expect("InvalidSource", CreateChannel, make("new", "Nobody", &[outside])).await;
    audit.expect("ChannelAlreadyExists", CreateChannel, make("channel", "GitHub", &[outside])).await;
    let mut tagged = make("new", "GitHub", &[outside]);
    tagged["Tags"] = json!([{"Key": "aws:x"}]);
    audit.expect("InvalidTagParameter", CreateChannel, tagged.clone()).await;
    tagged["Tags"] = many_tags();
    audit.expect("TagsLimitExceeded", CreateChannel, tagged).await;
    let other = audit.world.do_it(CreateChannel, make("other", "GitHub", &[outside])).await;
    let update = json!({"Channel": other["ChannelArn"], "Name": "channel"});
    audit.expect("ChannelAlreadyExists", UpdateChannel, update).await;
    for (code, store) in [
        ("EventDataStoreARNInvalid", "nowhere"),
        ("EventDataStoreNotFound", NOWHERE),
        ("InvalidEventDataStoreCategory", events),
        ("InactiveEventDataStore", pending),
    ] {
        audit.expect(code, CreateChannel, make("new", "OktaSystemLogEvents", &[store])).await;
        audit.expect(code, UpdateChannel, json!({"Channel": channel, "Destinations": to(&[store])})).await;
    }
    audit.expect("InvalidParameter", CreateChannel, make("new", "OktaSystemLogEvents", &[outside, outside])).await;
    audit.expect("InvalidParameter", UpdateChannel, json!({"Channel": channel})).await;
    let of_one = [GetChannel, UpdateChannel, DeleteChannel];
    audit.expect_all("ChannelARNInvalid", &of_one, json!({"Channel": "abc", "Name": "new"})).await;
    audit.expect_all("ChannelNotFound", &of_one, json!({"Channel": NO_ID, "Name": "new"})).await;
    audit.expect("InvalidNextToken", ListChannels, json!({"NextToken": "none-of-ours"})).await;
}

pub(super) async fn dashboards(audit: &mut Audit, things: &Things) {
    let widget = |store: &str| json!({"QueryStatement": format!("SELECT '?' FROM {store}"), "QueryParameters": ["$Period$"], "ViewProperties": {}});
    let pending = things.pending.rsplit('/').next().expect("an id");
    for (operation, place) in
        [(CreateDashboard, json!({"Name": "new"})), (UpdateDashboard, json!({"DashboardId": things.dashboard}))]
    {
        let with = |widgets: Vec<Value>| {
            let mut body = place.clone();
            body["Widgets"] = widgets.into();
            body
        };
        audit.expect("EventDataStoreNotFound", operation, with(vec![widget(NO_ID)])).await;
        audit.expect("InactiveEventDataStore", operation, with(vec![widget(pending)])).await;
        audit.expect("InvalidQueryStatement", operation, with(vec![widget("nothing")])).await;
        audit.expect("ServiceQuotaExceeded", operation, with(vec![widget(NO_ID); 11])).await;
    }
    audit.expect("Conflict", CreateDashboard, json!({"Name": "dashboard"})).await;
    audit.expect("InvalidTagParameter", CreateDashboard, json!({"Name": "new", "TagsList": [{"Key": "aws:x"}]})).await;
    let nothing = json!({"DashboardId": format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:dashboard/nope")});
    audit
        .expect_all(
            "ResourceNotFound",
            &[GetDashboard, UpdateDashboard, DeleteDashboard, StartDashboardRefresh],
            nothing,
        )
        .await;
    let managed =
        json!({"DashboardId": format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:dashboard/AWSCloudTrail-Overview")});
    audit.expect_all("UnsupportedOperation", &[UpdateDashboard, DeleteDashboard], managed).await;
    let refresh = |store: &str| json!({"DashboardId": "AWSCloudTrail-Overview", "QueryParameterValues": {"$EventDataStoreId$": store}});
    audit.expect("EventDataStoreNotFound", StartDashboardRefresh, refresh(NO_ID)).await;
    audit.expect("InactiveEventDataStore", StartDashboardRefresh, refresh(pending)).await;
    let events = things.events.rsplit('/').next().expect("an id");
    audit.world.do_it(StartDashboardRefresh, refresh(events)).await;
    audit.expect("ServiceQuotaExceeded", StartDashboardRefresh, refresh(events)).await;
    let protect = json!({"DashboardId": things.dashboard, "TerminationProtectionEnabled": true});
    audit.world.do_it(UpdateDashboard, protect).await;
    audit.expect("Conflict", DeleteDashboard, json!({"DashboardId": things.dashboard})).await;
}

pub(super) async fn samples(audit: &mut Audit, things: &Things) {
    let of = |store: &str| json!({"EventDataStores": [store], "Prompt": "Who was it?"});
    audit.expect("EventDataStoreARNInvalid", GenerateQuery, of("no-store")).await;
    audit.expect("EventDataStoreNotFound", GenerateQuery, of(NO_ID)).await;
    audit.expect("InactiveEventDataStore", GenerateQuery, of(&things.pending)).await;
    audit.expect("InvalidParameter", GenerateQuery, of(&things.insights)).await;
    audit.expect("UnsupportedOperation", GenerateQuery, of(&things.events)).await;
    let token = json!({"SearchPhrase": "errors", "NextToken": "none-of-ours"});
    audit.expect("InvalidParameter", SearchSampleQueries, token).await;
}

pub(super) async fn tags_and_policies(audit: &mut Audit, things: &Things) {
    let of_tags = [AddTags, RemoveTags];
    let all = [AddTags, RemoveTags, ListTags];
    let foreign = things.channel.replace(ACCOUNT, "999999999999");
    for (code, id) in [
        ("ResourceNotFound", trail_arn("nope")),
        ("CloudTrailARNInvalid", "nothing".to_owned()),
        ("EventDataStoreARNInvalid", format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:eventdatastore/x")),
        ("ChannelARNInvalid", format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:channel/x")),
        ("ResourceTypeNotSupported", "arn:aws:s3:::bucket".to_owned()),
        ("InactiveEventDataStore", things.pending.clone()),
        ("EventDataStoreNotFound", NOWHERE.to_owned()),
    ] {
        audit
            .expect_all(code, &all, json!({"ResourceId": id, "ResourceIdList": [id], "TagsList": [{"Key": "k"}]}))
            .await;
    }
    audit.expect_all("ChannelNotFound", &of_tags, json!({"ResourceId": foreign, "TagsList": [{"Key": "k"}]})).await;
    audit.expect("TagsLimitExceeded", AddTags, json!({"ResourceId": things.trail, "TagsList": many_tags()})).await;
    let reserved = json!({"ResourceId": things.trail, "TagsList": [{"Key": "aws:x"}, {"Key": "aws:x"}]});
    audit.expect_all("InvalidTagParameter", &of_tags, reserved).await;
    let of_policies = [PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy];
    let policy = |arn: &str| json!({"ResourceArn": arn, "ResourcePolicy": "{}"});
    audit.expect_all("ResourceARNNotValid", &of_policies, policy(NOWHERE)).await;
    audit.expect_all("ResourceTypeNotSupported", &of_policies, policy(&things.trail)).await;
    audit.expect("ResourcePolicyNotValid", PutResourcePolicy, policy(&things.events)).await;
    audit.expect_all("ResourcePolicyNotFound", &of_policies[1..], policy(&things.events)).await;
}

pub(super) async fn queries(audit: &mut Audit, things: &Things) {
    let store = things.outside.rsplit('/').next().expect("an id");
    let good = format!("SELECT 1 FROM {store}");
    let start = |statement: &str, uri: &str| json!({"QueryStatement": statement, "DeliveryS3Uri": uri});
    audit.expect("InvalidParameter", StartQuery, json!({})).await;
    audit.expect("InvalidQueryStatement", StartQuery, json!({"QueryStatement": "SELECT"})).await;
    audit
        .expect("EventDataStoreNotFound", StartQuery, json!({"QueryStatement": format!("SELECT 1 FROM {NO_ID}")}))
        .await;
    let pending = things.pending.rsplit('/').next().expect("an id");
    audit
        .expect("InactiveEventDataStore", StartQuery, json!({"QueryStatement": format!("SELECT 1 FROM {pending}")}))
        .await;
    let stranger = json!({"QueryStatement": good, "EventDataStoreOwnerAccountId": "999999999999"});
    audit.expect("EventDataStoreARNInvalid", StartQuery, stranger).await;
    audit.expect("InvalidS3BucketName", StartQuery, start(&good, "s3://192.168.0.1")).await;
    audit.expect("InvalidS3Prefix", StartQuery, start(&good, &format!("s3://logs/{}", "x".repeat(201)))).await;
    audit.expect("S3BucketDoesNotExist", StartQuery, start(&good, "s3://missing")).await;
    audit.expect("InsufficientS3BucketPolicy", StartQuery, start(&good, "s3://no-acl")).await;
    let of_one = [CancelQuery, DescribeQuery, GetQueryResults];
    audit.expect_all("QueryIdNotFound", &of_one, json!({"QueryId": NO_ID})).await;
    audit.expect("InvalidParameter", DescribeQuery, json!({})).await;
    let started = audit.world.do_it(StartQuery, json!({"QueryStatement": good})).await;
    let id = json!({"QueryId": started["QueryId"]});
    audit
        .expect("InvalidMaxResults", GetQueryResults, json!({"QueryId": started["QueryId"], "MaxQueryResults": 0}))
        .await;
    audit
        .expect(
            "InvalidNextToken",
            GetQueryResults,
            json!({"QueryId": started["QueryId"], "NextToken": "none-of-ours"}),
        )
        .await;
    for _ in 1..10 {
        audit.world.do_it(StartQuery, json!({"QueryStatement": good})).await;
    }
    audit.expect("MaxConcurrentQueries", StartQuery, json!({"QueryStatement": good})).await;
    audit.world.do_it(CancelQuery, id.clone()).await;
    audit.expect("InactiveQuery", CancelQuery, id).await;
    let list = |more: Value| {
        let mut body = json!({"EventDataStore": things.outside});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        body
    };
    audit.expect("InvalidDateRange", ListQueries, list(json!({"StartTime": 2, "EndTime": 1}))).await;
    audit.expect("InvalidMaxResults", ListQueries, list(json!({"MaxResults": 0}))).await;
    audit.expect("InvalidNextToken", ListQueries, list(json!({"NextToken": "none-of-ours"}))).await;
    audit.expect("InvalidQueryStatus", ListQueries, list(json!({"QueryStatus": "DONE"}))).await;
}

pub(super) async fn imports(audit: &mut Audit, things: &Things) {
    let Things { events, pending, insights, .. } = things;
    let with = |store: &str, bucket: &str| {
        let mut body = import_of(store);
        body["ImportSource"]["S3"]["S3LocationUri"] = format!("s3://{bucket}/CloudTrail/").into();
        body
    };
    audit.expect("EventDataStoreARNInvalid", StartImport, with("nowhere", "logs")).await;
    audit.expect("EventDataStoreARNInvalid", ListImports, json!({"Destination": "nowhere"})).await;
    audit.expect("EventDataStoreNotFound", StartImport, with(NOWHERE, "logs")).await;
    audit.expect("InactiveEventDataStore", StartImport, with(pending, "logs")).await;
    audit.expect("InvalidEventDataStoreCategory", StartImport, with(insights, "logs")).await;
    audit.expect("InvalidImportSource", StartImport, with(events, "missing")).await;
    audit.expect_all("ImportNotFound", &[StartImport, GetImport, StopImport], json!({"ImportId": NO_ID})).await;
    audit.expect("InvalidParameter", StartImport, json!({})).await;
    audit.expect("InvalidParameter", ListImportFailures, json!({"ImportId": NO_ID})).await;
    audit.expect("InvalidNextToken", ListImports, json!({"NextToken": "none-of-ours"})).await;
    let started = audit.world.do_it(StartImport, with(events, "logs")).await;
    let id = &started["ImportId"];
    audit.expect("InvalidNextToken", ListImportFailures, json!({"ImportId": id, "NextToken": "none-of-ours"})).await;
    audit.expect("AccountHasOngoingImport", StartImport, with(events, "logs")).await;
    let busy = [DeleteEventDataStore, UpdateEventDataStore];
    audit.expect_all("EventDataStoreHasOngoingImport", &busy, json!({"EventDataStore": events, "Name": "new"})).await;
    audit.world.do_it(StopImport, json!({"ImportId": id})).await;
    audit.expect("InvalidParameter", StopImport, json!({"ImportId": id})).await;
}

/// Queries whose event data store is about to be deleted, or is gone.
pub(super) async fn orphans(audit: &mut Audit, things: &Things) {
    let store = things.events.rsplit('/').next().expect("an id");
    let begun: Vec<String> = audit.world.queries.begun.lock().iter().map(|query| query.id.clone()).collect();
    for id in begun {
        let _ = audit.world.call(CancelQuery, json!({"QueryId": id})).await;
    }
    let started = audit.world.do_it(StartQuery, json!({"QueryStatement": format!("SELECT 1 FROM {store}")})).await;
    audit.world.do_it(DeleteEventDataStore, json!({"EventDataStore": things.events})).await;
    let of_one = [CancelQuery, DescribeQuery, GetQueryResults];
    audit.expect_all("InactiveEventDataStore", &of_one, json!({"QueryId": started["QueryId"]})).await;
    let stored = audit.world.api.catalog.event_data_store(&things.events.parse().expect("valid")).await;
    let mut transaction = audit.world.api.catalog.begin().await.expect("a transaction");
    let stored = stored.expect("reads").expect("there");
    transaction.remove_event_data_store(&stored, 1_000).await.expect("removed");
    transaction.commit().await.expect("committed");
    audit.expect_all("EventDataStoreNotFound", &of_one, json!({"QueryId": started["QueryId"]})).await;
}
