//! Damaged files: the index is made again from the ORC file, both from the journal, or the segment is given up while the
//! others answer.

use std::path::PathBuf;

use opentrail_journal::{Category, JournalReader, Origin};
use opentrail_stdx::disk::sim::Fault;

use crate::world::{ACCOUNT, DAY, MINUTE, World, record, start};

/// Two segments of recorded and one of imported records.
async fn world(what: &str) -> World {
    let mut world = World::new(5).await;
    for number in 0..3 {
        world.append(ACCOUNT, Origin::Import, Category::Management, record(900 + number, start().minus(DAY)));
        world.append(ACCOUNT, Origin::Import, Category::Management, record(900 + number, start().minus(DAY)));
    }
    for _ in 0..2 {
        world.record_calls(ACCOUNT, 6);
        world.tick().await;
        world.tick().await;
    }
    world.pass(MINUTE * 6).await;
    world.check(what).await;
    assert_eq!(world.lake().await.metrics().snapshot().tail_records, 0);
    world
}

fn files(world: &World, ending: &str) -> Vec<PathBuf> {
    world.files().into_iter().filter(|path| path.extension().is_some_and(|it| it == ending)).collect()
}

type Damage = (&'static str, fn(&mut Vec<u8>));

/// Flips a bit in the middle, cuts the end off, or empties the file.
fn damages() -> [Damage; 3] {
    [
        ("flipped", |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 4;
        }),
        ("cut", |bytes| bytes.truncate(bytes.len() - 9)),
        ("empty", Vec::clear),
    ]
}

#[tokio::test]
async fn an_index_is_made_again_from_its_orc_file() {
    for (name, damage) in damages() {
        let mut world = world(name).await;
        let now = world.journal.end();
        world.journal.trim(now).await.unwrap();
        for path in files(&world, "idx") {
            world.disk.tamper(&path, damage).unwrap();
        }
        world.kill();
        world.pass(MINUTE * 10).await;
        world.check(name).await;
        assert_eq!(world.lake().await.metrics().snapshot().repaired_segments, 3, "{name}");
        world.check_end(name).await;
    }
}

#[tokio::test]
async fn both_files_are_made_again_from_the_journal() {
    for (name, damage) in damages() {
        let mut world = world(name).await;
        for path in files(&world, "orc") {
            world.disk.tamper(&path, damage).unwrap();
        }
        world.kill();
        world.pass(MINUTE * 10).await;
        world.check(name).await;
        assert_eq!(world.lake().await.metrics().snapshot().repaired_segments, 3, "{name}");
        world.check_end(name).await;
    }
}

#[tokio::test]
async fn every_disk_operation_of_a_repair_fails_once() {
    let run = async |what: &str, fault: Option<(u64, Fault)>| {
        let mut world = world(what).await;
        let before = world.disk.operations();
        let damaged = [files(&world, "orc").remove(0), files(&world, "idx").remove(1)];
        for path in damaged {
            world.disk.tamper(&path, |bytes| bytes[20] ^= 1).unwrap();
        }
        world.kill();
        if let Some((number, fault)) = fault {
            world.disk.plan(before + number, fault);
        }
        world.pass(MINUTE * 10).await;
        world.check_end(what).await;
        world.disk.operations() - before
    };
    let all = run("no fault", None).await;
    for number in 0..all {
        for fault in [Fault::Failed, Fault::Torn, Fault::SyncFailed] {
            run(&format!("operation {number} of {all}: {fault:?}"), Some((number, fault))).await;
        }
    }
}

#[tokio::test]
async fn a_segment_that_is_lost_is_named_and_the_others_answer() {
    let mut world = world("lost").await;
    let now = world.journal.end();
    world.journal.trim(now).await.unwrap();
    let path = files(&world, "orc").remove(1);
    let mut whole = Vec::new();
    world
        .disk
        .tamper(&path, |bytes| {
            whole.clone_from(bytes);
            bytes.truncate(100);
        })
        .unwrap();
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let row = world.catalog.segments().await.unwrap().into_iter().find(|row| row.name == name).unwrap();
    let kept = world.kept.clone();
    let lost = |position: u64| (row.position_min..=row.position_max).contains(&position);
    world.kept.retain(|kept| !lost(kept.place.position));
    assert_eq!(kept.len() - world.kept.len(), 6);
    for _ in 0..2 {
        // In this life and in the next.
        world.kill();
        world.pass(MINUTE * 10).await;
        world.check("lost").await;
        let damaged = world.lake().await.metrics().snapshot().damaged;
        assert_eq!(damaged, [format!("history-{ACCOUNT}/day=2026-11-22/{name}")]);
    }
    // Somebody puts the file back.
    world.disk.tamper(&path, |bytes| *bytes = whole).unwrap();
    world.kept = kept;
    world.kill();
    world.pass(MINUTE * 10).await;
    world.check_end("put back").await;
}
