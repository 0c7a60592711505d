//! For each write of a put × each way in which it can go wrong: what was acknowledged is whole after the crash, what
//! wasn't is absent or whole, and the next start leaves no file that nothing refers to.

use std::io;
use std::path::Path;

use opentrail_catalog::CommitFaults;
use opentrail_stdx::Disk;
use opentrail_stdx::disk::sim::Fault;
use parking_lot::Mutex;

use super::*;

fn body(seed: u8) -> Vec<u8> {
    // The new ones are longer than one chunk.
    let bytes = if seed < 3 { 1000_u32 } else { 1_100_000 };
    (0..bytes).map(|number| (number as u8).wrapping_mul(seed)).collect()
}

/// Body files on the disk.
fn files(disk: &SimDisk) -> usize {
    let dirs = (0..=u8::MAX).map(|first| format!("data/objects/{first:02x}"));
    dirs.map(|dir| disk.list(Path::new(&dir)).map_or(0, |found| found.len())).sum()
}

/// Puts `a` and `b` safely, then `b` and `c` while things go wrong, then crashes; checks what is left.
async fn check(plan: impl Fn(&SimDisk, u64), seed: u64, note: &str) -> bool {
    let disk = SimDisk::new(seed);
    let world = World::on(disk.clone()).await;
    world.bucket("trails").await;
    world.put("a", body(1)).await;
    world.put("b", body(2)).await;
    let begun = disk.operations();
    plan(&disk, begun);
    let over = world.send("PUT", "/trails/b", &[], body(3)).await.status;
    let new = world.send("PUT", "/trails/c", &[], body(4)).await.status;
    let struck = !over.is_success() || !new.is_success();
    disk.clear_plan();
    disk.crash(seed);

    let world = World::over(world.catalog.clone(), disk.clone());
    world.service.collect_orphans().await.expect("collects");
    let kept = world.catalog.bodies_kept("").await.expect("read").len();
    assert_eq!(files(&disk), kept, "{note}: files that nothing refers to");
    assert_eq!(world.get("/trails/a").await.expect(200).body, body(1), "{note}");
    let b = world.get("/trails/b").await.expect(200).body;
    assert!(b == body(3) || !over.is_success() && b == body(2), "{note}: b was answered {over}");
    let c = world.get("/trails/c").await;
    let is_whole = c.status == 200 && c.body == body(4);
    assert!(is_whole || !new.is_success() && c.status == 404, "{note}: c was answered {new}, is {}", c.status);
    world.put("c", body(1)).await;
    struck
}

#[tokio::test]
async fn every_write_can_fail_in_every_way() {
    let mut struck = 0;
    for (kind, fault) in Fault::ALL.into_iter().enumerate() {
        for operation in 0..24 {
            let seed = 100 * kind as u64 + operation;
            let note = format!("{fault:?} at {operation}");
            struck += usize::from(check(|disk, begun| disk.plan(begun + operation, fault), seed, &note).await);
        }
    }
    assert!(struck > 20, "only {struck} faults had an effect");
}

#[tokio::test]
async fn a_full_disk_is_told_and_recovers_by_itself() {
    let disk = SimDisk::new(5);
    let world = World::on(disk.clone()).await;
    world.bucket("trails").await;
    world.put("a", "old").await;
    disk.set_full(true);
    let refused = world.send("PUT", "/trails/a", &[], "new").await.expect_error(503, "ServiceUnavailable");
    assert!(refused.element("Message").contains("disk is full"), "{}", refused.text());
    assert_eq!(world.get("/trails/a").await.expect(200).text(), "old");
    disk.set_full(false);
    world.put("a", "new").await;
    assert_eq!(world.get("/trails/a").await.text(), "new");
    disk.set_sync_failing(true);
    world.send("PUT", "/trails/b", &[], "b").await.expect_error(503, "ServiceUnavailable");
    disk.set_sync_failing(false);
    world.put("b", "b").await;
}

/// Fails the next commit, before or after it took place.
#[derive(Debug, Default)]
struct Plan(Mutex<Option<bool>>);

impl Plan {
    fn strike(&self, after: bool) -> io::Result<()> {
        let mut plan = self.0.lock();
        if *plan == Some(after) {
            *plan = None;
            return Err(io::Error::other("planned"));
        }
        Ok(())
    }
}

impl CommitFaults for Plan {
    fn before_commit(&self) -> io::Result<()> {
        self.strike(false)
    }

    fn after_commit(&self) -> io::Result<()> {
        self.strike(true)
    }
}

#[tokio::test]
async fn a_commit_of_unknown_outcome_loses_nothing() {
    for after in [false, true] {
        let plan = Arc::new(Plan::default());
        let options = CatalogOptions { faults: Some(Arc::clone(&plan) as _), ..CatalogOptions::default() };
        let catalog = Catalog::open_in_memory(options).await.expect("opens");
        let disk = SimDisk::new(9);
        let world = World::over(catalog, disk.clone());
        world.bucket("trails").await;
        world.put("a", "old").await;
        *plan.0.lock() = Some(after);
        world.send("PUT", "/trails/a", &[], "new").await.expect_error(503, "ServiceUnavailable");
        let expected = if after { "new" } else { "old" };
        assert_eq!(world.get("/trails/a").await.expect(200).text(), expected);
        world.service.collect_orphans().await.expect("collects");
        assert_eq!(files(&disk), 1);
        assert_eq!(world.get("/trails/a").await.expect(200).text(), expected);
    }
}
