//! Reading from object stores.
//!
//! What a stripe needs is fetched by few requests at once: near streams together, long ones side by side. Then it is
//! decoded as from a disk. Needs no runtime of its own: whoever polls does the decoding, about a millisecond for a batch.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # futures::executor::block_on(async {
//! use std::sync::Arc;
//!
//! use object_store::{ObjectStore, ObjectStoreExt, memory::InMemory, path::Path};
//! use opentrail_orc::ReadOptions;
//! use opentrail_orc::object_store::{AsyncReader, read_metadata};
//! # let field = arrow_schema::Field::new("a", arrow_schema::DataType::Int64, true);
//! # let schema = Arc::new(arrow_schema::Schema::new(vec![field]));
//! # let (file, _) = opentrail_orc::Writer::new(Vec::new(), schema, Default::default())?.finish()?;
//!
//! let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
//! let path = Path::from("day/1.orc");
//! # store.put(&path, file.into()).await?;
//! let metadata = read_metadata(&store, &path).await?;
//! let mut reader = AsyncReader::new(store, path, metadata, ReadOptions::default())?;
//! while let Some(batch) = reader.next().await {
//!     println!("{} rows", batch?.num_rows());
//! }
//! # Ok(())
//! # })
//! # }
//! ```

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use ::object_store::path::Path;
use ::object_store::{ObjectStore, ObjectStoreExt};
use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_schema::SchemaRef;
use futures::stream::{self, Stream, StreamExt, TryStreamExt};

use crate::read::metadata::{TAIL_BYTES, Tail};
use crate::read::scan::{Scan, Step};
use crate::read::source::{coalesce, cut};
use crate::{Error, Metadata, ReadOptions};

/// Ranges nearer than this are one request: another would take longer than the bytes between.
const GAP_BYTES_MAX: u64 = 1024 * 1024;
/// No request is longer than this, unless one stream is: several side by side are faster than one.
const REQUEST_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// How many requests are under way at once.
const REQUESTS_MAX: usize = 16;

/// Reads the metadata of an object, by two or three requests.
///
/// # Errors
///
/// As [`Metadata::read`]; what the store says is the source of an [`Error::Io`].
pub async fn read_metadata(store: &dyn ObjectStore, path: &Path) -> Result<Metadata, Error> {
    let bytes = store.head(path).await.map_err(|error| failed("read the length", path, error))?.size;
    let mut wanted = bytes.min(TAIL_BYTES);
    loop {
        let tail = get(store, path, bytes - wanted..bytes).await?;
        match Metadata::of_tail(bytes, &tail)? {
            Tail::Whole(metadata) => return Ok(metadata),
            Tail::Needs(more) if more > wanted => wanted = more,
            Tail::Needs(_) => return Err(Error::corrupt("postscript", "it asks for ever more bytes")),
        }
    }
}

/// Reads the rows of an object as Arrow batches, in the order of the file.
pub struct AsyncReader {
    store: Arc<dyn ObjectStore>,
    path: Path,
    scan: Scan,
}

impl fmt::Debug for AsyncReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncReader").field("store", &self.store).field("path", &self.path).finish_non_exhaustive()
    }
}

impl AsyncReader {
    /// A reader of an object whose metadata was read.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownColumn`] and [`Error::InvalidOption`] for options that don't fit the file.
    pub fn new(
        store: Arc<dyn ObjectStore>,
        path: Path,
        metadata: Metadata,
        options: ReadOptions,
    ) -> Result<Self, Error> {
        Ok(Self { store, path, scan: Scan::new(metadata, options)? })
    }

    /// The schema of the batches.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(self.scan.schema())
    }

    /// How many row groups were read so far, as in [`Reader::row_groups_read`](crate::Reader::row_groups_read).
    pub fn row_groups_read(&self) -> u64 {
        self.scan.counts().row_groups_read
    }

    /// How many row groups were left out so far, as in [`Reader::row_groups_pruned`](crate::Reader::row_groups_pruned).
    pub fn row_groups_pruned(&self) -> u64 {
        self.scan.counts().row_groups_pruned
    }

    /// The next batch; nothing at the end, and after an error.
    ///
    /// When the future is dropped before it is ready, the reader is at its end.
    pub async fn next(&mut self) -> Option<Result<RecordBatch, Error>> {
        let next = self.step().await;
        if next.is_err() {
            self.scan.stop();
        }
        next.transpose()
    }

    /// The batches as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Result<RecordBatch, Error>> + Send {
        stream::unfold(self, |mut reader| async move { reader.next().await.map(|batch| (batch, reader)) })
    }

    async fn step(&mut self) -> Result<Option<RecordBatch>, Error> {
        let mut fetched = Vec::new();
        loop {
            match self.scan.step(std::mem::take(&mut fetched))? {
                Step::Fetch(ranges) => {
                    // Without its bytes the scan can't go on: what is dropped here must not be polled again as if
                    // nothing had been asked for.
                    let mut scan = Unfinished(&mut self.scan, false);
                    fetched = get_ranges(&*self.store, &self.path, &ranges).await?;
                    scan.1 = true;
                }
                Step::Batch(batch) => return Ok(Some(batch)),
                Step::End => return Ok(None),
            }
        }
    }
}

/// Stops the scan unless its bytes came.
struct Unfinished<'a>(&'a mut Scan, bool);

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if !self.1 {
            self.0.stop();
        }
    }
}

/// Fetches ranges, near ones at once and several requests side by side, in the order asked for.
async fn get_ranges(store: &dyn ObjectStore, path: &Path, ranges: &[Range<u64>]) -> Result<Vec<Buffer>, Error> {
    let requests = coalesce(ranges, GAP_BYTES_MAX, REQUEST_BYTES_MAX).into_iter().map(|together| async move {
        let bytes = get(store, path, together.whole.clone()).await?;
        Ok::<_, Error>((together, bytes))
    });
    // The requests must be values of one type before they are driven: a closure over borrowed ranges is not general
    // enough.
    let requests: Vec<_> = requests.collect();
    let read: Vec<_> = stream::iter(requests).buffer_unordered(REQUESTS_MAX).try_collect().await?;
    Ok(cut(ranges, read))
}

async fn get(store: &dyn ObjectStore, path: &Path, range: Range<u64>) -> Result<Buffer, Error> {
    if range.is_empty() {
        return Ok(Buffer::default());
    }
    let action = format!("read {} bytes at {}", range.end - range.start, range.start);
    let wanted = range.end - range.start;
    let bytes = store.get_range(path, range).await.map_err(|error| failed(&action, path, error))?;
    if bytes.len() as u64 != wanted {
        return Err(Error::io(format!("{action} of `{path}`"), io::ErrorKind::UnexpectedEof.into()));
    }
    Ok(bytes.into())
}

fn failed(action: &str, path: &Path, error: ::object_store::Error) -> Error {
    Error::io(format!("{action} of `{path}`"), io::Error::other(error))
}
