//! What to read of a file.

use std::ops::Range;

use arrow_schema::{DataType, TimeUnit};

use crate::read::predicate::Predicate;
use crate::{ColumnPath, Error};

/// What to read of a file, and how.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The columns to read, nothing for all. A path into a struct reads only that part of it; columns come in the
    /// order of the file.
    pub projection: Option<Vec<ColumnPath>>,
    /// Text columns to give as dictionaries ([`text_dictionary`]), each of them and all text below it, but not inside
    /// lists, maps and unions. Where a stripe has a dictionary, batches share its values; where it has none, each batch has
    /// its own, in which values may repeat.
    pub dictionaries: Vec<ColumnPath>,
    /// Which rows are wanted, nothing for all.
    pub predicate: Option<Predicate>,
    /// Whether exactly the rows are read for which the predicate is true. Its columns are then read first, and the
    /// others only where they are needed. Otherwise the predicate only leaves out stripes and row groups that have no
    /// such row.
    pub exact: bool,
    /// The most rows of a batch.
    pub batch_rows: usize,
    /// The stripes to read, nothing for all.
    pub stripes: Option<Range<usize>>,
    /// The unit of timestamps. The file has nanoseconds; in 64 bits those reach from 1677 to 2262.
    pub timestamps: TimeUnit,
    /// The most bytes that the arrays of a batch may take. Guards against files whose few bytes stand for gigabytes.
    pub memory_bytes: usize,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions {
            projection: None,
            dictionaries: Vec::new(),
            predicate: None,
            exact: false,
            batch_rows: 8192,
            stripes: None,
            timestamps: TimeUnit::Nanosecond,
            memory_bytes: 1 << 30,
        }
    }
}

impl ReadOptions {
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.batch_rows == 0 {
            return Err(Error::InvalidOption {
                option: "batch_rows",
                problem: "a batch needs a row at least".to_owned(),
            });
        }
        Ok(())
    }
}

/// The type of text columns that are given as dictionaries.
pub fn text_dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8))
}
