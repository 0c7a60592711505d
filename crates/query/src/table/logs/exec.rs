//! Reading the files of a listing: each thread takes the next one when it is done with its own.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use bytes::Bytes;
use datafusion::common::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use opentrail_blob::Listed;
use opentrail_trino::{ErrorClass, SqlError};
use tokio::sync::Mutex;

use super::listing::Listing;
use super::provider::Leaf;
use super::read::FileRows;
use super::{LogCounts, LogFiles};
use crate::function::into_datafusion;

/// Files that are fetched ahead of the one that is read.
const FETCHES: usize = 4;

/// The largest file, as it is stored. CloudTrail's are a few MB.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// One of those who share a listing.
#[derive(Debug, Clone)]
pub(super) struct LogPartition {
    files: Arc<LogFiles>,
    /// Held while a page is listed: nobody has anything to read before that.
    listing: Arc<Mutex<Listing>>,
    leaves: Arc<[Leaf]>,
    schema: SchemaRef,
    counts: LogCounts,
}

impl LogPartition {
    pub(super) fn new(
        files: Arc<LogFiles>,
        listing: Listing,
        leaves: Vec<Leaf>,
        schema: &SchemaRef,
        counts: LogCounts,
    ) -> Self {
        let listing = Arc::new(Mutex::new(listing));
        Self { files, listing, leaves: leaves.into(), schema: Arc::clone(schema), counts }
    }

    /// The files that are left, fetched, in the order in which they are listed.
    fn fetched(&self) -> BoxStream<'static, Result<(String, Bytes)>> {
        let listed = stream::try_unfold(Arc::clone(&self.listing), |listing| async move {
            let next = listing.lock().await.next().await?;
            Ok(next.map(|file| (file, listing)))
        });
        let partition = self.clone();
        listed.map_ok(move |file| partition.clone().fetch(file)).try_buffered(FETCHES).boxed()
    }

    async fn fetch(self, file: Listed) -> Result<(String, Bytes)> {
        let failed = |problem: String| {
            let message = format!("{}{} can't be read: {problem}", self.files.name, file.key);
            into_datafusion(SqlError::new(ErrorClass::FilesystemError, message))
        };
        if file.bytes > FILE_BYTES_MAX {
            return Err(failed(format!("it has {} bytes, and {FILE_BYTES_MAX} are the most", file.bytes)));
        }
        let object = self.files.place.get(&file.key).await.map_err(|error| failed(error.to_string()))?;
        let body = object.ok_or_else(|| failed("it is gone".to_owned()))?.body;
        self.counts.add_file(body.len() as u64);
        Ok((file.key, body))
    }
}

impl PartitionStream for LogPartition {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        let rows = FileRows::new(Arc::clone(&self.files), &self.leaves, &self.schema, self.counts.clone());
        let reading = Some((self.fetched(), rows));
        let batches = stream::try_unfold(reading, |reading| async {
            let Some((mut fetched, mut rows)) = reading else { return Ok(None) };
            loop {
                if !rows.has_file() {
                    match fetched.try_next().await? {
                        Some((key, body)) => rows.open(key, body),
                        None => return Ok(rows.finish().map(|batch| (batch, None))),
                    }
                }
                let batch: Option<RecordBatch>;
                // Unpacking and parsing take their time.
                (rows, batch) = tokio::task::spawn_blocking(move || rows.step())
                    .await
                    .map_err(|error| datafusion::common::DataFusionError::External(Box::new(error)))??;
                if let Some(batch) = batch {
                    return Ok(Some((batch, Some((fetched, rows)))));
                }
            }
        });
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), batches))
    }
}
