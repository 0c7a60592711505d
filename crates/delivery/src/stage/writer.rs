//! A log file while it is written.

use std::io;
use std::path::Path;
use std::time::Duration;

use flate2::Crc;
use opentrail_catalog::LogFile;
use opentrail_model::Trail;
use opentrail_seal::hash::Sha256;
use opentrail_seal::name::{Family, LogFileName, SUFFIX_ALPHABET, SUFFIX_LETTERS, root_folder};
use opentrail_stdx::{Disk, DiskFile, Entropy, Timestamp};

use super::compress::{BLOCK_BYTES, HEADER, LAST_BLOCK, compress};

/// Log files are stamped with the next multiple of this after their records' arrival, whatever the delivery interval.
const STAMP_STEP: Duration = Duration::from_secs(5 * 60);
const HEAD: &[u8] = b"{\"Records\":[";
const TAIL: &[u8] = b"]}";

/// A log file while it is written: hashed as it grows, compressed and written by [`flush`].
pub(super) struct Writer {
    file: Box<dyn DiskFile>,
    end: u64,
    /// What isn't compressed yet.
    waiting: Vec<u8>,
    crc: Crc,
    hash: Sha256,
    name: String,
    bytes: u64,
    records: u64,
    events: Option<(Timestamp, Timestamp)>,
    arrivals: Option<(Timestamp, Timestamp)>,
}

/// Where a log file belongs.
pub(super) struct Place<'a> {
    pub(super) trail_id: i64,
    pub(super) trail: &'a Trail,
    pub(super) account: &'a str,
    pub(super) region: &'a str,
    pub(super) family: Family,
}

impl Writer {
    pub(super) fn create(disk: &dyn Disk, dir: &Path, name: String) -> io::Result<Self> {
        let mut writer = Self {
            file: disk.create(&dir.join(&name))?,
            end: 0,
            waiting: Vec::new(),
            crc: Crc::new(),
            hash: Sha256::new(),
            name,
            bytes: 0,
            records: 0,
            events: None,
            arrivals: None,
        };
        writer.write(&HEADER)?;
        writer.add(HEAD);
        Ok(writer)
    }

    /// How large the JSON would be with one more record.
    pub(super) fn bytes_with(&self, record_bytes: u64) -> u64 {
        self.bytes + 1 + record_bytes + TAIL.len() as u64
    }

    /// Adds a record's own bytes.
    pub(super) fn push(&mut self, record: &[u8], event_at: Timestamp, arrived_at: Timestamp) {
        if self.records > 0 {
            self.add(b",");
        }
        self.add(record);
        self.records += 1;
        widen(&mut self.events, event_at);
        widen(&mut self.arrivals, arrived_at);
    }

    /// Ends the JSON.
    pub(super) fn end(&mut self) {
        self.add(TAIL);
    }

    /// Ends the compressed file, all of which was flushed, and syncs it. Its name becomes durable with its folder.
    pub(super) fn finish(mut self, place: &Place<'_>, now: Timestamp, entropy: &dyn Entropy) -> io::Result<LogFile> {
        assert!(self.waiting.is_empty(), "a log file is flushed before it is finished");
        let (crc, bytes) = (self.crc.sum().to_le_bytes(), self.crc.amount().to_le_bytes());
        self.write(&[&LAST_BLOCK[..], &crc, &bytes].concat())?;
        self.file.sync()?;
        let (oldest_event_at, newest_event_at) = self.events.unwrap_or((now, now));
        let (oldest_arrived_at, newest_arrived_at) = self.arrivals.unwrap_or((now, now));
        let key = LogFileName {
            root: root_folder(place.trail.prefix.as_deref()),
            account: place.account.to_owned(),
            family: place.family,
            region: place.region.to_owned(),
            stamp: newest_arrived_at.ceil_to(STAMP_STEP),
            suffix: entropy.text(SUFFIX_ALPHABET, SUFFIX_LETTERS),
        };
        Ok(LogFile {
            id: 0,
            trail_id: place.trail_id,
            trail_arn: place.trail.arn.to_string(),
            account: place.account.to_owned(),
            region: place.region.to_owned(),
            bucket: place.trail.bucket.clone(),
            key: key.to_string(),
            kms_key_id: place.trail.kms_key_id.clone(),
            chain_started_at: place.trail.chain_started_at,
            sha256: self.hash.finish_hex(),
            records: self.records,
            oldest_event_at,
            newest_event_at,
            oldest_arrived_at,
            staged_name: self.name,
            staged_at: now,
            attempts: 0,
            first_failed_at: None,
            delivered_at: None,
        })
    }

    fn add(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.crc.update(bytes);
        self.bytes += bytes.len() as u64;
        self.waiting.extend_from_slice(bytes);
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_at(self.end, bytes)?;
        self.end += bytes.len() as u64;
        Ok(())
    }
}

/// Compresses what waits in these log files, on all cores, and writes it in their order.
pub(super) fn flush<'a>(writers: impl IntoIterator<Item = &'a mut Writer>, cores: usize) -> io::Result<()> {
    let writers: Vec<&mut Writer> = writers.into_iter().collect();
    let waiting: Vec<Vec<&[u8]>> = writers.iter().map(|writer| writer.waiting.chunks(BLOCK_BYTES).collect()).collect();
    let mut compressed = compress(&waiting.concat(), cores).into_iter();
    let counts: Vec<usize> = waiting.iter().map(Vec::len).collect();
    for (writer, count) in writers.into_iter().zip(counts) {
        for body in compressed.by_ref().take(count) {
            writer.write(&body)?;
        }
        // Not cleared but given back: many files take turns at being large.
        writer.waiting = Vec::new();
    }
    Ok(())
}

fn widen(range: &mut Option<(Timestamp, Timestamp)>, at: Timestamp) {
    *range = Some(range.map_or((at, at), |(oldest, newest)| (oldest.min(at), newest.max(at))));
}
