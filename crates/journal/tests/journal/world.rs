//! A journal on a simulated disk, and everything that is known to be true of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use opentrail_journal::{Category, Entry, Envelope, Log, OpenError, Options, Origin, Position, ReadError};
use opentrail_stdx::{Clock, ManualClock, SimDisk, Timestamp};

pub(crate) const DIR: &str = "/journal";

/// Segments of a few batches, so that short scripts roll.
pub(crate) const OPTIONS: Options = Options {
    segment_bytes_max: 4000,
    record_bytes_max: 64 << 10,
    batch_bytes_max: 256 << 10,
    queue_bytes_max: 1 << 20,
};

#[derive(Debug)]
pub(crate) struct World {
    pub disk: SimDisk,
    pub clock: Arc<ManualClock>,
    pub log: Option<Log>,
    /// What must be found, byte for byte.
    pub acknowledged: BTreeMap<u64, Entry>,
    /// Records that were appended without an acknowledgement and not seen since: each may be found once, or never.
    pub loose: Vec<Entry>,
    /// Up to here records may be gone.
    pub trimmed: u64,
    serial: u64,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            disk: SimDisk::new(seed),
            clock: Arc::new(ManualClock::at(Timestamp::from_secs(1_800_000_000))),
            log: None,
            acknowledged: BTreeMap::new(),
            loose: Vec::new(),
            trimmed: 0,
            serial: 0,
        }
    }

    /// New records, no two alike; `sizes` in bytes, of text that compresses a little.
    pub(crate) fn entries(&mut self, sizes: &[usize]) -> Vec<Entry> {
        let one = |&bytes: &usize| {
            self.serial += 1;
            self.clock.advance(Duration::from_millis(10));
            let mut record = format!("{{\"serial\":{},\"filler\":\"", self.serial);
            // Text that compresses a little.
            let mut state = self.serial;
            while record.len() < bytes {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                record.push(char::from(b"0123456789abcdefghijklmnopqrstuv"[(state >> 59) as usize]));
            }
            // Callers' clocks may go back; the journal's order may not.
            let jitter = Duration::from_millis(self.serial % 3 * 20);
            let envelope = Envelope {
                account: format!("{:012}", self.serial % 3),
                region: ["us-east-1", "eu-west-1"][usize::from(self.serial.is_multiple_of(2))].to_owned(),
                origin: Origin::default(),
                category: Category::from_number((self.serial % 5) as u8 + 1).expect("one of five"),
                arrived_at: self.clock.now().minus(jitter),
            };
            Entry { envelope, record: record.into_bytes().into() }
        };
        sizes.iter().map(one).collect()
    }

    /// Opens the journal unless it is open.
    pub(crate) fn open(&mut self) -> Result<&mut Log, OpenError> {
        if self.log.is_none() {
            let (disk, clock) = (Arc::new(self.disk.clone()), Arc::clone(&self.clock));
            self.log = Some(Log::open(disk, PathBuf::from(DIR), OPTIONS, clock as Arc<dyn Clock>)?);
        }
        Ok(self.log.as_mut().expect("just opened"))
    }

    /// Appends, and notes what that makes true. False when it was not acknowledged.
    pub(crate) fn append(&mut self, entries: &[Entry]) -> bool {
        let Ok(log) = self.open() else { return false };
        let before = log.end();
        match log.append(entries) {
            Ok(durable) => {
                let positions = durable.into_inner();
                assert_eq!(positions.start, before.0, "positions are dense");
                assert_eq!(log.end().0, positions.end);
                self.loose.retain(|loose| !entries.iter().any(|it| it.record == loose.record));
                self.acknowledged.extend(positions.zip(entries.iter().cloned()));
                true
            }
            Err(_) => {
                assert_eq!(log.end(), before, "nothing is readable that was not acknowledged");
                let fresh = entries.iter().filter(|it| !self.loose.iter().any(|loose| loose.record == it.record));
                let fresh: Vec<_> = fresh.cloned().collect();
                self.loose.extend(fresh);
                false
            }
        }
    }

    pub(crate) fn trim(&mut self, before: u64) -> bool {
        self.trimmed = self.trimmed.max(before);
        self.open().is_ok_and(|log| log.trim(Position(before)).is_ok())
    }

    pub(crate) fn crash(&mut self, seed: u64) {
        self.log = None;
        self.disk.crash(seed);
    }

    pub(crate) fn kill(&mut self) {
        self.log = None;
        self.disk.kill();
    }

    /// Opens, reads everything, and checks that it is what it must be. What is found is durable from now on.
    pub(crate) fn verify(&mut self) {
        let log = self.open().expect("a disk without faults opens");
        let (start, end) = (log.start().0, log.end().0);
        let found = read_all(log, Position(start)).expect("a disk without faults reads");
        let trimmed = self.trimmed;
        assert!(start <= trimmed, "the journal starts at {start}, though only {trimmed} may be gone");
        assert!(found.iter().map(|(position, _)| position.0).eq(start..end), "positions are dense");
        for (&position, _) in self.acknowledged.range(start..) {
            assert!(position < end, "acknowledged record {position} is lost, the journal ends at {end}");
        }
        let mut arrived_last = Timestamp::EPOCH;
        for (position, entry) in found {
            assert!(entry.envelope.arrived_at >= arrived_last, "arrival falls at {position}");
            arrived_last = entry.envelope.arrived_at;
            match self.acknowledged.get(&position.0) {
                Some(expected) => assert_same(&entry, expected, position),
                None => self.take_loose(position, entry),
            }
        }
    }

    /// A record that was not acknowledged was found: it must be one that was appended, and not found before.
    fn take_loose(&mut self, position: Position, entry: Entry) {
        let at = self.loose.iter().position(|loose| loose.record == entry.record);
        let at = at.unwrap_or_else(|| panic!("{position} was never appended or is there twice"));
        assert_same(&entry, &self.loose.remove(at), position);
        self.acknowledged.insert(position.0, entry);
    }
}

fn assert_same(found: &Entry, appended: &Entry, position: Position) {
    assert_eq!(found.record, appended.record, "{position}");
    assert!(found.envelope.arrived_at >= appended.envelope.arrived_at, "{position}");
    let envelope = Envelope { arrived_at: found.envelope.arrived_at, ..appended.envelope.clone() };
    assert_eq!(found.envelope, envelope, "{position}");
}

/// Reads in small steps from `from` to the end.
pub(crate) fn read_all(log: &Log, from: Position) -> Result<Vec<(Position, Entry)>, ReadError> {
    let mut all = Vec::new();
    let mut next = from;
    loop {
        let some = log.read(next, 2000)?;
        let Some((last, _)) = some.last() else { return Ok(all) };
        next = Position(last.0 + 1);
        all.extend(some);
    }
}

/// The segment files, in order.
pub(crate) fn files(disk: &SimDisk) -> Vec<PathBuf> {
    let found = opentrail_stdx::Disk::list(disk, Path::new(DIR)).expect("the folder is there");
    found
        .into_iter()
        .map(|it| it.name)
        .filter(|it| it.ends_with(".journal"))
        .map(|it| Path::new(DIR).join(it))
        .collect()
}
