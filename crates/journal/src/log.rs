//! The synchronous core.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use opentrail_stdx::{Clock, Disk};

use crate::{AppendError, Durable, Entry, OpenError, Options, Position, ReadError, TrimError};

/// The journal without threads: one owner, every call blocks on the disk.
#[derive(Debug)]
pub struct Log {}

impl Log {
    /// Opens the journal in `dir`, making it when there is none.
    pub fn open(
        _disk: Arc<dyn Disk>,
        _dir: PathBuf,
        _options: Options,
        _clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenError> {
        unimplemented!()
    }

    /// Appends `entries` as one batch, all or none, and returns their positions once they are on the disk.
    pub fn append(&mut self, _entries: &[Entry]) -> Result<Durable<Range<u64>>, AppendError> {
        unimplemented!()
    }

    /// The position after the last durable record.
    pub fn end(&self) -> Position {
        unimplemented!()
    }

    /// The first position that can be read.
    pub fn start(&self) -> Position {
        unimplemented!()
    }

    /// Reads durable records from `from` on: at least one when there is one, then up to about `bytes_max` bytes.
    pub fn read(&self, _from: Position, _bytes_max: usize) -> Result<Vec<(Position, Entry)>, ReadError> {
        unimplemented!()
    }

    /// Forgets whole segments that lie before `before`.
    pub fn trim(&mut self, _before: Position) -> Result<(), TrimError> {
        unimplemented!()
    }
}
