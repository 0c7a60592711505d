//! Taking numbers and bytes off encoded ones, never past the end.

use crate::format::varint;

/// What is left of encoded bytes. Every method answers nothing when the bytes don't hold what was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Take<'b>(pub(super) &'b [u8]);

impl<'b> Take<'b> {
    pub(super) fn bytes(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.bytes(1).map(|bytes| bytes[0])
    }

    pub(super) fn u32_le(&mut self) -> Option<u32> {
        self.bytes(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    pub(super) fn u64_le(&mut self) -> Option<u64> {
        self.bytes(8)?.try_into().ok().map(u64::from_le_bytes)
    }

    pub(super) fn varint(&mut self) -> Option<u64> {
        varint::take(&mut self.0)
    }

    pub(super) fn varint_u32(&mut self) -> Option<u32> {
        self.varint()?.try_into().ok()
    }

    pub(super) fn varint_usize(&mut self) -> Option<usize> {
        self.varint()?.try_into().ok()
    }

    pub(super) fn zigzag(&mut self) -> Option<i64> {
        self.varint().map(varint::unzigzag)
    }

    /// A count of things of which each takes at least one more byte.
    pub(super) fn count(&mut self) -> Option<usize> {
        self.varint_usize().filter(|count| *count <= self.0.len())
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}
