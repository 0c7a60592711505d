//! Event data stores: the naive model of what they must have, and what they do when nothing fails.

use bytes::Bytes;
use opentrail_catalog::StoredEventDataStore;
use opentrail_journal::{Category, JournalReader, Origin, Position};
use opentrail_lake::{Lake, Place, Scan, ScanCounts};
use opentrail_model::{
    AccountId, AdvancedEventSelectorInput, EventDataStore, EventDataStoreCategory, FieldSelectorInput, Routed,
    SelectorSubject, Selectors, SelectorsInput, View, uuid_number,
};
use opentrail_orc::{CompareOp, Predicate, Scalar};
use opentrail_stdx::Timestamp;

use crate::world::{ACCOUNT, DAY, HOUR, MINUTE, OTHER, World, record, start};

/// The event data stores of a world, in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct LakeStores(Vec<LakeStore>);

#[derive(Debug)]
struct LakeStore {
    settings: EventDataStore,
    kept: Vec<(Place, Bytes)>,
    is_removed: bool,
}

fn number(store: &EventDataStore) -> u128 {
    uuid_number(store.arn.id()).unwrap()
}

/// Selectors that want some categories.
fn selectors(categories: &[&str]) -> Selectors {
    let field = |field: &str, equals: &str| FieldSelectorInput {
        field: field.to_owned(),
        equals: vec![equals.to_owned()],
        ..FieldSelectorInput::default()
    };
    let selector = |category: &&str| {
        let mut field_selectors = vec![field("eventCategory", category)];
        if *category == "Data" {
            field_selectors.push(field("resources.type", "AWS::S3::Object"));
        }
        AdvancedEventSelectorInput { name: None, field_selectors }
    };
    let input = SelectorsInput { basic: None, advanced: Some(categories.iter().map(selector).collect()) };
    Selectors::validate(input, SelectorSubject::EventDataStore, "aws").unwrap()
}

impl LakeStores {
    /// Notes what the stores must keep of a record.
    pub(crate) fn append(&mut self, account: &AccountId, origin: Origin, place: Place, record: &Bytes) {
        let event = Routed::parse(record).unwrap();
        for store in self.0.iter_mut().filter(|store| !store.is_removed) {
            let settings = &store.settings;
            let is_wanted = match origin {
                Origin::Call | Origin::Import => settings.wants_at(account.as_str(), "us-east-1", &event),
                Origin::Store(of) => of == number(settings) && settings.arn.account == *account,
            };
            let is_twice = origin != Origin::Call && store.kept.iter().any(|(_, kept)| store.is_same(kept, record));
            if is_wanted && !is_twice {
                store.kept.push((place, record.clone()));
            }
        }
    }

    /// Compares what the lake has with what it must have, whole and in parts.
    pub(crate) fn check(&self, lake: &Lake, consumed: Position, now: Timestamp, what: &str) {
        // Of one that was removed nobody asks.
        for store in self.0.iter().filter(|store| !store.is_removed) {
            let kept_since = now.minus(DAY * store.settings.retention_days);
            let is_visible = |(place, _): &&(Place, Bytes)| place.position < consumed.0 && place.time >= kept_since;
            let mut expected: Vec<Bytes> = store.kept.iter().filter(is_visible).map(|(_, it)| it.clone()).collect();
            expected.sort();
            assert_eq!(texts(lake, &store.settings, None), expected, "{what}: {}", store.settings.name);
            let name = Predicate::compare("eventID", CompareOp::Eq, Scalar::Text(format!("{:036}", 1)));
            let is_found =
                |text: &&Bytes| View::parse(text).unwrap().event_id.is_some_and(|id| id == format!("{:036}", 1));
            // Exactly those, in memory and in segments.
            let expected: Vec<Bytes> = expected.iter().filter(is_found).cloned().collect();
            let found = texts(lake, &store.settings, Some(name));
            assert_eq!(found, expected, "{what}: one of {}", store.settings.name);
        }
    }
}

impl LakeStore {
    fn is_same(&self, one: &[u8], other: &[u8]) -> bool {
        if self.settings.category() == EventDataStoreCategory::Events {
            let json = |record: &[u8]| serde_json::from_slice::<serde_json::Value>(record).unwrap();
            return json(one) == json(other);
        }
        View::parse(one).unwrap().event_id == View::parse(other).unwrap().event_id
    }
}

/// The texts of all records that a scan finds, sorted.
fn texts(lake: &Lake, store: &EventDataStore, predicate: Option<Predicate>) -> Vec<Bytes> {
    let snapshot = lake.snapshot(store);
    let json = snapshot.schema().index_of("eventJson").unwrap();
    let scan = Scan { leaves: vec![vec![json]], predicate, ..Scan::default() };
    let counts = ScanCounts::default();
    let mut found = Vec::new();
    for part in snapshot.parts(&scan, 3).unwrap() {
        for batch in part.read(&scan, &counts).unwrap() {
            let batch = batch.unwrap();
            let column = batch.column(0).as_any().downcast_ref::<arrow_array::StringArray>().unwrap().clone();
            found.extend(column.iter().map(|text| Bytes::copy_from_slice(text.unwrap().as_bytes())));
        }
    }
    if scan.predicate.is_none() {
        assert_eq!(counts.bytes() > 0, !found.is_empty());
        let (records, is_exact) = snapshot.records();
        assert!(if is_exact { records == found.len() as u64 } else { records >= found.len() as u64 });
    }
    found.sort();
    found
}

impl World {
    /// Creates an event data store for some categories; a fault may ask for several tries.
    pub(crate) async fn create_store(&mut self, name: &str, categories: &[&str], retention_days: u32) -> u128 {
        let id = format!("00000000-0000-0000-0000-{:012}", self.stores.0.len() + 1);
        let arn = format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:eventdatastore/{id}").parse().unwrap();
        let settings =
            EventDataStore { retention_days, ..EventDataStore::new(arn, name, selectors(categories), self.now()) };
        while self.catalog.event_data_store(&settings.arn).await.unwrap().is_none() {
            let mut transaction = self.catalog.begin().await.unwrap();
            transaction.insert_event_data_store(&settings, self.journal.end().0).await.unwrap();
            let _ = transaction.commit().await;
        }
        let number = number(&settings);
        self.stores.0.push(LakeStore { settings, kept: Vec::new(), is_removed: false });
        number
    }

    /// Changes the settings of a store.
    pub(crate) async fn change_store(&mut self, of: u128, change: impl Fn(&mut EventDataStore)) {
        let store = self.stores.0.iter_mut().find(|store| number(&store.settings) == of).unwrap();
        change(&mut store.settings);
        let settings = store.settings.clone();
        loop {
            let stored = self.catalog.event_data_store(&settings.arn).await.unwrap().unwrap();
            if stored.store == settings {
                return;
            }
            let changed = StoredEventDataStore { store: settings.clone(), ..stored };
            let mut transaction = self.catalog.begin().await.unwrap();
            transaction.update_event_data_store(&changed, self.journal.end().0).await.unwrap();
            let _ = transaction.commit().await;
        }
    }

    /// A store is gone for good: seven days have passed since it was deleted.
    pub(crate) fn forget_store(&mut self, of: u128) {
        self.stores.0.iter_mut().find(|store| number(&store.settings) == of).unwrap().is_removed = true;
    }
}

/// A record of a data event.
pub(crate) fn data_record(id: u64, at: Timestamp) -> Bytes {
    let text = String::from_utf8(record(id, at).to_vec()).unwrap();
    let data = r#""eventCategory":"Data","managementEvent":false,"resources":[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::b/k"}]"#;
    text.replace(r#""eventCategory":"Management","managementEvent":true"#, data).into()
}

/// An event that came through a channel.
pub(crate) fn audit_event(id: u64, at: Timestamp, ingested: u32) -> Bytes {
    Bytes::from(format!(
        r#"{{"eventVersion":"1.0","eventCategory":"ActivityAuditLog","eventType":"ActivityLog","eventID":"{id:036}","eventTime":"{}","awsRegion":"us-east-1","recipientAccountId":"{ACCOUNT}","metadata":{{"ingestionTime":"{ingested}","channelARN":"c"}},"eventData":{{"version":"1","userIdentity":{{"type":"t","principalId":"p","details":{{"a":1}}}},"eventSource":"s","eventName":"n","UID":"u{id}"}}}}"#,
        at.iso()
    ))
}

#[tokio::test]
async fn stores_take_what_they_want_from_their_creation_on() {
    let mut world = World::new(20).await;
    world.record_calls(ACCOUNT, 3);
    world.tick().await;
    let management = world.create_store("management", &["Management"], 30).await;
    let all = world.create_store("all", &["Management", "Data"], 30).await;
    for round in 0..8 {
        world.record_calls(ACCOUNT, 2);
        world.record_calls(OTHER, 1);
        world.append(ACCOUNT, Origin::Call, Category::Data, data_record(500 + round, start()));
        world.clock.advance(MINUTE);
        world.tick().await;
        world.check(&format!("round {round}")).await;
        match round {
            2 => world.change_store(management, |store| store.is_ingesting = false).await,
            5 => world.change_store(management, |store| store.is_ingesting = true).await,
            _ => {}
        }
    }
    let kept: Vec<_> = world.stores.0.iter().map(|store| store.kept.len()).collect();
    assert_eq!(kept, [10, 24]);
    world.change_store(all, |store| store.selectors = selectors(&["Data"])).await;
    world.record_calls(ACCOUNT, 3);
    world.tick().await;
    world.check_end("no fault").await;
}

#[tokio::test]
async fn what_is_put_into_a_store_is_there_once() {
    let mut world = World::new(21).await;
    let events = world.create_store("events", &["Management"], 30).await;
    let channel = world.create_store("channel", &["ActivityAuditLog"], 30).await;
    world.record_calls(ACCOUNT, 2);
    let old = start().minus(DAY * 3);
    for ingested in 0..3 {
        world.append(ACCOUNT, Origin::Store(channel), Category::ActivityAuditLog, audit_event(7, start(), ingested));
        world.append(ACCOUNT, Origin::Store(events), Category::Management, record(900, old));
        world.append(ACCOUNT, Origin::Store(events), Category::Management, record(1, start()));
        // Of another's account, and into a store that nobody has.
        world.append(OTHER, Origin::Store(channel), Category::ActivityAuditLog, audit_event(8, start(), 0));
        world.append(ACCOUNT, Origin::Store(99), Category::ActivityAuditLog, audit_event(9, start(), 0));
        world.pass(MINUTE * 6).await;
        world.check(&format!("round {ingested}")).await;
    }
    assert_eq!(world.stores.0.iter().map(|store| store.kept.len()).collect::<Vec<_>>(), [3, 1]);
    world.check_end("put").await;
}

#[tokio::test]
async fn retention_is_that_of_the_store() {
    let mut world = World::new(22).await;
    world.step = HOUR;
    let short = world.create_store("short", &["Management"], 7).await;
    let long = world.create_store("long", &["Management"], 25).await;
    for days in [0, 1, 5, 9, 20, 40] {
        let number = world.journal.end().0;
        world.append(ACCOUNT, Origin::Call, Category::Management, record(number, start().minus(DAY * days)));
        world.append(
            ACCOUNT,
            Origin::Store(long),
            Category::Management,
            record(number + 100, start().minus(DAY * days)),
        );
    }
    world.pass(HOUR * 2).await;
    world.check("at first").await;
    world.pass(DAY * 3).await;
    world.check("later").await;
    world.change_store(short, |store| store.retention_days = 3).await;
    world.record_calls(ACCOUNT, 1);
    world.pass(HOUR).await;
    let days: Vec<_> = world.catalog.segments().await.unwrap().into_iter().map(|row| row.day).collect();
    assert!(days.iter().all(|day| day.as_str() >= "2026-11-01"), "{days:?}");
    world.check_end("retention").await;
}

#[tokio::test]
async fn a_deleted_store_is_gone_after_its_week_with_all_its_files() {
    let mut world = World::new(23).await;
    world.step = HOUR;
    let store = world.create_store("deleted", &["Management", "Data"], 2000).await;
    world.record_calls(ACCOUNT, 9);
    world.append(ACCOUNT, Origin::Call, Category::Data, data_record(500, start()));
    world.pass(HOUR).await;
    let gone_at = world.now().plus(DAY * 7);
    world.change_store(store, |store| store.gone_at = Some(gone_at)).await;
    world.record_calls(ACCOUNT, 3);
    world.pass(DAY * 7 - HOUR).await;
    world.check("it can still be restored").await;
    assert_eq!(world.catalog.event_data_stores().await.unwrap().len(), 1);
    assert!(world.files().iter().any(|file| file.to_string_lossy().contains("/eds-")));
    world.forget_store(store);
    world.pass(HOUR * 2).await;
    world.check("it is gone").await;
    assert_eq!(world.catalog.event_data_stores().await.unwrap(), []);
    assert!(
        world.catalog.stores().await.unwrap().iter().all(|store| store.kind == opentrail_catalog::StoreKind::History)
    );
    assert!(!world.files().iter().any(|file| file.to_string_lossy().contains("/eds-")));
    world.check_end("gone").await;
}

#[tokio::test]
async fn a_snapshot_stays_while_its_records_move_and_expire() {
    let mut world = World::new(24).await;
    world.create_store("moving", &["Management"], 30).await;
    world.record_calls(ACCOUNT, 15);
    world.pass(MINUTE * 2).await;
    world.record_calls(ACCOUNT, 2);
    world.tick().await;
    let (lake, settings) = (world.lake().await, world.stores.0[0].settings.clone());
    let snapshot = lake.snapshot(&settings);
    let scan = Scan { leaves: vec![vec![14], vec![1, 2], vec![2]], ..Scan::default() };
    let parts = snapshot.parts(&scan, 1).unwrap();
    world.record_calls(ACCOUNT, 30);
    world.pass(HOUR * 3).await;
    assert!(lake.metrics().snapshot().merges > 0);
    let counts = ScanCounts::default();
    let batches = parts.iter().flat_map(|part| part.read(&scan, &counts).unwrap());
    let batches: Vec<_> = batches.collect::<Result<_, _>>().unwrap();
    assert_eq!(batches.iter().map(arrow_array::RecordBatch::num_rows).sum::<usize>(), 17);
    assert_eq!(counts.records(), 17);
    assert!(batches.iter().all(|batch| batch.num_columns() == 3));
    drop((parts, snapshot));
    world.tick().await;
    world.check_end("moved").await;
}
