//! Whole lives of the system from one seed each: journal, catalog and delivery with a disk, a clock, commits and
//! buckets that fail. Afterwards an auditor checks that each kept record which a trail wants is in exactly one log file
//! and sealed by exactly one digest chain. Each seed is lived twice, and both lives must be the same to the byte.

mod audit;
mod driver;
mod faults;
mod history;
mod records;
mod stores;
mod trails;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use opentrail_delivery::PooledKeys;
use opentrail_seal::hash::sha256_hex;

use crate::audit::{Audited, audit};
use crate::driver::{Life, Totals};

/// Lives through whole lives of the system and audits what they delivered.
#[derive(Debug, Parser)]
struct Args {
    /// How many seeds.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// This one only, telling what happens.
    #[arg(long, conflicts_with_all = ["seeds", "first"])]
    seed: Option<u64>,
    /// How many random steps a life has.
    #[arg(long, default_value_t = 200)]
    steps: u64,
}

/// What a life has left.
struct Outcome {
    trace: Vec<String>,
    /// Every object, byte for byte.
    objects: Vec<u8>,
    audited: Result<Audited, String>,
    totals: Totals,
}

/// A life that was found to be right, twice.
struct Proven {
    audited: Audited,
    totals: Totals,
    trace_hash: String,
}

async fn live(seed: u64, steps: u64, keys: &PooledKeys) -> Outcome {
    let mut life = Life::new(seed, keys).await;
    life.live(steps).await;
    let audited = match history::audit_history(&mut life).await {
        Ok((history, stored)) => audit(&life).await.map(|mut audited| {
            audited.history = history;
            audited.stored = stored;
            audited
        }),
        Err(problem) => Err(problem),
    };
    let mut objects = Vec::new();
    for (place, object) in life.world.objects() {
        objects.extend_from_slice(format!("{place:?} {:?}\n", object.metadata).as_bytes());
        objects.extend_from_slice(&object.body);
    }
    Outcome { trace: std::mem::take(&mut life.trace), objects, audited, totals: life.totals }
}

fn run(seed: u64, args: &Args, keys: &PooledKeys) -> Result<Proven, String> {
    let once = || {
        // One thread, so that the order of things is the seed's alone.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let lived = AssertUnwindSafe(|| runtime.block_on(live(seed, args.steps, keys)));
        catch_unwind(lived).map_err(|_| "a panic, told above".to_owned())
    };
    let first = once()?;
    if args.seed.is_some() {
        first.trace.iter().for_each(|line| println!("{line}"));
    }
    let audited = first.audited?;
    let second = once()?;
    let mut lines = first.trace.iter().zip(&second.trace).enumerate();
    if let Some((line, (a, b))) = lines.find(|(_, (a, b))| a != b) {
        return Err(format!("two lives differ at line {line} of their traces:\n  {a}\n  {b}"));
    }
    if first.trace.len() != second.trace.len() || first.objects != second.objects {
        return Err("two lives differ in length or in what they delivered".to_owned());
    }
    let trace_hash = sha256_hex(first.trace.join("\n").as_bytes());
    Ok(Proven { audited, totals: first.totals, trace_hash })
}

fn main() -> ExitCode {
    let args = Args::parse();
    let (first, count) = args.seed.map_or((args.first, args.seeds), |seed| (seed, 1));
    let keys = PooledKeys::default();
    let start = Instant::now();
    let mut failed = Vec::new();
    for seed in first..first + count {
        match run(seed, &args, &keys) {
            Ok(Proven { audited, totals, trace_hash }) => {
                println!("seed {seed}: trace {} {audited:?} {totals:?}", &trace_hash[..16]);
            }
            Err(problem) => {
                eprintln!("seed {seed} FAILED: {problem}");
                failed.push(seed);
            }
        }
    }
    for seed in &failed {
        let steps = args.steps;
        eprintln!("again: cargo run --manifest-path sim/Cargo.toml -- --seed {seed} --steps {steps}");
    }
    let passed = count - failed.len() as u64;
    println!("{passed} passed, {} failed, in {:.0} s", failed.len(), start.elapsed().as_secs_f64());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
