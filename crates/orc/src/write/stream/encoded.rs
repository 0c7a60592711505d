//! Streams whose values are encoded in runs: integers, bytes, bits.

use super::{OutStream, Within};
use crate::write::encode::{byte_rle, rle_v2};

/// Values gathered before they are encoded. Runs end there, so it is a multiple of the longest section.
const GATHERED_MAX: usize = 2048;

/// A stream of integers.
#[derive(Debug)]
pub(in crate::write) struct IntStream {
    out: OutStream,
    gathered: Vec<i64>,
    signed: bool,
}

impl IntStream {
    pub(in crate::write) fn signed() -> Self {
        Self { out: OutStream::new(Within::Run), gathered: Vec::new(), signed: true }
    }

    pub(in crate::write) fn unsigned() -> Self {
        Self { signed: false, ..Self::signed() }
    }

    pub(in crate::write) fn push(&mut self, value: i64) {
        self.gathered.push(value);
        if self.gathered.len() >= GATHERED_MAX {
            self.flush();
        }
    }

    pub(in crate::write) fn extend(&mut self, mut values: impl Iterator<Item = i64>) {
        loop {
            let room = GATHERED_MAX - self.gathered.len();
            self.gathered.extend(values.by_ref().take(room));
            if self.gathered.len() < GATHERED_MAX {
                return;
            }
            self.flush();
        }
    }

    /// Ends the run.
    pub(in crate::write) fn flush(&mut self) {
        rle_v2::encode(&self.gathered, self.signed, &mut self.out.pending);
        self.gathered.clear();
    }

    /// The stream below.
    pub(in crate::write) fn out(&mut self) -> &mut OutStream {
        &mut self.out
    }

    pub(in crate::write) fn buffered_bytes(&self) -> usize {
        self.out.buffered_bytes()
    }

    pub(in crate::write) fn memory_bytes(&self) -> usize {
        self.out.memory_bytes() + 8 * self.gathered.capacity()
    }
}

/// A stream of bytes in runs.
#[derive(Debug)]
pub(in crate::write) struct ByteStream {
    out: OutStream,
    gathered: Vec<u8>,
}

impl ByteStream {
    pub(in crate::write) fn new() -> Self {
        Self { out: OutStream::new(Within::Run), gathered: Vec::new() }
    }

    pub(in crate::write) fn extend(&mut self, values: impl Iterator<Item = u8>) {
        self.gathered.extend(values);
        if self.gathered.len() >= GATHERED_MAX {
            self.flush();
        }
    }

    /// Ends the run.
    pub(in crate::write) fn flush(&mut self) {
        byte_rle::encode(&self.gathered, &mut self.out.pending);
        self.gathered.clear();
    }

    pub(in crate::write) fn out(&mut self) -> &mut OutStream {
        &mut self.out
    }

    pub(in crate::write) fn buffered_bytes(&self) -> usize {
        self.out.buffered_bytes()
    }

    pub(in crate::write) fn memory_bytes(&self) -> usize {
        self.out.memory_bytes() + self.gathered.capacity()
    }
}

/// A stream of bits, eight to a byte, the first highest; the bytes are in runs.
///
/// A byte may hold bits of two row groups: padding it would shift all behind it for those who read on. So runs end with
/// their row group, and the position names the bits of the byte that are not its own.
#[derive(Debug)]
pub(in crate::write) struct BitStream {
    out: OutStream,
    gathered: Vec<u8>,
    byte: u8,
    bits: u8,
}

impl BitStream {
    pub(in crate::write) fn new() -> Self {
        Self { out: OutStream::new(Within::Bits), gathered: Vec::new(), byte: 0, bits: 0 }
    }

    pub(in crate::write) fn push(&mut self, bit: bool) {
        self.byte |= u8::from(bit) << (7 - self.bits);
        self.bits += 1;
        if self.bits == 8 {
            self.end_byte();
        }
    }

    /// Appends a bit many times.
    pub(in crate::write) fn push_run(&mut self, bit: bool, mut count: usize) {
        while count > 0 && self.bits > 0 {
            self.push(bit);
            count -= 1;
        }
        let byte = if bit { 0xff } else { 0 };
        self.gathered.extend(std::iter::repeat_n(byte, count / 8));
        (0..count % 8).for_each(|_| self.push(bit));
        self.flush_if_full();
    }

    fn end_byte(&mut self) {
        self.gathered.push(self.byte);
        (self.byte, self.bits) = (0, 0);
        self.flush_if_full();
    }

    fn flush_if_full(&mut self) {
        if self.gathered.len() >= GATHERED_MAX {
            self.flush();
        }
    }

    /// Ends the run of whole bytes.
    pub(in crate::write) fn flush(&mut self) {
        byte_rle::encode(&self.gathered, &mut self.out.pending);
        self.gathered.clear();
    }

    /// A row group starts here. The runs have ended.
    pub(in crate::write) fn mark(&mut self) {
        self.out.mark_within(self.bits);
    }

    /// Ends the last byte with zeros: the stripe is complete.
    pub(in crate::write) fn end(&mut self) {
        if self.bits > 0 {
            self.end_byte();
        }
        self.flush();
    }

    pub(in crate::write) fn out(&mut self) -> &mut OutStream {
        &mut self.out
    }

    pub(in crate::write) fn buffered_bytes(&self) -> usize {
        self.out.buffered_bytes()
    }

    pub(in crate::write) fn memory_bytes(&self) -> usize {
        self.out.memory_bytes() + self.gathered.capacity()
    }
}
