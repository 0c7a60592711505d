//! Reading a file batch by batch.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use crate::Error;
use crate::read::metadata::Metadata;
use crate::read::options::ReadOptions;
use crate::read::scan::{Scan, Step};
use crate::read::source::{ReadAt, read_ranges};

/// Reads the rows of a file as Arrow batches, in the order of the file.
///
/// A stripe's wanted streams are read at once, near ones together. After an error the iterator is at its end.
#[derive(Debug)]
pub struct Reader<R> {
    file: R,
    scan: Scan,
}

impl<R: ReadAt> Reader<R> {
    /// A reader of a file whose metadata was read.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] and [`Error::InvalidOption`] for options that don't fit the file.
    pub fn new(file: R, metadata: Metadata, options: ReadOptions) -> Result<Reader<R>, Error> {
        Ok(Reader { file, scan: Scan::new(metadata, options)? })
    }

    /// The schema of the batches.
    pub fn schema(&self) -> SchemaRef {
        SchemaRef::clone(self.scan.schema())
    }

    /// How many row groups were read so far. A stripe without row indexes counts as one.
    pub fn row_groups_read(&self) -> u64 {
        self.scan.counts().row_groups_read
    }

    /// How many row groups were left out so far because the predicate can't hold in them.
    pub fn row_groups_pruned(&self) -> u64 {
        self.scan.counts().row_groups_pruned
    }

    fn step(&mut self) -> Result<Option<RecordBatch>, Error> {
        let mut fetched = Vec::new();
        loop {
            match self.scan.step(std::mem::take(&mut fetched))? {
                Step::Fetch(ranges) => fetched = read_ranges(&self.file, &ranges)?,
                Step::Batch(batch) => return Ok(Some(batch)),
                Step::End => return Ok(None),
            }
        }
    }
}

impl<R: ReadAt> Iterator for Reader<R> {
    type Item = Result<RecordBatch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.step();
        if next.is_err() {
            self.scan.stop();
        }
        next.transpose()
    }
}
