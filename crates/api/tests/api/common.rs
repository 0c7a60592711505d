//! A service on a catalog in memory, with buckets that do as they are told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use opentrail_api::{Api, Caller, Copies, History, JournalEnd, Queries, ResultPage, StatementRefused};
use opentrail_blob::{Buckets, Error, OnBehalf, PutOptions};
use opentrail_catalog::{Catalog, Options};
use opentrail_lake::{Found, Lookup, Page, Place};
use opentrail_model::filter::Terms;
use opentrail_model::{AccountId, Principal, PrincipalKind, View};
use opentrail_stdx::{ManualClock, SeededEntropy, Timestamp};
use opentrail_wire::Operation;
use parking_lot::Mutex;
use serde_json::{Value, json};

/// The account of all tests.
pub(crate) const ACCOUNT: &str = "111122223333";
/// The Region where trails are at home.
pub(crate) const HOME: &str = "us-east-1";
/// Another Region.
pub(crate) const ABROAD: &str = "eu-west-1";

/// Buckets that remember what was written. The name decides: `missing…`, `no-acl…`, `no-put…`, `no-digest…`,
/// `down…`; all others exist and allow everything.
#[derive(Debug, Default)]
pub(crate) struct FakeBuckets {
    /// Bucket and key of each object written, with the trail on whose behalf.
    pub(crate) written: Mutex<Vec<String>>,
}

fn missing(bucket: &str) -> Result<(), Error> {
    match bucket {
        _ if bucket.starts_with("missing") => Err(Error::no_such_bucket(bucket)),
        _ if bucket.starts_with("down") => Err(Error::unavailable("no route")),
        _ => Ok(()),
    }
}

#[async_trait]
impl Buckets for FakeBuckets {
    async fn get_acl(&self, bucket: &str, _: &OnBehalf) -> Result<(), Error> {
        missing(bucket)?;
        if bucket.starts_with("no-acl") { Err(Error::access_denied("no")) } else { Ok(()) }
    }

    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Bytes,
        options: &PutOptions,
        on_behalf: &OnBehalf,
    ) -> Result<(), Error> {
        missing(bucket)?;
        let refuses = bucket.starts_with("no-put")
            || (bucket.starts_with("no-digest") && key.contains("CloudTrail-Digest"))
            || (bucket.starts_with("no-insight") && key.contains("CloudTrail-Insight"));
        if refuses {
            return Err(Error::access_denied("no"));
        }
        assert!(body.is_empty() && *options == PutOptions::gzipped_json());
        let OnBehalf { trail_arn, account, region } = on_behalf;
        assert!(trail_arn.starts_with(&format!("arn:aws:cloudtrail:{region}:{account}:trail/")), "{on_behalf:?}");
        self.written.lock().push(format!("{bucket} {key}"));
        Ok(())
    }
}

/// A journal that ends where it is told to.
#[derive(Debug, Default)]
pub(crate) struct FakeJournal(pub AtomicU64);

impl JournalEnd for FakeJournal {
    fn end(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A history that is a list, and answers by looking at each of its records. It may be told to fail.
#[derive(Debug, Default)]
pub(crate) struct FakeHistory {
    records: Mutex<Vec<(String, Found)>>,
    pub(crate) is_broken: AtomicBool,
}

impl FakeHistory {
    /// Adds a record to the history of an account; its position is its number.
    pub(crate) fn add(&self, account: &str, record: &str) {
        let mut records = self.records.lock();
        let time = View::parse(record.as_bytes()).ok().and_then(|view| view.instant()).expect("has a time");
        let place = Place { time, position: records.len() as u64 };
        let found = Found { place, record: Bytes::copy_from_slice(record.as_bytes()) };
        records.push((account.to_owned(), found));
        records.sort_by_key(|(_, found)| std::cmp::Reverse(found.place));
    }
}

#[async_trait]
impl History for FakeHistory {
    async fn lookup(&self, account: &AccountId, lookup: Lookup) -> Result<Page, opentrail_lake::Error> {
        if self.is_broken.load(Ordering::SeqCst) {
            return Err(opentrail_lake::Error::Suspect { name: "gone".to_owned() });
        }
        let records = self.records.lock();
        let matches = |found: &Found| {
            let view = View::parse(&found.record).expect("a record");
            let (time, terms) = (found.place.time, Terms::of(&view));
            lookup.from.is_none_or(|from| time >= from)
                && lookup.to.is_none_or(|to| time <= to)
                && lookup.after.is_none_or(|after| found.place < after)
                && lookup.filter.matches(&terms)
        };
        let own = records.iter().filter(|(owner, _)| owner == account.as_str()).map(|(_, found)| found);
        let mut matching = own.filter(|found| matches(found)).cloned();
        let events: Vec<Found> = matching.by_ref().take(lookup.limit).collect();
        let next = matching.next().and_then(|_| events.last()).map(|last| last.place);
        Ok(Page { events, next })
    }
}

/// Queries that end when the test says so. Statements are checked for the tables in them only.
#[derive(Debug, Default)]
pub(crate) struct FakeQueries {
    pub(crate) begun: Mutex<Vec<opentrail_catalog::Query>>,
    pub(crate) cancelled: Mutex<Vec<String>>,
    pub(crate) rows: Mutex<Vec<Vec<Option<String>>>>,
    /// What no statement may have in it.
    pub(crate) refused: Mutex<Option<String>>,
    /// The ids of stores that other engines have a definition of.
    pub(crate) defined: Mutex<Vec<String>>,
}

#[async_trait]
impl Queries for FakeQueries {
    async fn check(
        &self,
        statement: &str,
        stores: &[opentrail_model::EventDataStore],
        _: &Caller,
    ) -> Result<(), StatementRefused> {
        let invalid = |message: &str| Err(StatementRefused::Invalid(message.to_owned()));
        let names = statement.split("FROM ").skip(1).map(|rest| rest.split_whitespace().next().unwrap_or_default());
        let names: Vec<&str> = names.map(|name| name.trim_end_matches(')')).collect();
        let is_refused = self.refused.lock().as_ref().is_some_and(|word| statement.contains(word));
        if names.is_empty() && !statement.starts_with("SELECT ") || is_refused {
            return invalid("line 1:1: no");
        }
        for name in names {
            if !stores.iter().any(|store| store.arn.to_string().ends_with(name)) {
                let message = format!("Table '{name}' does not exist");
                return Err(StatementRefused::UnknownTable { name: name.to_owned(), message });
            }
        }
        Ok(())
    }

    fn begin(&self, query: opentrail_catalog::Query, _: &Caller) {
        self.begun.lock().push(query);
    }

    fn cancel(&self, id: &str) {
        self.cancelled.lock().push(id.to_owned());
    }

    fn cost(&self, _: &str) -> Option<opentrail_catalog::QueryCost> {
        Some(opentrail_catalog::QueryCost { events_matched: 1, events_scanned: 2, bytes_scanned: 3, execution_ms: 4 })
    }

    async fn rows(&self, _: &str, first: u64, count: usize) -> std::io::Result<ResultPage> {
        let all = self.rows.lock();
        let rows: Vec<_> = all.iter().skip(usize::try_from(first).expect("small")).take(count).cloned().collect();
        let is_end = usize::try_from(first).expect("small") + rows.len() >= all.len();
        Ok(ResultPage { columns: vec!["a".to_owned(), "a".to_owned()], rows, is_end })
    }

    async fn define(
        &self,
        store: &opentrail_model::EventDataStore,
        is_federated: bool,
    ) -> Result<(), opentrail_lake::Error> {
        let mut defined = self.defined.lock();
        defined.retain(|id| id != store.arn.id());
        defined.extend(is_federated.then(|| store.arn.id().to_owned()));
        Ok(())
    }
}

/// Imports that end when the test says so. Their sources are as [`FakeBuckets`] are, by the bucket's name.
#[derive(Debug, Default)]
pub(crate) struct FakeCopies {
    pub(crate) begun: Mutex<Vec<(String, i64)>>,
    pub(crate) stopped: Mutex<Vec<String>>,
}

#[async_trait]
impl Copies for FakeCopies {
    async fn check(&self, import: &opentrail_catalog::Import) -> Result<(), Error> {
        let (bucket, _) = opentrail_blob::split_s3_uri(&import.location_uri).expect("checked before");
        missing(bucket)?;
        if bucket.starts_with("no-list") { Err(Error::access_denied("no")) } else { Ok(()) }
    }

    fn begin(&self, import: &opentrail_catalog::Import) {
        assert!(import.status.is_active() && import.number > 0, "{import:?}");
        self.begun.lock().push((import.id.clone(), import.run));
    }

    fn stop(&self, id: &str) {
        self.stopped.lock().push(id.to_owned());
    }
}

/// All that a test needs.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) api: Api,
    pub(crate) buckets: Arc<FakeBuckets>,
    pub(crate) journal: Arc<FakeJournal>,
    pub(crate) history: Arc<FakeHistory>,
    pub(crate) queries: Arc<FakeQueries>,
    pub(crate) copies: Arc<FakeCopies>,
    pub(crate) clock: Arc<ManualClock>,
}

/// A caller of an account in a Region.
pub(crate) fn caller_of(account: &str, region: &str) -> Caller {
    let account = account.parse().expect("valid");
    Caller { principal: Principal { account, kind: PrincipalKind::Root }, region: region.parse().expect("valid") }
}

impl World {
    /// An empty one, at 2026-09-13T17:12:18.551Z, with a journal that ends at 100.
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// The same with a catalog of one's own making.
    pub(crate) async fn with(options: Options) -> Self {
        let catalog = Catalog::open_in_memory(options).await.expect("opens");
        let buckets = Arc::new(FakeBuckets::default());
        let journal = Arc::new(FakeJournal(AtomicU64::new(100)));
        let history = Arc::new(FakeHistory::default());
        let queries = Arc::new(FakeQueries::default());
        let copies = Arc::new(FakeCopies::default());
        let clock = Arc::new(ManualClock::at(Timestamp::from_ms(1_789_319_538_551)));
        let api = Api {
            catalog,
            buckets: Arc::clone(&buckets) as Arc<dyn Buckets>,
            journal: Arc::clone(&journal) as Arc<dyn JournalEnd>,
            history: Arc::clone(&history) as Arc<dyn History>,
            queries: Arc::clone(&queries) as Arc<dyn Queries>,
            copies: Arc::clone(&copies) as Arc<dyn Copies>,
            clock: Arc::clone(&clock) as Arc<dyn opentrail_stdx::Clock>,
            entropy: Arc::new(SeededEntropy::new(7)),
        };
        Self { api, buckets, journal, history, queries, copies, clock }
    }

    /// The body of the answer to a call in the home Region.
    pub(crate) async fn call(&self, operation: Operation, body: Value) -> String {
        self.call_in(HOME, operation, body).await
    }

    /// The body of the answer to a call in a Region. An error must be one that the operation may answer.
    pub(crate) async fn call_in(&self, region: &str, operation: Operation, body: Value) -> String {
        self.call_as(&caller_of(ACCOUNT, region), operation, body).await
    }

    /// The body of the answer to a caller.
    pub(crate) async fn call_as(&self, caller: &Caller, operation: Operation, body: Value) -> String {
        let reply = opentrail_wire::dispatch(&self.api, caller, operation, body.to_string().as_bytes()).await;
        match reply.result {
            Ok(body) => body,
            Err(error) => {
                let is_modelled = operation.errors().iter().any(|shape| shape.name() == error.code);
                let protocols =
                    ["ValidationException", "SerializationException", "ServiceUnavailable", "AccessDeniedException"];
                let is_fine = is_modelled || protocols.contains(&error.code);
                assert!(is_fine, "{} may not answer {}", operation.name(), error.code);
                error.to_json()
            }
        }
    }

    /// The code of the error that answers a call.
    pub(crate) async fn code(&self, operation: Operation, body: Value) -> String {
        let answer: Value = serde_json::from_str(&self.call(operation, body).await).expect("JSON");
        answer["__type"].as_str().unwrap_or("no error").to_owned()
    }

    /// A call that must succeed.
    pub(crate) async fn do_it(&self, operation: Operation, body: Value) -> Value {
        let answer: Value = serde_json::from_str(&self.call(operation, body).await).expect("JSON");
        assert_eq!(answer.get("__type"), None, "{answer}");
        answer
    }

    /// The one answer that all of these operations give to a body.
    pub(crate) async fn same(&self, region: &str, operations: &[Operation], body: Value) -> String {
        let first = self.call_in(region, operations[0], body.clone()).await;
        for operation in &operations[1..] {
            assert_eq!(self.call_in(region, *operation, body.clone()).await, first, "{}", operation.name());
        }
        first
    }

    /// Makes a trail at home with these settings beside its name and bucket.
    pub(crate) async fn create(&self, name: &str, more: Value) {
        let mut body = json!({"Name": name, "S3BucketName": "logs"});
        let settings = more.as_object().expect("an object").clone();
        body.as_object_mut().expect("an object").extend(settings);
        self.do_it(Operation::CreateTrail, body).await;
    }

    /// The objects written since the last look.
    pub(crate) fn written(&self) -> Vec<String> {
        std::mem::take(&mut *self.buckets.written.lock())
    }

    /// A trail's revisions: where each begins, and a word on it.
    pub(crate) async fn revisions(&self) -> Vec<(u64, &'static str)> {
        let word = |revision: opentrail_catalog::TrailRevision| match revision.trail {
            None => (revision.effective_from, "deleted"),
            Some(trail) if trail.is_logging => (revision.effective_from, "logs"),
            Some(_) => (revision.effective_from, "silent"),
        };
        self.api.catalog.trail_revisions().await.expect("reads").into_iter().map(word).collect()
    }
}

/// The ARN of a trail at home.
pub(crate) fn arn(name: &str) -> String {
    format!("arn:aws:cloudtrail:{HOME}:{ACCOUNT}:trail/{name}")
}
