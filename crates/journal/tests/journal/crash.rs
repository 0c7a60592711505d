//! The crash table: every mutating disk operation of a scripted run × each way to fail × what the caller does next ×
//! the power going, and then the whole journal is verified, twice.

use opentrail_stdx::{Disk, Fault};

use crate::world::World;

/// What the caller does about an error.
#[derive(Debug, Clone, Copy)]
enum Reaction {
    /// Nothing more: the power goes.
    GiveUp,
    RetrySame,
    GoOn,
}

/// How the process ends after the script.
#[derive(Debug, Clone, Copy)]
enum End {
    PowerLoss(u64),
    /// A kill, a restart that appends, then the power goes: what a failed sync left only in the cache must have been
    /// written again by the restart.
    KillThenPowerLoss(u64),
}

const SIZES: [&[usize]; 8] =
    [&[100], &[10, 2000, 30], &[6000], &[50; 12], &[9000, 1], &[40], &[300, 300], &[5000, 5000, 5000]];

/// Appends of several shapes over several segments, with trims and a restart in the middle.
/// Ends early when an error was met with giving up.
fn script(world: &mut World, reaction: Reaction) {
    for (step, sizes) in SIZES.iter().enumerate() {
        let entries = world.entries(sizes);
        let mut done = world.append(&entries);
        if !done && matches!(reaction, Reaction::RetrySame) {
            done = world.append(&entries) || world.append(&entries);
            assert!(done, "one fault makes no two appends fail twice");
        }
        if step == 3 {
            world.log = None;
        }
        if step % 3 == 2 {
            let before = world.acknowledged.len() as u64 / 2;
            done &= world.trim(before);
        }
        if !done && matches!(reaction, Reaction::GiveUp) {
            return;
        }
    }
}

fn operations() -> u64 {
    let mut world = World::new(0);
    script(&mut world, Reaction::GiveUp);
    assert_eq!(world.acknowledged.len(), SIZES.iter().map(|sizes| sizes.len()).sum::<usize>());
    let last = crate::world::files(&world.disk).pop().expect("one is always there");
    assert!(last.to_string_lossy().ends_with("-00000004.journal"), "the script rolls: {last:?}");
    world.disk.operations()
}

fn run(operation: u64, fault: Fault, reaction: Reaction, end: End) {
    let mut world = World::new(operation);
    world.disk.plan(operation, fault);
    script(&mut world, reaction);
    world.disk.clear_plan();
    let seed = match end {
        End::PowerLoss(seed) => seed,
        End::KillThenPowerLoss(seed) => {
            world.kill();
            world.verify();
            let entries = world.entries(&[20, 5000]);
            assert!(world.append(&entries));
            seed
        }
    };
    world.crash(seed);
    world.verify();
    // Recovered is not enough: it must also be as good as new.
    let entries = world.entries(&[10, 7000, 10]);
    assert!(world.append(&entries), "a recovered journal takes records");
    world.crash(seed + 1);
    world.verify();
}

#[test]
fn every_fault_at_every_operation_keeps_what_was_acknowledged_once() {
    let operations = operations();
    assert!(operations >= 40, "{operations}");
    let ends = (0..4).map(End::PowerLoss).chain((0..2).map(End::KillThenPowerLoss));
    for end in ends {
        for operation in 0..operations {
            for fault in Fault::ALL {
                for reaction in [Reaction::GiveUp, Reaction::RetrySame, Reaction::GoOn] {
                    let run = std::panic::catch_unwind(|| run(operation, fault, reaction, end));
                    assert!(run.is_ok(), "operation {operation} {fault:?}, then {reaction:?}, then {end:?}");
                }
            }
        }
    }
}

#[test]
fn every_operation_of_an_opening_can_fail_and_be_repeated() {
    for seed in 0..20 {
        for fault in Fault::ALL {
            for step in 0.. {
                let mut world = World::new(seed);
                script(&mut world, Reaction::GoOn);
                world.crash(seed);
                let first = world.disk.operations();
                world.disk.plan(first + step, fault);
                let opened = world.open().is_ok();
                let reached = world.disk.operations() > first + step;
                world.disk.clear_plan();
                world.crash(seed + 100);
                world.verify();
                if opened && !reached {
                    break;
                }
            }
        }
    }
}

#[test]
fn what_a_fault_left_lying_never_outlives_what_supersedes_it() {
    for fault in Fault::ALL {
        for step in 0..12 {
            for seed in 0..8 {
                let mut world = World::new(seed);
                script(&mut world, Reaction::GoOn);
                // One batch alone in its segment: nothing proves it durable, and an opening moves all of it on.
                let entries = world.entries(&[9000]);
                world.append(&entries);
                world.kill();
                world.disk.plan(world.disk.operations() + step, fault);
                for sizes in [[10], [5000], [5000], [5000]] {
                    let entries = world.entries(&sizes);
                    world.append(&entries);
                }
                world.disk.clear_plan();
                let before = world.acknowledged.len() as u64;
                assert!(world.trim(before), "{fault:?} at {step}");
                world.crash(seed);
                world.verify();
            }
        }
    }
}

#[test]
fn a_full_disk_loses_nothing_leaves_no_litter_and_recovers_by_itself() {
    let mut world = World::new(3);
    script(&mut world, Reaction::GiveUp);
    let before = crate::world::files(&world.disk).len();
    world.disk.set_full(true);
    for _ in 0..50 {
        let entries = world.entries(&[100, 5000]);
        assert!(!world.append(&entries));
    }
    let found = world.disk.list(std::path::Path::new(crate::world::DIR)).expect("the folder is there");
    assert!(found.len() <= before + 2, "{found:?}");
    world.disk.set_full(false);
    let entries = world.entries(&[100, 5000]);
    assert!(world.append(&entries), "space is back");
    world.verify();
    world.crash(1);
    world.verify();
}

#[test]
fn failing_syncs_acknowledge_nothing_and_pass() {
    let mut world = World::new(4);
    script(&mut world, Reaction::GiveUp);
    world.disk.set_sync_failing(true);
    for _ in 0..10 {
        let entries = world.entries(&[100]);
        assert!(!world.append(&entries));
    }
    world.disk.set_sync_failing(false);
    let entries = world.entries(&[100]);
    assert!(world.append(&entries), "the disk is mended");
    world.kill();
    world.verify();
    world.crash(1);
    world.verify();
}
