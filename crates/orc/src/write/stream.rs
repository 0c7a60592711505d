//! The streams of a column: bytes on their way into the file, compressed a block at a time.

mod encoded;

pub(super) use encoded::{BitStream, ByteStream, IntStream};

use crate::Error;
use crate::compression::{Compression, Compressor};

/// What streams are packed with: one for all, since a codec's context is large.
#[derive(Debug)]
pub(super) struct Packer {
    compressor: Compressor,
    block_bytes: usize,
}

impl Packer {
    pub(super) fn new(compression: Compression, block_bytes: usize) -> Result<Self, Error> {
        Ok(Self { compressor: Compressor::new(compression)?, block_bytes })
    }

    /// Appends a whole section (an index, a footer) as a stream of its own.
    pub(super) fn section(&mut self, raw: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        if !self.compressor.is_framed() {
            out.extend_from_slice(raw);
            return Ok(());
        }
        raw.chunks(self.block_bytes).try_for_each(|block| self.compressor.append_chunk(block, out))
    }
}

/// A place in a stream where a row group starts: raw bytes before it, and bits of the byte there that come before.
#[derive(Clone, Copy, Debug)]
struct Mark {
    raw: u64,
    bits: u8,
}

/// What a position says behind the place of its byte.
#[derive(Clone, Copy, Debug)]
enum Within {
    /// Nothing: plain bytes.
    Bytes,
    /// Values of the run there: always 0, since runs end with their row group.
    Run,
    /// Bytes of the run there, always 0, and bits of the byte.
    Bits,
}

/// Bytes of a stream: blocks that are full are compressed as soon as `settle` is called.
///
/// Marks count raw bytes. Every chunk but the last holds exactly a block, so that they can be turned into positions
/// once all is compressed.
#[derive(Debug)]
pub(super) struct OutStream {
    pending: Vec<u8>,
    stored: Vec<u8>,
    chunk_starts: Vec<u64>,
    settled: u64,
    marks: Vec<Mark>,
    within: Within,
    framed_block: Option<usize>,
}

impl OutStream {
    fn new(within: Within) -> Self {
        Self {
            pending: Vec::new(),
            stored: Vec::new(),
            chunk_starts: Vec::new(),
            settled: 0,
            marks: Vec::new(),
            within,
            framed_block: None,
        }
    }

    /// A stream of plain bytes.
    pub(super) fn bytes() -> Self {
        Self::new(Within::Bytes)
    }

    /// Where raw bytes are appended.
    pub(super) fn raw(&mut self) -> &mut Vec<u8> {
        &mut self.pending
    }

    /// A row group starts here.
    pub(super) fn mark(&mut self) {
        self.mark_within(0);
    }

    fn mark_within(&mut self, bits: u8) {
        self.marks.push(Mark { raw: self.settled + self.pending.len() as u64, bits });
    }

    /// Compresses the blocks that are full.
    pub(super) fn settle(&mut self, packer: &mut Packer) -> Result<(), Error> {
        if !packer.compressor.is_framed() || self.pending.len() < packer.block_bytes {
            return Ok(());
        }
        let full = self.pending.len() - self.pending.len() % packer.block_bytes;
        self.pack(full, packer)
    }

    /// Compresses what is left. Nothing may be appended after it until `reset`.
    pub(super) fn finish(&mut self, packer: &mut Packer) -> Result<(), Error> {
        if packer.compressor.is_framed() {
            self.framed_block = Some(packer.block_bytes);
            self.pack(self.pending.len(), packer)
        } else {
            std::mem::swap(&mut self.stored, &mut self.pending);
            Ok(())
        }
    }

    fn pack(&mut self, bytes: usize, packer: &mut Packer) -> Result<(), Error> {
        for block in self.pending[..bytes].chunks(packer.block_bytes) {
            self.chunk_starts.push(self.stored.len() as u64);
            packer.compressor.append_chunk(block, &mut self.stored)?;
        }
        self.pending.drain(..bytes);
        self.settled += bytes as u64;
        Ok(())
    }

    /// The bytes for the file, once finished.
    pub(super) fn stored(&self) -> &[u8] {
        &self.stored
    }

    /// Appends the position of a row group. Streams that are read whole have no marks and no positions.
    pub(super) fn push_position(&self, group: usize, positions: &mut Vec<u64>) {
        let Some(mark) = self.marks.get(group) else { return };
        match self.framed_block {
            Some(block_bytes) => {
                let chunk = (mark.raw / block_bytes as u64) as usize;
                positions.push(self.chunk_starts.get(chunk).copied().unwrap_or(self.stored.len() as u64));
                positions.push(mark.raw % block_bytes as u64);
            }
            None => positions.push(mark.raw),
        }
        match self.within {
            Within::Bytes => {}
            Within::Run => positions.push(0),
            Within::Bits => positions.extend([0, mark.bits.into()]),
        }
    }

    /// Bytes that wait to be written.
    pub(super) fn buffered_bytes(&self) -> usize {
        self.pending.len() + self.stored.len()
    }

    /// Bytes of memory held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.pending.capacity() + self.stored.capacity() + 16 * self.marks.capacity()
    }

    /// Empty again, for the next stripe.
    pub(super) fn reset(&mut self) {
        self.pending.clear();
        self.stored.clear();
        self.chunk_starts.clear();
        self.marks.clear();
        self.settled = 0;
        self.framed_block = None;
    }
}
