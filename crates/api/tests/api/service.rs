//! The service as a whole: what isn't built, what fails below, and what nobody may be able to do to it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::common::{HOME, World};
use expect_test::expect;
use opentrail_catalog::{CommitFaults, Options};
use opentrail_wire::Operation::{self, *};
use serde_json::{Value, json};

/// What this crate implements.
const BUILT: [Operation; 56] = [
    CreateTrail,
    UpdateTrail,
    DeleteTrail,
    GetTrail,
    DescribeTrails,
    ListTrails,
    GetTrailStatus,
    StartLogging,
    StopLogging,
    PutEventSelectors,
    GetEventSelectors,
    PutInsightSelectors,
    GetInsightSelectors,
    AddTags,
    RemoveTags,
    ListTags,
    ListPublicKeys,
    LookupEvents,
    CreateEventDataStore,
    GetEventDataStore,
    ListEventDataStores,
    UpdateEventDataStore,
    DeleteEventDataStore,
    RestoreEventDataStore,
    StartEventDataStoreIngestion,
    StopEventDataStoreIngestion,
    EnableFederation,
    DisableFederation,
    PutEventConfiguration,
    GetEventConfiguration,
    CreateChannel,
    GetChannel,
    ListChannels,
    UpdateChannel,
    DeleteChannel,
    PutResourcePolicy,
    GetResourcePolicy,
    DeleteResourcePolicy,
    CreateDashboard,
    GetDashboard,
    ListDashboards,
    UpdateDashboard,
    DeleteDashboard,
    StartQuery,
    DescribeQuery,
    GetQueryResults,
    ListQueries,
    CancelQuery,
    StartDashboardRefresh,
    SearchSampleQueries,
    GenerateQuery,
    StartImport,
    GetImport,
    ListImports,
    ListImportFailures,
    StopImport,
];

#[tokio::test]
async fn what_is_not_built_says_so() {
    let world = World::new().await;
    let others = Operation::ALL.iter().filter(|operation| !BUILT.contains(operation) && **operation != PutAuditEvents);
    for operation in others {
        let answer = world.call(*operation, opentrail_wire::violations::minimal(*operation)).await;
        let name = operation.name();
        assert_eq!(
            answer,
            format!(
                r#"{{"__type":"UnsupportedOperationException","message":"The operation {name} is not built in OpenTrail yet."}}"#
            )
        );
    }
}

#[tokio::test]
async fn every_constraint_broken_once_gets_its_error() {
    let world = World::new().await;
    for operation in BUILT {
        for case in opentrail_wire::violations::of(operation) {
            let answer: Value = serde_json::from_str(&world.call(operation, case.body).await).expect("JSON");
            assert_eq!(answer["__type"], case.code, "{}: {answer}", case.description);
        }
    }
}

#[tokio::test]
async fn bodies_that_are_no_requests_are_refused() {
    let world = World::new().await;
    let caller = crate::common::caller_of(crate::common::ACCOUNT, HOME);
    for operation in BUILT {
        for body in ["", "null", "[]", "{", "{\"Name\":1}", "\u{0}", "{\"Name\":\"a\",\"Name\":[]}"] {
            let reply = opentrail_wire::dispatch(&world.api, &caller, operation, body.as_bytes()).await;
            if let Err(error) = reply.result {
                assert!(error.status < 500, "{} {body:?}: {error}", operation.name());
            }
        }
    }
}

/// Fails one commit: 1 is before it is made, 2 after.
#[derive(Debug, Default)]
struct FailOnce(AtomicU8);

impl FailOnce {
    fn fail(&self, when: u8) -> io::Result<()> {
        let is_due = self.0.compare_exchange(when, 0, Ordering::SeqCst, Ordering::SeqCst).is_ok();
        if is_due { Err(io::Error::other("injected")) } else { Ok(()) }
    }
}

impl CommitFaults for FailOnce {
    fn before_commit(&self) -> io::Result<()> {
        self.fail(1)
    }

    fn after_commit(&self) -> io::Result<()> {
        self.fail(2)
    }
}

#[tokio::test]
async fn a_failing_catalog_is_told_and_the_call_can_be_repeated() {
    let faults = Arc::new(FailOnce::default());
    let hook = Arc::clone(&faults) as Arc<dyn CommitFaults>;
    let world = World::with(Options { faults: Some(hook), ..Options::default() }).await;
    world.create("my-trail", json!({})).await;
    let named = json!({"Name": "my-trail"});
    for (when, is_kept) in [(1, false), (2, true)] {
        for (operation, expected) in [(StartLogging, true), (StopLogging, false)] {
            faults.0.store(when, Ordering::SeqCst);
            let answer = world.call(operation, named.clone()).await;
            assert!(answer.starts_with(r#"{"__type":"ServiceUnavailable","#), "{answer}");
            let status = world.do_it(GetTrailStatus, named.clone()).await;
            assert_eq!(status["IsLogging"] == expected, is_kept, "{operation:?} {when}");
            assert_eq!(world.call(operation, named.clone()).await, "{}");
            assert_eq!(world.do_it(GetTrailStatus, named.clone()).await["IsLogging"], expected);
        }
    }
    faults.0.store(1, Ordering::SeqCst);
    expect![[r#"{"__type":"ServiceUnavailable","message":"The service's state cannot be read or written now: the catalog is unavailable: its database failed."}"#]].assert_eq(&world.call(DeleteTrail, named.clone()).await);
    assert_eq!(world.call(DeleteTrail, named).await, "{}");
}

#[tokio::test]
async fn changes_at_the_same_time_are_all_kept() {
    let world = World::new().await;
    world.create("my-trail", json!({})).await;
    let resource = crate::common::arn("my-trail");
    let add = |n: usize| {
        let body = json!({"ResourceId": resource, "TagsList": [{"Key": format!("k{n}")}]});
        world.call(AddTags, body)
    };
    let answers = tokio::join!(add(0), add(1), add(2), add(3), add(4));
    assert!([answers.0, answers.1, answers.2, answers.3, answers.4].iter().all(|answer| answer == "{}"));
    let listed = world.do_it(ListTags, json!({"ResourceIdList": [resource]})).await;
    assert_eq!(listed["ResourceTagList"][0]["TagsList"].as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn of_updates_at_the_same_time_each_is_kept_or_told_of_the_conflict() {
    let world = World::new().await;
    world.create("my-trail", json!({})).await;
    let update = |prefix: &str| world.call(UpdateTrail, json!({"Name": "my-trail", "S3KeyPrefix": prefix}));
    let answers = tokio::join!(update("a"), update("b"), update("c"));
    let answers = [answers.0, answers.1, answers.2];
    let kept = answers.iter().filter(|answer| answer.contains("TrailARN")).count();
    let refused = answers.iter().filter(|answer| answer.contains("ConflictException")).count();
    assert!(kept >= 2 && kept + refused == 3, "{answers:?}");
    assert_eq!(world.revisions().await.len(), 1 + kept);
}
