//! The files that a query wants, one after the other, as the listing finds them.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, StringArray};
use arrow_schema::SchemaRef;
use datafusion::common::Result;
use datafusion::common::cast::as_boolean_array;
use datafusion::physical_expr::PhysicalExpr;
use opentrail_blob::Listed;

use super::key::LogKey;
use super::range::KeyRange;
use super::{LogCounts, LogFiles};
use crate::function::into_datafusion;

/// What a query wants of the files by their keys alone.
#[derive(Debug)]
pub(super) struct Wanted {
    /// What the listing steps over.
    pub(super) range: KeyRange,
    /// What every file is held against; over columns of keys.
    pub(super) conditions: Vec<Arc<dyn PhysicalExpr>>,
    /// Of these columns, by their number in [`KEY_COLUMNS`](super::key::COLUMNS).
    pub(super) columns: Vec<usize>,
    /// And as the conditions know them.
    pub(super) schema: SchemaRef,
}

/// A listing under way.
#[derive(Debug)]
pub(super) struct Listing {
    files: Arc<LogFiles>,
    wanted: Wanted,
    counts: LogCounts,
    /// Found and not handed out.
    found: VecDeque<Listed>,
    /// Where the next page begins.
    after: Option<String>,
    is_end: bool,
}

impl Listing {
    pub(super) fn new(files: Arc<LogFiles>, wanted: Wanted, counts: LogCounts) -> Self {
        Self { files, wanted, counts, found: VecDeque::new(), after: None, is_end: false }
    }

    /// The next file that is wanted.
    pub(super) async fn next(&mut self) -> Result<Option<Listed>> {
        while self.found.is_empty() && !self.is_end {
            self.counts.add_listing();
            let page = self.files.list(self.after.as_deref()).await.map_err(into_datafusion)?;
            self.take(page)?;
        }
        Ok(self.found.pop_front())
    }

    fn take(&mut self, page: Vec<Listed>) -> Result<()> {
        let Some(last) = page.last().map(|last| last.key.clone()) else {
            self.is_end = true;
            return Ok(());
        };
        let mut after = String::new();
        let mut files = Vec::new();
        for file in page {
            // Stepped over with a folder.
            if file.key < after {
                continue;
            }
            match self.wanted.range.step_over(&file.key, &LogKey::parse(&file.key)) {
                Some(beyond) => after = beyond,
                None if file.bytes > 0 && (self.files.is_log_file)(&file.key) => files.push(file),
                None => {}
            }
        }
        self.found.extend(self.kept(files)?);
        self.after = Some(after.max(last));
        Ok(())
    }

    /// The files that all conditions hold for.
    fn kept(&self, files: Vec<Listed>) -> Result<Vec<Listed>> {
        if self.wanted.conditions.is_empty() || files.is_empty() {
            return Ok(files);
        }
        let values: Vec<_> = files.iter().map(|file| self.files.values(&file.key)).collect();
        let column = |number: &usize| -> ArrayRef {
            Arc::new(values.iter().map(|values| values[*number].as_deref()).collect::<StringArray>())
        };
        let columns = self.wanted.columns.iter().map(column).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(files.len()));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.wanted.schema), columns, &options)?;
        let mut kept = vec![true; files.len()];
        for condition in &self.wanted.conditions {
            let holds = condition.evaluate(&batch)?.into_array(files.len())?;
            let holds = as_boolean_array(&holds)?.iter();
            kept.iter_mut().zip(holds).for_each(|(kept, holds)| *kept &= holds == Some(true));
        }
        Ok(files.into_iter().zip(kept).filter_map(|(file, is_kept)| is_kept.then_some(file)).collect())
    }
}
