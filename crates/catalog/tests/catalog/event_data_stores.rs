//! Event data stores, their revisions and policies through the public doors.

use opentrail_catalog::{Catalog, Error, Options, StoredEventDataStore};
use opentrail_model::selectors::{AdvancedEventSelectorInput, FieldSelectorInput};
use opentrail_model::{EventDataStore, SelectorSubject, Selectors, SelectorsInput};
use opentrail_stdx::Timestamp;

fn management() -> Selectors {
    let field = FieldSelectorInput {
        field: "eventCategory".to_owned(),
        equals: vec!["Management".to_owned()],
        ..FieldSelectorInput::default()
    };
    let advanced = Some(vec![AdvancedEventSelectorInput { name: None, field_selectors: vec![field] }]);
    Selectors::validate(SelectorsInput { basic: None, advanced }, SelectorSubject::EventDataStore, "aws")
        .expect("valid")
}

/// The `n`th store, called `name`.
fn store(n: u8, name: &str) -> EventDataStore {
    let arn =
        format!("arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/00000000-0000-4000-8000-0000000000{n:02x}");
    let at = Timestamp::from_ms(1_789_319_538_551);
    EventDataStore::new(arn.parse().expect("valid"), name, management(), at)
}

async fn memory() -> Catalog {
    Catalog::open_in_memory(Options::default()).await.expect("opens")
}

async fn insert(catalog: &Catalog, store: &EventDataStore, from: u64) -> Result<StoredEventDataStore, Error> {
    let mut transaction = catalog.begin().await?;
    transaction.insert_event_data_store(store, from).await?;
    transaction.commit().await?;
    Ok(catalog.event_data_store(&store.arn).await?.expect("was inserted"))
}

async fn update(catalog: &Catalog, changed: &StoredEventDataStore, from: u64) -> Result<StoredEventDataStore, Error> {
    let mut transaction = catalog.begin().await?;
    transaction.update_event_data_store(changed, from).await?;
    transaction.commit().await?;
    Ok(catalog.event_data_store(&changed.store.arn).await?.expect("is there"))
}

async fn remove(catalog: &Catalog, gone: &StoredEventDataStore, from: u64) -> Result<(), Error> {
    let mut transaction = catalog.begin().await?;
    transaction.remove_event_data_store(gone, from).await?;
    transaction.commit().await
}

/// Each revision as a position and a word.
async fn revisions(catalog: &Catalog) -> Vec<(u64, &'static str)> {
    let revisions = catalog.event_data_store_revisions().await.expect("reads");
    let word = |store: Option<EventDataStore>| store.map_or("gone", |store| store.status().as_str());
    revisions.into_iter().map(|it| (it.effective_from, word(it.store))).collect()
}

#[tokio::test]
async fn a_store_comes_back_as_it_was_put() {
    let catalog = memory().await;
    let stored = insert(&catalog, &store(1, "one"), 7).await.expect("inserts");
    assert_eq!(stored.store, store(1, "one"));
    let arn = &stored.store.arn;
    let of = catalog.event_data_stores_of(&arn.account, &arn.region).await.expect("reads");
    assert_eq!(of, std::slice::from_ref(&stored));
    assert_eq!(catalog.event_data_stores().await.expect("reads"), std::slice::from_ref(&stored));
    let abroad = catalog.event_data_stores_of(&arn.account, &"eu-west-1".parse().expect("valid")).await;
    assert_eq!(abroad.expect("reads"), []);
    assert_eq!(revisions(&catalog).await, [(7, "ENABLED")]);
}

#[tokio::test]
async fn names_and_versions_are_guarded() {
    let catalog = memory().await;
    let first = insert(&catalog, &store(1, "one"), 0).await.expect("inserts");
    assert!(matches!(insert(&catalog, &store(2, "one"), 0).await, Err(Error::Conflict)));
    let mut second = insert(&catalog, &store(2, "two"), 0).await.expect("inserts");
    second.store.name = "one".to_owned();
    assert!(matches!(update(&catalog, &second, 1).await, Err(Error::Conflict)));
    let mut renamed = first.clone();
    renamed.store.name = "three".to_owned();
    assert_eq!(update(&catalog, &renamed, 1).await.expect("updates").version, 2);
    assert!(matches!(update(&catalog, &first, 2).await, Err(Error::Conflict)));
    assert_eq!(update(&catalog, &second, 2).await.expect("the name is free now").store.name, "one");
    assert_eq!(revisions(&catalog).await.len(), 4, "refused changes left no revision");
}

#[tokio::test]
async fn what_is_due_is_removed_with_its_policy_unless_it_was_restored() {
    let catalog = memory().await;
    let mut stored = insert(&catalog, &store(1, "one"), 3).await.expect("inserts");
    let arn = stored.store.arn.to_string();
    let mut transaction = catalog.begin().await.expect("begins");
    transaction.put_resource_policy(&arn, "{}").await.expect("puts");
    transaction.commit().await.expect("commits");
    stored.store.gone_at = Some(Timestamp::from_ms(1000));
    let pending = update(&catalog, &stored, 5).await.expect("updates");
    assert_eq!(catalog.event_data_stores_to_remove(Timestamp::from_ms(999)).await.expect("reads"), []);
    let due = catalog.event_data_stores_to_remove(Timestamp::from_ms(1000)).await.expect("reads");
    assert_eq!(due, std::slice::from_ref(&pending));

    let mut restored = pending.clone();
    restored.store.gone_at = None;
    let mut again = update(&catalog, &restored, 6).await.expect("restores");
    assert!(matches!(remove(&catalog, &pending, 7).await, Err(Error::Conflict)));
    assert_eq!(catalog.resource_policy(&arn).await.expect("reads").as_deref(), Some("{}"));

    again.store.gone_at = Some(Timestamp::from_ms(2000));
    let pending = update(&catalog, &again, 8).await.expect("updates");
    remove(&catalog, &pending, 9).await.expect("removes");
    assert_eq!(catalog.event_data_store(&pending.store.arn).await.expect("reads"), None);
    assert_eq!(catalog.resource_policy(&arn).await.expect("reads"), None);
    let pending = "PENDING_DELETION";
    let expected = [(3, "ENABLED"), (5, pending), (6, "ENABLED"), (8, pending), (9, "gone")];
    assert_eq!(revisions(&catalog).await, expected);
    assert!(insert(&catalog, &store(2, "one"), 10).await.expect("the name is free again").id > stored.id);
}

#[tokio::test]
async fn revisions_never_go_back_and_are_forgotten_when_superseded() {
    let catalog = memory().await;
    let mut stored = insert(&catalog, &store(1, "one"), 10).await.expect("inserts");
    stored.store.is_ingesting = false;
    let mut stopped = update(&catalog, &stored, 21).await.expect("updates");
    stopped.store.is_ingesting = true;
    // Made after the stop, at a journal end that had not moved yet.
    let started = update(&catalog, &stopped, 20).await.expect("updates");
    assert_eq!(revisions(&catalog).await, [(10, "ENABLED"), (21, "STOPPED_INGESTION"), (21, "ENABLED")]);
    let forget = async |before| {
        let mut transaction = catalog.begin().await.expect("begins");
        transaction.forget_event_data_store_revisions(before).await.expect("forgets");
        transaction.commit().await.expect("commits");
        revisions(&catalog).await
    };
    assert_eq!(forget(20).await.len(), 3);
    assert_eq!(forget(21).await, [(21, "ENABLED")]);
    remove(&catalog, &started, 30).await.expect("removes");
    assert_eq!(forget(29).await, [(21, "ENABLED"), (30, "gone")]);
    assert_eq!(forget(30).await, []);
}
