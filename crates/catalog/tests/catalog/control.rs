//! Trails, revisions and keys through the public doors.

use std::sync::Arc;

use opentrail_catalog::{AccessKey, Catalog, Error, Options, Secret, StoredTrail, Vault};
use opentrail_model::{AccountId, Principal, PrincipalKind, Selectors, Trail, TrailArn};
use opentrail_stdx::{SystemDisk, SystemEntropy, Timestamp};

fn account() -> AccountId {
    "123456789012".parse().expect("valid")
}

fn trail(name: &str) -> Trail {
    let arn = TrailArn::new("us-east-1".parse().expect("valid"), account(), name.parse().expect("valid"));
    Trail {
        arn,
        bucket: "logs".to_owned(),
        prefix: Some("a/b".to_owned()),
        sns_topic: None,
        include_global_service_events: true,
        is_multi_region: true,
        log_file_validation: true,
        cloudwatch_logs: None,
        kms_key_id: None,
        is_organization: false,
        recursive_logging: true,
        selectors: Selectors::default(),
        has_custom_event_selectors: false,
        insight_selectors: Vec::new(),
        aggregations: Vec::new(),
        tags: Vec::new(),
        is_logging: false,
        started_at: Some(Timestamp::from_ms(1)),
        stopped_at: None,
        chain_started_at: None,
        created_at: Timestamp::from_ms(1_789_319_538_551),
    }
}

async fn memory() -> Catalog {
    Catalog::open_in_memory(Options::default()).await.expect("opens")
}

async fn insert(catalog: &Catalog, trail: &Trail, effective_from: u64) -> Result<StoredTrail, Error> {
    let mut transaction = catalog.begin().await?;
    transaction.insert_trail(trail, effective_from).await?;
    transaction.commit().await?;
    Ok(catalog.trail_by_arn(&trail.arn).await?.expect("was inserted"))
}

async fn update(catalog: &Catalog, changed: &StoredTrail, effective_from: u64) -> Result<(), Error> {
    let mut transaction = catalog.begin().await?;
    transaction.update_trail(changed, effective_from).await?;
    transaction.commit().await
}

/// Each revision as trail, position, and what its prefix is.
async fn revisions(catalog: &Catalog) -> Vec<(i64, u64, Option<String>)> {
    let revisions = catalog.trail_revisions().await.expect("reads");
    let show = |trail: Trail| trail.prefix.unwrap_or_default();
    revisions.into_iter().map(|it| (it.trail_id, it.effective_from, it.trail.map(show))).collect()
}

fn with_prefix(stored: &StoredTrail, prefix: &str) -> StoredTrail {
    let mut changed = stored.clone();
    changed.trail.prefix = Some(prefix.to_owned());
    changed
}

#[tokio::test]
async fn a_trail_comes_back_as_it_was_put() {
    let catalog = memory().await;
    let stored = insert(&catalog, &trail("one"), 7).await.expect("inserts");
    assert_eq!(stored.trail, trail("one"));
    assert_eq!(catalog.trails_of_account(&account()).await.expect("reads"), std::slice::from_ref(&stored));
    assert_eq!(catalog.trails().await.expect("reads"), [stored]);
    assert!(matches!(insert(&catalog, &trail("one"), 7).await, Err(Error::Conflict)));
}

#[tokio::test]
async fn of_two_changes_to_one_version_the_second_is_refused() {
    let catalog = memory().await;
    let stored = insert(&catalog, &trail("one"), 0).await.expect("inserts");
    update(&catalog, &with_prefix(&stored, "first"), 1).await.expect("updates");
    assert!(matches!(update(&catalog, &with_prefix(&stored, "second"), 2).await, Err(Error::Conflict)));
    let now = catalog.trail_by_arn(&stored.trail.arn).await.expect("reads").expect("is there");
    assert_eq!((now.version, now.trail.prefix.as_deref()), (2, Some("first")));
    assert_eq!(revisions(&catalog).await.len(), 2, "the refused change left no revision");
}

#[tokio::test]
async fn ids_are_not_used_again() {
    let catalog = memory().await;
    let first = insert(&catalog, &trail("one"), 0).await.expect("inserts");
    let mut transaction = catalog.begin().await.expect("begins");
    transaction.delete_trail(first.id, 1).await.expect("deletes");
    assert!(matches!(transaction.delete_trail(first.id, 1).await, Err(Error::Conflict)));
    transaction.commit().await.expect("commits");
    assert!(insert(&catalog, &trail("one"), 2).await.expect("inserts").id > first.id);
}

#[tokio::test]
async fn revisions_never_go_back_and_are_forgotten_when_superseded() {
    let catalog = memory().await;
    let stored = insert(&catalog, &trail("one"), 10).await.expect("inserts");
    let id = stored.id;
    update(&catalog, &with_prefix(&stored, "stop"), 21).await.expect("updates");
    let stopped = catalog.trail_by_arn(&stored.trail.arn).await.expect("reads").expect("is there");
    // Made after the stop, at a journal end that had not moved yet.
    update(&catalog, &with_prefix(&stopped, "start"), 20).await.expect("updates");
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(revisions(&catalog).await, [(id, 10, some("a/b")), (id, 21, some("stop")), (id, 21, some("start"))]);

    let forget = async |before| {
        let mut transaction = catalog.begin().await.expect("begins");
        transaction.forget_revisions(before).await.expect("forgets");
        transaction.commit().await.expect("commits");
        revisions(&catalog).await
    };
    assert_eq!(forget(20).await.len(), 3);
    assert_eq!(forget(21).await, [(id, 21, some("start"))]);

    let mut transaction = catalog.begin().await.expect("begins");
    transaction.delete_trail(id, 30).await.expect("deletes");
    transaction.commit().await.expect("commits");
    assert_eq!(forget(29).await, [(id, 21, some("start")), (id, 30, None)]);
    assert_eq!(forget(30).await, []);
}

#[tokio::test]
async fn keys_are_sealed_and_come_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let vault = Vault::open(&SystemDisk, &dir.path().join("master.key"), Arc::new(SystemEntropy)).expect("opens");
    let path = dir.path().join("catalog.db");
    let catalog = Catalog::open(&path, Options::default()).await.expect("opens");
    let key = AccessKey {
        id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret: Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        principal: Principal { account: account(), kind: PrincipalKind::Root },
        session_token: Some(Secret::new("token-in-clear")),
        created_at: Timestamp::from_secs(5),
        is_root: true,
    };
    let mut transaction = catalog.begin().await.expect("begins");
    transaction.insert_access_key(&key, &vault).await.expect("inserts");
    transaction.commit().await.expect("commits");
    assert_eq!(catalog.access_key(&key.id, &vault).await.expect("reads"), Some(key.clone()));
    assert_eq!(catalog.access_keys(&vault).await.expect("reads"), std::slice::from_ref(&key));
    for file in [path.clone(), dir.path().join("catalog.db-wal")] {
        let bytes = std::fs::read(file).expect("reads");
        for secret in ["wJalrXUtnFEMI", "token-in-clear"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} lies in clear");
        }
    }

    let other = tempfile::tempdir().expect("a folder");
    let wrong = Vault::open(&SystemDisk, &other.path().join("master.key"), Arc::new(SystemEntropy)).expect("opens");
    assert!(matches!(catalog.access_key(&key.id, &wrong).await, Err(Error::Corrupt { .. })));

    let mut transaction = catalog.begin().await.expect("begins");
    assert!(transaction.delete_access_key(&key.id).await.expect("deletes"));
    assert!(!transaction.delete_access_key(&key.id).await.expect("finds none"));
    transaction.commit().await.expect("commits");
    assert_eq!(catalog.access_key(&key.id, &vault).await.expect("reads"), None);
}

#[tokio::test]
async fn damaged_rows_are_an_error_with_a_place() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("catalog.db");
    std::fs::write(
        &path,
        b"this is no database, and longer than a header of one hundred bytes would be, surely so it is",
    )
    .expect("writes");
    let error = Catalog::open(&path, Options::default()).await.expect_err("refuses");
    assert!(matches!(error, Error::Corrupt { .. }), "{error}");
}

#[tokio::test]
async fn the_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a folder");
    let catalog = Catalog::open(&dir.path().join("catalog.db"), Options::default()).await.expect("opens");
    insert(&catalog, &trail("one"), 0).await.expect("inserts");
    for file in ["catalog.db", "catalog.db-wal"] {
        let mode = std::fs::metadata(dir.path().join(file)).expect("is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}
