//! The encodings of ORC: what turns a stream's bytes into integers, bytes and bits.
//!
//! Each decoder reads forwards in any steps, skips values, and seeks to the positions that a row index records.

pub(crate) mod boolean;
pub(crate) mod byte_rle;
pub(crate) mod integer;
pub(crate) mod rle_v1;
pub(crate) mod rle_v2;
mod unpack;
pub(crate) mod varint;

use crate::Error;
use crate::read::stream::Stream;

/// Appends `count` values to `out`, which grows only as far as `read` finds them: a file's word alone reserves nothing.
fn append<T: Clone + Default>(
    count: usize,
    out: &mut Vec<T>,
    mut read: impl FnMut(&mut [T]) -> Result<(), Error>,
) -> Result<(), Error> {
    const STEP: usize = 64 * 1024;
    let mut left = count;
    while left > 0 {
        let step = left.min(STEP);
        let from = out.len();
        out.resize(from + step, T::default());
        read(&mut out[from..])?;
        left -= step;
    }
    Ok(())
}

/// The positions of a column at the begin of a row group, used up stream by stream.
#[derive(Debug)]
pub(crate) struct Positions<'a> {
    left: std::slice::Iter<'a, u64>,
}

impl<'a> Positions<'a> {
    pub(crate) fn new(positions: &'a [u64]) -> Positions<'a> {
        Positions { left: positions.iter() }
    }

    /// The next position, for a decoder of `stream`.
    pub(crate) fn next(&mut self, stream: &Stream) -> Result<u64, Error> {
        self.left.next().copied().ok_or_else(|| stream.corrupt("the row index has too few positions for this stream"))
    }

    /// Moves the stream to the next position.
    pub(crate) fn seek(&mut self, stream: &mut Stream) -> Result<(), Error> {
        let chunk = if stream.is_compressed() { self.next(stream)? } else { 0 };
        let bytes = self.next(stream)?;
        stream.seek(chunk, bytes)
    }
}
