//! The tables for what isn't CloudTrail's own event.

use super::shape::{Member, Shape};
use super::table::{Column, Kind};
use super::{CHECKSUM, JSON, POSITION, TIME};

/// Events from outside AWS (CloudTrail user guide, "Schema for integrations"). The published table spells `errormssage`.
pub(super) const INTEGRATIONS: &[Column] = &[
    text("eventVersion"),
    text("eventCategory"),
    text("eventType"),
    text("eventID"),
    TIME_OF_ROW,
    text("awsRegion"),
    text("recipientAccountId"),
    member("addendum", Shape::Object(ADDENDUM)),
    member("metadata", Shape::Object(METADATA)),
    member("eventData", Shape::Object(AUDIT_EVENT)),
    JSON_OF_ROW,
    CHECKSUM_OF_ROW,
    POSITION_OF_ROW,
];

const ADDENDUM: &[Member] =
    &[inner_text("reason"), inner_text("updatedFields"), inner_text("originalUID"), inner_text("originalEventID")];

const METADATA: &[Member] = &[inner_text("ingestionTime"), inner_text("channelARN")];

const AUDIT_EVENT: &[Member] = &[
    inner_text("version"),
    inner("userIdentity", Shape::Object(AUDIT_IDENTITY)),
    inner_text("userAgent"),
    inner_text("eventSource"),
    inner_text("eventName"),
    inner_text("eventTime"),
    inner_text("UID"),
    inner("requestParameters", Shape::Map),
    inner("responseElements", Shape::Map),
    inner_text("errorCode"),
    Member { name: "errorMssage", from: "errorMessage", shape: Shape::Text },
    inner_text("sourceIPAddress"),
    inner_text("recipientAccountId"),
    inner("additionalEventData", Shape::Map),
];

const AUDIT_IDENTITY: &[Member] = &[inner_text("type"), inner_text("principalId"), inner("details", Shape::Map)];

/// Insights events, flattened as in a store (CloudTrail user guide, "Schema for Insights events").
pub(super) const INSIGHTS: &[Column] = &[
    text("eventVersion"),
    text("eventCategory"),
    text("eventType"),
    text("eventID"),
    TIME_OF_ROW,
    text("awsRegion"),
    text("recipientAccountId"),
    text("sharedEventID"),
    member("addendum", Shape::Map),
    text("insightSource"),
    text("insightState"),
    text("insightEventSource"),
    text("insightEventName"),
    text("insightErrorCode"),
    text("insightType"),
    member("insightContext", Shape::Object(INSIGHT_CONTEXT)),
    JSON_OF_ROW,
    CHECKSUM_OF_ROW,
    POSITION_OF_ROW,
];

const INSIGHT_CONTEXT: &[Member] = &[
    inner("baselineAverage", Shape::Double),
    inner("insightAverage", Shape::Double),
    inner("baselineDuration", Shape::Integer),
    inner("insightDuration", Shape::Integer),
    inner("attributions", Shape::List(ATTRIBUTION)),
];

const ATTRIBUTION: &[Member] = &[
    inner_text("attribute"),
    inner_text("insightValue"),
    inner("insightAverage", Shape::Double),
    inner_text("baselineValue"),
    inner("baselineAverage", Shape::Double),
    inner("insight", Shape::List(VALUE_AND_AVERAGE)),
    inner("baseline", Shape::List(VALUE_AND_AVERAGE)),
];

const VALUE_AND_AVERAGE: &[Member] = &[inner_text("value"), inner("average", Shape::Double)];

/// Configuration items (CloudTrail user guide, "Schema for AWS Config configuration items").
pub(super) const CONFIGURATION_ITEMS: &[Column] = &[
    text("eventVersion"),
    text("eventCategory"),
    text("eventType"),
    text("eventID"),
    TIME_OF_ROW,
    text("awsRegion"),
    text("recipientAccountId"),
    member("addendum", Shape::Map),
    member("eventData", Shape::Object(CONFIGURATION_ITEM)),
    JSON_OF_ROW,
    CHECKSUM_OF_ROW,
    POSITION_OF_ROW,
];

const CONFIGURATION_ITEM: &[Member] = &[
    inner_text("configurationItemVersion"),
    inner_text("configurationItemCaptureTime"),
    inner_text("configurationItemStatus"),
    inner_text("configurationItemStateId"),
    inner_text("accountId"),
    inner_text("resourceType"),
    inner_text("resourceId"),
    inner_text("resourceName"),
    inner_text("arn"),
    inner_text("awsRegion"),
    inner_text("availabilityZone"),
    inner_text("resourceCreationTime"),
    inner("configuration", Shape::Map),
    inner("supplementaryConfiguration", Shape::Map),
    inner_text("relatedEvents"),
    inner("relationships", Shape::List(RELATIONSHIP)),
    inner("tags", Shape::Map),
];

const RELATIONSHIP: &[Member] =
    &[inner_text("name"), inner_text("resourceType"), inner_text("resourceId"), inner_text("resourceName")];

/// Evidence (CloudTrail user guide, "Schema for AWS Audit Manager evidence").
pub(super) const EVIDENCE: &[Column] = &[
    text("eventVersion"),
    text("eventCategory"),
    text("eventType"),
    text("eventID"),
    TIME_OF_ROW,
    text("awsRegion"),
    text("recipientAccountId"),
    member("addendum", Shape::Map),
    member("eventData", Shape::Object(EVIDENCE_DATA)),
    JSON_OF_ROW,
    CHECKSUM_OF_ROW,
    POSITION_OF_ROW,
];

const EVIDENCE_DATA: &[Member] = &[
    inner("attributes", Shape::Map),
    inner_text("awsAccountId"),
    inner_text("awsOrganization"),
    inner_text("complianceCheck"),
    inner_text("dataSource"),
    inner_text("eventName"),
    inner_text("eventSource"),
    inner_text("evidenceAwsAccountId"),
    inner_text("evidenceByType"),
    inner_text("iamId"),
    inner_text("evidenceId"),
    inner("time", Shape::Time),
    inner_text("assessmentId"),
    inner_text("controlSetId"),
    inner_text("controlId"),
    inner_text("controlName"),
    inner_text("controlDomainName"),
    inner_text("frameworkName"),
    inner_text("frameworkId"),
    inner_text("service"),
    inner_text("serviceCategory"),
    inner_text("resourceArn"),
    inner_text("resourceType"),
    inner_text("evidenceFolderId"),
    inner_text("description"),
    inner_text("manualEvidenceS3ResourcePath"),
    inner_text("evidenceFolderName"),
    inner_text("resourceComplianceCheck"),
];

const fn text(name: &'static str) -> Column {
    member(name, Shape::Text)
}

const fn member(name: &'static str, shape: Shape) -> Column {
    Column { name, kind: Kind::Member { from: name, shape } }
}

const fn inner(name: &'static str, shape: Shape) -> Member {
    Member { name, from: name, shape }
}

const fn inner_text(name: &'static str) -> Member {
    inner(name, Shape::Text)
}

const TIME_OF_ROW: Column = Column { name: TIME, kind: Kind::Time };
const JSON_OF_ROW: Column = Column { name: JSON, kind: Kind::Json };
const CHECKSUM_OF_ROW: Column = Column { name: CHECKSUM, kind: Kind::Checksum };
const POSITION_OF_ROW: Column = Column { name: POSITION, kind: Kind::Position };
