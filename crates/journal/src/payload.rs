//! The payload of a frame: its records with their envelopes, one after the other.
//!
//! ```text
//!  0        4        12         13        14       15
//!  ┌────────┬────────┬──────────┬─────────┬────────┬─────────┬────────┬────────┐
//!  │ record │ arrived│ category │ account │ Region │ account │ Region │ record │ … the next
//!  │ bytes  │ ms     │          │ bytes   │ bytes  │         │        │        │
//!  └────────┴────────┴──────────┴─────────┴────────┴─────────┴────────┴────────┘
//! ```

use std::io;

use bytes::Bytes;
use opentrail_stdx::Timestamp;

use crate::frame::{FrameHeader, crc32c, u32_at, u64_at};
use crate::{Category, Entry, Envelope};

pub(crate) const ENTRY_HEADER_BYTES: usize = 15;
/// The longest account or Region.
pub(crate) const NAME_BYTES_MAX: usize = u8::MAX as usize;
/// Below this, compressing costs more than it saves.
const COMPRESS_BYTES_MIN: usize = 4096;
/// Level 1 keeps up with the disk.
const ZSTD_LEVEL: i32 = 1;

/// The bytes an entry takes in a payload.
pub(crate) fn entry_bytes(entry: &Entry) -> usize {
    ENTRY_HEADER_BYTES + entry.envelope.account.len() + entry.envelope.region.len() + entry.record.len()
}

/// Appends one entry, whose sizes have been checked.
pub(crate) fn put_entry(out: &mut Vec<u8>, entry: &Entry, arrived_at: Timestamp) {
    let Envelope { account, region, category, .. } = &entry.envelope;
    let name_bytes = |name: &str| u8::try_from(name.len()).expect("checked on the way in");
    out.extend_from_slice(&u32::try_from(entry.record.len()).expect("checked on the way in").to_le_bytes());
    out.extend_from_slice(&arrived_at.as_ms().to_le_bytes());
    out.extend_from_slice(&[category.number(), name_bytes(account), name_bytes(region)]);
    out.extend_from_slice(account.as_bytes());
    out.extend_from_slice(region.as_bytes());
    out.extend_from_slice(&entry.record);
}

/// Reads `count` entries back; the records share `payload`.
pub(crate) fn take_entries(payload: &Bytes, count: u32) -> Result<Vec<Entry>, &'static str> {
    const SHORT: &str = "the payload ends within a record";
    let mut at = 0_usize;
    let mut take = |bytes: usize| {
        let from = at;
        at = from.checked_add(bytes).filter(|&end| end <= payload.len()).ok_or(SHORT)?;
        Ok::<_, &'static str>(payload.slice(from..at))
    };
    // A hostile count must not reserve memory: each entry needs its header.
    let mut entries = Vec::with_capacity((count as usize).min(payload.len() / ENTRY_HEADER_BYTES));
    for _ in 0..count {
        let header = take(ENTRY_HEADER_BYTES)?;
        let arrived_at = Timestamp::from_ms(u64_at(&header, 4).cast_signed());
        let category =
            Category::from_number(header[12]).ok_or("a record has a category that this version doesn't know")?;
        let account = text(&take(usize::from(header[13]))?)?;
        let region = text(&take(usize::from(header[14]))?)?;
        let record = take(u32_at(&header, 0) as usize)?;
        entries.push(Entry { envelope: Envelope { account, region, category, arrived_at }, record });
    }
    if at == payload.len() { Ok(entries) } else { Err("the payload goes on after its last record") }
}

fn text(bytes: &[u8]) -> Result<String, &'static str> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| "an account or Region is not text")
}

/// Turns payloads into frames, reusing its buffers.
pub(crate) struct FrameEncoder {
    compressor: zstd::bulk::Compressor<'static>,
    scratch: Vec<u8>,
}

impl std::fmt::Debug for FrameEncoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FrameEncoder").finish_non_exhaustive()
    }
}

/// What of a frame's header does not follow from its payload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FrameFacts {
    pub count: u32,
    pub base: u64,
    pub durable_end: u64,
    pub arrived_last: Timestamp,
}

impl FrameEncoder {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { compressor: zstd::bulk::Compressor::new(ZSTD_LEVEL)?, scratch: Vec::new() })
    }

    /// Appends the frame of `payload` to `out`.
    pub(crate) fn put_frame(&mut self, out: &mut Vec<u8>, payload: &[u8], facts: FrameFacts, salt: u32) {
        let is_compressed = payload.len() >= COMPRESS_BYTES_MIN && self.compress(payload);
        let stored = if is_compressed { &self.scratch[..] } else { payload };
        let size = |bytes: usize| u32::try_from(bytes).expect("a batch is bounded far below 4 GiB");
        let FrameFacts { count, base, durable_end, arrived_last } = facts;
        let header = FrameHeader {
            stored_bytes: size(stored.len()),
            raw_bytes: size(payload.len()),
            payload_crc: crc32c(stored),
            count,
            is_compressed,
            base,
            durable_end,
            arrived_last,
        };
        out.extend_from_slice(&header.encode(salt));
        out.extend_from_slice(stored);
    }

    /// Compresses into the scratch buffer; false when that doesn't help.
    fn compress(&mut self, payload: &[u8]) -> bool {
        self.scratch.clear();
        // One byte less than the payload: what doesn't fit doesn't help.
        self.scratch.reserve(payload.len() - 1);
        let compressed = self.compressor.compress_to_buffer(payload, &mut self.scratch);
        compressed.is_ok_and(|bytes| bytes < payload.len())
    }
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
        pub(crate) fn entry()(account in "[0-9]{0,12}", region in "[a-z0-9-]{0,16}", category in 1_u8..=5,
                              arrived_ms in 0_i64..4_000_000_000_000,
                              record in prop::collection::vec(any::<u8>(), 0..3000)) -> Entry {
            let category = Category::from_number(category).expect("in range");
            let arrived_at = Timestamp::from_ms(arrived_ms);
            Entry { envelope: Envelope { account, region, category, arrived_at }, record: record.into() }
        }
    }

    fn frame(entries: &[Entry]) -> (FrameHeader, Vec<u8>) {
        let mut payload = Vec::new();
        entries.iter().for_each(|entry| put_entry(&mut payload, entry, entry.envelope.arrived_at));
        let count = u32::try_from(entries.len()).expect("few");
        let facts = FrameFacts { count, base: 7, durable_end: 7, arrived_last: Timestamp::EPOCH };
        let mut out = Vec::new();
        FrameEncoder::new().expect("memory").put_frame(&mut out, &payload, facts, 3);
        let stored = out.split_off(FRAME_HEADER_BYTES);
        (FrameHeader::decode(&out.try_into().expect("a header"), 3).expect("valid"), stored)
    }

    proptest! {
        #[test]
        fn frames_come_back(entries in prop::collection::vec(entry(), 1..12)) {
            let (header, stored) = frame(&entries);
            let payload = open_payload(&header, stored).expect("valid");
            prop_assert_eq!(payload.len(), entries.iter().map(entry_bytes).sum::<usize>());
            prop_assert_eq!(take_entries(&payload, header.count), Ok(entries));
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
            let _ = take_entries(&bytes.into(), count);
        }
    }

    #[test]
    fn large_payloads_are_compressed_when_it_helps() {
        let make = |record: Vec<u8>| {
            let arrived_at = Timestamp::EPOCH;
            let (account, region) = ("123456789012".to_owned(), "us-east-1".to_owned());
            Entry {
                envelope: Envelope { account, region, category: Category::Data, arrived_at },
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
