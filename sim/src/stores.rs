//! What each event data store ought to hold, kept apart from the product's own ideas of it, and the auditor's look into it.

use std::collections::BTreeMap;

use arrow_array::StringArray;
use opentrail_lake::{Lake, Scan, ScanCounts};
use opentrail_model::event_data_store::{BillingMode, MaxEventSize};
use opentrail_model::{EventDataStore, EventDataStoreArn, Selectors};
use opentrail_stdx::{Entropy, Timestamp};
use serde_json::{Value, json};

use crate::driver::Life;
use crate::records::{Kind, Record};

/// What a store's selectors want, in words of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreWant {
    Management,
    ManagementWrites,
    ObjectsOfBeta,
    ManagementAndObjects,
}

impl StoreWant {
    pub fn random(random: &dyn Entropy) -> Self {
        [Self::Management, Self::ManagementWrites, Self::ObjectsOfBeta, Self::ManagementAndObjects]
            [usize::try_from(random.below(4)).unwrap_or(0)]
    }

    pub fn selectors(self) -> Selectors {
        let management = json!({"field": "eventCategory", "equals": ["Management"]});
        let data = json!({"field": "eventCategory", "equals": ["Data"]});
        let objects = json!({"field": "resources.type", "equals": ["AWS::S3::Object"]});
        let lists: Vec<Vec<Value>> = match self {
            Self::Management => vec![vec![management]],
            Self::ManagementWrites => vec![vec![management, json!({"field": "readOnly", "equals": ["false"]})]],
            Self::ObjectsOfBeta => {
                let beta = json!({"field": "resources.ARN", "starts_with": ["arn:aws:s3:::beta/"]});
                vec![vec![data, objects, beta]]
            }
            Self::ManagementAndObjects => vec![vec![management], vec![data, objects]],
        };
        let selector = |fields: Vec<Value>| serde_json::from_value(json!({ "field_selectors": fields }));
        let selectors: Result<Vec<_>, _> = lists.into_iter().map(selector).collect();
        Selectors::Advanced(selectors.expect("the stored form of selectors"))
    }

    fn takes(self, record: &Record) -> bool {
        match (self, record.kind) {
            (_, Kind::Outside) | (Self::Management | Self::ManagementWrites, Kind::Data(_)) => false,
            (Self::Management | Self::ManagementAndObjects, Kind::Management) => true,
            (Self::ManagementWrites, Kind::Management) => !record.is_read,
            (Self::ObjectsOfBeta, Kind::Management) => false,
            (Self::ObjectsOfBeta, Kind::Data(bucket)) => bucket == "beta",
            (Self::ManagementAndObjects, Kind::Data(_)) => true,
        }
    }
}

/// All states that stores were ever in, each from a position on.
#[derive(Debug, Default)]
pub struct Stores(BTreeMap<String, Vec<(u64, EventDataStore, StoreWant)>>);

impl Stores {
    pub fn note(&mut self, from: u64, store: EventDataStore, want: StoreWant) {
        self.0.entry(store.arn.to_string()).or_default().push((from, store, want));
    }

    /// What the store wants now; it must be there.
    pub fn want(&self, arn: &EventDataStoreArn) -> StoreWant {
        self.0[&arn.to_string()].last().expect("a store has a state").2
    }

    /// Checks that each store holds what it wanted at the time, each record once and byte for byte, and nothing else;
    /// answers how many records that are.
    pub fn audit(&self, life: &Life, lake: &Lake) -> Result<usize, String> {
        let mut count = 0;
        for (arn, states) in &self.0 {
            let (_, now, _) = states.last().expect("a store has a state");
            let wanted = |position: u64, record: &Record| {
                let state = states.iter().rev().find(|(from, ..)| *from <= position);
                state.is_some_and(|(_, store, want)| is_covered(store, record) && want.takes(record))
            };
            let kept = life.kept.iter().filter(|(position, record)| wanted(**position, record));
            let mut expected: Vec<&[u8]> = kept.map(|(_, record)| &record.bytes[..]).collect();
            let mut found = texts(lake, now)?;
            expected.sort_unstable();
            found.sort_unstable();
            if let Some((found, must)) = found.iter().zip(&expected).find(|(found, must)| found.as_bytes() != **must) {
                return Err(format!("{arn} has {found} where {} must be", String::from_utf8_lossy(must)));
            }
            if found.len() != expected.len() {
                return Err(format!("{arn} has {} records, must have {}", found.len(), expected.len()));
            }
            count += found.len();
        }
        Ok(count)
    }
}

fn is_covered(store: &EventDataStore, record: &Record) -> bool {
    store.is_ingesting
        && store.arn.account.as_str() == record.account
        && (store.is_multi_region || store.arn.region.as_str() == record.region)
}

/// The texts of all records that a query would see.
fn texts(lake: &Lake, store: &EventDataStore) -> Result<Vec<String>, String> {
    let snapshot = lake.snapshot(store);
    let json = snapshot.schema().index_of("eventJson").expect("every store has the text");
    let scan = Scan { leaves: vec![vec![json]], ..Scan::default() };
    let mut all = Vec::new();
    for part in snapshot.parts(&scan, 2).map_err(|error| error.to_string())? {
        for batch in part.read(&scan, &ScanCounts::default()).map_err(|error| error.to_string())? {
            let batch = batch.map_err(|error| error.to_string())?;
            let column = batch.column(0).as_any().downcast_ref::<StringArray>().expect("text");
            all.extend(column.iter().flatten().map(str::to_owned));
        }
    }
    Ok(all)
}

/// A store that takes in from its creation on.
pub fn new_store(number: u64, account: &str, region: &str, now: Timestamp, want: StoreWant) -> EventDataStore {
    let arn = format!("arn:aws:cloudtrail:{region}:{account}:eventdatastore/00000000-0000-4000-8000-{number:012}");
    EventDataStore {
        arn: arn.parse().expect("a valid ARN"),
        name: format!("store-{number}"),
        selectors: want.selectors(),
        is_multi_region: number.is_multiple_of(2),
        is_organization: false,
        retention_days: 90,
        billing_mode: BillingMode::Extendable,
        is_termination_protected: false,
        kms_key_id: None,
        is_ingesting: true,
        gone_at: None,
        federation_role: None,
        insights: None,
        max_event_size: MaxEventSize::Standard,
        context_keys: Vec::new(),
        tags: Vec::new(),
        created_at: now,
        updated_at: now,
    }
}
