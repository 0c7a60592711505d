//! Stamps, prints and appends records.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use opentrail_catalog::Catalog;
use opentrail_journal::{AppendError, Category, Durable, Entry, Envelope, Health, Journal, Origin};
use opentrail_model::{AccountId, EventCategory, Record, Region};
use opentrail_stdx::{Clock, Entropy, Timestamp};
use parking_lot::RwLock;

use crate::import::Prepared;

/// Most Regions of one account. Each costs a digest an hour in every multi-Region trail, and callers name them freely.
pub const REGIONS_MAX: usize = 100;

/// Turns records into durable positions.
#[derive(Debug)]
pub struct Recorder {
    journal: Journal,
    catalog: Catalog,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    /// Scopes that the catalog knows already: a cache of what is there, never ahead of it.
    known: RwLock<HashSet<(String, String)>>,
    /// Held shared by each append until it is durable, and alone by a call whose record must be the next one.
    order: tokio::sync::RwLock<()>,
}

/// Records for event data stores of an account.
#[derive(Debug)]
pub struct Put {
    /// The owner of the stores.
    pub account: AccountId,
    /// Where the records came in.
    pub region: Region,
    /// What they are.
    pub category: Category,
    /// Each for the store whose UUID has that number, and for nothing else.
    pub records: Vec<(u128, Bytes)>,
}

/// Nobody else's record gets a position until this is dropped.
///
/// A call that ends logging says "from the journal's end on, but for my own record", which is true only if its own
/// record is the next: another's in between would push it out of the trail. Holders must not call
/// [`Recorder::record`], which would wait for them.
#[derive(Debug)]
pub struct Alone<'a> {
    recorder: &'a Recorder,
    _order: tokio::sync::RwLockWriteGuard<'a, ()>,
}

impl Alone<'_> {
    /// Like [`Recorder::record`], next in order.
    pub async fn record(self, records: Vec<Record>) -> Result<Durable<Range<u64>>, IntakeError> {
        let entries = self.recorder.entries(records).await?;
        Ok(self.recorder.journal.append(entries).await?)
    }
}

/// Why a record was not acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The record lacks what routes it; this is a bug of the caller.
    #[error("the record of `{event_name}` has no valid {missing}")]
    Incomplete {
        /// The record's event.
        event_name: String,
        /// What is missing.
        missing: &'static str,
    },
    /// The account would have a Region too many.
    #[error("account {account} uses {REGIONS_MAX} Regions already; `{region}` can't be one more")]
    TooManyRegions {
        /// The account.
        account: String,
        /// The Region that would be new.
        region: String,
    },
    /// The journal doesn't take records now.
    #[error("the journal has not taken records since {since}: {message}")]
    Failing {
        /// Since when.
        since: Timestamp,
        /// What the disk says.
        message: String,
    },
    /// The journal doesn't take it.
    #[error(transparent)]
    Journal(#[from] AppendError),
    /// The catalog doesn't take note of a new Region.
    #[error(transparent)]
    Catalog(#[from] opentrail_catalog::Error),
}

impl Recorder {
    /// A recorder that appends to `journal` and notes new Regions in `catalog`.
    pub fn new(journal: Journal, catalog: Catalog, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { journal, catalog, clock, entropy, known: RwLock::default(), order: tokio::sync::RwLock::default() }
    }

    /// Whether a record of this scope would be taken now. Callers ask before they change anything, so that an
    /// operation is refused, not done without a record, while the disk is full.
    pub async fn admit(&self, account: &AccountId, region: &Region) -> Result<(), IntakeError> {
        if let Health::Failing { since, message } = self.journal.health() {
            return Err(IntakeError::Failing { since, message });
        }
        self.note_scope(account, region).await
    }

    /// Gives each record a fresh `eventID` and appends all of them as one batch.
    pub async fn record(&self, records: Vec<Record>) -> Result<Durable<Range<u64>>, IntakeError> {
        let entries = self.entries(records).await?;
        let _order = self.order.read().await;
        Ok(self.journal.append(entries).await?)
    }

    /// Appends records that were recorded elsewhere for `account`, to where `origin` leads, in batches that the journal takes;
    /// returns the positions of the last batch, which is durable like all before it. After an error some batches may
    /// be kept: importing the same again makes up for the others and doubles none.
    ///
    /// Their Regions aren't noted: nothing happened there that a trail of ours would have to cover.
    pub async fn import(
        &self,
        account: &AccountId,
        origin: Origin,
        records: Vec<Prepared>,
    ) -> Result<Option<Durable<Range<u64>>>, IntakeError> {
        let mut last = None;
        for batch in batches(records) {
            let _order = self.order.read().await;
            let entries = batch.into_iter().map(|record| self.imported(account, origin, record)).collect();
            last = Some(self.journal.append(entries).await?);
        }
        Ok(last)
    }

    /// Appends records to event data stores and, where it is known by then, the record of the call that brought them, as one
    /// batch: all or none.
    pub async fn put(&self, put: Put, call: Option<Record>) -> Result<Durable<Range<u64>>, IntakeError> {
        let Put { account, region, category, records } = put;
        let arrived_at = self.clock.now();
        let entry = |(store, record)| {
            let (account, region, origin) = (account.to_string(), region.to_string(), Origin::Store(store));
            Entry { envelope: Envelope { account, region, category, origin, arrived_at }, record }
        };
        let call = self.entries(call.into_iter().collect()).await?;
        let entries = records.into_iter().map(entry).chain(call).collect();
        let _order = self.order.read().await;
        Ok(self.journal.append(entries).await?)
    }

    fn imported(&self, account: &AccountId, origin: Origin, record: Prepared) -> Entry {
        let Prepared { text, region, category, .. } = record;
        let (account, arrived_at) = (account.to_string(), self.clock.now());
        Entry { envelope: Envelope { account, region, category, origin, arrived_at }, record: text }
    }

    /// Waits until all records under way are durable, and keeps others from following.
    pub async fn alone(&self) -> Alone<'_> {
        Alone { _order: self.order.write().await, recorder: self }
    }

    async fn entries(&self, records: Vec<Record>) -> Result<Vec<Entry>, IntakeError> {
        let mut entries = Vec::with_capacity(records.len());
        for record in records {
            let envelope = self.envelope(&record).await?;
            let record = Record { event_id: self.entropy.uuid(), ..record };
            entries.push(Entry { envelope, record: Bytes::from(record.to_json()) });
        }
        Ok(entries)
    }

    async fn envelope(&self, record: &Record) -> Result<Envelope, IntakeError> {
        let incomplete = |missing| IntakeError::Incomplete { event_name: record.event_name.clone(), missing };
        let recipient = record.recipient_account_id.as_deref().unwrap_or_default();
        let account: AccountId = recipient.parse().map_err(|_| incomplete("recipientAccountId"))?;
        let region: Region = record.aws_region.parse().map_err(|_| incomplete("awsRegion"))?;
        let category = match record.event_category {
            EventCategory::Management => Category::Management,
            EventCategory::Data => Category::Data,
            EventCategory::NetworkActivity => Category::NetworkActivity,
            EventCategory::Insight => Category::Insight,
            EventCategory::ActivityAuditLog => Category::ActivityAuditLog,
            EventCategory::Aggregated | EventCategory::Other => return Err(incomplete("eventCategory")),
        };
        self.note_scope(&account, &region).await?;
        let (account, region) = (account.to_string(), region.to_string());
        Ok(Envelope { account, region, category, origin: Origin::Call, arrived_at: self.clock.now() })
    }

    /// A Region is covered by multi-Region trails from the moment of its first record, so the catalog learns of it
    /// before the journal does. A crash in between leaves a known Region without records, which harms nobody.
    async fn note_scope(&self, account: &AccountId, region: &Region) -> Result<(), IntakeError> {
        let scope = (account.to_string(), region.to_string());
        if self.known.read().contains(&scope) {
            return Ok(());
        }
        let seen = self.catalog.regions_seen(account).await?;
        if !seen.contains(region) {
            if seen.len() >= REGIONS_MAX {
                return Err(IntakeError::TooManyRegions { account: scope.0, region: scope.1 });
            }
            let mut transaction = self.catalog.begin().await?;
            transaction.note_region(account, region, self.clock.now()).await?;
            transaction.commit().await?;
        }
        self.known.write().insert(scope);
        Ok(())
    }
}

/// Bytes of records in one append of an import. Several imports at once must leave room in the journal's queue for
/// the records of calls.
const IMPORT_BATCH_BYTES: usize = 2 << 20;

/// Cuts records into appends.
fn batches(records: Vec<Prepared>) -> Vec<Vec<Prepared>> {
    let (mut batches, mut bytes) = (Vec::new(), usize::MAX);
    for record in records {
        if bytes.saturating_add(record.text.len()) > IMPORT_BATCH_BYTES {
            batches.push(Vec::new());
            bytes = 0;
        }
        bytes += record.text.len();
        if let Some(batch) = batches.last_mut() {
            batch.push(record);
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use opentrail_journal::{Options, Position};
    use opentrail_model::UserIdentity;
    use opentrail_stdx::{ManualClock, SeededEntropy, SystemDisk, Timestamp};
    use serde_json::Value;

    use super::*;

    async fn recorder(dir: &std::path::Path) -> Recorder {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(Timestamp::from_secs(1_789_319_538)));
        let journal = Journal::open(Arc::new(SystemDisk), dir.join("journal"), Options::default(), Arc::clone(&clock));
        let catalog = Catalog::open_in_memory(opentrail_catalog::Options::default()).await.expect("a catalog");
        Recorder::new(journal.expect("a journal"), catalog, clock, Arc::new(SeededEntropy::new(1)))
    }

    fn record(region: &str) -> Record {
        Record {
            user_identity: UserIdentity::service("test.amazonaws.com"),
            event_name: "GetTrail".to_owned(),
            aws_region: region.to_owned(),
            recipient_account_id: Some("123456789012".to_owned()),
            ..Record::default()
        }
    }

    #[tokio::test]
    async fn a_call_that_is_alone_gets_the_next_position() {
        let dir = tempfile::tempdir().expect("a folder");
        let recorder = Arc::new(recorder(dir.path()).await);
        for _ in 0..20 {
            let others: Vec<_> = (0..4)
                .map(|_| {
                    let recorder = Arc::clone(&recorder);
                    tokio::spawn(async move { recorder.record(vec![record("us-east-1")]).await.map(|_| ()) })
                })
                .collect();
            let alone = recorder.alone().await;
            let end = recorder.journal.end().0;
            tokio::task::yield_now().await;
            let durable = alone.record(vec![record("us-east-1")]).await.expect("recorded");
            assert_eq!(durable.into_inner(), end..end + 1);
            for other in others {
                other.await.expect("no panic").expect("recorded");
            }
        }
    }

    #[tokio::test]
    async fn records_are_stamped_and_durable() {
        let dir = tempfile::tempdir().expect("a folder");
        let recorder = recorder(dir.path()).await;
        let durable = recorder.record(vec![record("us-east-1"), record("eu-west-1")]).await.expect("recorded");
        assert_eq!(durable.into_inner(), 0..2);
        let read = recorder.journal.read(Position(0), 1 << 20).await.expect("readable");
        let ids: HashSet<String> = read
            .iter()
            .map(|(_, entry)| serde_json::from_slice::<Value>(&entry.record).expect("JSON"))
            .map(|record| record["eventID"].as_str().expect("an id").to_owned())
            .collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(read[1].1.envelope.region, "eu-west-1");
    }

    #[tokio::test]
    async fn a_region_is_known_from_its_first_record() {
        let dir = tempfile::tempdir().expect("a folder");
        let recorder = recorder(dir.path()).await;
        let _durable = recorder.record(vec![record("eu-west-1"), record("eu-west-1")]).await.expect("recorded");
        let account = "123456789012".parse().expect("valid");
        let seen = recorder.catalog.regions_seen(&account).await.expect("readable");
        assert_eq!(seen.iter().map(Region::as_str).collect::<Vec<_>>(), ["eu-west-1"]);
    }

    #[tokio::test]
    async fn regions_are_bounded() {
        let dir = tempfile::tempdir().expect("a folder");
        let recorder = recorder(dir.path()).await;
        for number in 0..REGIONS_MAX {
            let _durable = recorder.record(vec![record(&format!("region-{number}"))]).await.expect("recorded");
        }
        let error = recorder.record(vec![record("one-more")]).await.expect_err("refused");
        assert!(matches!(error, IntakeError::TooManyRegions { .. }), "{error}");
        let account = "123456789012".parse().expect("valid");
        let region = "one-more".parse().expect("valid");
        assert!(recorder.admit(&account, &region).await.is_err());
        let _durable = recorder.record(vec![record("region-7")]).await.expect("known Regions go on");
    }

    #[tokio::test]
    async fn imported_records_are_kept_as_they_are() {
        let dir = tempfile::tempdir().expect("a folder");
        let recorder = recorder(dir.path()).await;
        let account = "123456789012".parse().expect("valid");
        let text = format!(r#"{{"eventName":"GetTrail","awsRegion":"eu-west-1","x":"{}"}}"#, "y".repeat(700_000));
        let prepared = crate::import::prepare(Bytes::from(text.clone())).expect("a record");
        let durable = recorder
            .import(&account, Origin::Import, vec![prepared; 7])
            .await
            .expect("imported")
            .expect("the last batch");
        assert_eq!(durable.into_inner(), 6..7, "two in a batch");
        let read = recorder.journal.read(Position(0), 16 << 20).await.expect("readable");
        assert_eq!(read.len(), 7);
        for (_, entry) in read {
            assert_eq!(entry.record, text);
            assert_eq!((entry.envelope.origin, &*entry.envelope.region), (Origin::Import, "eu-west-1"));
        }
        assert!(recorder.catalog.regions_seen(&account).await.expect("readable").is_empty());
        assert!(recorder.import(&account, Origin::Import, Vec::new()).await.expect("nothing to do").is_none());
    }

    #[tokio::test]
    async fn what_is_put_comes_with_its_call() {
        let dir = tempfile::tempdir().expect("a folder");
        let recorder = recorder(dir.path()).await;
        let put = |call| {
            let (account, region) = ("123456789012".parse().expect("valid"), "us-east-1".parse().expect("valid"));
            let records = vec![(7, Bytes::from_static(b"{}")), (8, Bytes::from_static(b"{}"))];
            recorder.put(Put { account, region, category: Category::ActivityAuditLog, records }, Some(call))
        };
        let durable = put(record("us-east-1")).await.expect("recorded");
        assert_eq!(durable.into_inner(), 0..3);
        let read = recorder.journal.read(Position(0), 1 << 20).await.expect("readable");
        let origins: Vec<Origin> = read.iter().map(|(_, entry)| entry.envelope.origin).collect();
        assert_eq!(origins, [Origin::Store(7), Origin::Store(8), Origin::Call]);
        let lost = Record { recipient_account_id: None, ..record("us-east-1") };
        assert!(put(lost).await.is_err());
        assert_eq!(recorder.journal.end(), Position(3), "all or none");
    }

    #[tokio::test]
    async fn a_record_without_an_account_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let recorder = recorder(dir.path()).await;
        let lost = Record { recipient_account_id: None, ..record("us-east-1") };
        let error = recorder.record(vec![record("us-east-1"), lost]).await.expect_err("refused");
        assert_eq!(error.to_string(), "the record of `GetTrail` has no valid recipientAccountId");
        assert_eq!(recorder.journal.end(), Position(0), "all or none");
    }
}
