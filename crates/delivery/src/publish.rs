//! Publish: staged log files and signed digests into their buckets, again and again until they are there.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use opentrail_blob::{OnBehalf, PutOptions};
use opentrail_catalog::LogFile;
use opentrail_catalog::digest::Digest;
use opentrail_seal::digest::{
    BACKFILL_METADATA, SIGNATURE_ALGORITHM, SIGNATURE_ALGORITHM_METADATA, SIGNATURE_METADATA,
};
use opentrail_stdx::Timestamp;

use crate::{Delivery, Error, TickReport};

/// Log files and digests of one trail are tried, and put off, apart from each other: a policy may refuse only one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    LogFiles(i64),
    Digests(i64),
}

#[derive(Debug)]
enum Owed {
    LogFile(LogFile),
    Digest(Digest),
}

/// An object to be put.
#[derive(Debug)]
struct Job {
    lane: Lane,
    owed: Owed,
    body: Bytes,
}

impl Delivery {
    /// Puts all that is due, a bounded batch at a time. When a put fails, what else is due in its lane is put off, so
    /// that a broken bucket costs one batch and holds nobody up.
    pub(crate) async fn publish(&mut self, report: &mut TickReport) -> Result<(), Error> {
        let now = self.clock.now();
        loop {
            let batch = self.next_batch(now).await?;
            if batch.is_empty() {
                return Ok(());
            }
            let puts = batch.iter().map(|job| self.put(job));
            let answers = futures::future::join_all(puts).await;
            self.settle(now, &batch, answers, report).await?;
        }
    }

    /// The oldest due objects, an equal share from each lane.
    async fn next_batch(&self, now: Timestamp) -> Result<Vec<Job>, Error> {
        let with_log_files = self.catalog.trails_with_due_log_files(now).await?;
        let with_digests = self.catalog.trails_with_due_digests(now).await?;
        let lanes: Vec<Lane> =
            with_log_files.into_iter().map(Lane::LogFiles).chain(with_digests.into_iter().map(Lane::Digests)).collect();
        let share = self.options.uploads_max.div_ceil(lanes.len().max(1));
        let (mut jobs, mut bytes) = (Vec::new(), 0);
        for lane in lanes {
            for owed in self.due(lane, now, share).await? {
                if jobs.len() >= self.options.uploads_max || bytes >= self.options.upload_bytes_max {
                    return Ok(jobs);
                }
                let body = self.body(&owed).await?;
                bytes += body.len() as u64;
                jobs.push(Job { lane, owed, body });
            }
        }
        Ok(jobs)
    }

    async fn due(&self, lane: Lane, now: Timestamp, count_max: usize) -> Result<Vec<Owed>, Error> {
        let count_max = u32::try_from(count_max).unwrap_or(u32::MAX);
        Ok(match lane {
            Lane::LogFiles(trail_id) => {
                let due = self.catalog.due_log_files(trail_id, now, count_max).await?;
                due.into_iter().map(Owed::LogFile).collect()
            }
            Lane::Digests(trail_id) => {
                let due = self.catalog.due_digests(trail_id, now, count_max).await?;
                due.into_iter().map(Owed::Digest).collect()
            }
        })
    }

    async fn body(&self, owed: &Owed) -> Result<Bytes, Error> {
        match owed {
            Owed::Digest(digest) => Ok(Bytes::from(digest.body.clone())),
            Owed::LogFile(file) => {
                let (disk, path) = (Arc::clone(&self.disk), self.staging_dir.join(&file.staged_name));
                let read = tokio::task::spawn_blocking(move || disk.read(&path)).await?;
                read.map(Bytes::from).map_err(|source| self.staging_error("read a log file", source))
            }
        }
    }

    async fn put(&self, job: &Job) -> Result<(), opentrail_blob::Error> {
        let (bucket, key, options, on_behalf) = match &job.owed {
            Owed::LogFile(file) => (&file.bucket, &file.key, log_file_options(file), on_behalf_of_log_file(file)),
            Owed::Digest(digest) => (&digest.bucket, &digest.key, digest_options(digest), on_behalf_of_digest(digest)),
        };
        self.buckets.put(bucket, key, job.body.clone(), &options, &on_behalf).await
    }

    /// Notes in one transaction how a batch's puts ended.
    async fn settle(
        &mut self,
        now: Timestamp,
        batch: &[Job],
        answers: Vec<Result<(), opentrail_blob::Error>>,
        report: &mut TickReport,
    ) -> Result<(), Error> {
        let at = self.clock.now();
        let mut transaction = self.catalog.begin().await?;
        let mut put_off = BTreeSet::new();
        let mut failures = Vec::new();
        for (job, answer) in batch.iter().zip(answers) {
            match answer {
                Ok(()) => delivered(&mut transaction, &job.owed, at).await?,
                Err(error) => failures.push((job, error)),
            }
        }
        for (job, error) in &failures {
            report.puts_failed += 1;
            // The first failure puts its whole lane off; `now` is what made it due.
            let wait = self.options.backoff.delay(job.owed.attempts() + 1, &*self.entropy);
            let is_first = put_off.insert(job.lane);
            failed(&mut transaction, job, now, at.max(now).plus(wait), &error.code).await?;
            if is_first {
                job.owed.warn(error);
            }
        }
        // Commit point. A crash before this leaves objects in buckets that we don't know to be there: they are put again,
        // with the same keys and bytes. A crash after it leaves staged files that nobody needs; the next start removes
        // them.
        transaction.commit().await?;
        let delivered = batch.len() - failures.len();
        let failed: BTreeSet<&str> = failures.iter().filter_map(|(job, _)| job.owed.staged_name()).collect();
        let mut done = Vec::new();
        for job in batch {
            match job.owed.staged_name() {
                Some(name) if !failed.contains(name) => done.push(self.staging_dir.join(name)),
                _ => {}
            }
        }
        report.log_files_delivered += done.len() as u64;
        let failed_digests = failures.len() - failed.len();
        let digests = batch.iter().filter(|job| matches!(job.owed, Owed::Digest(_))).count();
        report.digests_delivered += (digests - failed_digests) as u64;
        debug_assert_eq!(delivered, done.len() + digests - failed_digests, "each put is counted once");
        self.remove_staged(done).await
    }

    async fn remove_staged(&mut self, done: Vec<std::path::PathBuf>) -> Result<(), Error> {
        let disk = Arc::clone(&self.disk);
        let removed =
            tokio::task::spawn_blocking(move || done.iter().map(|path| disk.remove(path)).collect::<Vec<_>>());
        if removed.await?.iter().any(Result::is_err) {
            // Space is wasted, nothing else is wrong: the next tick cleans up.
            self.staging_is_unclean();
        }
        Ok(())
    }
}

impl Owed {
    fn attempts(&self) -> u32 {
        match self {
            Self::LogFile(file) => file.attempts,
            Self::Digest(digest) => digest.attempts,
        }
    }

    fn staged_name(&self) -> Option<&str> {
        match self {
            Self::LogFile(file) => Some(&file.staged_name),
            Self::Digest(_) => None,
        }
    }

    fn warn(&self, error: &opentrail_blob::Error) {
        let (trail, bucket, key) = match self {
            Self::LogFile(file) => (&file.trail_arn, &file.bucket, &file.key),
            Self::Digest(digest) => (&digest.place.trail_arn, &digest.bucket, &digest.key),
        };
        let cause = error.source.as_ref().map(tracing::field::display);
        tracing::warn!(
            trail,
            bucket,
            key,
            code = &*error.code,
            cause,
            "a bucket refused a delivery: {}",
            error.message
        );
    }
}

async fn delivered(
    transaction: &mut opentrail_catalog::Transaction,
    owed: &Owed,
    at: Timestamp,
) -> Result<(), opentrail_catalog::Error> {
    match owed {
        Owed::LogFile(file) => {
            transaction.log_file_delivered(file.id, at).await?;
            transaction.note_delivery(file.trail_id, &file.region, at, None).await
        }
        Owed::Digest(digest) => {
            transaction.digest_delivered(digest.id).await?;
            transaction.note_digest_delivery(digest.trail_id, &digest.place.region, at, None).await
        }
    }
}

async fn failed(
    transaction: &mut opentrail_catalog::Transaction,
    job: &Job,
    due_by: Timestamp,
    next_attempt_at: Timestamp,
    code: &str,
) -> Result<(), opentrail_catalog::Error> {
    match &job.owed {
        Owed::LogFile(file) => {
            transaction.log_file_failed(file.id, file.trail_id, due_by, next_attempt_at).await?;
            transaction.note_delivery(file.trail_id, &file.region, due_by, Some(code)).await
        }
        Owed::Digest(digest) => {
            transaction.digest_failed(digest.id, digest.trail_id, due_by, next_attempt_at).await?;
            transaction.note_digest_delivery(digest.trail_id, &digest.place.region, due_by, Some(code)).await
        }
    }
}

fn log_file_options(file: &LogFile) -> PutOptions {
    PutOptions { kms_key_id: file.kms_key_id.clone(), ..PutOptions::gzipped_json() }
}

fn digest_options(digest: &Digest) -> PutOptions {
    let mut metadata = vec![
        (SIGNATURE_METADATA.to_owned(), digest.signature.clone()),
        (SIGNATURE_ALGORITHM_METADATA.to_owned(), SIGNATURE_ALGORITHM.to_owned()),
    ];
    if let Some(at) = digest.backfilled_at {
        metadata.push((BACKFILL_METADATA.to_owned(), at.iso_ms()));
    }
    PutOptions { metadata, kms_key_id: digest.kms_key_id.clone(), ..PutOptions::gzipped_json() }
}

fn on_behalf_of_log_file(file: &LogFile) -> OnBehalf {
    OnBehalf { trail_arn: file.trail_arn.clone(), account: file.account.clone(), region: file.region.clone() }
}

fn on_behalf_of_digest(digest: &Digest) -> OnBehalf {
    let place = &digest.place;
    OnBehalf { trail_arn: place.trail_arn.clone(), account: place.account.clone(), region: place.region.clone() }
}
