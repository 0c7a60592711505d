//! Basic selectors (CloudTrail API reference, `EventSelector` and `DataResource`).

use serde::{Deserialize, Serialize};

use super::InvalidEventSelectors;
use crate::record::EventCategory;
use crate::record::routed::Routed;

/// Which calls a basic selector wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum ReadWriteType {
    /// Those that only read.
    ReadOnly,
    /// Those that may write.
    WriteOnly,
    /// Both.
    #[default]
    All,
}

impl ReadWriteType {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "ReadOnly",
            Self::WriteOnly => "WriteOnly",
            Self::All => "All",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::ReadOnly, Self::WriteOnly, Self::All].into_iter().find(|kind| kind.as_str() == name)
    }

    fn wants(self, is_read: bool) -> bool {
        match self {
            Self::ReadOnly => is_read,
            Self::WriteOnly => !is_read,
            Self::All => true,
        }
    }
}

/// A basic selector, with its defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventSelector {
    /// Reads, writes or both.
    pub read_write_type: ReadWriteType,
    /// Management events?
    pub include_management_events: bool,
    /// The resources whose data events are wanted.
    pub data_resources: Vec<DataResource>,
    /// Sources whose management events are not wanted.
    pub exclude_management_event_sources: Vec<String>,
}

/// Resources of one type whose data events are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataResource {
    /// `AWS::S3::Object`, `AWS::Lambda::Function` or `AWS::DynamoDB::Table`.
    #[serde(rename = "type")]
    pub kind: String,
    /// ARNs, or beginnings of ARNs.
    pub values: Vec<String>,
}

/// A basic selector as submitted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventSelectorInput {
    /// `ReadWriteType`.
    pub read_write_type: Option<String>,
    /// `IncludeManagementEvents`.
    pub include_management_events: Option<bool>,
    /// `DataResources`.
    pub data_resources: Option<Vec<DataResourceInput>>,
    /// `ExcludeManagementEventSources`.
    pub exclude_management_event_sources: Option<Vec<String>>,
}

/// A data resource as submitted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataResourceInput {
    /// `Type`.
    pub kind: Option<String>,
    /// `Values`.
    pub values: Option<Vec<String>>,
}

impl Default for EventSelector {
    fn default() -> Self {
        Self {
            read_write_type: ReadWriteType::All,
            include_management_events: true,
            data_resources: Vec::new(),
            exclude_management_event_sources: Vec::new(),
        }
    }
}

impl EventSelector {
    pub(super) fn matches(&self, event: &Routed<'_>) -> bool {
        let is_selected = match event.category {
            EventCategory::Management => self.include_management_events && !self.excludes_source(event),
            EventCategory::Data => self.data_resources.iter().any(|resource| resource.matches(event)),
            _ => false,
        };
        is_selected && self.read_write_type.wants(event.is_read())
    }

    fn excludes_source(&self, event: &Routed<'_>) -> bool {
        let source = event.event_source.as_deref();
        self.exclude_management_event_sources.iter().any(|excluded| source == Some(excluded.as_str()))
    }
}

impl DataResource {
    fn matches(&self, event: &Routed<'_>) -> bool {
        event.resources.iter().any(|resource| {
            let arn = resource.arn.as_deref().unwrap_or_default();
            resource.kind.as_deref() == Some(self.kind.as_str())
                && self.values.iter().any(|value| self.selects(value, arn))
        })
    }
}

use super::arns;

/// How many basic selectors a trail may have.
const SELECTORS_MAX: usize = 5;
/// How many single resources they may name together; values that mean all resources of a type don't count.
const VALUES_MAX: usize = 250;
/// The sources whose management events can be excluded.
pub(super) const EXCLUDABLE_SOURCES: [&str; 2] = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];

/// Checks basic selectors and fills in defaults.
pub(super) fn validate(
    input: Vec<EventSelectorInput>,
    partition: &str,
) -> Result<Vec<EventSelector>, InvalidEventSelectors> {
    if !(1..=SELECTORS_MAX).contains(&input.len()) {
        return invalid("Specify a valid number of selectors (1 to 5) for your trail");
    }
    let selectors =
        input.into_iter().map(|selector| validate_one(selector, partition)).collect::<Result<Vec<_>, _>>()?;
    let resources = selectors.iter().flat_map(|selector| &selector.data_resources);
    let values: usize = resources.map(|resource| resource.count_single(partition)).sum();
    if values > VALUES_MAX {
        return invalid("Specify a valid number of DataResources.Values (0 to 250) for all your selectors");
    }
    Ok(selectors)
}

fn invalid<T>(text: impl Into<String>) -> Result<T, InvalidEventSelectors> {
    Err(InvalidEventSelectors(text.into()))
}

fn validate_one(input: EventSelectorInput, partition: &str) -> Result<EventSelector, InvalidEventSelectors> {
    let read_write_type = match input.read_write_type.as_deref() {
        None => ReadWriteType::All,
        Some(name) => ReadWriteType::from_name(name)
            .ok_or_else(|| InvalidEventSelectors(format!("Value {name} for ReadWriteType is invalid.")))?,
    };
    let include_management_events = input.include_management_events.unwrap_or(true);
    let exclude_management_event_sources = input.exclude_management_event_sources.unwrap_or_default();
    if let Some(bad) = exclude_management_event_sources.iter().find(|s| !EXCLUDABLE_SOURCES.contains(&s.as_str())) {
        return invalid(format!("Value {bad} for ExcludeManagementEventSources is invalid."));
    }
    let data_resources = input.data_resources.unwrap_or_default();
    if !include_management_events && data_resources.is_empty() {
        return invalid(
            "Invalid combination of parameters in EventSelectors. When includeManagementEvents is false, DataResources \
             must not be empty",
        );
    }
    let data_resources =
        data_resources.into_iter().map(|resource| validate_resource(resource, partition)).collect::<Result<_, _>>()?;
    Ok(EventSelector { read_write_type, include_management_events, data_resources, exclude_management_event_sources })
}

fn validate_resource(input: DataResourceInput, partition: &str) -> Result<DataResource, InvalidEventSelectors> {
    let kind = input.kind.unwrap_or_default();
    let Some(scope) = Scope::of(&kind) else {
        return invalid(format!("Value {kind} for DataResources.Type is invalid."));
    };
    let values = input.values.unwrap_or_default();
    if let Some(bad) = values.iter().find(|value| !scope.accepts(partition, value)) {
        return invalid(format!("Value {bad} for DataResources.Values is invalid."));
    }
    Ok(DataResource { kind, values })
}

/// What the values of a type may be, and what they select.
#[derive(Clone, Copy)]
enum Scope {
    S3Objects,
    LambdaFunctions,
    DynamoDbTables,
}

impl Scope {
    fn of(kind: &str) -> Option<Self> {
        match kind {
            "AWS::S3::Object" => Some(Self::S3Objects),
            "AWS::Lambda::Function" => Some(Self::LambdaFunctions),
            "AWS::DynamoDB::Table" => Some(Self::DynamoDbTables),
            _ => None,
        }
    }

    /// Does this value mean all resources of the type? `partition` is `None` when any will do.
    fn is_all(self, partition: Option<&str>, value: &str) -> bool {
        let mut parts = value.splitn(3, ':');
        let (arn, named, rest) = (parts.next(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let is_service = match self {
            Self::S3Objects => matches!(rest, "s3" | "s3:::"),
            Self::LambdaFunctions => rest == "lambda",
            Self::DynamoDbTables => rest == "dynamodb",
        };
        arn == Some("arn") && is_service && partition.is_none_or(|partition| partition == named)
    }

    fn accepts(self, partition: &str, value: &str) -> bool {
        let is_single = match self {
            Self::S3Objects => arns::is_bucket_prefix(partition, value),
            Self::LambdaFunctions => arns::is_function_arn(partition, value),
            Self::DynamoDbTables => arns::is_table_arn(partition, value),
        };
        is_single || self.is_all(Some(partition), value)
    }

    fn selects(self, value: &str, arn: &str) -> bool {
        let is_selected = match self {
            Self::S3Objects => arn.starts_with(value),
            Self::LambdaFunctions => arn == value,
            Self::DynamoDbTables => {
                arn.strip_prefix(value).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
        };
        is_selected || self.is_all(None, value)
    }
}

impl DataResource {
    fn selects(&self, value: &str, arn: &str) -> bool {
        Scope::of(&self.kind).is_some_and(|scope| scope.selects(value, arn))
    }

    fn count_single(&self, partition: &str) -> usize {
        let is_all = |value: &str| Scope::of(&self.kind).is_some_and(|scope| scope.is_all(Some(partition), value));
        self.values.iter().filter(|value| !is_all(value)).count()
    }
}
