//! `ask DATA_DIR ROUNDS < QUESTIONS`: statements over the Event history in a data folder whose server is stopped, timed.
//!
//! Each line of the input is a statement as a JSON string, in which `$HISTORY` is the table; of each, a line of the output
//! has the seconds of each round by the wall and by the CPU, and the answer. `bench/run query` asks so.
#![allow(clippy::print_stdout, reason = "the output is what it is for")]
#![allow(clippy::disallowed_methods, reason = "the wall's and the CPU's time are measured")]

use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use opentrail_catalog::Catalog;
use opentrail_journal::Journal;
use opentrail_lake::{Engine, LakeParts, Options, StoreSnapshot};
use opentrail_query::{Limits, Row, StoreTables, begin, prepare};
use opentrail_stdx::{Clock, SystemClock, SystemDisk};

type Error = Box<dyn std::error::Error>;

const ACCOUNT: &str = "123456789012";
const TABLE: &str = "01234567-89ab-cdef-0123-456789abcdef";

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let (Some(dir), Some(rounds)) = (arguments.next(), arguments.next()) else {
        return Err("usage: ask DATA_DIR ROUNDS < QUESTIONS".into());
    };
    let engine = open(Path::new(&dir)).await?;
    let snapshot = engine.lake().history_snapshot(&ACCOUNT.parse()?);
    let spilled = std::env::temp_dir();
    for line in std::io::stdin().lock().lines() {
        let statement: String = serde_json::from_str(&line?)?;
        let (mut seconds, mut cpu_seconds, mut answer) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..rounds.parse()? {
            let (begun, cpu_begun) = (Instant::now(), cpu_seconds_so_far()?);
            answer = ask(&statement, &snapshot, &spilled).await?;
            seconds.push(begun.elapsed().as_secs_f64());
            cpu_seconds.push(cpu_seconds_so_far()? - cpu_begun);
        }
        println!("{}", serde_json::json!({"seconds": seconds, "cpu_seconds": cpu_seconds, "answer": answer}));
    }
    Ok(())
}

async fn open(dir: &Path) -> Result<Engine, Error> {
    let (disk, clock) = (Arc::new(SystemDisk), Arc::new(SystemClock) as Arc<dyn Clock>);
    let options = opentrail_journal::Options::default();
    let journal = Journal::open(Arc::clone(&disk) as _, dir.join("journal"), options, Arc::clone(&clock))?;
    let parts = LakeParts {
        journal: Arc::new(journal),
        catalog: Catalog::open(&dir.join("catalog.sqlite"), opentrail_catalog::Options::default()).await?,
        disk,
        dir: dir.join("lake"),
        clock,
        options: Options::default(),
    };
    Ok(Engine::open(parts).await?)
}

async fn ask(statement: &str, snapshot: &StoreSnapshot, spilled: &Path) -> Result<Vec<Row>, Error> {
    let mut tables = StoreTables::new();
    tables.add(TABLE, snapshot.clone());
    let prepared = prepare(&statement.replace("$HISTORY", TABLE), &tables, SystemClock.now().as_ms())?;
    // As the server does it, but for the threads.
    let limits = Limits {
        memory_bytes: 512 << 20,
        spill_bytes: 16 << 30,
        spill_dir: PathBuf::from(spilled),
        threads: std::thread::available_parallelism()?.get(),
        row_bytes_max: 16 << 20,
    };
    let mut run = begin(&prepared, &limits).await?;
    let mut rows = Vec::new();
    while let Some(more) = run.next().await? {
        rows.extend(more);
    }
    Ok(rows)
}

/// Of all threads, in steps of 10 ms.
fn cpu_seconds_so_far() -> Result<f64, Error> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
    Ok(f64::from(ticks.sum::<Result<u32, _>>()?) / 100.0)
}
