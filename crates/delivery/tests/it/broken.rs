//! What delivery does while a bucket refuses, and after.

use opentrail_blob::faulty::PutFault;
use opentrail_stdx::Tally;

use crate::audit::Audit;
use crate::world::{HOUR, MINUTE, World};

#[tokio::test]
async fn a_bucket_that_is_broken_for_days_gets_all_when_it_is_back() {
    let mut world = World::new(20).await;
    world.start_trail("main", |_| ()).await;
    world.start_trail("fine", |_| ()).await;
    world.append("us-east-1", 2, &["main", "fine"]).await;
    world.pass(HOUR).await;
    *world.puts.outage.lock() = Some(("main/AWSLogs".into(), "NoSuchBucket"));
    for _ in 0..60 {
        world.append("us-east-1", 2, &["main", "fine"]).await;
        world.pass(HOUR).await;
    }
    let id = world.stored("main").await.id;
    let status = world.catalog.trail_status(id, "us-east-1").await.unwrap();
    assert_eq!(status.latest_delivery_error.as_deref(), Some("NoSuchBucket"));
    assert_eq!(status.latest_digest_delivery_error.as_deref(), Some("NoSuchBucket"));
    assert!(status.latest_delivery_at < status.latest_attempt_at);
    let audit = Audit::of(&world).await;
    assert_eq!(audit.records.iter().filter(|(prefix, ..)| prefix == "fine").count(), 122, "the other goes on");
    assert!(world.delivery().snapshot().oldest_undelivered_at().unwrap() < world.now().minus(HOUR * 59));
    assert_eq!(world.trimmed(), 122, "the journal doesn't wait for a bucket");

    *world.puts.outage.lock() = None;
    world.pass(HOUR * 3).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    let backfilled: usize =
        audit.chain("main", "us-east-1", true).iter().map(|checked| checked.digest.log_files.len()).sum();
    assert_eq!(backfilled, 60, "log files whose window was sealed without them");
    assert!(audit.chain("fine", "us-east-1", true).is_empty());
    let status = world.catalog.trail_status(id, "us-east-1").await.unwrap();
    assert_eq!(status.latest_delivery_error, None);
    assert_eq!(status.latest_delivery_at, status.latest_attempt_succeeded_at);
}

#[tokio::test]
async fn a_short_outage_is_sealed_by_the_regular_digest() {
    let mut world = World::new(21).await;
    world.start_trail("main", |_| ()).await;
    world.pass(MINUTE * 5).await;
    world.append("us-east-1", 2, &["main"]).await;
    *world.puts.outage.lock() = Some(("CloudTrail/".into(), "SlowDown"));
    world.pass(MINUTE * 15).await;
    *world.puts.outage.lock() = None;
    world.pass(HOUR).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    assert!(audit.chain("main", "us-east-1", true).is_empty());
}

#[tokio::test]
async fn a_trail_that_stops_while_its_bucket_is_broken_is_backfilled() {
    let mut world = World::new(22).await;
    world.start_trail("main", |_| ()).await;
    world.pass(MINUTE * 5).await;
    *world.puts.outage.lock() = Some(("main/".into(), "AccessDenied"));
    world.append("us-east-1", 2, &["main"]).await;
    world.stop("main").await;
    world.append("us-east-1", 1, &["main"]).await;
    world.pass(HOUR * 5).await;
    assert!(world.catalog.digest_chains().await.unwrap().iter().all(|chain| chain.is_closed), "it doesn't wait");
    *world.puts.outage.lock() = None;
    world.pass(HOUR * 2).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    assert_eq!(audit.chain("main", "us-east-1", true).len(), 1);
}

#[tokio::test]
async fn after_thirty_days_a_delivery_is_given_up_and_counted() {
    let mut world = World::new(23).await;
    world.options.retry_for = HOUR * 10;
    world.start_trail("main", |_| ()).await;
    world.pass(MINUTE * 5).await;
    *world.puts.outage.lock() = Some(("main/".into(), "NoSuchBucket"));
    world.append("us-east-1", 1, &["main"]).await;
    world.pass(HOUR * 9).await;
    assert_eq!(world.delivery().snapshot().given_up, Tally::default());
    world.pass(HOUR * 3).await;
    let given_up = world.delivery().snapshot().given_up;
    assert!(given_up.count >= 2, "a log file and its digests");
    assert!(given_up.newest.is_some_and(|at| at > world.now().minus(HOUR * 3)), "{given_up:?}");
    assert_eq!(world.catalog.staged_names().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_that_was_lost_doubles_nothing() {
    let mut world = World::new(24).await;
    world.start_trail("main", |_| ()).await;
    world.append("us-east-1", 3, &["main"]).await;
    *world.puts.nth.lock() = Some((1, PutFault::AnswerLost));
    world.pass(HOUR * 2).await;
    let audit = Audit::of(&world).await;
    audit.assert_records(&world);
    audit.assert_sealed();
}
