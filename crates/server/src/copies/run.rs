//! One run of an import.

use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt as _;
use opentrail_blob::{Listed, Reader, split_s3_uri};
use opentrail_catalog::{FailedEntry, FailureStatus, Import, ImportProgress, ImportStatus};
use opentrail_intake::import::Prepared;
use opentrail_journal::Origin;
use opentrail_model::{AccountId, EventDataStore, uuid_number};
use opentrail_stdx::Timestamp;
use tokio::runtime::Handle;

use super::files::{FILE_BYTES_MAX, failed, read};
use super::keys::{Wanted, folder};
use super::stop::Stop;
use super::{CopyError, CopyParts, reader};
use crate::appender::{Appender, BATCH_BYTES};

/// Files that are read before the catalog learns of them: at most so many,
const GROUP_FILES: usize = 64;
/// or so many bytes.
const GROUP_BYTES: u64 = 32 << 20;
/// Files of a group that are fetched at once.
const FETCHES_AT_ONCE: usize = 8;
/// How often a bucket is asked that can't answer at the moment.
const ASK_TRIES: u32 = 3;
const ASK_PAUSE: Duration = Duration::from_millis(300);
/// Failed files that are looked up at once.
const RETRIES_AT_ONCE: u32 = 256;

/// One run of an import.
pub(super) struct Run<'a> {
    parts: &'a CopyParts,
    stop: &'a Stop,
    import: Import,
    store: EventDataStore,
    reader: Reader,
    bucket: String,
    prefix: String,
}

/// Whether the run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    GoesOn,
    Ended,
}

/// A file that was fetched, or why it was not.
type Fetched = (String, Result<Bytes, FailedEntry>);

impl<'a> Run<'a> {
    pub(super) fn new(parts: &'a CopyParts, import: Import, store: EventDataStore, stop: &'a Stop) -> Self {
        let (bucket, prefix) = split_s3_uri(&import.location_uri).unwrap_or_default();
        let (bucket, prefix) = (bucket.to_owned(), prefix.to_owned());
        Self { parts, stop, reader: reader(&import), import, store, bucket, prefix }
    }

    /// Copies what is left, and notes the end.
    pub(super) async fn go(self) -> Result<(), CopyError> {
        if self.import.status == ImportStatus::Initializing {
            let mut transaction = self.parts.catalog.begin().await?;
            if !transaction.begin_import(self.import.this_run(), self.parts.clock.now()).await? {
                return Ok(());
            }
            // Commit point: it is in progress.
            transaction.commit().await?;
        }
        if self.retry().await? == Flow::Ended || self.go_through().await? == Flow::Ended {
            return Ok(());
        }
        let mut transaction = self.parts.catalog.begin().await?;
        transaction.end_import(self.import.this_run(), self.parts.clock.now()).await?;
        // Commit point: it has ended. A crash before leaves nothing to do but this.
        Ok(transaction.commit().await?)
    }

    /// Copies the files that failed before.
    async fn retry(&self) -> Result<Flow, CopyError> {
        let (number, mut after) = (self.import.number, 0);
        loop {
            let catalog = &self.parts.catalog;
            let failures = catalog.import_failures(number, after, Some(FailureStatus::Retry), RETRIES_AT_ONCE).await?;
            let Some(last) = failures.last() else { return Ok(Flow::GoesOn) };
            after = last.number;
            for failure in failures.into_iter().filter(|failure| !failure.is_prefix) {
                let mut progress = ImportProgress::default();
                match self.size(&failure.key).await {
                    Ok(file) => self.copy(vec![file], &mut progress).await?,
                    Err(failure) => progress.failed.push(failure),
                }
                if progress.failed.is_empty() {
                    progress.succeeded.push((failure.key, false));
                }
                if self.note(&progress).await? == Flow::Ended {
                    return Ok(Flow::Ended);
                }
            }
        }
    }

    /// A file that is there still, with its size.
    async fn size(&self, key: &str) -> Result<Listed, FailedEntry> {
        let listed = self.ask(|| self.parts.sources.list(&self.bucket, key, None, &self.reader)).await;
        let listed = listed.map_err(|error| failed(key, error.code, error.message))?;
        listed.into_iter().find(|file| file.key == key).ok_or_else(|| gone(key))
    }

    /// Copies the files that were not come to yet.
    async fn go_through(&self) -> Result<Flow, CopyError> {
        if self.import.is_listed {
            return Ok(Flow::GoesOn);
        }
        let wanted = Wanted::below(&self.prefix, self.import.from, self.import.to);
        let mut after = self.import.after_key.clone();
        let mut open = after.as_deref().map(|key| folder(key).to_owned());
        loop {
            let list = || self.parts.sources.list(&self.bucket, &self.prefix, after.as_deref(), &self.reader);
            let page = match self.ask(list).await {
                Ok(page) => page,
                Err(error) => return self.note(&unlisted(&self.prefix, error)).await,
            };
            let Some(last) = page.last() else { break };
            after = Some(last.key.clone());
            let files = page.into_iter().filter(|file| file.bytes > 0 && wanted.has(&file.key)).collect();
            for group in groups(files) {
                let mut progress = ImportProgress::default();
                for file in &group {
                    let folder = folder(&file.key);
                    if open.as_deref() != Some(folder) {
                        progress.prefixes_found += 1;
                        progress.prefixes_completed += u64::from(open.is_some());
                        open = Some(folder.to_owned());
                    }
                    progress.after_key = Some(file.key.clone());
                }
                self.copy(group, &mut progress).await?;
                if self.note(&progress).await? == Flow::Ended {
                    return Ok(Flow::Ended);
                }
            }
        }
        let prefixes_completed = u64::from(open.is_some());
        let succeeded = vec![(self.prefix.clone(), true)];
        self.note(&ImportProgress { is_listed: true, prefixes_completed, succeeded, ..ImportProgress::default() }).await
    }

    /// Brings the records of files to the journal, and adds what was done.
    async fn copy(&self, files: Vec<Listed>, progress: &mut ImportProgress) -> Result<(), CopyError> {
        let fetched = futures::stream::iter(files).map(|file| self.fetch(file)).buffered(FETCHES_AT_ONCE);
        let fetched: Vec<Fetched> = fetched.collect().await;
        let copying = Copying {
            appender: self.parts.appender.clone(),
            account: self.import.account.clone(),
            origin: Origin::Store(uuid_number(self.import.store.id()).expect("the ARN was parsed")),
            kept_since: self.store.kept_since(self.parts.clock.now()),
            runtime: Handle::current(),
        };
        let done = tokio::task::spawn_blocking(move || copying.copy(fetched)).await??;
        progress.files += done.files;
        progress.events += done.events;
        progress.failed.extend(done.failed);
        Ok(())
    }

    async fn fetch(&self, file: Listed) -> Fetched {
        let key = file.key;
        if file.bytes > FILE_BYTES_MAX {
            let message = format!("The file has {} bytes, more than {FILE_BYTES_MAX}; split it.", file.bytes);
            let failure = failed(&key, "FileTooLarge", message);
            return (key, Err(failure));
        }
        let fetched = match self.ask(|| self.parts.sources.get(&self.bucket, &key, &self.reader)).await {
            Ok(Some(object)) => Ok(object.body),
            Ok(None) => Err(gone(&key)),
            Err(error) => Err(failed(&key, error.code, error.message)),
        };
        (key, fetched)
    }

    /// Asks the bucket, again if it can't answer at the moment.
    async fn ask<T, F>(&self, question: impl Fn() -> F) -> Result<T, opentrail_blob::Error>
    where
        F: Future<Output = Result<T, opentrail_blob::Error>>,
    {
        let mut tries = 1;
        loop {
            match question().await {
                Err(error) if error.is_transient() && tries < ASK_TRIES => tries += 1,
                answer => return answer,
            }
            tokio::time::sleep(ASK_PAUSE).await;
        }
    }

    async fn note(&self, progress: &ImportProgress) -> Result<Flow, CopyError> {
        let mut transaction = self.parts.catalog.begin().await?;
        let is_heard =
            transaction.note_import_progress(self.import.this_run(), progress, self.parts.clock.now()).await?;
        if is_heard {
            // Commit point: these files are done. A crash before has them read again, to no effect.
            transaction.commit().await?;
        }
        Ok(if is_heard && !self.stop.is_told() { Flow::GoesOn } else { Flow::Ended })
    }
}

fn gone(key: &str) -> FailedEntry {
    failed(key, "NoSuchKey", "The file is not there any more.")
}

/// The prefix could not be listed.
fn unlisted(prefix: &str, error: opentrail_blob::Error) -> ImportProgress {
    let failure = FailedEntry { is_prefix: true, ..failed(prefix, error.code, error.message) };
    ImportProgress { failed: vec![failure], ..ImportProgress::default() }
}

/// Cuts files into groups.
fn groups(files: Vec<Listed>) -> Vec<Vec<Listed>> {
    let (mut groups, mut bytes): (Vec<Vec<Listed>>, u64) = (Vec::new(), 0);
    for file in files {
        bytes += file.bytes;
        match groups.last_mut() {
            Some(group) if group.len() < GROUP_FILES && bytes <= GROUP_BYTES => group.push(file),
            _ => {
                bytes = file.bytes;
                groups.push(vec![file]);
            }
        }
    }
    groups
}

/// What copies the records of a group.
struct Copying {
    appender: Appender,
    account: AccountId,
    origin: Origin,
    kept_since: Timestamp,
    runtime: Handle,
}

impl Copying {
    /// Blocks.
    fn copy(&self, fetched: Vec<Fetched>) -> Result<ImportProgress, CopyError> {
        let (mut done, mut batch, mut bytes) = (ImportProgress::default(), Vec::new(), 0);
        for (key, body) in fetched {
            let take = |record: Prepared| {
                bytes += record.text.len();
                batch.push(record);
                if bytes < BATCH_BYTES {
                    return Ok(());
                }
                bytes = 0;
                self.append(std::mem::take(&mut batch))
            };
            let outcome = match body {
                Ok(body) => read(&key, &body, self.kept_since, take)?,
                Err(failure) => Err(failure),
            };
            match outcome.and_then(|read| read.failure(&key).map_or(Ok(read.events), Err)) {
                Ok(events) => {
                    done.files += 1;
                    done.events += events;
                }
                Err(failure) => done.failed.push(failure),
            }
        }
        self.append(batch)?;
        Ok(done)
    }

    fn append(&self, records: Vec<Prepared>) -> Result<(), CopyError> {
        let end = self.runtime.block_on(self.appender.append(&self.account, self.origin, records))?;
        self.runtime.block_on(self.appender.keep_up(end)).map_err(|_| CopyError::Behind)
    }
}
