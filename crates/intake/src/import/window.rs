//! The part of a file that is in memory.

use std::io::Read;

use super::input::{Input, mark_bytes};

/// How many bytes are added at once. A damaged packing costs what was unpacked last, so not too many.
const FILL_BYTES: usize = 32 * 1024;

/// A stretch of a file, from what isn't done with to what was read last.
#[derive(Debug)]
pub(super) struct Window<R> {
    input: Input<R>,
    bytes: Vec<u8>,
    /// Where the rest begins in `bytes`.
    start: usize,
    /// Where the rest begins in the uncompressed file.
    offset: u64,
    is_new: bool,
    /// The input has ended, well or badly.
    end: Option<Result<(), String>>,
}

impl<R: Read> Window<R> {
    pub(super) fn new(file: R) -> Self {
        Self { input: Input::new(file), bytes: Vec::new(), start: 0, offset: 0, is_new: true, end: None }
    }

    /// What was read and isn't done with.
    pub(super) fn rest(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// Where the rest begins, in bytes of the uncompressed file.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Is done with the first `count` bytes of the rest.
    pub(super) fn consume(&mut self, count: usize) {
        self.start += count;
        self.offset += count as u64;
    }

    /// Adds to the rest; false when there is no more.
    pub(super) fn fill(&mut self) -> bool {
        if self.end.is_some() {
            return false;
        }
        // Moved rarely: only when at least as much is done with as there is left.
        if self.start >= self.bytes.len() - self.start {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        let (before, wanted) = (self.bytes.len(), if self.is_new { FILL_BYTES } else { 1 });
        self.bytes.resize(before + FILL_BYTES, 0);
        let mut filled = before;
        while filled < before + wanted && self.end.is_none() {
            match self.input.read(&mut self.bytes[filled..]) {
                Ok(0) => self.end = Some(Ok(())),
                Ok(count) => filled += count,
                Err(problem) => self.end = Some(Err(problem)),
            }
        }
        self.bytes.truncate(filled);
        if std::mem::take(&mut self.is_new) {
            self.consume(mark_bytes(&self.bytes));
        }
        filled > before
    }

    /// What is wrong with the file's end, once; asked when there is no more.
    pub(super) fn take_problem(&mut self) -> Option<String> {
        match self.end.replace(Ok(())) {
            Some(Err(problem)) => Some(problem),
            _ => None,
        }
    }
}
