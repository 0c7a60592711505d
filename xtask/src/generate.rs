//! `cargo xtask gen`: realistic load from a seed.
//!
//! The events look like an organization's: services, names and users as frequent as in real accounts, with the long
//! tail; sizes, nesting, errors, runs of the same caller, work hours and weekends. All names are made up. The span is
//! cut into slices; a slice's events are a function of the seed and the slice alone, so that slices are made on all
//! cores, written at once and forgotten, and both formats hold the same events.

mod actors;
mod calendar;
mod files;
mod operations;
mod plan;
mod random;
mod record;
mod slice;
mod special;
mod template;
mod things;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use clap::{Args, ValueEnum};

use plan::Slice;
use slice::World;

/// What to make.
#[derive(Debug, Clone, Args)]
pub(crate) struct GenArgs {
    /// How many events, up to 100 million
    #[arg(long, value_name = "N")]
    events: u64,
    /// The same seed makes the same events
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Begin of the span, such as 2026-01-01T00:00:00Z or 2026-01-01
    #[arg(long, value_name = "TIME")]
    from: String,
    /// End of the span, exclusive
    #[arg(long, value_name = "TIME")]
    to: String,
    /// Folder to write to; made if it isn't there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value = "log-files")]
    format: Format,
    /// How many accounts; the first is the busiest
    #[arg(long, value_name = "K", default_value_t = 3)]
    accounts: usize,
    /// Regions; the first is the busiest
    #[arg(long, value_name = "REGION", value_delimiter = ',', default_values = ["us-east-1", "eu-west-1", "us-west-2", "ap-southeast-2"])]
    regions: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// `AWSLogs/…/….json.gz`, as CloudTrail delivers them
    LogFiles,
    /// `events-00000.ndjson`…, one record a line, in the order of time
    Ndjson,
}

/// Makes the events.
pub(crate) fn run(args: &GenArgs) -> anyhow::Result<()> {
    let begun = Instant::now();
    let (from, to) = (calendar::parse(&args.from)?, calendar::parse(&args.to)?);
    ensure!((1..=100_000_000).contains(&args.events), "--events is between 1 and 100000000");
    ensure!(from < to, "--from is before --to");
    ensure!((1..=1_000).contains(&args.accounts), "--accounts is between 1 and 1000");
    ensure!(!args.regions.is_empty(), "--regions names at least one");
    std::fs::create_dir_all(&args.out).with_context(|| format!("create `{}`", args.out.display()))?;
    let world = World::new(args.seed, args.accounts, args.regions.clone())?;
    let bytes = make(args, &world, &plan::slices(args.events, from, to))?;
    let seconds = begun.elapsed().as_secs_f64();
    eprintln!(
        "{} events, {:.1} MB of JSON, in {seconds:.1} s ({:.0} events/s) to {}",
        args.events,
        bytes as f64 / 1e6,
        args.events as f64 / seconds,
        args.out.display()
    );
    Ok(())
}

/// Makes slices on all cores; returns the bytes of JSON.
fn make(args: &GenArgs, world: &World, slices: &[Slice]) -> anyhow::Result<u64> {
    let (next, bytes) = (AtomicUsize::new(0), AtomicU64::new(0));
    let worker = || -> anyhow::Result<()> {
        while let Some(slice) = slices.get(next.fetch_add(1, Ordering::Relaxed)) {
            let written = match args.format {
                Format::LogFiles => files::log_files(world, *slice, args.seed, &args.out)?,
                Format::Ndjson => files::ndjson(world, *slice, &args.out)?,
            };
            bytes.fetch_add(written, Ordering::Relaxed);
        }
        Ok(())
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a worker doesn't panic"))
    })?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests;
