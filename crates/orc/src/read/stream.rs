//! One stream of a stripe as decompressed bytes, read forwards, with seeks to row-index positions.

use std::fmt;
use std::sync::Arc;

use arrow_buffer::Buffer;

use crate::Error;
use crate::compression::{CHUNK_HEADER_BYTES, ChunkHeader, Decompressor, spare};
use crate::proto::CompressionKind;
use crate::read::place::Place;

/// The most bytes that [`Stream::take`] hands out in one piece: the longest packed run (512 values of 8 bytes), twice.
const TAKE_BYTES_MAX: usize = 8192;

/// A piece of a stream's stored bytes that is in memory.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// Where in the stream the piece begins.
    pub(crate) offset: u64,
    pub(crate) bytes: Buffer,
}

/// How a file's streams are compressed, for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Framing {
    pub(crate) codec: CompressionKind,
    /// The most bytes that a chunk decompresses to.
    pub(crate) block_bytes: usize,
}

/// A stream's bytes, decompressed chunk by chunk as they are asked for.
pub(crate) struct Stream {
    place: Arc<Place>,
    framing: Framing,
    /// Made for the first chunk that needs it.
    decompressor: Option<Decompressor>,
    /// In order of their offsets, not touching each other.
    pieces: Vec<Piece>,
    /// Where in the stream the next chunk begins.
    next: u64,
    /// Where in the stream the current chunk began.
    chunk: u64,
    block: Block,
    /// How much of the block was read.
    at: usize,
    /// Bytes that straddle chunks, put together for [`Stream::take`].
    straddle: Vec<u8>,
}

/// The current chunk, decompressed.
enum Block {
    /// Stored as it is: the stream's own bytes.
    Stored(Buffer),
    /// The begin of a buffer as long as a block.
    Unpacked(Vec<u8>, usize),
}

impl Block {
    const EMPTY: Block = Block::Unpacked(Vec::new(), 0);

    fn bytes(&self) -> &[u8] {
        match self {
            Block::Stored(bytes) => bytes,
            Block::Unpacked(bytes, length) => &bytes[..*length],
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.leave_block();
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("place", &self.place).field("chunk", &self.chunk).finish_non_exhaustive()
    }
}

impl Stream {
    pub(crate) fn new(place: Arc<Place>, framing: Framing, pieces: Vec<Piece>) -> Stream {
        let (block, straddle) = (Block::EMPTY, Vec::new());
        Stream { place, framing, decompressor: None, pieces, next: 0, chunk: 0, block, at: 0, straddle }
    }

    /// A stream of uncompressed bytes that are in memory.
    #[cfg(test)]
    pub(crate) fn plain(bytes: &[u8]) -> Stream {
        let piece = Piece { offset: 0, bytes: Buffer::from(bytes) };
        let framing = Framing { codec: CompressionKind::None, block_bytes: 0 };
        Stream::new(Arc::new(Place::default()), framing, vec![piece])
    }

    /// An error about the bytes that were read last.
    #[cold]
    pub(crate) fn corrupt(&self, problem: impl fmt::Display) -> Error {
        let byte = if self.is_compressed() { self.chunk } else { self.chunk + self.at as u64 };
        Error::corrupt(format!("{}, byte {byte}", self.place), problem.to_string())
    }

    pub(crate) fn is_compressed(&self) -> bool {
        self.framing.codec != CompressionKind::None
    }

    /// The unread bytes of the current chunk.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.block.bytes()[self.at..]
    }

    /// Makes [`Stream::rest`] non-empty; an error at the stream's end.
    pub(crate) fn fill(&mut self) -> Result<(), Error> {
        while self.at >= self.block.bytes().len() {
            if !self.open_chunk()? {
                return Err(self.corrupt("the stream ends in the middle of its values"));
            }
        }
        Ok(())
    }

    #[inline]
    pub(crate) fn byte(&mut self) -> Result<u8, Error> {
        if let Some(&byte) = self.block.bytes().get(self.at) {
            self.at += 1;
            return Ok(byte);
        }
        self.fill()?;
        let byte = self.block.bytes()[self.at];
        self.at += 1;
        Ok(byte)
    }

    /// The next `bytes` bytes in one piece; no more than a run of integers can have.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<&[u8], Error> {
        if bytes > self.rest().len() {
            return self.take_straddling(bytes);
        }
        let from = self.at;
        self.at += bytes;
        Ok(&self.block.bytes()[from..from + bytes])
    }

    #[cold]
    fn take_straddling(&mut self, bytes: usize) -> Result<&[u8], Error> {
        assert!(bytes <= TAKE_BYTES_MAX, "long values are copied, not taken");
        let mut straddle = std::mem::take(&mut self.straddle);
        straddle.clear();
        let copied = self.copy(bytes, &mut straddle);
        self.straddle = straddle;
        copied?;
        Ok(&self.straddle)
    }

    /// Appends the next `bytes` bytes to `out`, which grows only by what the stream really has.
    pub(crate) fn copy(&mut self, bytes: usize, out: &mut Vec<u8>) -> Result<(), Error> {
        let mut wanted = bytes;
        while wanted > 0 {
            self.fill()?;
            let piece = self.rest();
            let length = piece.len().min(wanted);
            out.extend_from_slice(&piece[..length]);
            self.at += length;
            wanted -= length;
        }
        Ok(())
    }

    /// Leaves out the next `bytes` bytes.
    pub(crate) fn skip(&mut self, bytes: u64) -> Result<(), Error> {
        let mut wanted = bytes;
        while wanted > 0 {
            self.fill()?;
            let length = (self.rest().len() as u64).min(wanted);
            self.at += length as usize;
            wanted -= length;
        }
        Ok(())
    }

    /// Goes to a position of the row index: the chunk that begins at `chunk` bytes into the stream (0 without
    /// compression), and `bytes` bytes into what it holds.
    pub(crate) fn seek(&mut self, chunk: u64, bytes: u64) -> Result<(), Error> {
        if !self.is_compressed() {
            self.next = bytes;
        } else if self.chunk == chunk && self.at > 0 && bytes <= self.block.bytes().len() as u64 {
            // The chunk is open already: neighbouring row groups often share one.
            self.at = bytes as usize;
            return Ok(());
        } else {
            self.next = chunk;
        }
        self.leave_block();
        self.at = 0;
        if self.is_compressed() { self.skip(bytes) } else { Ok(()) }
    }

    /// Opens the next chunk. False when the stream is at its end.
    fn open_chunk(&mut self) -> Result<bool, Error> {
        self.chunk = self.next;
        let Some((piece, from)) = self.locate(self.next) else { return self.end() };
        if !self.is_compressed() {
            let bytes = piece.bytes.slice(from);
            self.next += bytes.len() as u64;
            self.block = Block::Stored(bytes);
            self.at = 0;
            return Ok(true);
        }
        let Some((header, body)) = piece.bytes[from..].split_first_chunk() else {
            return Err(self.corrupt("a chunk's header is cut off"));
        };
        let ChunkHeader { stored_bytes, is_original } = ChunkHeader::decode(*header);
        let stored = stored_bytes as usize;
        if body.len() < stored {
            return Err(self.corrupt(format!("a chunk of {stored} bytes goes beyond the stream's {} left", body.len())));
        }
        let bytes = piece.bytes.slice_with_length(from + CHUNK_HEADER_BYTES, stored);
        self.next += (CHUNK_HEADER_BYTES + stored) as u64;
        self.at = 0;
        if is_original {
            self.leave_block();
            self.block = Block::Stored(bytes);
        } else {
            self.unpack(&bytes)?
        }
        Ok(true)
    }

    fn unpack(&mut self, stored: &[u8]) -> Result<(), Error> {
        let mut block = match std::mem::replace(&mut self.block, Block::EMPTY) {
            Block::Unpacked(bytes, _) if !bytes.is_empty() => bytes,
            _ => spare::block(self.framing.block_bytes),
        };
        let decompressor = match &mut self.decompressor {
            Some(decompressor) => decompressor,
            None => self.decompressor.insert(Decompressor::new(self.framing.codec)?),
        };
        let length = decompressor.decompress(stored, &mut block).map_err(|problem| self.corrupt(problem))?;
        self.block = Block::Unpacked(block, length);
        Ok(())
    }

    /// Has no block any more.
    fn leave_block(&mut self) {
        if let Block::Unpacked(bytes, _) = std::mem::replace(&mut self.block, Block::EMPTY) {
            spare::keep_block(bytes);
        }
    }

    fn end(&mut self) -> Result<bool, Error> {
        self.leave_block();
        self.at = 0;
        Ok(false)
    }

    /// The piece that holds the stream's byte at `offset`, and where in it.
    fn locate(&self, offset: u64) -> Option<(&Piece, usize)> {
        let piece = match self.pieces.binary_search_by_key(&offset, |piece| piece.offset) {
            Ok(exact) => &self.pieces[exact],
            Err(after) => self.pieces.get(after.checked_sub(1)?)?,
        };
        let from = usize::try_from(offset - piece.offset).ok()?;
        (from < piece.bytes.len()).then_some((piece, from))
    }
}
