//! Crash tables: every commit, disk operation and put of a scenario fails once in every way, the process ends or goes
//! on, and in the end the auditor finds what it finds when nothing failed.

use std::sync::atomic::Ordering;
use std::time::Duration;

use opentrail_blob::faulty::PutFault;
use opentrail_stdx::disk::sim::Fault;

use crate::audit::Audit;
use crate::world::{HOUR, MINUTE, World};

async fn scenario(world: &mut World) {
    world.step = MINUTE * 5;
    world.options.log_bytes_max = 1_500;
    world.options.read_bytes_max = 600;
    world.options.pass_bytes_max = 2_000;
    world.start_trail("main", |_| ()).await;
    world.append("us-east-1", 6, &["main"]).await;
    world.append("eu-west-1", 2, &["main"]).await;
    world.pass(MINUTE * 6).await;
    world.start_trail("late", |_| ()).await;
    world.append("us-east-1", 2, &["main", "late"]).await;
    world.pass(MINUTE * 60).await;
    world.append("us-east-1", 2, &["main", "late"]).await;
    world.stop("late").await;
    world.append("us-east-1", 1, &["main", "late"]).await;
    world.append("us-east-1", 2, &["main"]).await;
    world.pass(MINUTE * 7).await;
    world.restart("late").await;
    world.append("eu-west-1", 1, &["main", "late"]).await;
    world.pass(MINUTE * 7).await;
    world.delete("main").await;
    world.append("us-east-1", 1, &["main", "late"]).await;
    world.append("us-east-1", 1, &["late"]).await;
    world.pass(HOUR * 3).await;
}

async fn check(what: &str, plan: impl FnOnce(&World)) -> World {
    let mut world = World::new(77).await;
    plan(&world);
    scenario(&mut world).await;
    let audit = Audit::of(&world).await;
    let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        audit.assert_records(&world);
        audit.assert_sealed();
    }));
    if let Err(panic) = checked {
        eprintln!("failed with {what}");
        std::panic::resume_unwind(panic);
    }
    let snapshot = world.delivery().snapshot();
    assert_eq!(
        (snapshot.owed.undelivered, snapshot.owed.unsealed, snapshot.owed.undelivered_digests),
        (0, 0, 0),
        "{what}"
    );
    assert_eq!(world.catalog.staged_names().await.unwrap(), Vec::<String>::new(), "{what}");
    world
}

#[tokio::test]
async fn every_commit_fails_once() {
    let all = check("no fault", |_| ()).await.commits.commits();
    assert!(all > 20, "{all} commits");
    for number in 0..all {
        for is_kept in [false, true] {
            let what = format!("commit {number} of {all} failed, kept: {is_kept}");
            check(&what, |world| world.commits.fail(number, is_kept)).await;
        }
    }
}

#[tokio::test]
async fn every_put_fails_once() {
    let all = check("no fault", |_| ()).await.puts.count.load(Ordering::SeqCst);
    assert!(all > 20, "{all} puts");
    for number in 0..all {
        for fault in [PutFault::Refused("SlowDown"), PutFault::AnswerLost] {
            let what = format!("put {number} of {all}: {fault:?}");
            check(&what, |world| *world.puts.nth.lock() = Some((number, fault))).await;
        }
    }
}

#[tokio::test]
async fn every_disk_operation_fails_once() {
    let all = check("no fault", |_| ()).await.disk.operations();
    assert!(all > 40, "{all} operations");
    for number in 0..all {
        for fault in Fault::ALL {
            check(&format!("operation {number} of {all}: {fault:?}"), |world| world.disk.plan(number, fault)).await;
        }
    }
}

#[tokio::test]
async fn one_seed_always_makes_the_same_bytes() {
    let objects = async || {
        let world = check("no fault", |_| ()).await;
        let keys = world.bucket.keys();
        keys.into_iter().map(|key| (world.bucket.object(&key).unwrap(), key)).collect::<Vec<_>>()
    };
    assert_eq!(objects().await, objects().await);
}

#[tokio::test]
async fn a_power_cut_at_any_minute_loses_nothing() {
    for minute in 0..100 {
        let mut world = World::new(minute).await;
        world.start_trail("main", |_| ()).await;
        for now in 0..100 {
            world.append("us-east-1", 1, &["main"]).await;
            if now == minute {
                world.crash();
            }
            world.clock.advance(Duration::from_secs(60));
            world.tick().await;
        }
        world.pass(HOUR * 2).await;
        let audit = Audit::of(&world).await;
        audit.assert_records(&world);
        audit.assert_sealed();
    }
}
