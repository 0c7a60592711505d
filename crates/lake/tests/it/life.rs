//! Any life: records, imports that come twice, time that jumps, faults and crashes, in any order, and all answers as the
//! model has them.

use std::time::Duration;

use opentrail_journal::{Category, JournalReader, Origin};
use opentrail_stdx::disk::sim::Fault;
use proptest::prelude::*;

use crate::world::{ACCOUNT, DAY, MINUTE, OTHER, World, record};

#[derive(Debug, Clone)]
enum Step {
    Record { other: bool, count: usize, late_hours: u32 },
    Import { count: usize, first: u64, age_days: u32 },
    Unwanted,
    Wait(Duration),
    Fault { after: u64, fault: usize },
    Commit { after: u64, is_kept: bool },
    Crash,
    Kill,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (any::<bool>(), 1_usize..8, 0_u32..60).prop_map(|(other, count, late_hours)| Step::Record { other, count, late_hours }),
        3 => (1_usize..8, 0_u64..20, 0_u32..25).prop_map(|(count, first, age_days)| Step::Import { count, first, age_days }),
        1 => Just(Step::Unwanted),
        4 => (0_u64..20).prop_map(|minutes| Step::Wait(MINUTE * u32::try_from(minutes).unwrap())),
        1 => (1_u32..50).prop_map(|hours| Step::Wait(MINUTE * 60 * hours)),
        2 => (0_u64..25, 0_usize..4).prop_map(|(after, fault)| Step::Fault { after, fault }),
        1 => (0_u64..3, any::<bool>()).prop_map(|(after, is_kept)| Step::Commit { after, is_kept }),
        1 => Just(Step::Crash),
        1 => Just(Step::Kill),
    ]
}

async fn live(seed: u64, steps: &[Step]) {
    let mut world = World::new(seed).await;
    let begin = world.now();
    for (number, step) in steps.iter().enumerate() {
        match step {
            Step::Record { other, count, late_hours } => {
                for _ in 0..*count {
                    let at = world.now().minus(MINUTE * 60 * *late_hours);
                    let number = 1000 + world.journal.end().0;
                    let account = if *other { OTHER } else { ACCOUNT };
                    world.append(account, Origin::Call, Category::Management, record(number, at));
                }
            }
            Step::Import { count, first, age_days } => {
                for number in *first..*first + *count as u64 {
                    // A number always has the same day and the same text, so that it may come twice.
                    let at = begin.minus(DAY * (u32::try_from(number).unwrap() * 7 % 18));
                    let at = if *age_days > 20 { begin.minus(DAY * 40) } else { at };
                    world.append(ACCOUNT, Origin::Import, Category::Data, record(number, at));
                }
            }
            Step::Unwanted => {
                let (number, now) = (world.journal.end().0, world.now());
                world.append(ACCOUNT, Origin::Call, Category::Data, record(number, now));
            }
            Step::Wait(time) => world.clock.advance(*time),
            Step::Fault { after, fault } => world.disk.plan(world.disk.operations() + after, Fault::ALL[*fault]),
            Step::Commit { after, is_kept } => {
                let next = world.commits.commits();
                world.commits.fail(next + after, *is_kept);
            }
            Step::Crash => world.crash(),
            Step::Kill => world.kill(),
        }
        world.tick().await;
        world.check(&format!("step {number}")).await;
    }
    world.check_end("the end").await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_life_answers_as_the_model_does(seed in 0_u64..1000, steps in prop::collection::vec(step(), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(live(seed, &steps));
    }
}
