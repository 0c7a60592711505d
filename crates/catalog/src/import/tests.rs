use super::*;
use crate::Options;

const ARN: &str = "arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/01234567-89ab-cdef-0123-456789abcdef";

fn import(id: &str) -> Import {
    Import {
        number: 0,
        id: id.to_owned(),
        account: "111122223333".parse().expect("valid"),
        region: "us-east-1".parse().expect("valid"),
        store: ARN.parse().expect("valid"),
        location_uri: "s3://b/CloudTrail/".to_owned(),
        bucket_region: "us-east-1".to_owned(),
        role_arn: "arn:aws:iam::111122223333:role/r".to_owned(),
        from: Some(Timestamp::from_secs(1)),
        to: None,
        status: ImportStatus::Initializing,
        created_at: Timestamp::from_secs(10),
        updated_at: Timestamp::from_secs(10),
        run: 0,
        after_key: None,
        is_listed: false,
        statistics: ImportStatistics::default(),
    }
}

fn failed(key: &str) -> FailedEntry {
    let (error_type, error_message) = ("AccessDenied".to_owned(), "no".to_owned());
    FailedEntry { key: key.to_owned(), is_prefix: false, error_type, error_message }
}

async fn there(catalog: &Catalog, id: &str) -> Import {
    catalog.import(id).await.expect("read").expect("there")
}

/// What an answer says, once it is kept.
macro_rules! change {
    ($catalog:expr, $transaction:ident => $change:expr) => {{
        let mut $transaction = $catalog.begin().await.expect("a transaction");
        let answer = $change.await.expect("changed");
        $transaction.commit().await.expect("committed");
        answer
    }};
}

#[tokio::test]
async fn an_import_fails_is_retried_and_completes() {
    let catalog = Catalog::open_in_memory(Options::default()).await.expect("a catalog");
    let (new, at) = (import("i1"), Timestamp::from_secs(20));
    change!(catalog, it => it.insert_import(&new));
    let first = there(&catalog, "i1").await;
    assert_eq!(first, Import { number: 1, ..new.clone() });
    let mut transaction = catalog.begin().await.expect("a transaction");
    assert!(transaction.has_active_import(&new.account, &new.region).await.expect("read"));
    assert!(!transaction.has_active_import(&new.account, &"eu-west-1".parse().expect("valid")).await.expect("read"));
    assert!(transaction.is_import_ongoing(&new.store).await.expect("read"));
    drop(transaction);

    assert!(change!(catalog, it => it.begin_import(first.this_run(), at)));
    let progress = ImportProgress {
        after_key: Some("k3".to_owned()),
        is_listed: true,
        prefixes_found: 2,
        prefixes_completed: 2,
        files: 1,
        events: 7,
        failed: vec![failed("k1"), failed("k2")],
        succeeded: Vec::new(),
    };
    assert!(change!(catalog, it => it.note_import_progress(first.this_run(), &progress, at)));
    assert!(change!(catalog, it => it.end_import(first.this_run(), at)));
    let ended = there(&catalog, "i1").await;
    assert_eq!((ended.status, ended.is_listed, ended.after_key.as_deref()), (ImportStatus::Failed, true, Some("k3")));
    let statistics = ImportStatistics {
        prefixes_found: 2,
        prefixes_completed: 2,
        files_completed: 1,
        events_completed: 7,
        failed_entries: 2,
    };
    assert_eq!(ended.statistics, statistics);

    assert!(change!(catalog, it => it.retry_import(&ended, at)));
    assert!(!change!(catalog, it => it.retry_import(&ended, at)), "it is active");
    let again = there(&catalog, "i1").await;
    assert!(!change!(catalog, it => it.begin_import(first.this_run(), at)), "an earlier run");
    let statuses = async || {
        let failures = catalog.import_failures(1, 0, None, 10).await.expect("read");
        failures.into_iter().map(|failure| (failure.key, failure.status)).collect::<Vec<_>>()
    };
    let (one, two) = ("k1".to_owned(), "k2".to_owned());
    assert_eq!(statuses().await, [(one.clone(), FailureStatus::Retry), (two.clone(), FailureStatus::Retry)]);
    let succeeded = vec![(one.clone(), false), (two.clone(), false)];
    let progress = ImportProgress { files: 2, events: 3, succeeded, ..ImportProgress::default() };
    assert!(!change!(catalog, it => it.note_import_progress(first.this_run(), &progress, at)));
    assert!(change!(catalog, it => it.note_import_progress(again.this_run(), &progress, at)));
    assert_eq!(statuses().await, [(one, FailureStatus::Succeeded), (two, FailureStatus::Succeeded)]);
    assert!(change!(catalog, it => it.end_import(again.this_run(), at)));
    let ended = there(&catalog, "i1").await;
    assert_eq!((ended.status, ended.statistics.files_completed), (ImportStatus::Completed, 3));
    assert!(!change!(catalog, it => it.stop_import("i1", at)), "it has ended");
}

#[tokio::test]
async fn what_is_stopped_stays_so_and_is_forgotten() {
    let catalog = Catalog::open_in_memory(Options::default()).await.expect("a catalog");
    let at = Timestamp::from_secs(20);
    change!(catalog, it => it.insert_import(&import("i1")));
    let run = there(&catalog, "i1").await.this_run();
    assert_eq!(catalog.active_imports().await.expect("read").len(), 1);
    assert!(change!(catalog, it => it.stop_import("i1", at)));
    assert!(!change!(catalog, it => it.stop_import("i1", at)));
    assert!(!change!(catalog, it => it.end_import(run, at)));
    let progress = ImportProgress { failed: vec![failed("k1")], ..ImportProgress::default() };
    assert!(!change!(catalog, it => it.note_import_progress(run, &progress, at)));
    assert!(catalog.import_failures(1, 0, None, 10).await.expect("read").is_empty());
    assert_eq!(catalog.active_imports().await.expect("read"), []);
    change!(catalog, it => it.insert_import(&import("i2")));
    change!(catalog, it => it.forget_imports(at));
    assert!(catalog.import("i1").await.expect("read").is_some(), "not old enough");
    change!(catalog, it => it.forget_imports(Timestamp::from_secs(21)));
    let new = import("i2");
    let left = catalog.imports_of(&new.account, &new.region).await.expect("read");
    assert_eq!(left.into_iter().map(|import| import.id).collect::<Vec<_>>(), ["i2"], "what goes on is kept");
}

#[test]
fn names_are_read_back() {
    for status in ImportStatus::ALL {
        assert_eq!(ImportStatus::parse(status.as_str()), Some(status));
    }
    for status in FailureStatus::ALL {
        assert_eq!(FailureStatus::parse(status.as_str()), Some(status));
    }
}
