//! What delivery does when nothing fails.

use std::time::Duration;

use opentrail_journal::{Category, Origin};
use opentrail_seal::verify::Finding;
use opentrail_stdx::Timestamp;

use crate::audit::Audit;
use crate::world::{ACCOUNT, HOUR, MINUTE, World, record, start};

#[tokio::test]
async fn records_come_out_as_they_went_in_and_sealed() {
    let mut world = World::new(1).await;
    world.start_trail("main", |_| ()).await;
    for _ in 0..30 {
        world.append("us-east-1", 3, &["main"]).await;
        world.append("eu-west-1", 2, &["main"]).await;
        world.pass(MINUTE * 7).await;
    }
    world.pass(HOUR * 2).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    assert_eq!(audit.chains.len(), 2);
    let home = audit.chain("main", "us-east-1", false);
    assert_eq!(home[0].digest.digest_start_time, "2026-11-22T09:29:23Z");
    assert_eq!(home[0].digest.digest_end_time, "2026-11-22T10:29:23Z");
    assert!(home[0].digest.is_first() && home[0].digest.log_files.is_empty());
    assert_eq!(home[1].digest.digest_start_time, "2026-11-22T10:29:23Z");
    assert!(home.last().unwrap().digest.log_files.is_empty(), "an hour without records has an empty digest");
    assert_eq!(world.trimmed(), 150);
    let snapshot = world.delivery().snapshot();
    assert_eq!((snapshot.unstaged_records, snapshot.owed.undelivered, snapshot.owed.unsealed), (0, 0, 0));
    let status = world.catalog.trail_status(world.stored("main").await.id, "eu-west-1").await.unwrap();
    assert!(status.latest_delivery_at.is_some() && status.latest_digest_delivery_at.is_some());
    assert_eq!(status.latest_delivery_error, None);
}

#[tokio::test]
async fn imported_records_go_to_no_trail() {
    let mut world = World::new(11).await;
    world.start_trail("main", |_| ()).await;
    world.append("us-east-1", 2, &["main"]).await;
    let (at, management) = (world.now(), Category::Management);
    world.append_from(Origin::Import, ACCOUNT, "us-east-1", management, record("us-east-1", 900, at));
    world.append("us-east-1", 2, &["main"]).await;
    world.pass(MINUTE * 10).await;
    Audit::of(&world).await.assert_records(&world);
    assert_eq!(world.delivery().snapshot().records_staged, 4);
}

#[tokio::test]
async fn another_product_that_is_ahead_trims_nothing_that_delivery_has_not_read() {
    let mut world = World::new(12).await;
    world.start_trail("main", |_| ()).await;
    // There is nothing to read yet.
    world.delivery().tick().await.unwrap();
    world.append("us-east-1", 3, &["main"]).await;
    let mut transaction = world.catalog.begin().await.unwrap();
    transaction.move_cursor("lake", 0, 3).await.unwrap();
    transaction.commit().await.unwrap();
    // Not due yet: nothing is staged.
    world.delivery().tick().await.unwrap();
    assert_eq!(world.trimmed(), 0);
    world.pass(MINUTE * 10).await;
    Audit::of(&world).await.assert_records(&world);
    assert_eq!(world.trimmed(), 3);
}

#[tokio::test]
async fn keys_are_cloudtrails() {
    let mut world = World::new(2).await;
    world.start_trail("main", |trail| trail.prefix = None).await;
    world.append("us-east-1", 1, &[""]).await;
    world.append_raw("us-east-1", Category::Insight, insight());
    world.pass(MINUTE * 10).await;
    let keys = world.bucket.keys();
    assert_eq!(keys.len(), 2, "{keys:?}");
    let log =
        format!("AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2026/11/22/{ACCOUNT}_CloudTrail_us-east-1_20261122T1030Z_");
    assert!(keys[1].starts_with(&log), "{keys:?}");
    assert_eq!(
        keys[0],
        format!(
            "AWSLogs/{ACCOUNT}/CloudTrail-Digest/us-east-1/2026/11/22/\
             {ACCOUNT}_CloudTrail-Digest_us-east-1_main_us-east-1_20261122T102923Z.json.gz"
        )
    );
}

fn insight() -> bytes::Bytes {
    bytes::Bytes::from_static(
        br#"{"eventCategory":"Insight","awsRegion":"us-east-1","eventType":"AwsCloudTrailInsight"}"#,
    )
}

#[tokio::test]
async fn large_log_files_are_split() {
    let mut world = World::new(3).await;
    world.options.log_bytes_max = 2_000;
    world.options.read_bytes_max = 700;
    world.start_trail("main", |_| ()).await;
    world.append("us-east-1", 40, &["main"]).await;
    world.pass(HOUR * 2).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    assert!(audit.log_files.len() > 5);
    for key in audit.log_files.keys() {
        let bytes = crate::audit::gunzip(&world.bucket.object(key).unwrap().body).len();
        assert!(bytes <= 2_000, "{key} has {bytes} bytes");
    }
}

#[tokio::test]
async fn a_pass_ends_when_too_many_files_are_open() {
    let mut world = World::new(4).await;
    world.options.open_files_max = 2;
    for name in ["one", "two", "three"] {
        world.start_trail(name, |_| ()).await;
    }
    for region in ["us-east-1", "eu-west-1", "ap-south-1"] {
        world.append(region, 2, &["one", "two", "three"]).await;
    }
    world.pass(HOUR * 2).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
}

#[tokio::test]
async fn a_stopped_trail_gets_a_last_digest_and_a_started_one_a_new_chain() {
    let mut world = World::new(5).await;
    world.start_trail("main", |_| ()).await;
    world.append("us-east-1", 2, &["main"]).await;
    world.pass(MINUTE * 80).await;
    world.append("us-east-1", 2, &["main"]).await;
    world.stop("main").await;
    // The record of the stop itself is still delivered; what follows is not.
    world.append("us-east-1", 1, &["main"]).await;
    world.append("us-east-1", 5, &[]).await;
    world.pass(MINUTE * 10).await;
    let stopped = start().plus(MINUTE * 80);
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    let chain = audit.chain("main", "us-east-1", false);
    assert_eq!(chain.len(), 3);
    assert_eq!(chain[2].end, stopped.floor_to_second());
    assert_eq!(chain[2].digest.log_files.len(), 1);

    world.pass(HOUR * 3).await;
    assert_eq!(Audit::of(&world).await.chain("main", "us-east-1", false).len(), 3, "nothing follows the last");
    world.restart("main").await;
    world.append("us-east-1", 1, &["main"]).await;
    world.pass(HOUR * 2).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    let chain = audit.chain("main", "us-east-1", false);
    assert!(chain[3].digest.is_first());
    assert_eq!(chain.len(), 6);
    assert!(audit.findings.iter().any(|finding| matches!(finding, Finding::Gap { .. })));
}

#[tokio::test]
async fn stop_and_start_within_a_second_make_two_chains_in_order() {
    let mut world = World::new(6).await;
    world.start_trail("main", |_| ()).await;
    world.append("us-east-1", 1, &["main"]).await;
    world.pass(MINUTE * 61).await;
    world.append("us-east-1", 1, &["main"]).await;
    world.stop("main").await;
    world.append("us-east-1", 1, &["main"]).await;
    world.clock.advance(Duration::from_millis(100));
    world.restart("main").await;
    world.append("us-east-1", 1, &["main"]).await;
    world.pass(HOUR * 2).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    let chain = audit.chain("main", "us-east-1", false);
    let firsts: Vec<_> = chain.iter().filter(|checked| checked.digest.is_first()).collect();
    assert_eq!(firsts.len(), 2);
    assert!(chain.windows(2).all(|pair| pair[0].end < pair[1].end));
}

#[tokio::test]
async fn a_deleted_trail_gets_a_last_digest_too() {
    let mut world = World::new(7).await;
    world.start_trail("main", |_| ()).await;
    world.append("us-east-1", 1, &["main"]).await;
    world.append("eu-west-1", 1, &["main"]).await;
    world.pass(MINUTE * 20).await;
    world.append("us-east-1", 1, &["main"]).await;
    world.delete("main").await;
    world.append("us-east-1", 1, &["main"]).await;
    world.append("us-east-1", 9, &[]).await;
    world.pass(MINUTE * 20).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    assert_eq!(audit.chain("main", "us-east-1", false).len(), 2);
    assert_eq!(audit.chain("main", "eu-west-1", false).len(), 2);
    assert!(world.catalog.trail_revisions().await.unwrap().is_empty());
    world.start_trail("main", |_| ()).await;
    world.append("us-east-1", 1, &["main"]).await;
    world.pass(HOUR * 2).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    assert_eq!(world.catalog.digest_chains().await.unwrap().iter().filter(|chain| !chain.is_closed).count(), 2);
}

/// A life ends before its chain can begin: the last second of the life before is taken.
#[tokio::test]
async fn lives_too_short_for_a_chain_are_sealed_all_the_same() {
    let mut world = World::new(12).await;
    for _ in 0..3 {
        world.start_trail("main", |_| ()).await;
        world.append("us-east-1", 1, &["main"]).await;
        world.delete("main").await;
        world.append("us-east-1", 1, &["main"]).await;
        world.append("us-east-1", 1, &[]).await;
        world.clock.advance(Duration::from_millis(50));
        world.tick().await;
    }
    world.pass(HOUR * 3).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
}

#[tokio::test]
async fn without_validation_there_are_no_digests() {
    let mut world = World::new(8).await;
    let off = |trail: &mut opentrail_model::Trail| {
        trail.log_file_validation = false;
        trail.chain_started_at = None;
    };
    world.start_trail("main", off).await;
    world.append("us-east-1", 3, &["main"]).await;
    world.pass(HOUR * 2).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    assert!(audit.chains.is_empty());
    assert_eq!(world.delivery().snapshot().owed.unsealed, 0);

    let on_at = world.now();
    world
        .update("main", |trail| {
            trail.log_file_validation = true;
            trail.chain_started_at = Some(on_at);
        })
        .await;
    world.append("us-east-1", 3, &["main"]).await;
    world.pass(HOUR * 2).await;
    world.update("main", off).await;
    world.append("us-east-1", 3, &["main"]).await;
    world.pass(HOUR * 2).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    let listed = audit.log_files.values().filter(|digests| digests.len() == 1).count();
    assert_eq!((audit.log_files.len(), listed), (3, 1));
    assert!(!audit.findings.iter().any(Finding::is_invalid));
}

#[tokio::test]
async fn a_region_joins_when_it_is_first_used() {
    let mut world = World::new(9).await;
    world.start_trail("main", |_| ()).await;
    world.start_trail("single", |trail| trail.is_multi_region = false).await;
    world.pass(MINUTE * 150).await;
    world.append("ap-south-1", 1, &["main"]).await;
    world.pass(HOUR * 2).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    let joined = audit.chain("main", "ap-south-1", false);
    assert_eq!(joined[0].digest.digest_end_time, "2026-11-22T12:29:23Z", "the window under way");
    assert_eq!(joined[1].digest.log_files.len(), 1);
    assert!(audit.chain("single", "ap-south-1", false).is_empty());
}

#[tokio::test]
async fn keys_rotate_before_thirty_days() {
    let mut world = World::new(10).await;
    world.options.digest_interval = HOUR * 12;
    world.start_trail("main", |_| ()).await;
    for _ in 0..70 {
        world.append("us-east-1", 1, &["main"]).await;
        world.clock.advance(HOUR * 24);
        world.tick().await;
        world.clock.advance(MINUTE);
        world.tick().await;
    }
    world.pass(HOUR * 13).await;
    let audit = Audit::of(&world).await;
    audit.assert_sealed();
    let keys = world.catalog.signing_keys("us-east-1", Timestamp::EPOCH, Timestamp::from_ms(i64::MAX)).await.unwrap();
    assert_eq!(keys.len(), 3);
    for checked in audit.chain("main", "us-east-1", false) {
        let key = keys.iter().find(|key| key.fingerprint == checked.digest.digest_public_key_fingerprint).unwrap();
        assert!(key.valid_from <= checked.end && checked.end <= key.valid_to);
    }
}

#[tokio::test]
async fn a_changed_bucket_takes_the_chain_along() {
    let mut world = World::new(11).await;
    world.start_trail("main", |_| ()).await;
    world.append("us-east-1", 2, &["main"]).await;
    world.pass(MINUTE * 2).await;
    world.append("us-east-1", 2, &["main"]).await;
    world.update("main", |trail| trail.bucket = "other".into()).await;
    world.append("us-east-1", 2, &["main"]).await;
    world.pass(HOUR * 2).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    let chain = audit.chain("main", "us-east-1", false);
    assert_eq!(chain[1].digest.digest_s3_bucket, "other");
    assert_eq!(chain[1].digest.previous_digest_s3_bucket.as_deref(), Some("logs"));
    let buckets: Vec<_> = chain[1].digest.log_files.iter().map(|log| log.s3_bucket.as_str()).collect();
    assert!(buckets.contains(&"logs") && buckets.contains(&"other"), "{buckets:?}");
}

#[tokio::test]
async fn draining_delivers_what_is_not_due() {
    let mut world = World::new(12).await;
    world.start_trail("main", |_| ()).await;
    world.pass(MINUTE).await;
    world.append("us-east-1", 2, &["main"]).await;
    world.tick().await;
    assert_eq!(Audit::of(&world).await.records.len(), 0);
    let report = world.delivery().drain().await.unwrap();
    assert_eq!((report.records_staged, report.log_files_delivered), (2, 1));
    Audit::of(&world).await.assert_records(&world);
}
