//! Any value of a shape, typed and written again, is the same value.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::schema::{Kind, Limits, Member};
use crate::shapes::*;

/// Any value of the shape, its constraints aside: reading and writing know nothing of them.
fn any_value(shape: &'static Shape) -> BoxedStrategy<Value> {
    match &shape.kind {
        Kind::Structure(members) => any_structure(members),
        Kind::List { member, .. } => prop::collection::vec(any_value(member), 0..3).prop_map(Value::from).boxed(),
        Kind::Map { value, .. } => prop::collection::btree_map(".{0,8}", any_value(value), 0..3)
            .prop_map(|entries| Value::Object(entries.into_iter().collect()))
            .boxed(),
        Kind::String { .. } => any::<String>().prop_map(Value::from).boxed(),
        Kind::Enum(values) => {
            prop_oneof![prop::sample::select(*values).prop_map(Value::from), "[A-Z]{3}".prop_map(Value::from)].boxed()
        }
        Kind::Integer(Limits { .. }) => any::<i32>().prop_map(Value::from).boxed(),
        Kind::Long => any::<i64>().prop_map(Value::from).boxed(),
        // Binary fractions: serde_json reads longer decimals only to within the last bit.
        Kind::Float => any::<i16>().prop_map(|it| json!(f64::from(it) / 8.0)).boxed(),
        Kind::Double => any::<i32>().prop_map(|it| json!(f64::from(it) / 8.0)).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Timestamp => (1..4_000_000_000_000_i64).prop_map(|millis| json!(millis as f64 / 1000.0)).boxed(),
        Kind::Blob => any::<Vec<u8>>().prop_map(|bytes| json!(STANDARD.encode(bytes))).boxed(),
    }
}

fn any_structure(members: &'static [Member]) -> BoxedStrategy<Value> {
    let member = |member: &'static Member| {
        let value = any_value(member.shape);
        let maybe = if member.required { value.prop_map(Some).boxed() } else { prop::option::of(value).boxed() };
        maybe.prop_map(|value| value.map(|value| (member.name.to_owned(), value)))
    };
    let all: Vec<_> = members.iter().map(member).collect();
    all.prop_map(|members| Value::Object(members.into_iter().flatten().collect::<Map<_, _>>())).boxed()
}

/// The order of members counts, so texts are compared.
fn survives<T: Structure>(value: &Value) -> Result<(), TestCaseError> {
    let typed = T::read(value.clone()).map_err(|mismatch| TestCaseError::fail(mismatch.to_string()))?;
    let written: Value = serde_json::from_str(&crate::encode(&typed)).expect("what we write is JSON");
    prop_assert_eq!(sorted_maps(T::shape(), value).to_string(), written.to_string());
    Ok(())
}

/// Maps have no order; ours write theirs sorted.
fn sorted_maps(shape: &Shape, value: &Value) -> Value {
    match (&shape.kind, value) {
        (Kind::Structure(members), Value::Object(object)) => {
            let member = |(name, inner): (&String, &Value)| {
                let member = members.iter().find(|member| member.name == name).expect("made from the shape");
                (name.clone(), sorted_maps(member.shape, inner))
            };
            Value::Object(object.iter().map(member).collect())
        }
        (Kind::List { member, .. }, Value::Array(items)) => {
            items.iter().map(|item| sorted_maps(member, item)).collect()
        }
        (Kind::Map { value: inner, .. }, Value::Object(entries)) => {
            let sorted: BTreeMap<_, _> =
                entries.iter().map(|(key, it)| (key.clone(), sorted_maps(inner, it))).collect();
            Value::Object(sorted.into_iter().collect())
        }
        _ => value.clone(),
    }
}

macro_rules! round_trips {
    ($($name:ident: $shape:ident,)*) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(48))]
            $(
                #[test]
                fn $name(value in any_value($shape::shape())) {
                    survives::<$shape>(&value)?;
                }
            )*
        }
    };
}

round_trips! {
    create_trail: CreateTrailRequest,
    created_trail: CreateTrailResponse,
    described_trails: DescribeTrailsResponse,
    event_selectors: PutEventSelectorsRequest,
    tags: ListTagsResponse,
    trail_status: GetTrailStatusResponse,
    public_keys: ListPublicKeysResponse,
    lookup: LookupEventsRequest,
    looked_up: LookupEventsResponse,
    import: StartImportRequest,
    import_statistics: GetImportResponse,
    query_results: GetQueryResultsResponse,
    dashboard: CreateDashboardRequest,
    refresh: StartDashboardRefreshRequest,
    insights_metrics: ListInsightsMetricDataResponse,
    sample_queries: SearchSampleQueriesResponse,
    event_configuration: PutEventConfigurationRequest,
    audit_events: PutAuditEventsRequest,
    audited_events: PutAuditEventsResponse,
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(data in any::<Vec<u8>>()) {
        crate::violations::exercise(&data);
    }

    #[test]
    fn arbitrary_json_never_panics(operation in any::<u8>(), body in r#"\{("(Name|TagsList|EventSelectors|StartTime|x)":(1|"a"|\[\{"Key":null\}\]|\{\}|true|null|1e999|-0.0)(,|\}))*\}?"#) {
        let mut data = vec![operation];
        data.extend_from_slice(body.as_bytes());
        crate::violations::exercise(&data);
    }
}

#[test]
fn reading_trusts_nothing() {
    assert!(PutEventSelectorsRequest::read(json!({})).is_err(), "a required member is missing");
    assert!(PutEventSelectorsRequest::read(json!({"TrailName": null})).is_err());
    assert!(PutEventSelectorsRequest::read(json!({"TrailName": "t", "EventSelectors": {}})).is_err());
    assert!(PublicKey::read(json!({"Value": "not base64!"})).is_err());
    assert!(PublicKey::read(json!(3)).is_err());
}

#[test]
fn unlisted_values_are_kept() {
    assert_eq!(ReadWriteType::from("All"), ReadWriteType::All);
    assert_eq!(ReadWriteType::from("Newer"), ReadWriteType::Other("Newer".to_owned()));
    assert_eq!(ReadWriteType::from("Newer").to_string(), "Newer");
    assert_eq!(ReadWriteType::VALUES, ["ReadOnly", "WriteOnly", "All"]);
}
