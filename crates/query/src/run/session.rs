//! The session of one run: its memory, its disk, how many threads it may use.

use std::path::PathBuf;
use std::sync::Arc;

use datafusion::common::Result;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::{SessionState, SessionStateBuilder};

use crate::counted::CountedRecords;
use crate::prepare::{physical_rules, session_config};

/// Rows that operators hand on at once.
const BATCH_ROWS: usize = 4096;

/// Consumers that an out-of-memory error names, for our log.
const CONSUMERS_NAMED: std::num::NonZeroUsize = std::num::NonZeroUsize::new(3).expect("three is not zero");

/// What one run may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Memory of sorts, joins and aggregations.
    pub memory_bytes: usize,
    /// Disk for what doesn't fit into the memory.
    pub spill_bytes: u64,
    /// The folder for it; it must exist.
    pub spill_dir: PathBuf,
    /// How many threads work on it at once.
    pub threads: usize,
    /// The greatest row of a result.
    pub row_bytes_max: usize,
}

/// A session with nothing of its own but the limits: the plan brings its tables and functions.
pub(crate) fn session(limits: &Limits, counted: &CountedRecords) -> Result<SessionState> {
    let pool = TrackConsumersPool::new(FairSpillPool::new(limits.memory_bytes), CONSUMERS_NAMED);
    let disk = DiskManagerBuilder::default()
        .with_mode(DiskManagerMode::Directories(vec![limits.spill_dir.clone()]))
        .with_max_temp_directory_size(limits.spill_bytes);
    let runtime =
        RuntimeEnvBuilder::new().with_memory_pool(Arc::new(pool)).with_disk_manager_builder(disk).build_arc()?;
    let config = session_config()
        .with_target_partitions(limits.threads.max(1))
        .with_batch_size(BATCH_ROWS)
        .with_create_default_catalog_and_schema(false);
    let state = SessionStateBuilder::new().with_config(config).with_runtime_env(runtime).with_default_features();
    let rules = physical_rules().into_iter().map(|rule| counted.watch(rule)).collect();
    Ok(state.with_physical_optimizer_rules(rules).build())
}
