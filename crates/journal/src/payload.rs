//! The payload of a frame: its records with their envelopes, one after the other.
//!
//! ```text
//!  0        4        12         13        14       15
//!  ┌────────┬────────┬──────────┬─────────┬────────┬─────────┬────────┬────────┐
//!  │ record │ arrived│ category │ account │ Region │ account │ Region │ record │ … the next
//!  │ bytes  │ ms     │ + origin │ bytes   │ bytes  │         │        │        │
//!  └────────┴────────┴──────────┴─────────┴────────┴─────────┴────────┴────────┘
//! ```
//!
//! A record for one store alone has that store's number (16 bytes, big-endian, as UUIDs are written) between Region and
//! record.

use std::cell::RefCell;
use std::io;

use bytes::Bytes;
use opentrail_stdx::Timestamp;

use crate::frame::{FrameHeader, crc32c, u32_at, u64_at};
use crate::{Category, Entry, Envelope, Origin};

pub(crate) const ENTRY_HEADER_BYTES: usize = 15;
/// The bit of the category's byte that tells an imported record. Persisted, keep stable.
const IMPORTED: u8 = 0x80;
/// The bit that tells a record for one store alone. Persisted, keep stable.
const FOR_STORE: u8 = 0x40;
/// The bytes of a store's number.
const STORE_BYTES: usize = 16;
/// The longest account or Region.
pub(crate) const NAME_BYTES_MAX: usize = u8::MAX as usize;
/// Below this, compressing costs more than it saves.
const COMPRESS_BYTES_MIN: usize = 4096;
/// From here on an append gets a frame of its own, compressed by its sender: many senders use many cores.
const LARGE_BYTES_MIN: usize = 8 << 10;
/// From here on compressing takes so long (a quarter of a millisecond) that an async sender must not do it in place.
const SLOW_BYTES_MIN: usize = 256 << 10;
/// Level 1 keeps up with the disk.
const ZSTD_LEVEL: i32 = 1;

/// The bytes an entry takes in a payload.
pub(crate) fn entry_bytes(entry: &Entry) -> usize {
    let Envelope { account, region, origin, .. } = &entry.envelope;
    let store = if let Origin::Store(_) = origin { STORE_BYTES } else { 0 };
    ENTRY_HEADER_BYTES + account.len() + region.len() + store + entry.record.len()
}

/// Appends one entry, whose sizes have been checked.
fn put_entry(out: &mut Vec<u8>, entry: &Entry) {
    let Envelope { account, region, category, origin, arrived_at } = &entry.envelope;
    let origin_bit = match origin {
        Origin::Call => 0,
        Origin::Import => IMPORTED,
        Origin::Store(_) => FOR_STORE,
    };
    let name_bytes = |name: &str| u8::try_from(name.len()).expect("checked on the way in");
    out.extend_from_slice(&u32::try_from(entry.record.len()).expect("checked on the way in").to_le_bytes());
    out.extend_from_slice(&arrived_at.as_ms().to_le_bytes());
    out.extend_from_slice(&[category.number() | origin_bit, name_bytes(account), name_bytes(region)]);
    out.extend_from_slice(account.as_bytes());
    out.extend_from_slice(region.as_bytes());
    if let Origin::Store(store) = origin {
        out.extend_from_slice(&store.to_be_bytes());
    }
    out.extend_from_slice(&entry.record);
}

/// Reads `count` entries back; the records share `payload`. Arrivals are raised so that none falls below the one
/// before, beginning with `arrived_before`.
pub(crate) fn take_entries(payload: &Bytes, count: u32, arrived_before: Timestamp) -> Result<Vec<Entry>, &'static str> {
    const SHORT: &str = "the payload ends within a record";
    let mut at = 0_usize;
    let mut arrived_last = arrived_before;
    let mut take = |bytes: usize| {
        let from = at;
        at = from.checked_add(bytes).filter(|&end| end <= payload.len()).ok_or(SHORT)?;
        Ok::<_, &'static str>(payload.slice(from..at))
    };
    // A hostile count must not reserve memory: each entry needs its header.
    let mut entries = Vec::with_capacity((count as usize).min(payload.len() / ENTRY_HEADER_BYTES));
    for _ in 0..count {
        let header = take(ENTRY_HEADER_BYTES)?;
        arrived_last = arrived_last.max(Timestamp::from_ms(u64_at(&header, 4).cast_signed()));
        let category = Category::from_number(header[12] & !(IMPORTED | FOR_STORE))
            .ok_or("a record has a category that this version doesn't know")?;
        let account = text(&take(usize::from(header[13]))?)?;
        let region = text(&take(usize::from(header[14]))?)?;
        let origin = match header[12] & (IMPORTED | FOR_STORE) {
            0 => Origin::Call,
            IMPORTED => Origin::Import,
            FOR_STORE => {
                let number: [u8; STORE_BYTES] = take(STORE_BYTES)?[..].try_into().expect("as many as were taken");
                Origin::Store(u128::from_be_bytes(number))
            }
            _ => return Err("a record is both imported and for one store"),
        };
        let record = take(u32_at(&header, 0) as usize)?;
        let envelope = Envelope { account, region, category, origin, arrived_at: arrived_last };
        entries.push(Entry { envelope, record });
    }
    if at == payload.len() { Ok(entries) } else { Err("the payload goes on after its last record") }
}

fn text(bytes: &[u8]) -> Result<String, &'static str> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| "an account or Region is not text")
}

thread_local! {
    /// Making one costs as much as compressing a small payload.
    static COMPRESSOR: RefCell<io::Result<zstd::bulk::Compressor<'static>>> =
        RefCell::new(zstd::bulk::Compressor::new(ZSTD_LEVEL));
}

/// Whole appends as they will be stored, but for their positions.
#[derive(Debug)]
pub(crate) struct Payload {
    pub count: u32,
    /// The latest arrival.
    pub arrived_max: Timestamp,
    /// The size before compression.
    pub raw_bytes: usize,
    is_compressed: bool,
    stored: Vec<u8>,
}

impl Default for Payload {
    fn default() -> Self {
        Self {
            count: 0,
            arrived_max: Timestamp::from_ms(i64::MIN),
            raw_bytes: 0,
            is_compressed: false,
            stored: Vec::new(),
        }
    }
}

impl Payload {
    /// Encodes entries, whose sizes have been checked.
    pub(crate) fn encode(entries: &[Entry]) -> Self {
        let raw_bytes = entries.iter().map(entry_bytes).sum();
        let mut stored = Vec::with_capacity(raw_bytes);
        entries.iter().for_each(|entry| put_entry(&mut stored, entry));
        let count = u32::try_from(entries.len()).expect("a batch's bytes bound its records");
        let arrived = entries.iter().map(|entry| entry.envelope.arrived_at).max();
        let arrived_max = arrived.unwrap_or(Timestamp::from_ms(i64::MIN));
        Self { count, arrived_max, raw_bytes, is_compressed: false, stored }
    }

    /// Whether its sender should compress it before it waits for the disk.
    pub(crate) fn is_large(&self) -> bool {
        self.raw_bytes >= LARGE_BYTES_MIN
    }

    /// Whether compressing it takes long.
    pub(crate) fn is_slow(&self) -> bool {
        self.raw_bytes >= SLOW_BYTES_MIN
    }

    /// Whether it gets a frame of its own.
    pub(crate) fn stands_alone(&self) -> bool {
        self.is_compressed || self.is_large()
    }

    /// Adds small appends to this payload.
    pub(crate) fn join(&mut self, next: &Self) {
        assert!(!self.is_compressed && !next.is_compressed, "only what is not compressed can be joined");
        self.count += next.count;
        self.arrived_max = self.arrived_max.max(next.arrived_max);
        self.raw_bytes += next.raw_bytes;
        self.stored.extend_from_slice(&next.stored);
    }

    /// Compresses it, when it is large enough and that helps.
    pub(crate) fn compress(&mut self) {
        if self.is_compressed || self.raw_bytes < COMPRESS_BYTES_MIN {
            return;
        }
        // One byte less than the payload: what doesn't fit doesn't help.
        let mut packed = Vec::with_capacity(self.raw_bytes - 1);
        let compressed = COMPRESSOR.with_borrow_mut(|compressor| {
            let compressor = compressor.as_mut().ok()?;
            compressor.compress_to_buffer(&self.stored, &mut packed).ok()
        });
        if compressed.is_some() {
            packed.shrink_to_fit();
            self.stored = packed;
            self.is_compressed = true;
        }
    }

    /// Appends its frame to `out`.
    pub(crate) fn put_frame(&self, out: &mut Vec<u8>, place: FramePlace) {
        let size = |bytes: usize| u32::try_from(bytes).expect("a batch is bounded far below 4 GiB");
        let FramePlace { base, durable_end, arrived_before, salt } = place;
        let header = FrameHeader {
            stored_bytes: size(self.stored.len()),
            raw_bytes: size(self.raw_bytes),
            payload_crc: crc32c(&self.stored),
            count: self.count,
            is_compressed: self.is_compressed,
            base,
            durable_end,
            arrived_before,
            arrived_last: arrived_before.max(self.arrived_max),
        };
        out.extend_from_slice(&header.encode(salt));
        out.extend_from_slice(&self.stored);
    }
}

/// What of a frame follows from where it is put.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FramePlace {
    pub base: u64,
    pub durable_end: u64,
    pub arrived_before: Timestamp,
    pub salt: u32,
}

/// Checks and unpacks a frame's stored payload.
pub(crate) fn open_payload(header: &FrameHeader, stored: Vec<u8>) -> Result<Bytes, &'static str> {
    if crc32c(&stored) != header.payload_crc {
        return Err("the payload's checksum doesn't match");
    }
    let raw = if header.is_compressed {
        zstd::bulk::decompress(&stored, header.raw_bytes as usize).map_err(|_| "the payload doesn't unpack")?
    } else {
        stored
    };
    if raw.len() == header.raw_bytes as usize {
        Ok(raw.into())
    } else {
        Err("the payload has another size than stated")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::frame::FRAME_HEADER_BYTES;

    prop_compose! {
        pub(crate) fn entry()(account in "[0-9]{0,12}", region in "[a-z0-9-]{0,16}", category in 1_u8..=7,
                              origin in prop_oneof![Just(Origin::Call), Just(Origin::Import), any::<u128>().prop_map(Origin::Store)],
                              arrived_ms in 0_i64..4_000_000_000_000,
                              record in prop::collection::vec(any::<u8>(), 0..3000)) -> Entry {
            let category = Category::from_number(category).expect("in range");
            let arrived_at = Timestamp::from_ms(arrived_ms);
            Entry { envelope: Envelope { account, region, category, origin, arrived_at }, record: record.into() }
        }
    }

    fn frame(entries: &[Entry]) -> (FrameHeader, Vec<u8>) {
        let mut payload = Payload::encode(entries);
        payload.compress();
        let mut out = Vec::new();
        let arrived_before = Timestamp::from_ms(1_000_000_000_000);
        payload.put_frame(&mut out, FramePlace { base: 7, durable_end: 7, arrived_before, salt: 3 });
        let stored = out.split_off(FRAME_HEADER_BYTES);
        (FrameHeader::decode(&out.try_into().expect("a header"), 3).expect("valid"), stored)
    }

    proptest! {
        #[test]
        fn frames_come_back(entries in prop::collection::vec(entry(), 1..12)) {
            let (header, stored) = frame(&entries);
            let payload = open_payload(&header, stored).expect("valid");
            prop_assert_eq!(payload.len(), entries.iter().map(entry_bytes).sum::<usize>());
            let found = take_entries(&payload, header.count, header.arrived_before);
            let mut arrived_last = header.arrived_before;
            let mut expected = entries;
            for entry in &mut expected {
                arrived_last = arrived_last.max(entry.envelope.arrived_at);
                entry.envelope.arrived_at = arrived_last;
            }
            prop_assert_eq!(found, Ok(expected));
            prop_assert_eq!(header.arrived_last, arrived_last);
        }

        #[test]
        fn a_flipped_bit_is_noticed(entries in prop::collection::vec(entry(), 1..4), at: prop::sample::Index, bit in 0..8) {
            let (header, mut stored) = frame(&entries);
            let at = at.index(stored.len());
            stored[at] ^= 1_u8 << bit;
            prop_assert!(open_payload(&header, stored).is_err());
        }

        #[test]
        fn no_payload_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), count: u32) {
            let _ = take_entries(&bytes.into(), count, Timestamp::EPOCH);
        }
    }

    #[test]
    fn the_origin_is_told_by_the_highest_bits_of_the_category() {
        for (origin, stored, bytes) in [(Origin::Call, 2, 15), (Origin::Import, 0x82, 15), (Origin::Store(7), 0x42, 31)]
        {
            let envelope = Envelope {
                account: String::new(),
                region: String::new(),
                category: Category::Data,
                origin,
                arrived_at: Timestamp::EPOCH,
            };
            let mut out = Vec::new();
            put_entry(&mut out, &Entry { envelope, record: Bytes::new() });
            assert_eq!((out[12], out.len()), (stored, bytes));
            if bytes > 15 {
                assert_eq!(out[15..], 7_u128.to_be_bytes());
            }
        }
    }

    #[test]
    fn large_payloads_are_compressed_when_it_helps() {
        let make = |record: Vec<u8>| {
            let arrived_at = Timestamp::EPOCH;
            let (account, region) = ("123456789012".to_owned(), "us-east-1".to_owned());
            Entry {
                envelope: Envelope { account, region, category: Category::Data, origin: Origin::Call, arrived_at },
                record: record.into(),
            }
        };
        let noise = |bytes: usize| {
            let mut state = 1_u64;
            (0..bytes)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (state >> 56) as u8
                })
                .collect()
        };
        assert!(frame(&[make(vec![b'a'; 5000])]).0.is_compressed);
        assert!(!frame(&[make(vec![b'a'; 4000])]).0.is_compressed, "too small");
        assert!(!frame(&[make(noise(5000))]).0.is_compressed, "no gain");
    }
}
