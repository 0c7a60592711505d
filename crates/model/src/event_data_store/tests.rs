//! What a store takes in, and where it is in its life.

use serde_json::{Value, json};

use super::*;
use crate::selectors::{AdvancedEventSelectorInput, FieldSelectorInput, SelectorSubject, SelectorsInput};

const ACCOUNT: &str = "123456789012";

fn selectors(category: &str) -> Selectors {
    let field = FieldSelectorInput {
        field: "eventCategory".to_owned(),
        equals: vec![category.to_owned()],
        ..FieldSelectorInput::default()
    };
    let advanced = vec![AdvancedEventSelectorInput { name: None, field_selectors: vec![field] }];
    let input = SelectorsInput { basic: None, advanced: Some(advanced) };
    Selectors::validate(input, SelectorSubject::EventDataStore, "aws").expect("valid")
}

fn store(region: &str) -> EventDataStore {
    let arn = format!("arn:aws:cloudtrail:{region}:{ACCOUNT}:eventdatastore/01234567-89ab-cdef-0123-456789abcdef");
    EventDataStore::new(arn.parse().expect("valid"), "main", selectors("Management"), Timestamp::EPOCH)
}

fn wants(store: &EventDataStore, account: &str, region: &str, record: &Value) -> bool {
    let text = serde_json::to_vec(record).expect("text");
    store.wants_at(account, region, &Routed::parse(&text).expect("record"))
}

#[test]
fn an_account_and_a_region_or_all() {
    let record = json!({"eventCategory": "Management", "eventSource": "ec2.amazonaws.com"});
    let multi = store("us-east-1");
    let single = EventDataStore { is_multi_region: false, ..multi.clone() };
    assert!(wants(&multi, ACCOUNT, "us-east-1", &record) && wants(&multi, ACCOUNT, "eu-west-1", &record));
    assert!(wants(&single, ACCOUNT, "us-east-1", &record) && !wants(&single, ACCOUNT, "eu-west-1", &record));
    assert!(!wants(&multi, "999999999999", "us-east-1", &record));
    assert!(!wants(&multi, ACCOUNT, "us-east-1", &json!({"eventCategory": "Data"})));
}

#[test]
fn a_store_that_rests_takes_nothing_in() {
    let record = json!({"eventCategory": "Management"});
    let stopped = EventDataStore { is_ingesting: false, ..store("us-east-1") };
    let pending = EventDataStore { gone_at: Some(Timestamp::from_ms(1)), ..store("us-east-1") };
    for (store, status) in
        [(stopped, EventDataStoreStatus::StoppedIngestion), (pending, EventDataStoreStatus::PendingDeletion)]
    {
        assert_eq!(store.status(), status);
        assert!(!wants(&store, ACCOUNT, "us-east-1", &record));
    }
}

#[test]
fn what_others_put_in_does_not_come_by_selectors() {
    use EventDataStoreCategory as Category;
    for (name, category, can_stop) in [
        ("Management", Category::Events, true),
        ("Insight", Category::Insight, false),
        ("ConfigurationItem", Category::ConfigurationItem, true),
        ("Evidence", Category::Evidence, false),
        ("ActivityAuditLog", Category::ActivityAuditLog, false),
    ] {
        let store = EventDataStore { selectors: selectors(name), ..store("us-east-1") };
        assert_eq!((store.category(), store.category().can_stop()), (category, can_stop), "{name}");
        let record = json!({"eventCategory": name});
        assert_eq!(wants(&store, ACCOUNT, "us-east-1", &record), category == Category::Events, "{name}");
    }
}

#[test]
fn stored_form_round_trips_and_forgives_absent_members() {
    let full = EventDataStore {
        gone_at: Some(Timestamp::from_ms(7)),
        max_event_size: MaxEventSize::Large,
        context_keys: vec![ContextKeys { kind: ContextKeyKind::TagContext, keys: vec!["team".to_owned()] }],
        ..store("us-east-1")
    };
    let text = serde_json::to_string(&full).expect("text");
    assert_eq!(serde_json::from_str::<EventDataStore>(&text).expect("valid"), full);
    let mut old: Value = serde_json::to_value(store("us-east-1")).expect("value");
    let members = old.as_object_mut().expect("an object");
    for later in ["gone_at", "federation_role", "insights", "max_event_size", "context_keys", "tags"] {
        members.remove(later);
    }
    assert_eq!(serde_json::from_value::<EventDataStore>(old).expect("valid"), store("us-east-1"));
}
