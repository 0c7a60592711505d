//! Imports: starting, reading, listing, stopping and retrying them, and what they keep from happening.

use std::time::Duration;

use opentrail_catalog::{FailedEntry, ImportProgress};
use opentrail_wire::Operation::*;
use serde_json::{Value, json};

use crate::common::{ABROAD, ACCOUNT, World, caller_of};
use crate::stores::{NOWHERE, create, create_bare, only};

/// A source in this bucket.
pub(crate) fn source(bucket: &str) -> Value {
    let role = format!("arn:aws:iam::{ACCOUNT}:role/reader");
    let uri = format!("s3://{bucket}/AWSLogs/{ACCOUNT}/CloudTrail/");
    json!({"S3": {"S3LocationUri": uri, "S3BucketRegion": "us-east-1", "S3BucketAccessRoleArn": role}})
}

pub(crate) fn request(store: &str) -> Value {
    json!({"Destinations": [store], "ImportSource": source("logs")})
}

async fn start(world: &World, store: &str) -> String {
    let answer = world.do_it(StartImport, request(store)).await;
    answer["ImportId"].as_str().expect("an id").to_owned()
}

/// What the run of an import says, and then that it has ended.
pub(crate) async fn end(world: &World, id: &str, failures: &[&str]) {
    let import = world.api.catalog.import(id).await.expect("read").expect("there");
    let entry = |key: &&str| FailedEntry {
        key: (*key).to_owned(),
        is_prefix: false,
        error_type: "NoSuchKey".to_owned(),
        error_message: "gone".to_owned(),
    };
    let earlier = world.api.catalog.import_failures(import.number, 0, None, 99).await.expect("read");
    let progress = ImportProgress {
        is_listed: true,
        prefixes_found: 1,
        prefixes_completed: 1,
        files: 2,
        events: 30,
        failed: failures.iter().map(entry).collect(),
        succeeded: earlier
            .into_iter()
            .filter(|failure| !failures.contains(&failure.key.as_str()))
            .map(|failure| (failure.key, false))
            .collect(),
        ..ImportProgress::default()
    };
    let (run, now) = (import.this_run(), world.api.clock.now());
    let mut transaction = world.api.catalog.begin().await.expect("a transaction");
    assert!(transaction.note_import_progress(run, &progress, now).await.expect("noted"));
    assert!(transaction.end_import(run, now).await.expect("ended"));
    transaction.commit().await.expect("committed");
}

async fn status(world: &World, id: &str) -> Value {
    world.do_it(GetImport, json!({"ImportId": id})).await["ImportStatus"].clone()
}

#[tokio::test]
async fn an_import_is_started_shown_and_retried() {
    let world = World::new().await;
    let store = create_bare(&world, "store").await;
    let mut asked = request(&store);
    asked["StartEventTime"] = 1_700_000_000.5.into();
    asked["EndEventTime"] = 1_700_000_100.5.into();
    let started = world.do_it(StartImport, asked.clone()).await;
    let id = started["ImportId"].as_str().expect("an id");
    let mut expected = json!({"ImportId": id, "ImportStatus": "INITIALIZING", "CreatedTimestamp": 1_789_319_538.551,
        "UpdatedTimestamp": 1_789_319_538.551});
    for (name, value) in asked.as_object().expect("an object") {
        expected[name] = value.clone();
    }
    assert_eq!(started, expected);
    assert_eq!(*world.copies.begun.lock(), [(id.to_owned(), 0)]);
    let mut shown = started.clone();
    shown["ImportStatistics"] = json!({"PrefixesFound": 0, "PrefixesCompleted": 0, "FilesCompleted": 0,
        "EventsCompleted": 0, "FailedEntries": 0});
    assert_eq!(world.do_it(GetImport, json!({"ImportId": id})).await, shown);

    end(&world, id, &["a", "b", "c"]).await;
    let ended = world.do_it(GetImport, json!({"ImportId": id})).await;
    assert_eq!(ended["ImportStatus"], "FAILED");
    assert_eq!(
        ended["ImportStatistics"],
        json!({"PrefixesFound": 1, "PrefixesCompleted": 1, "FilesCompleted": 2, "EventsCompleted": 30,
            "FailedEntries": 3})
    );
    let first = world.do_it(ListImportFailures, json!({"ImportId": id, "MaxResults": 2})).await;
    assert_eq!(
        first["Failures"][0],
        json!({"Location": "s3://logs/a", "Status": "FAILED", "ErrorType": "NoSuchKey", "ErrorMessage": "gone",
            "LastUpdatedTime": 1_789_319_538.551})
    );
    let token = &first["NextToken"];
    let second = world.do_it(ListImportFailures, json!({"ImportId": id, "MaxResults": 2, "NextToken": token})).await;
    assert_eq!(second["Failures"].as_array().map(Vec::len), Some(1));
    assert_eq!(second.get("NextToken"), None);
    assert_eq!(
        world.code(ListImportFailures, json!({"ImportId": id, "NextToken": "x".repeat(10)})).await,
        "InvalidNextTokenException"
    );

    let again = world.do_it(StartImport, json!({"ImportId": id})).await;
    assert_eq!((&again["ImportStatus"], &again["ImportId"]), (&json!("INITIALIZING"), &json!(id)));
    assert_eq!(world.copies.begun.lock().last(), Some(&(id.to_owned(), 1)));
    let failures = world.do_it(ListImportFailures, json!({"ImportId": id})).await;
    assert_eq!(failures["Failures"][2]["Status"], "RETRY");
    end(&world, id, &[]).await;
    assert_eq!(status(&world, id).await, "COMPLETED");
    let failures = world.do_it(ListImportFailures, json!({"ImportId": id})).await;
    assert_eq!(failures["Failures"][2]["Status"], "SUCCEEDED");
    assert_eq!(world.code(StartImport, json!({"ImportId": id})).await, "InvalidParameterException");
}

#[tokio::test]
async fn one_import_at_a_time_and_its_store_stays() {
    let world = World::new().await;
    let store = create_bare(&world, "store").await;
    let other = create_bare(&world, "other").await;
    let id = start(&world, &store).await;
    assert_eq!(world.code(StartImport, request(&other)).await, "AccountHasOngoingImportException");
    assert_eq!(world.code(StartImport, json!({"ImportId": id})).await, "AccountHasOngoingImportException");
    let busy = "EventDataStoreHasOngoingImportException";
    assert_eq!(world.code(DeleteEventDataStore, json!({"EventDataStore": store})).await, busy);
    assert_eq!(world.code(UpdateEventDataStore, json!({"EventDataStore": store, "Name": "new"})).await, busy);
    world.do_it(UpdateEventDataStore, json!({"EventDataStore": other, "Name": "new"})).await;
    world.do_it(StopEventDataStoreIngestion, json!({"EventDataStore": store})).await;

    world.clock.advance(Duration::from_secs(1));
    let stopped = world.do_it(StopImport, json!({"ImportId": id})).await;
    assert_eq!(
        (&stopped["ImportStatus"], &stopped["UpdatedTimestamp"]),
        (&json!("STOPPED"), &json!(1_789_319_539.551))
    );
    assert_eq!(*world.copies.stopped.lock(), [id.as_str()]);
    assert_eq!(world.code(StopImport, json!({"ImportId": id})).await, "InvalidParameterException");
    world.do_it(StartImport, json!({"ImportId": id})).await;
    world.do_it(StopImport, json!({"ImportId": id})).await;
    let second = start(&world, &store).await;
    end(&world, &second, &[]).await;
    let third = start(&world, &other).await;

    let ids = async |body: Value| {
        let listed = world.do_it(ListImports, body).await;
        let listed = listed["Imports"].as_array().expect("a list").clone();
        listed.into_iter().map(|import| import["ImportId"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(json!({})).await, [id.clone(), second.clone(), third.clone()]);
    assert_eq!(ids(json!({"Destination": store})).await, [id.clone(), second.clone()]);
    assert_eq!(ids(json!({"ImportStatus": "COMPLETED"})).await, [second.as_str()]);
    assert_eq!(ids(json!({"ImportStatus": "COMPLETED", "Destination": other})).await, Vec::<String>::new());
    let first = world.do_it(ListImports, json!({"MaxResults": 2})).await;
    assert_eq!(ids(json!({"MaxResults": 2, "NextToken": first["NextToken"]})).await, [third.as_str()]);
    let other_question = json!({"ImportStatus": "FAILED", "NextToken": first["NextToken"]});
    assert_eq!(world.code(ListImports, other_question).await, "InvalidNextTokenException");
    assert_eq!(world.code(ListImports, json!({"Destination": "arn:x"})).await, "EventDataStoreARNInvalidException");

    world.do_it(StopImport, json!({"ImportId": third})).await;
    world.do_it(DeleteEventDataStore, json!({"EventDataStore": store})).await;
    assert_eq!(world.code(StartImport, json!({"ImportId": id})).await, "InactiveEventDataStoreException");
    assert_eq!(status(&world, &id).await, "STOPPED");
}

#[tokio::test]
async fn what_cannot_be_imported_is_refused() {
    let world = World::new().await;
    let store = create_bare(&world, "store").await;
    let check = async |change: &dyn Fn(&mut Value), code: &str| {
        let mut body = request(&store);
        change(&mut body);
        assert_eq!(world.code(StartImport, body.clone()).await, code, "{body}");
    };
    let parameter = "InvalidParameterException";
    check(&|it| drop(it.as_object_mut().map(|it| it.remove("Destinations"))), parameter).await;
    check(&|it| drop(it.as_object_mut().map(|it| it.remove("ImportSource"))), parameter).await;
    check(&|it| it["ImportId"] = "01234567-89ab-cdef-0123-456789abcdef".into(), parameter).await;
    check(
        &|it| it["ImportSource"]["S3"]["S3BucketAccessRoleArn"] = "arn:aws:iam::999999999999:role/r".into(),
        parameter,
    )
    .await;
    check(&|it| it["ImportSource"]["S3"]["S3BucketAccessRoleArn"] = "reader".into(), parameter).await;
    check(&|it| it["ImportSource"]["S3"]["S3BucketRegion"] = "Not A Region".into(), parameter).await;
    let range = |it: &mut Value| {
        it["StartEventTime"] = 1_700_000_000.into();
        it["EndEventTime"] = 1_700_000_000.into();
    };
    check(&range, parameter).await;
    let uris = [
        "https://logs",
        "s3://X",
        "s3://logs/AWSLogs/111122223333/CloudTrail-Digest/",
        "s3://logs/AWSLogs/111122223333/CloudTrail-NetworkActivity/CloudTrail-Insight/",
        "s3://missing/CloudTrail/",
        "s3://no-list/CloudTrail/",
    ];
    for uri in uris {
        check(&|it| it["ImportSource"]["S3"]["S3LocationUri"] = uri.into(), "InvalidImportSourceException").await;
    }
    check(&|it| it["ImportSource"]["S3"]["S3LocationUri"] = "s3://down/CloudTrail/".into(), "ServiceUnavailable").await;
    check(&|it| it["Destinations"] = json!(["arn:x"]), "EventDataStoreARNInvalidException").await;
    check(&|it| it["Destinations"] = json!([NOWHERE]), "EventDataStoreNotFoundException").await;
    let insights = create(&world, "insights", json!({"AdvancedEventSelectors": only("Insight")})).await;
    check(&|it| it["Destinations"] = json!([insights]), "InvalidEventDataStoreCategoryException").await;
    world.do_it(DeleteEventDataStore, json!({"EventDataStore": store})).await;
    check(&|_| {}, "InactiveEventDataStoreException").await;
    assert!(world.copies.begun.lock().is_empty());
}

#[tokio::test]
async fn imports_are_found_by_their_account_and_region_only() {
    let world = World::new().await;
    let store = create_bare(&world, "store").await;
    let id = start(&world, &store).await;
    let body = json!({"ImportId": id});
    for (caller, operation, code) in [
        (caller_of(ACCOUNT, ABROAD), GetImport, "ImportNotFoundException"),
        (caller_of("999999999999", "us-east-1"), GetImport, "ImportNotFoundException"),
        (caller_of(ACCOUNT, ABROAD), StopImport, "ImportNotFoundException"),
        (caller_of(ACCOUNT, ABROAD), StartImport, "ImportNotFoundException"),
        (caller_of(ACCOUNT, ABROAD), ListImportFailures, "InvalidParameterException"),
    ] {
        let answer = world.call_as(&caller, operation, body.clone()).await;
        assert!(answer.contains(code), "{answer}");
    }
    let abroad = world.call_in(ABROAD, ListImports, json!({})).await;
    assert_eq!(abroad, r#"{"Imports":[]}"#);
}
