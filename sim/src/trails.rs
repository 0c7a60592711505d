//! What each trail ought to deliver, kept apart from the product's own ideas of it.

use std::collections::BTreeMap;

use opentrail_model::{DataResource, EventSelector, ReadWriteType, Selectors, Trail};
use opentrail_stdx::{Entropy, Timestamp};
use serde_json::json;

use crate::records::{Kind, Record};

/// What a trail's selectors want, in words of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    AllManagement,
    ReadManagement,
    WriteManagement,
    ManagementAndAllObjects,
    ObjectsOfAlpha,
    WritesOfObjects,
}

impl Want {
    pub fn random(random: &dyn Entropy) -> Self {
        [
            Self::AllManagement,
            Self::ReadManagement,
            Self::WriteManagement,
            Self::ManagementAndAllObjects,
            Self::ObjectsOfAlpha,
            Self::WritesOfObjects,
        ][usize::try_from(random.below(6)).unwrap_or(0)]
    }

    pub fn selectors(self) -> Selectors {
        let basic = |read_write_type, include_management_events, values: &[&str]| {
            let values: Vec<String> = values.iter().map(|it| (*it).to_owned()).collect();
            let data_resources = match values.is_empty() {
                true => Vec::new(),
                false => vec![DataResource { kind: "AWS::S3::Object".to_owned(), values }],
            };
            let exclude_management_event_sources = Vec::new();
            Selectors::Basic(vec![EventSelector {
                read_write_type,
                include_management_events,
                data_resources,
                exclude_management_event_sources,
            }])
        };
        match self {
            Self::AllManagement => Selectors::default(),
            Self::ReadManagement => basic(ReadWriteType::ReadOnly, true, &[]),
            Self::WriteManagement => basic(ReadWriteType::WriteOnly, true, &[]),
            Self::ManagementAndAllObjects => basic(ReadWriteType::All, true, &["arn:aws:s3"]),
            Self::ObjectsOfAlpha => basic(ReadWriteType::All, false, &["arn:aws:s3:::alpha/"]),
            Self::WritesOfObjects => {
                let fields = json!([
                    {"field": "eventCategory", "equals": ["Data"]},
                    {"field": "resources.type", "equals": ["AWS::S3::Object"]},
                    {"field": "readOnly", "equals": ["false"]},
                ]);
                let selector = serde_json::from_value(json!({ "field_selectors": fields }));
                Selectors::Advanced(vec![selector.expect("the stored form of a selector")])
            }
        }
    }

    fn takes(self, record: &Record) -> bool {
        match (self, record.kind) {
            (_, Kind::Outside) => false,
            (Self::AllManagement | Self::ManagementAndAllObjects, Kind::Management) => true,
            (Self::ReadManagement, Kind::Management) => record.is_read,
            (Self::WriteManagement, Kind::Management) => !record.is_read,
            (Self::ObjectsOfAlpha, Kind::Data(bucket)) => bucket == "alpha",
            (Self::WritesOfObjects, Kind::Data(_)) => !record.is_read,
            (Self::ManagementAndAllObjects, Kind::Data(_)) => true,
            (Self::ObjectsOfAlpha | Self::WritesOfObjects, Kind::Management) => false,
            (Self::AllManagement | Self::ReadManagement | Self::WriteManagement, Kind::Data(_)) => false,
        }
    }
}

/// A state of a trail.
#[derive(Debug, Clone)]
pub struct State {
    /// Another one each time that a trail of the same name is created.
    pub id: i64,
    pub trail: Trail,
    pub want: Want,
}

/// What becomes of a record in one trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fate {
    pub bucket: String,
    /// Whether digests must list its log file.
    pub is_sealed: bool,
}

/// All states that trails were ever in, by name and then in order, each from a position on.
#[derive(Debug, Default)]
pub struct Trails(BTreeMap<String, Vec<Incarnation>>);

/// One life of a trail of some name.
#[derive(Debug)]
struct Incarnation {
    id: i64,
    states: Vec<(u64, Option<State>)>,
}

impl Trails {
    pub fn note(&mut self, name: &str, from: u64, state: Option<State>) {
        let lives = self.0.entry(name.to_owned()).or_default();
        match (&state, lives.last_mut()) {
            (Some(now), Some(last)) if last.id == now.id => last.states.push((from, state)),
            (None, Some(last)) => last.states.push((from, None)),
            (Some(now), _) => lives.push(Incarnation { id: now.id, states: vec![(from, state)] }),
            (None, None) => unreachable!("only what was created is deleted"),
        }
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What must become of a record at a position in the trails of that name: usually there is one, but a trail that is
    /// deleted still takes the record of that call, and one of the same name may follow at once.
    pub fn fates(&self, name: &str, position: u64, record: &Record) -> Vec<Fate> {
        let lives = self.0.get(name).map_or(&[][..], Vec::as_slice);
        lives.iter().filter_map(|life| life.fate(position, record)).collect()
    }
}

impl Incarnation {
    fn fate(&self, position: u64, record: &Record) -> Option<Fate> {
        let (_, state) = self.states.iter().rev().find(|(from, _)| *from <= position)?;
        let State { trail, want, .. } = state.as_ref()?;
        let is_covered = trail.is_multi_region || trail.arn.region.as_str() == record.region;
        let is_wanted =
            trail.is_logging && trail.arn.account.as_str() == record.account && is_covered && want.takes(record);
        is_wanted.then(|| Fate { bucket: trail.bucket.clone(), is_sealed: trail.chain_started_at.is_some() })
    }
}

/// A trail that logs nothing yet. Its prefix is its name, so that its objects can be told from others'.
pub fn new_trail(name: &str, account: &str, home: &str, now: Timestamp) -> Trail {
    let arn = format!("arn:aws:cloudtrail:{home}:{account}:trail/{name}");
    Trail {
        arn: arn.parse().expect("a valid ARN"),
        bucket: "logs-a".to_owned(),
        prefix: Some(name.to_owned()),
        sns_topic: None,
        include_global_service_events: true,
        is_multi_region: false,
        log_file_validation: true,
        cloudwatch_logs: None,
        kms_key_id: None,
        is_organization: false,
        recursive_logging: true,
        selectors: Selectors::default(),
        has_custom_event_selectors: false,
        insight_selectors: Vec::new(),
        aggregations: Vec::new(),
        tags: Vec::new(),
        is_logging: false,
        started_at: None,
        stopped_at: None,
        chain_started_at: None,
        created_at: now,
    }
}
