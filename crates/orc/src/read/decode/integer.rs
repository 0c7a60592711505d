//! Integers in either run-length encoding, in any steps.

use crate::Error;
use crate::read::decode::Positions;
use crate::read::decode::{rle_v1, rle_v2};
use crate::read::stream::Stream;

/// Which of the run-length encodings a column uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    One,
    Two,
}

/// Reads integers.
#[derive(Debug)]
pub(crate) struct Integers {
    stream: Stream,
    version: Version,
    is_signed: bool,
    /// The last run that was not used up at once.
    run: Box<[i64; rle_v2::RUN_MAX]>,
    /// What of the run is unread.
    from: usize,
    to: usize,
}

impl Integers {
    /// Signed integers are stored zigzag.
    pub(crate) fn new(stream: Stream, version: Version, is_signed: bool) -> Integers {
        Integers { stream, version, is_signed, run: Box::new([0; rle_v2::RUN_MAX]), from: 0, to: 0 }
    }

    /// The stream, for errors about its values.
    pub(crate) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Fills `out` with the next integers.
    pub(crate) fn read(&mut self, out: &mut [i64]) -> Result<(), Error> {
        let mut done = self.read_rest(out);
        while done < out.len() {
            if out.len() - done >= rle_v2::RUN_MAX {
                done += read_run(&mut self.stream, self.version, self.is_signed, &mut out[done..])?;
            } else {
                self.open_run()?;
                done += self.read_rest(&mut out[done..]);
            }
        }
        Ok(())
    }

    /// Appends the next `count` integers to `out`, which grows only as far as the stream has them.
    pub(crate) fn append(&mut self, count: usize, out: &mut Vec<i64>) -> Result<(), Error> {
        super::append(count, out, |values| self.read(values))
    }

    /// Leaves out the next `count` integers.
    pub(crate) fn skip(&mut self, mut count: usize) -> Result<(), Error> {
        while count > 0 {
            if self.from == self.to {
                self.open_run()?;
            }
            let step = count.min(self.to - self.from);
            self.from += step;
            count -= step;
        }
        Ok(())
    }

    /// Leaves out the next `count` integers, none of which may be negative, and says their sum.
    pub(crate) fn skip_sum(&mut self, mut count: usize) -> Result<u64, Error> {
        let mut sum = 0u64;
        while count > 0 {
            if self.from == self.to {
                self.open_run()?;
            }
            let step = count.min(self.to - self.from);
            for &value in &self.run[self.from..self.from + step] {
                let value = u64::try_from(value).map_err(|_| self.stream.corrupt(format!("a length of {value}")))?;
                sum = sum.saturating_add(value);
            }
            self.from += step;
            count -= step;
        }
        Ok(sum)
    }

    /// Goes to a row group's begin.
    pub(crate) fn seek(&mut self, positions: &mut Positions<'_>) -> Result<(), Error> {
        positions.seek(&mut self.stream)?;
        (self.from, self.to) = (0, 0);
        let consumed = positions.next(&self.stream)?;
        if consumed > rle_v2::RUN_MAX as u64 {
            return Err(self.stream.corrupt(format!("the row index points at integer {consumed} of a run")));
        }
        self.skip(consumed as usize)
    }

    /// Copies what is left of the run.
    fn read_rest(&mut self, out: &mut [i64]) -> usize {
        let length = out.len().min(self.to - self.from);
        out[..length].copy_from_slice(&self.run[self.from..self.from + length]);
        self.from += length;
        length
    }

    fn open_run(&mut self) -> Result<(), Error> {
        self.to = read_run(&mut self.stream, self.version, self.is_signed, &mut self.run[..])?;
        self.from = 0;
        Ok(())
    }
}

fn read_run(stream: &mut Stream, version: Version, is_signed: bool, out: &mut [i64]) -> Result<usize, Error> {
    match version {
        Version::One => rle_v1::read_run(stream, is_signed, out),
        Version::Two => rle_v2::read_run(stream, is_signed, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_steps_read_the_same_integers() {
        let bytes =
            [0x0a, 0x27, 0x10, 0xc0, 0x09, 0x00, 0x02, 0x5e, 0x03, 0x5c, 0xa1, 0xab, 0x1e, 0xde, 0xad, 0xbe, 0xef];
        let mut all = vec![0; 19];
        Integers::new(Stream::plain(&bytes), Version::Two, false).read(&mut all).unwrap();
        for step in 1..=19 {
            let mut decoder = Integers::new(Stream::plain(&bytes), Version::Two, false);
            let mut read = vec![0; 19];
            read.chunks_mut(step).for_each(|chunk| decoder.read(chunk).unwrap());
            assert_eq!(read, all, "in steps of {step}");
            let mut decoder = Integers::new(Stream::plain(&bytes), Version::Two, false);
            assert_eq!(decoder.skip_sum(step).unwrap(), all[..step].iter().sum::<i64>() as u64);
            let mut rest = Vec::new();
            decoder.append(19 - step, &mut rest).unwrap();
            assert_eq!(rest, all[step..]);
            assert!(decoder.skip(1).is_err());
        }
    }
}
