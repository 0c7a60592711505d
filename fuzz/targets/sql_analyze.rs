//! Any text as a statement about an event store: refused, or a plan, within bounds of time, memory and stack. It runs in a
//! thread with the stack that a server's threads have.
#![no_main]

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use libfuzzer_sys::fuzz_target;
use opentrail_catalog::Catalog;
use opentrail_journal::MemoryJournal;
use opentrail_lake::{Engine, LakeParts, Options, StoreSnapshot};
use opentrail_query::{ErrorClass, StoreTables, prepare};
use opentrail_stdx::disk::sim::SimDisk;
use opentrail_stdx::{ManualClock, Timestamp};

/// What the store is called in statements.
const STORE: &str = "01234567-89ab-cdef-0123-456789abcdef";

/// The stack of tokio's threads.
const STACK_BYTES: usize = 2 << 20;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        thread.spawn_scoped(scope, || analyze(text)).expect("a thread").join().expect("no panic");
    });
});

fn analyze(text: &str) {
    let mut tables = StoreTables::new();
    tables.add(STORE, snapshot());
    match prepare(text, &tables, 1_800_000_000_000) {
        Ok(prepared) => assert_eq!(prepared.columns().len(), prepared.plan().schema().fields().len()),
        Err(error) => assert!(error.class != ErrorClass::GenericInternalError, "{error}"),
    }
}

/// An empty store.
fn snapshot() -> StoreSnapshot {
    static SNAPSHOT: OnceLock<StoreSnapshot> = OnceLock::new();
    SNAPSHOT.get_or_init(open).clone()
}

fn open() -> StoreSnapshot {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let catalog = Catalog::open_in_memory(opentrail_catalog::Options::default()).await.expect("a catalog");
        let parts = LakeParts {
            journal: Arc::new(MemoryJournal::default()),
            catalog,
            disk: Arc::new(SimDisk::new(1)),
            dir: PathBuf::from("lake"),
            clock: Arc::new(ManualClock::at(Timestamp::from_secs(1_800_000_000))),
            options: Options::default(),
        };
        let engine = Engine::open(parts).await.expect("an engine");
        engine.lake().history_snapshot(&"123456789012".parse().expect("an account"))
    })
}
