//! Bits, the most significant of each byte first, in byte runs.

use arrow_buffer::{BooleanBuffer, Buffer};

use crate::Error;
use crate::read::decode::Positions;
use crate::read::decode::byte_rle::Bytes;
use crate::read::stream::Stream;

/// Reads bits.
#[derive(Debug)]
pub(crate) struct Booleans {
    bytes: Bytes,
    /// The byte that is being read.
    current: u8,
    /// How many of its low bits are unread, 0 to 7.
    left: usize,
}

impl Booleans {
    pub(crate) fn new(stream: Stream) -> Booleans {
        Booleans { bytes: Bytes::new(stream), current: 0, left: 0 }
    }

    /// The next `count` bits, as Arrow keeps them.
    pub(crate) fn read(&mut self, count: usize) -> Result<BooleanBuffer, Error> {
        let mut packed = Vec::new();
        self.bytes.append(count.saturating_sub(self.left).div_ceil(8), &mut packed)?;
        let left = self.left;
        let last = packed.last().copied();
        self.left = (self.left + packed.len() * 8) - count;
        if left == 0 {
            packed.iter_mut().for_each(|byte| *byte = byte.reverse_bits());
        } else {
            packed = shifted(&packed, self.current, left, count);
        }
        self.current = last.unwrap_or(self.current);
        Ok(BooleanBuffer::new(Buffer::from(packed), 0, count))
    }

    /// Leaves out the next `count` bits and says how many of them were set.
    pub(crate) fn skip(&mut self, mut count: usize) -> Result<usize, Error> {
        const STEP: usize = 64 * 1024;
        let mut set = 0;
        while count > 0 {
            let step = count.min(STEP);
            set += self.read(step)?.count_set_bits();
            count -= step;
        }
        Ok(set)
    }

    /// Goes to a row group's begin.
    pub(crate) fn seek(&mut self, positions: &mut Positions<'_>) -> Result<(), Error> {
        self.bytes.seek(positions)?;
        self.left = 0;
        let consumed = positions.next(self.bytes.stream())?;
        if consumed > 8 {
            return Err(self.bytes.stream().corrupt(format!("the row index points at bit {consumed} of a byte")));
        }
        self.skip(consumed as usize).map(drop)
    }
}

/// Puts the `left` low bits of `current` before `packed` and turns the bits of each byte around.
fn shifted(packed: &[u8], current: u8, left: usize, count: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(count.div_ceil(8));
    let mut before = current;
    for &byte in packed {
        let both = u16::from_be_bytes([before, byte]);
        out.push(((both >> left) as u8).reverse_bits());
        before = byte;
    }
    if out.len() < count.div_ceil(8) {
        out.push((before << (8 - left)).reverse_bits());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_reads() {
        let bits = Booleans::new(Stream::plain(&[0xff, 0x80])).read(8).unwrap();
        assert_eq!(bits.iter().collect::<Vec<_>>(), [true, false, false, false, false, false, false, false]);
    }

    #[test]
    fn any_steps_read_the_same_bits() {
        let bytes = [0xfb, 0b1011_0010, 0b0111_0001, 0b1100_1010, 0b0000_1111, 0x9c];
        let all: Vec<bool> = Booleans::new(Stream::plain(&bytes)).read(40).unwrap().iter().collect();
        for step in 1..=40 {
            let mut decoder = Booleans::new(Stream::plain(&bytes));
            let mut read = Vec::new();
            while read.len() < 40 {
                read.extend(decoder.read(step.min(40 - read.len())).unwrap().iter());
            }
            assert_eq!(read, all, "in steps of {step}");
            let mut decoder = Booleans::new(Stream::plain(&bytes));
            assert_eq!(decoder.skip(step).unwrap(), all[..step].iter().filter(|it| **it).count());
            assert_eq!(decoder.read(40 - step).unwrap().iter().collect::<Vec<_>>(), all[step..]);
        }
    }
}
