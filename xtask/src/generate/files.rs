//! Files: CloudTrail's own layout of log files, or newline-delimited JSON.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::calendar;
use super::plan::Slice;
use super::random::{MIXED, Random};
use super::record::Family;
use super::slice::{Event, World};

/// What this generator is for, so that it gives another sequence than the events'.
const OF_FILES: u64 = 3;
/// Most records of a log file.
const LOG_FILE_RECORDS: u64 = 5_000;

/// Writes a slice as `events-00000.ndjson`; returns its size in bytes.
pub(super) fn ndjson(world: &World, slice: Slice, folder: &Path) -> anyhow::Result<u64> {
    let path = folder.join(format!("events-{:05}.ndjson", slice.number));
    let file = File::create(&path).with_context(|| format!("create `{}`", path.display()))?;
    let (mut out, mut bytes) = (BufWriter::with_capacity(1 << 20, file), 0);
    world.events(slice, |event| {
        out.write_all(event.json)?;
        out.write_all(b"\n")?;
        bytes += event.json.len() as u64 + 1;
        Ok(())
    })?;
    out.flush()?;
    Ok(bytes)
}

/// Writes a slice as log files; returns the size of their records in bytes.
pub(super) fn log_files(world: &World, slice: Slice, seed: u64, folder: &Path) -> anyhow::Result<u64> {
    let mut random = Random::of(&[seed, slice.number, OF_FILES]);
    let mut open: BTreeMap<(usize, usize, Family), LogFile> = BTreeMap::new();
    let mut bytes = 0;
    let mut finish = |scope: (usize, usize, Family), file: LogFile| file.finish(world, scope, &mut random, folder);
    world.events(slice, |event| {
        let scope = (event.account, event.region, event.family);
        let is_over = |file: &LogFile| file.records == LOG_FILE_RECORDS || file.last / 86_400 != event.time / 86_400;
        if open.get(&scope).is_some_and(is_over)
            && let Some(full) = open.remove(&scope)
        {
            finish(scope, full)?;
        }
        bytes += event.json.len() as u64;
        open.entry(scope).or_insert_with(LogFile::new).add(&event)
    })?;
    open.into_iter().try_for_each(|(scope, file)| finish(scope, file))?;
    Ok(bytes)
}

/// A log file that is being filled.
struct LogFile {
    gzip: GzEncoder<Vec<u8>>,
    records: u64,
    /// Time of the newest record.
    last: u64,
}

impl LogFile {
    fn new() -> Self {
        Self { gzip: GzEncoder::new(Vec::new(), Compression::fast()), records: 0, last: 0 }
    }

    fn add(&mut self, event: &Event<'_>) -> anyhow::Result<()> {
        self.gzip.write_all(if self.records == 0 { b"{\"Records\":[" } else { b"," })?;
        self.gzip.write_all(event.json)?;
        (self.records, self.last) = (self.records + 1, event.time);
        Ok(())
    }

    fn finish(
        mut self,
        world: &World,
        (account, region, family): (usize, usize, Family),
        random: &mut Random,
        folder: &Path,
    ) -> anyhow::Result<()> {
        self.gzip.write_all(b"]}")?;
        let path = folder.join(key(&world.accounts[account], &world.regions[region], family, self.last, random));
        fs::create_dir_all(path.parent().expect("a key has folders"))?;
        fs::write(&path, self.gzip.finish()?).with_context(|| format!("write `{}`", path.display()))
    }
}

/// The key of a log file whose newest record has this time.
fn key(account: &str, region: &str, family: Family, last: u64, random: &mut Random) -> PathBuf {
    let product = match family {
        Family::Calls => "CloudTrail",
        Family::Insight => "CloudTrail-Insight",
        Family::NetworkActivity => "CloudTrail-NetworkActivity",
    };
    let minute = (last / 300 + 1) * 5;
    let (year, month, day) = calendar::date_of(minute / 1_440);
    let (hour, minute) = (minute / 60 % 24, minute % 60);
    let mut suffix = Vec::new();
    random.letters(MIXED, 16, &mut suffix);
    let suffix = String::from_utf8_lossy(&suffix);
    PathBuf::from(format!(
        "AWSLogs/{account}/{product}/{region}/{year:04}/{month:02}/{day:02}/{account}_{product}_{region}_{year:04}{month:02}{day:02}T{hour:02}{minute:02}Z_{suffix}.json.gz"
    ))
}
