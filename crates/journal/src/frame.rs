//! The header of a frame: one batch of records in a segment file.
//!
//! ```text
//!  0        4        8        12       16       20       24       28       32       40       48        56        64
//!  ┌────────┬────────┬────────┬────────┬────────┬────────┬────────┬────────┬────────┬────────┬─────────┬─────────┐
//!  │ "OTFR" │ header │ stored │ raw    │ payload│ record │ flags  │ zero   │ base   │ durable│ arrived │ arrived │ payload …
//!  │        │ crc    │ bytes  │ bytes  │ crc    │ count  │        │        │        │ end    │before ms│ last ms │
//!  └────────┴────────┴────────┴────────┴────────┴────────┴────────┴────────┴────────┴────────┴─────────┴─────────┘
//! ```
//! Numbers are little-endian, checksums CRC-32C. The header's covers the segment's salt and bytes 8 to 64, so that
//! neither stale blocks of another file nor a record's content can pass for a frame.

use opentrail_stdx::Timestamp;

pub(crate) const FRAME_HEADER_BYTES: usize = 64;
pub(crate) const FRAME_MAGIC: [u8; 4] = *b"OTFR";
/// The largest payload, stored or raw. A batch is smaller; a header that states more is damaged.
pub(crate) const PAYLOAD_BYTES_MAX: u32 = 64 << 20;
/// Flag: the payload is one zstd frame. Persisted, keep stable.
const ZSTD: u32 = 1;

/// What precedes a batch's payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub stored_bytes: u32,
    pub raw_bytes: u32,
    pub payload_crc: u32,
    pub count: u32,
    pub is_compressed: bool,
    /// The position of its first record.
    pub base: u64,
    /// The journal's durable end when this was written: whatever lies before it was on the disk for sure.
    pub durable_end: u64,
    /// The arrival of the record before the first.
    pub arrived_before: Timestamp,
    /// The arrival of its last record.
    pub arrived_last: Timestamp,
}

impl FrameHeader {
    pub(crate) fn end(&self) -> u64 {
        self.base.saturating_add(u64::from(self.count))
    }

    pub(crate) fn encode(&self, salt: u32) -> [u8; FRAME_HEADER_BYTES] {
        let mut bytes = [0; FRAME_HEADER_BYTES];
        bytes[0..4].copy_from_slice(&FRAME_MAGIC);
        bytes[8..12].copy_from_slice(&self.stored_bytes.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.raw_bytes.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.payload_crc.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.count.to_le_bytes());
        bytes[24..28].copy_from_slice(&if self.is_compressed { ZSTD } else { 0 }.to_le_bytes());
        bytes[32..40].copy_from_slice(&self.base.to_le_bytes());
        bytes[40..48].copy_from_slice(&self.durable_end.to_le_bytes());
        bytes[48..56].copy_from_slice(&self.arrived_before.as_ms().to_le_bytes());
        bytes[56..64].copy_from_slice(&self.arrived_last.as_ms().to_le_bytes());
        let crc = header_crc(salt, &bytes);
        bytes[4..8].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Reads a header back, or says what is wrong with it.
    pub(crate) fn decode(bytes: &[u8; FRAME_HEADER_BYTES], salt: u32) -> Result<Self, &'static str> {
        if bytes[0..4] != FRAME_MAGIC {
            return Err("no frame starts");
        }
        if u32_at(bytes, 4) != header_crc(salt, bytes) {
            return Err("the frame header's checksum doesn't match");
        }
        let flags = u32_at(bytes, 24);
        if flags & !ZSTD != 0 {
            return Err("the frame has flags that this version doesn't know");
        }
        if u32_at(bytes, 8).max(u32_at(bytes, 12)) > PAYLOAD_BYTES_MAX || u32_at(bytes, 20) == 0 {
            return Err("the frame states an impossible size");
        }
        Ok(Self {
            stored_bytes: u32_at(bytes, 8),
            raw_bytes: u32_at(bytes, 12),
            payload_crc: u32_at(bytes, 16),
            count: u32_at(bytes, 20),
            is_compressed: flags & ZSTD != 0,
            base: u64_at(bytes, 32),
            durable_end: u64_at(bytes, 40),
            arrived_before: Timestamp::from_ms(u64_at(bytes, 48).cast_signed()),
            arrived_last: Timestamp::from_ms(u64_at(bytes, 56).cast_signed()),
        })
    }
}

fn header_crc(salt: u32, bytes: &[u8; FRAME_HEADER_BYTES]) -> u32 {
    let mut salted = [0; FRAME_HEADER_BYTES - 4];
    salted[..4].copy_from_slice(&salt.to_le_bytes());
    salted[4..].copy_from_slice(&bytes[8..]);
    crc32c(&salted)
}

/// CRC-32C (Castagnoli), as RFC 3720 has it.
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    crc_fast::crc32_iscsi(bytes)
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn header()(stored_bytes in 0..=PAYLOAD_BYTES_MAX, raw_bytes in 0..=PAYLOAD_BYTES_MAX, payload_crc: u32,
                    count in 1_u32.., is_compressed: bool,
                    base: u64, durable_end: u64, before: i64, last: i64) -> FrameHeader {
            let (arrived_before, arrived_last) = (Timestamp::from_ms(before), Timestamp::from_ms(last));
            FrameHeader { stored_bytes, raw_bytes, payload_crc, count, is_compressed, base, durable_end, arrived_before, arrived_last }
        }
    }

    proptest! {
        #[test]
        fn headers_come_back(header in header(), salt: u32) {
            prop_assert_eq!(FrameHeader::decode(&header.encode(salt), salt), Ok(header));
        }

        #[test]
        fn a_flipped_bit_or_another_salt_is_noticed(header in header(), salt: u32, bit in 0..FRAME_HEADER_BYTES * 8) {
            let mut bytes = header.encode(salt);
            prop_assert!(FrameHeader::decode(&bytes, salt ^ 1).is_err());
            bytes[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(FrameHeader::decode(&bytes, salt).is_err());
        }
    }

    #[test]
    fn the_checksum_is_castagnoli() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }
}
