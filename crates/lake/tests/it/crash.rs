//! Crash tables: every commit and disk operation of a scenario fails once in every way, the process ends or goes on, and
//! at every step all answers are what the model says.

use opentrail_journal::{Category, JournalReader, Origin};
use opentrail_stdx::disk::sim::Fault;

use crate::stores::{audit_event, data_record};
use crate::world::{ACCOUNT, DAY, HOUR, MINUTE, OTHER, World, record, start};

/// Flushes by number and by age, of two stores, both origins and several days.
async fn flushes(world: &mut World, what: &str) {
    let (import, management) = (Origin::Import, Category::Management);
    world.record_calls(ACCOUNT, 4);
    world.append(ACCOUNT, import, management, record(900, start().minus(DAY * 2)));
    world.append(ACCOUNT, import, management, record(900, start().minus(DAY * 2)));
    world.append(ACCOUNT, import, management, record(0, start()));
    world.record_calls(OTHER, 2);
    step(world, what).await;
    world.append(ACCOUNT, Origin::Call, Category::Data, record(901, start()));
    world.record_calls(ACCOUNT, 2);
    world.append(ACCOUNT, import, management, record(900, start().minus(DAY * 2)));
    step(world, what).await;
    for _ in 0..3 {
        world.clock.advance(MINUTE * 3);
        step(world, what).await;
    }
}

/// Merges of small segments, and of those of a quiet day.
async fn merges(world: &mut World, what: &str) {
    for _ in 0..3 {
        world.record_calls(ACCOUNT, 6);
        step(world, what).await;
        step(world, what).await;
    }
    world.clock.advance(HOUR * 2);
    step(world, what).await;
    step(world, what).await;
}

/// Drops segments of both origins.
async fn expires(world: &mut World, what: &str) {
    world.record_calls(ACCOUNT, 3);
    world.append(ACCOUNT, Origin::Import, Category::Management, record(900, start().minus(DAY * 19)));
    step(world, what).await;
    world.clock.advance(DAY * 2);
    step(world, what).await;
    world.record_calls(OTHER, 1);
    world.clock.advance(DAY * 9);
    step(world, what).await;
    step(world, what).await;
}

/// Writes a segment again without what is past its time, until it goes.
async fn trims(world: &mut World, what: &str) {
    for hours in [0_u32, 1, 4, 8] {
        let number = world.journal.end().0;
        world.append(ACCOUNT, Origin::Call, Category::Management, record(number, start().minus(HOUR * hours)));
    }
    step(world, what).await;
    world.clock.advance(MINUTE * 6);
    step(world, what).await;
    world.clock.advance(DAY * 10 - HOUR * 6);
    step(world, what).await;
    world.clock.advance(HOUR * 4);
    step(world, what).await;
    step(world, what).await;
}

/// An event data store takes records from calls and an import, another from a channel.
async fn stores(world: &mut World, what: &str) {
    let all = world.create_store("all", &["Management", "Data"], 30).await;
    let channel = world.create_store("channel", &["ActivityAuditLog"], 30).await;
    world.append(ACCOUNT, Origin::Call, Category::Data, data_record(901, start()));
    for ingested in 0..2 {
        world.append(ACCOUNT, Origin::Store(channel), Category::ActivityAuditLog, audit_event(5, start(), ingested));
        world.append(ACCOUNT, Origin::Store(all), Category::Management, record(900, start()));
        world.record_calls(ACCOUNT, 2);
        step(world, what).await;
    }
    step(world, what).await;
}

/// Event data stores change, and one goes.
async fn changes(world: &mut World, what: &str) {
    let one = world.create_store("one", &["Management"], 8).await;
    let other = world.create_store("other", &["Management"], 300).await;
    world.record_calls(ACCOUNT, 6);
    step(world, what).await;
    world.change_store(one, |store| store.is_ingesting = false).await;
    let gone_at = world.now().plus(DAY * 7);
    world.change_store(other, |store| store.gone_at = Some(gone_at)).await;
    world.record_calls(ACCOUNT, 2);
    step(world, what).await;
    world.forget_store(other);
    world.clock.advance(DAY * 8);
    step(world, what).await;
    step(world, what).await;
    step(world, what).await;
}

async fn step(world: &mut World, what: &str) {
    world.clock.advance(MINUTE);
    world.tick().await;
    world.check(what).await;
}

type Scenario = for<'a> fn(&'a mut World, &'a str) -> std::pin::Pin<Box<dyn Future<Output = ()> + 'a>>;

const SCENARIOS: [(&str, Scenario); 6] = [
    ("flush", |world, what| Box::pin(flushes(world, what))),
    ("merge", |world, what| Box::pin(merges(world, what))),
    ("expire", |world, what| Box::pin(expires(world, what))),
    ("trim", |world, what| Box::pin(trims(world, what))),
    ("stores", |world, what| Box::pin(stores(world, what))),
    ("changes", |world, what| Box::pin(changes(world, what))),
];

async fn check(scenario: Scenario, what: &str, plan: impl FnOnce(&World)) -> World {
    let mut world = World::new(77).await;
    plan(&world);
    scenario(&mut world, what).await;
    world.check_end(what).await;
    world
}

async fn every_operation(name: &str) {
    every_nth_operation(name, 1).await;
}

async fn every_nth_operation(name: &str, nth: usize) {
    let scenario = SCENARIOS.into_iter().find(|(known, _)| *known == name).unwrap().1;
    let all = check(scenario, name, |_| ()).await.disk.operations();
    assert!(all > 20, "{all} operations");
    for number in (0..all).step_by(nth) {
        for fault in Fault::ALL {
            let what = format!("{name}: operation {number} of {all}: {fault:?}");
            check(scenario, &what, |world| world.disk.plan(number, fault)).await;
        }
    }
}

#[tokio::test]
async fn every_disk_operation_of_flushes_fails_once() {
    every_operation("flush").await;
}

#[tokio::test]
async fn every_disk_operation_of_merges_fails_once() {
    every_operation("merge").await;
}

#[tokio::test]
async fn every_disk_operation_of_expiry_fails_once() {
    every_operation("expire").await;
}

#[tokio::test]
async fn every_disk_operation_of_trims_fails_once() {
    every_operation("trim").await;
}

#[tokio::test]
async fn disk_operations_of_stores_fail_once() {
    // The steps are those of one store, of which every operation fails above; there are only more of them.
    every_nth_operation("stores", 3).await;
}

#[tokio::test]
async fn every_commit_fails_once() {
    for (name, scenario) in SCENARIOS {
        let all = check(scenario, name, |_| ()).await.commits.commits();
        assert!(all > 3, "{all} commits");
        for number in 0..all {
            for is_kept in [false, true] {
                let what = format!("{name}: commit {number} of {all} failed, kept: {is_kept}");
                check(scenario, &what, |world| world.commits.fail(number, is_kept)).await;
            }
        }
    }
}

#[tokio::test]
async fn a_power_cut_at_any_minute_loses_nothing() {
    for minute in 0..24 {
        let mut world = World::new(minute).await;
        for now in 0..24 {
            world.record_calls(ACCOUNT, 2);
            if now == minute {
                world.crash();
            }
            world.clock.advance(MINUTE);
            world.tick().await;
        }
        world.check_end(&format!("minute {minute}")).await;
    }
}
