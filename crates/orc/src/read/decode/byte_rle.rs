//! Byte run-length encoding: of tinyints, of union tags, and below booleans.

use crate::Error;
use crate::read::decode::Positions;
use crate::read::stream::Stream;

/// Reads bytes that are stored as runs and literals.
#[derive(Debug)]
pub(crate) struct Bytes {
    stream: Stream,
    run: Run,
    /// How many bytes of the run are left.
    left: usize,
}

#[derive(Debug, Clone, Copy)]
enum Run {
    /// The same byte again and again.
    Repeat(u8),
    /// Bytes one by one in the stream.
    Literals,
}

impl Bytes {
    pub(crate) fn new(stream: Stream) -> Bytes {
        Bytes { stream, run: Run::Literals, left: 0 }
    }

    /// The stream, for errors about its values.
    pub(crate) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Fills `out` with the next bytes.
    pub(crate) fn read(&mut self, mut out: &mut [u8]) -> Result<(), Error> {
        while !out.is_empty() {
            self.open_run()?;
            let length = self.left.min(out.len());
            let (now, later) = out.split_at_mut(length);
            match self.run {
                Run::Repeat(byte) => now.fill(byte),
                Run::Literals => now.copy_from_slice(self.stream.take(length)?),
            }
            self.left -= length;
            out = later;
        }
        Ok(())
    }

    /// Appends the next `count` bytes to `out`, which grows only as far as the stream has them.
    pub(crate) fn append(&mut self, count: usize, out: &mut Vec<u8>) -> Result<(), Error> {
        super::append(count, out, |values| self.read(values))
    }

    /// Leaves out the next `count` bytes.
    pub(crate) fn skip(&mut self, mut count: usize) -> Result<(), Error> {
        while count > 0 {
            self.open_run()?;
            let length = self.left.min(count);
            if let Run::Literals = self.run {
                self.stream.take(length)?;
            }
            self.left -= length;
            count -= length;
        }
        Ok(())
    }

    /// Goes to a row group's begin.
    pub(crate) fn seek(&mut self, positions: &mut Positions<'_>) -> Result<(), Error> {
        positions.seek(&mut self.stream)?;
        self.left = 0;
        let consumed = positions.next(&self.stream)?;
        if consumed > 130 {
            return Err(self.stream.corrupt(format!("the row index points at byte {consumed} of a run")));
        }
        self.skip(consumed as usize)
    }

    fn open_run(&mut self) -> Result<(), Error> {
        if self.left > 0 {
            return Ok(());
        }
        let control = self.stream.byte()?;
        if control < 0x80 {
            self.left = usize::from(control) + 3;
            self.run = Run::Repeat(self.stream.byte()?);
        } else {
            self.left = 0x100 - usize::from(control);
            self.run = Run::Literals;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], count: usize) -> Vec<u8> {
        let mut out = vec![0xee; count];
        Bytes::new(Stream::plain(bytes)).read(&mut out).unwrap();
        out
    }

    #[test]
    fn the_examples_of_the_specification_read() {
        assert_eq!(read(&[0x61, 0x00], 100), [0; 100]);
        assert_eq!(read(&[0xfe, 0x44, 0x45], 2), [0x44, 0x45]);
    }

    #[test]
    fn skipping_equals_reading() {
        let bytes = [0x02, 7, 0xfd, 1, 2, 3, 0x00, 9, 0xff, 4];
        let all = read(&bytes, 12);
        for from in 0..=12 {
            let mut decoder = Bytes::new(Stream::plain(&bytes));
            decoder.skip(from).unwrap();
            let mut rest = vec![0; 12 - from];
            decoder.read(&mut rest).unwrap();
            assert_eq!(rest, all[from..], "from {from}");
        }
        assert!(Bytes::new(Stream::plain(&bytes)).skip(13).is_err());
    }
}
