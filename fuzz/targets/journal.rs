//! A journal whose files somebody changed. Opening finds what was written, all of it or a beginning, or names the
//! damage; where even the checksums are forged it may find other records, but never panics or reserves what isn't there.
#![no_main]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use opentrail_journal::{Category, Entry, Envelope, Log, Options, Origin, Position};
use opentrail_stdx::{Disk, ManualClock, SimDisk, Timestamp};

const DIR: &str = "/journal";
const SEGMENT_HEADER_BYTES: usize = 48;
const FRAME_HEADER_BYTES: usize = 56;

fuzz_target!(|data: &[u8]| {
    let [how, count, changes @ ..] = data else { return };
    let disk = SimDisk::new(1);
    let entries: Vec<Entry> = (0..*count % 16).map(entry).collect();
    let mut log = open(&disk).expect("an empty disk");
    for batch in entries.chunks(1 + usize::from(how >> 4)) {
        let _ = log.append(batch).expect("a working disk");
    }
    drop(log);
    disk.kill();
    let forged = how & 1 == 1;
    for path in files(&disk) {
        disk.tamper(&path, |bytes| {
            change(bytes, changes);
            if forged {
                forge(bytes);
            }
        })
        .expect("the file is there");
    }
    let Ok(log) = open(&disk) else { return };
    let Ok(found) = log.read(Position(0), 1 << 20) else { return };
    if !forged {
        let found: Vec<Entry> = found.into_iter().map(|(_, entry)| entry).collect();
        assert!(entries.starts_with(&found), "other records than were written");
    }
});

fn open(disk: &SimDisk) -> Result<Log, opentrail_journal::OpenError> {
    let options = Options { segment_bytes_max: 4096, ..Options::default() };
    Log::open(
        Arc::new(disk.clone()),
        DIR.into(),
        options,
        Arc::new(ManualClock::at(Timestamp::from_secs(1_800_000_000))),
    )
}

/// Some are large enough to be compressed.
fn entry(index: u8) -> Entry {
    let record = format!("{{\"eventID\":\"{index}\",\"pad\":\"{}\"}}", "ab".repeat(usize::from(index) * 300));
    let (account, region) = ("123456789012".to_owned(), "us-east-1".to_owned());
    let arrived_at = Timestamp::from_secs(1_800_000_000);
    let envelope = Envelope { account, region, category: Category::Management, origin: Origin::Call, arrived_at };
    Entry { envelope, record: record.into() }
}

fn files(disk: &SimDisk) -> Vec<PathBuf> {
    let found = disk.list(Path::new(DIR)).expect("the folder is there");
    found
        .into_iter()
        .filter(|file| file.name.ends_with(".journal"))
        .map(|file| Path::new(DIR).join(file.name))
        .collect()
}

/// Each three bytes change one byte of the file; a lone byte at the end cuts the file, two lengthen it.
fn change(bytes: &mut Vec<u8>, changes: &[u8]) {
    let chunks = changes.chunks_exact(3);
    let rest = chunks.remainder();
    for chunk in chunks {
        let place = usize::from(u16::from_le_bytes([chunk[0], chunk[1]]));
        if let Some(byte) = bytes.get_mut(place) {
            *byte ^= chunk[2];
        }
    }
    match rest {
        [cut] => bytes.truncate(bytes.len().saturating_sub(usize::from(*cut))),
        [count, fill] => bytes.extend(std::iter::repeat_n(*fill, usize::from(*count))),
        _ => {}
    }
}

/// Makes all checksums right again, as far as frames can be followed.
fn forge(bytes: &mut [u8]) {
    if bytes.len() < SEGMENT_HEADER_BYTES {
        return;
    }
    let salt = crc(&bytes[..40]);
    bytes[40..44].copy_from_slice(&salt.to_le_bytes());
    let mut at = SEGMENT_HEADER_BYTES;
    while bytes.len() >= at + FRAME_HEADER_BYTES {
        let stored = u32::from_le_bytes(bytes[at + 8..at + 12].try_into().expect("four bytes")) as usize;
        let payload = at + FRAME_HEADER_BYTES;
        let end = payload.saturating_add(stored);
        let Some(sum) = bytes.get(payload..end).map(crc) else { return };
        bytes[at + 16..at + 20].copy_from_slice(&sum.to_le_bytes());
        let salted = [&salt.to_le_bytes()[..], &bytes[at + 8..payload]].concat();
        bytes[at + 4..at + 8].copy_from_slice(&crc(&salted).to_le_bytes());
        at = end;
    }
}

fn crc(bytes: &[u8]) -> u32 {
    crc_fast::crc32_iscsi(bytes)
}
