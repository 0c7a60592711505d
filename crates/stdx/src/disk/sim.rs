//! A disk in memory that fails, tears and forgets on command.
//!
//! Each file has what a reader sees (the page cache) and what survives a loss of power (the platter); each folder
//! likewise has entries that are seen and entries that survive. [`SimDisk::crash`] forgets the difference the way
//! ext4 may: unsynced writes vanish, stay, or tear at any byte or sector, and unsynced directory entries vanish
//! each for itself. [`SimDisk::kill`] is the milder end, that of a process: everything seen stays.
//!
//! Faults are planned by the number of the mutating operation they hit. The same seed and the same calls give the
//! same disk. Folders themselves are durable at once.

mod contents;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use self::contents::{File, Write};
use super::{Disk, DiskFile, DiskLock, Found};

/// What befalls one mutating operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// Nothing happens, and an error is returned.
    Failed,
    /// It happens, and an error is returned all the same.
    FailedButKept,
    /// A part of it happens, and an error is returned.
    Torn,
    /// The next sync fails: what it should have kept is kept in part, and no later sync makes up for the rest,
    /// though readers see it until the crash.
    SyncFailed,
}

impl Fault {
    /// All of them, for tables.
    pub const ALL: [Self; 4] = [Self::Failed, Self::FailedButKept, Self::Torn, Self::SyncFailed];
}

/// A disk in memory. Clones are the same disk.
#[derive(Debug, Clone)]
pub struct SimDisk(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    random: StdRng,
    /// Rises with every end of the process: handles and locks of older ones are dead.
    life: u64,
    operations: u64,
    plan: BTreeMap<u64, Fault>,
    sync_fault_armed: bool,
    full: bool,
    sync_failing: bool,
    folders: BTreeSet<PathBuf>,
    locks: BTreeSet<PathBuf>,
    files: BTreeMap<u64, File>,
    next_file: u64,
    /// The entries that are seen.
    seen: BTreeMap<PathBuf, u64>,
    /// The entries that survive.
    kept: BTreeMap<PathBuf, u64>,
    /// Changes of entries that no `sync_dir` has covered yet, oldest first.
    unsynced: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Add { path: PathBuf, file: u64 },
    Remove { path: PathBuf, file: u64 },
    Rename { from: PathBuf, to: PathBuf, file: u64 },
}

/// What the plan makes of an operation.
enum Fate {
    Whole,
    Fails { kept: Share },
}

/// How much of a failed operation takes place.
enum Share {
    Nothing,
    Part,
    All,
}

const EIO: i32 = 5;
const ENOSPC: i32 = 28;

impl SimDisk {
    /// An empty disk whose tears and losses follow `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State {
            random: StdRng::seed_from_u64(seed),
            life: 0,
            operations: 0,
            plan: BTreeMap::new(),
            sync_fault_armed: false,
            full: false,
            sync_failing: false,
            folders: BTreeSet::new(),
            locks: BTreeSet::new(),
            files: BTreeMap::new(),
            next_file: 0,
            seen: BTreeMap::new(),
            kept: BTreeMap::new(),
            unsynced: Vec::new(),
        })))
    }

    /// Plans `fault` for the mutating operation that will be counted as `operation` (see [`Self::operations`]).
    pub fn plan(&self, operation: u64, fault: Fault) {
        self.0.lock().plan.insert(operation, fault);
    }

    /// Forgets the planned faults that have not struck.
    pub fn clear_plan(&self) {
        let mut state = self.0.lock();
        state.plan.clear();
        state.sync_fault_armed = false;
    }

    /// How many mutating operations there were: the number the next one gets.
    pub fn operations(&self) -> u64 {
        self.0.lock().operations
    }

    /// While full, whatever needs space fails with `StorageFull`, perhaps after a part of it.
    pub fn set_full(&self, full: bool) {
        self.0.lock().full = full;
    }

    /// While failing, every sync fails as with [`Fault::SyncFailed`].
    pub fn set_sync_failing(&self, failing: bool) {
        self.0.lock().sync_failing = failing;
    }

    /// The process ends: its handles and locks are dead, and all that was seen stays.
    pub fn kill(&self) {
        let mut state = self.0.lock();
        state.life += 1;
        state.locks.clear();
    }

    /// The power fails: what was not synced is lost, kept or torn as `seed` has it.
    pub fn crash(&self, seed: u64) {
        self.kill();
        let mut state = self.0.lock();
        state.random = StdRng::seed_from_u64(seed);
        state.sync_fault_armed = false;
        state.lose();
    }

    /// Changes a file's bytes behind everybody's back, seen and kept alike.
    pub fn tamper(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let mut state = self.0.lock();
        let id = state.find(path)?;
        let file = state.file(id);
        change(&mut file.seen);
        file.kept.clone_from(&file.seen);
        file.unsynced.clear();
        Ok(())
    }
}

impl State {
    /// Counts a mutating operation and looks up its fate.
    fn fate(&mut self, syncs: bool, needs_space: bool) -> Fate {
        let planned = self.plan.remove(&self.operations);
        self.operations += 1;
        if planned == Some(Fault::SyncFailed) {
            self.sync_fault_armed = true;
        }
        if syncs && (self.sync_failing || mem::take(&mut self.sync_fault_armed)) {
            return Fate::Fails { kept: Share::Part };
        }
        match planned {
            Some(Fault::Failed) => Fate::Fails { kept: Share::Nothing },
            Some(Fault::FailedButKept) => Fate::Fails { kept: Share::All },
            Some(Fault::Torn) => Fate::Fails { kept: Share::Part },
            Some(Fault::SyncFailed) | None if self.full && needs_space => Fate::Fails { kept: Share::Part },
            Some(Fault::SyncFailed) | None => Fate::Whole,
        }
    }

    fn error(&self) -> io::Error {
        io::Error::from_raw_os_error(if self.full { ENOSPC } else { EIO })
    }

    fn find(&self, path: &Path) -> io::Result<u64> {
        self.seen.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn file(&mut self, id: u64) -> &mut File {
        self.files.get_mut(&id).expect("files are never dropped while something names them")
    }

    /// Carries out a change of one folder entry, or half of the time when only a part of it shall happen.
    fn change(&mut self, change: Change, needs_space: bool) -> io::Result<()> {
        let (happens, fails) = match self.fate(false, needs_space) {
            Fate::Whole => (true, false),
            Fate::Fails { kept: Share::Nothing } => (false, true),
            Fate::Fails { kept: Share::All } => (true, true),
            Fate::Fails { kept: Share::Part } => (self.random.random(), true),
        };
        if happens {
            change.apply(&mut self.seen);
            self.unsynced.push(change);
        }
        if fails { Err(self.error()) } else { Ok(()) }
    }

    /// What a loss of power leaves.
    fn lose(&mut self) {
        // The file system's log keeps a head of the changes; without such a log each would stand for itself.
        let in_order: bool = self.random.random();
        let changes = mem::take(&mut self.unsynced);
        let head = self.random.random_range(0..=changes.len());
        for (index, change) in changes.iter().enumerate() {
            let survives = if in_order { index < head } else { self.random.random() };
            if survives {
                change.apply(&mut self.kept);
            }
        }
        self.seen = self.kept.clone();
        let named: BTreeSet<u64> = self.seen.values().copied().collect();
        self.files.retain(|id, _| named.contains(id));
        for file in self.files.values_mut() {
            file.keep_some(&mut self.random);
            file.seen.clone_from(&file.kept);
        }
    }
}

impl Change {
    fn apply(&self, entries: &mut BTreeMap<PathBuf, u64>) {
        match self {
            Self::Add { path, file } => {
                entries.insert(path.clone(), *file);
            }
            Self::Remove { path, file } => {
                if entries.get(path) == Some(file) {
                    entries.remove(path);
                }
            }
            Self::Rename { from, to, file } => {
                if entries.get(from) == Some(file) {
                    entries.remove(from);
                }
                entries.insert(to.clone(), *file);
            }
        }
    }

    fn touches(&self, dir: &Path) -> bool {
        match self {
            Self::Add { path, .. } | Self::Remove { path, .. } => path.parent() == Some(dir),
            Self::Rename { from, to, .. } => from.parent() == Some(dir) || to.parent() == Some(dir),
        }
    }
}

impl SimDisk {
    fn handle(&self, id: u64, life: u64) -> Box<dyn DiskFile> {
        Box::new(SimFile { disk: self.clone(), id, life })
    }
}

impl Disk for SimDisk {
    fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.0.lock();
        if !state.folders.contains(dir) {
            if let Fate::Fails { .. } = state.fate(false, true) {
                return Err(state.error());
            }
            state.folders.extend(dir.ancestors().chain([Path::new(".")]).map(Path::to_path_buf));
        }
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.0.lock();
        if !path.parent().is_some_and(|dir| state.folders.contains(dir)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        if state.seen.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let id = state.next_file;
        state.next_file += 1;
        state.files.insert(id, File::default());
        state.change(Change::Add { path: path.to_path_buf(), file: id }, true)?;
        Ok(self.handle(id, state.life))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let state = self.0.lock();
        Ok(self.handle(state.find(path)?, state.life))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut state = self.0.lock();
        let id = state.find(path)?;
        Ok(state.file(id).seen.clone())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Found>> {
        let state = self.0.lock();
        if !state.folders.contains(dir) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let inside = state.seen.iter().filter(|(path, _)| path.parent() == Some(dir));
        let mut found: Vec<_> = inside
            .filter_map(|(path, id)| {
                let name = path.file_name()?.to_string_lossy().into_owned();
                Some(Found { name, bytes: state.files.get(id)?.seen.len() as u64 })
            })
            .collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    fn folders(&self, dir: &Path) -> io::Result<Vec<String>> {
        let state = self.0.lock();
        if !state.folders.contains(dir) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let inside = state.folders.iter().filter(|folder| folder.parent() == Some(dir));
        Ok(inside.filter_map(|folder| Some(folder.file_name()?.to_string_lossy().into_owned())).collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.lock();
        let file = state.find(from)?;
        if !to.parent().is_some_and(|dir| state.folders.contains(dir)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.change(Change::Rename { from: from.to_path_buf(), to: to.to_path_buf(), file }, false)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.lock();
        let file = state.find(path)?;
        state.change(Change::Remove { path: path.to_path_buf(), file }, false)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut state = self.0.lock();
        if !state.folders.contains(dir) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let fate = state.fate(true, false);
        if matches!(fate, Fate::Fails { kept: Share::Nothing }) {
            return Err(state.error());
        }
        // A failed sync of a folder leaves its changes unsynced: the file system's log is in order and goes on, or
        // stops for good.
        let (synced, others): (Vec<_>, Vec<_>) =
            mem::take(&mut state.unsynced).into_iter().partition(|change| change.touches(dir));
        let kept = match fate {
            Fate::Fails { kept: Share::Part } => state.random.random_range(0..=synced.len()),
            _ => synced.len(),
        };
        synced[..kept].iter().for_each(|change| change.apply(&mut state.kept));
        state.unsynced = synced[kept..].iter().cloned().chain(others).collect();
        if matches!(fate, Fate::Whole) { Ok(()) } else { Err(state.error()) }
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn DiskLock>> {
        let mut state = self.0.lock();
        if !state.locks.insert(path.to_path_buf()) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Box::new(SimLock { disk: self.clone(), path: path.to_path_buf(), life: state.life }))
    }
}

#[derive(Debug)]
struct SimLock {
    disk: SimDisk,
    path: PathBuf,
    life: u64,
}

impl DiskLock for SimLock {}

impl Drop for SimLock {
    fn drop(&mut self) {
        let mut state = self.disk.0.lock();
        if state.life == self.life {
            state.locks.remove(&self.path);
        }
    }
}

#[derive(Debug)]
struct SimFile {
    disk: SimDisk,
    id: u64,
    life: u64,
}

impl SimFile {
    /// Runs `action` unless the process that opened the file is dead.
    fn with<T>(&self, action: impl FnOnce(&mut State) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.disk.0.lock();
        if state.life != self.life || !state.files.contains_key(&self.id) {
            return Err(io::Error::other("the process that opened this file has ended"));
        }
        action(&mut state)
    }

    fn write(&self, write: Write) -> io::Result<()> {
        self.with(|state| {
            let (happens, fails) = match state.fate(false, true) {
                Fate::Whole => (Some(write), false),
                Fate::Fails { kept: Share::Nothing } => (None, true),
                Fate::Fails { kept: Share::All } => (Some(write), true),
                Fate::Fails { kept: Share::Part } => (Some(write.head(&mut state.random)), true),
            };
            if let Some(write) = happens {
                state.file(self.id).write(write);
            }
            if fails { Err(state.error()) } else { Ok(()) }
        })
    }
}

impl DiskFile for SimFile {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let offset = usize::try_from(offset).map_err(io::Error::other)?;
        self.write(Write::Bytes { offset, bytes: bytes.to_vec() })
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.with(|state| {
            let offset = usize::try_from(offset).map_err(io::Error::other)?;
            let seen = &state.file(self.id).seen;
            let found = offset.checked_add(bytes.len()).and_then(|end| seen.get(offset..end));
            bytes.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        })
    }

    fn bytes(&self) -> io::Result<u64> {
        self.with(|state| Ok(state.file(self.id).seen.len() as u64))
    }

    fn set_bytes(&mut self, bytes: u64) -> io::Result<()> {
        self.write(Write::Length(usize::try_from(bytes).map_err(io::Error::other)?))
    }

    fn sync(&mut self) -> io::Result<()> {
        self.with(|state| {
            let fate = state.fate(true, false);
            let State { files, random, .. } = &mut *state;
            let file = files.get_mut(&self.id).expect("checked when the handle was used");
            match fate {
                Fate::Whole | Fate::Fails { kept: Share::All } => file.sync(),
                Fate::Fails { kept: Share::Nothing } => file.unsynced.clear(),
                Fate::Fails { kept: Share::Part } => file.keep_some(random),
            }
            if matches!(fate, Fate::Whole) { Ok(()) } else { Err(state.error()) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIR: &str = "/d";

    fn disk() -> SimDisk {
        let disk = SimDisk::new(1);
        disk.create_dir_all(Path::new(DIR)).expect("a healthy disk");
        disk
    }

    fn at(name: &str) -> PathBuf {
        Path::new(DIR).join(name)
    }

    fn write(disk: &SimDisk, name: &str, bytes: &[u8]) -> Box<dyn DiskFile> {
        let mut file = disk.create(&at(name)).expect("a healthy disk");
        file.write_at(0, bytes).expect("a healthy disk");
        file
    }

    #[test]
    fn what_is_synced_survives_every_crash() {
        for seed in 0..50 {
            let disk = disk();
            let mut file = write(&disk, "a", b"kept");
            file.sync().expect("a healthy disk");
            disk.sync_dir(Path::new(DIR)).expect("a healthy disk");
            disk.crash(seed);
            assert_eq!(disk.read(&at("a")).expect("kept"), b"kept");
            assert!(file.sync().is_err(), "a handle from before the crash is dead");
        }
    }

    #[test]
    fn what_is_not_synced_is_lost_kept_or_torn() {
        let mut outcomes = BTreeSet::new();
        for seed in 0..200 {
            let disk = disk();
            drop(write(&disk, "a", &[7; 2000]));
            disk.crash(seed);
            outcomes.insert(disk.read(&at("a")).ok());
        }
        assert!(outcomes.contains(&None) && outcomes.contains(&Some(vec![])), "entry and bytes can be lost");
        assert!(outcomes.contains(&Some(vec![7; 2000])), "all can be kept");
        assert!(outcomes.iter().flatten().any(|bytes| bytes.contains(&0)), "sectors can be missing");
    }

    #[test]
    fn a_failed_sync_is_not_made_good_by_the_next() {
        let lost = (0..50).any(|seed| {
            let disk = disk();
            let mut file = write(&disk, "a", b"bytes");
            disk.sync_dir(Path::new(DIR)).expect("a healthy disk");
            disk.plan(disk.operations(), Fault::Failed);
            assert!(file.sync().is_err());
            file.sync().expect("the fault has passed");
            assert_eq!(disk.read(&at("a")).expect("seen until the crash"), b"bytes");
            disk.crash(seed);
            disk.read(&at("a")).expect("the entry was synced").is_empty()
        });
        assert!(lost);
    }

    #[test]
    fn faults_strike_the_planned_operation() {
        for (fault, left) in [(Fault::Failed, None), (Fault::FailedButKept, Some(b"x".to_vec()))] {
            let disk = disk();
            let mut file = write(&disk, "a", b"");
            disk.plan(disk.operations(), fault);
            assert!(file.write_at(0, b"x").is_err());
            assert_eq!(disk.read(&at("a")).expect("there"), left.unwrap_or_default());
            file.write_at(0, b"y").expect("the fault has passed");
        }
    }

    #[test]
    fn a_full_disk_says_so_until_there_is_space() {
        let disk = disk();
        let mut file = write(&disk, "a", b"1");
        disk.set_full(true);
        let error = file.write_at(1, b"2").expect_err("full");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        disk.set_full(false);
        file.write_at(1, b"2").expect("space again");
    }

    #[test]
    fn a_lock_is_held_by_one_until_dropped_or_dead() {
        let disk = disk();
        let held = disk.lock(&at("lock")).expect("free");
        assert_eq!(disk.lock(&at("lock")).expect_err("held").kind(), io::ErrorKind::WouldBlock);
        drop(held);
        let held = disk.lock(&at("lock")).expect("free again");
        disk.kill();
        let next = disk.lock(&at("lock")).expect("its holder is dead");
        drop(held);
        assert!(disk.lock(&at("lock")).is_err(), "a dead holder frees nothing");
        drop(next);
    }

    #[test]
    fn one_seed_one_disk() {
        let run = |seed| {
            let disk = disk();
            for name in ["a", "b", "c"] {
                drop(write(&disk, name, &[1; 3000]));
            }
            disk.crash(seed);
            ["a", "b", "c"].map(|name| disk.read(&at(name)).ok())
        };
        assert!((0..20).all(|seed| run(seed) == run(seed)));
        assert!((1..20).any(|seed| run(seed) != run(0)));
    }
}
