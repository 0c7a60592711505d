//! Random lives of a journal against a model of what must be true.

use proptest::prelude::*;

use opentrail_journal::{Position, ReadError};
use opentrail_stdx::Fault;

use crate::world::World;

#[derive(Debug, Clone)]
enum Step {
    Append(Vec<usize>),
    Trim(u8),
    Restart,
    Kill,
    Crash(u64),
    Fault(u64, Fault),
    Full(bool),
    SyncFailing(bool),
    Read(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let sizes = prop_oneof![4 => 0_usize..300, 1 => 3000_usize..12_000];
    prop_oneof![
        12 => prop::collection::vec(sizes, 0..6).prop_map(Step::Append),
        2 => any::<u8>().prop_map(Step::Trim),
        1 => Just(Step::Restart),
        2 => Just(Step::Kill),
        2 => any::<u64>().prop_map(Step::Crash),
        5 => (0_u64..9, prop::sample::select(&Fault::ALL[..])).prop_map(|(after, fault)| Step::Fault(after, fault)),
        1 => any::<bool>().prop_map(Step::Full),
        1 => any::<bool>().prop_map(Step::SyncFailing),
        3 => any::<u8>().prop_map(Step::Read),
    ]
}

impl World {
    fn calm(&mut self) {
        self.disk.clear_plan();
        self.disk.set_full(false);
        self.disk.set_sync_failing(false);
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Append(sizes) => {
                let entries = self.entries(sizes);
                self.append(&entries);
            }
            Step::Trim(share) => {
                let before = self.acknowledged.len() as u64 * u64::from(*share) / 256;
                self.trim(before);
            }
            Step::Restart => self.log = None,
            Step::Kill => {
                self.kill();
                self.calm();
                self.verify();
            }
            Step::Crash(seed) => {
                self.crash(*seed);
                self.calm();
                self.verify();
            }
            Step::Fault(after, fault) => self.disk.plan(self.disk.operations() + after, *fault),
            Step::Full(full) => self.disk.set_full(*full),
            Step::SyncFailing(failing) => self.disk.set_sync_failing(*failing),
            Step::Read(share) => self.read_at(*share),
        }
    }

    /// Reads from somewhere and compares with what was acknowledged there.
    fn read_at(&mut self, share: u8) {
        let from = self.acknowledged.len() as u64 * u64::from(share) / 256;
        let Some(log) = &self.log else { return };
        match log.read(Position(from), 500) {
            Ok(found) => {
                assert_eq!(found.is_empty(), from >= log.end().0, "at least one record where there is one");
                for ((position, entry), expected) in found.into_iter().zip(from..) {
                    assert_eq!(position.0, expected);
                    // A restart may have kept a record that nobody was told of; `verify` looks after those.
                    if let Some(acknowledged) = self.acknowledged.get(&position.0) {
                        assert_eq!(entry.record, acknowledged.record);
                    }
                }
            }
            Err(ReadError::Trimmed { start, .. }) => assert!(from < start.0 && start.0 <= self.trimmed),
            Err(error) => panic!("{error}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_life_keeps_what_was_acknowledged_once(seed: u64, steps in prop::collection::vec(step(), 1..60)) {
        let mut world = World::new(seed);
        steps.iter().for_each(|step| world.take(step));
        world.crash(seed);
        world.calm();
        world.verify();
    }
}
