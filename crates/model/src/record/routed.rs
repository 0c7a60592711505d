//! A view of a record's own bytes: what routing, selectors and digests need to know of it, borrowed.

pub(super) mod category;
mod lenient;

use std::borrow::Cow;

use opentrail_stdx::Timestamp;
use serde::de::{IgnoredAny, MapAccess};

use self::lenient::{Flag, Lenient, LenientMap, List, Text};
use super::EventCategory;

/// The longest record that is looked into.
pub const RECORD_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How deep a record may nest.
pub const RECORD_NESTING_MAX: usize = 120;

/// These bytes are no record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Not UTF-8.
    #[error("record is not UTF-8 text")]
    NotUtf8(#[source] std::str::Utf8Error),
    /// Not JSON, or more than one JSON value.
    #[error("record is not JSON")]
    NotJson(#[source] serde_json::Error),
    /// JSON, but not an object.
    #[error("record must be a JSON object")]
    NotAnObject,
    /// Longer than [`RECORD_BYTES_MAX`].
    #[error("record has {bytes} bytes, more than {max}", max = RECORD_BYTES_MAX)]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// Deeper than [`RECORD_NESTING_MAX`].
    #[error("record nests deeper than {max} levels", max = RECORD_NESTING_MAX)]
    TooDeep,
}

/// What we know of a record after looking at it once. Members of an unexpected type count as absent; of a member that
/// comes twice, the last counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Routed<'a> {
    /// `eventVersion`.
    pub event_version: Option<Cow<'a, str>>,
    /// `eventTime`, as text.
    pub event_time: Option<Cow<'a, str>>,
    /// `eventSource`.
    pub event_source: Option<Cow<'a, str>>,
    /// `eventName`.
    pub event_name: Option<Cow<'a, str>>,
    /// `awsRegion`.
    pub aws_region: Option<Cow<'a, str>>,
    /// `readOnly`.
    pub read_only: Option<bool>,
    /// `eventType`.
    pub event_type: Option<Cow<'a, str>>,
    /// `eventCategory`, or what follows from other members when it is absent.
    pub category: EventCategory,
    /// `managementEvent`.
    pub management_event: Option<bool>,
    /// `recipientAccountId`.
    pub recipient_account_id: Option<Cow<'a, str>>,
    /// `userIdentity`.
    pub user_identity: RoutedIdentity<'a>,
    /// `errorCode`.
    pub error_code: Option<Cow<'a, str>>,
    /// `vpcEndpointId`.
    pub vpc_endpoint_id: Option<Cow<'a, str>>,
    /// `sessionCredentialFromConsole`: `true`, or absent.
    pub session_credential_from_console: Option<Cow<'a, str>>,
    /// `resources`.
    pub resources: Vec<RoutedResource<'a>>,
    /// `eventID`.
    pub event_id: Option<Cow<'a, str>>,
    /// `requestID`.
    pub request_id: Option<Cow<'a, str>>,
    /// `tlsDetails.clientProvidedHostHeader`.
    pub tls_host: Option<Cow<'a, str>>,
}

/// What we know of a record's `userIdentity`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RoutedIdentity<'a> {
    /// `type`.
    pub kind: Option<Cow<'a, str>>,
    /// `arn`.
    pub arn: Option<Cow<'a, str>>,
    /// `accountId`.
    pub account_id: Option<Cow<'a, str>>,
    /// `accessKeyId`.
    pub access_key_id: Option<Cow<'a, str>>,
    /// `userName`.
    pub user_name: Option<Cow<'a, str>>,
    /// `invokedBy`.
    pub invoked_by: Option<Cow<'a, str>>,
}

/// One entry of a record's `resources`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RoutedResource<'a> {
    /// `type`.
    pub kind: Option<Cow<'a, str>>,
    /// `ARN`, or else `ARNPrefix`.
    pub arn: Option<Cow<'a, str>>,
    /// `accountId`.
    pub account_id: Option<Cow<'a, str>>,
}

impl<'a> Routed<'a> {
    /// Looks at a record.
    pub fn parse(record: &'a [u8]) -> Result<Self, RecordError> {
        let text = object_text(record)?;
        let Seen { mut event, category, is_insight } =
            serde_json::from_str::<Lenient<Seen<'a>>>(text).map_err(RecordError::NotJson)?.0;
        event.category = category.unwrap_or_else(|| derived_category(&event, is_insight));
        Ok(event)
    }

    /// The account that this copy belongs to: the recipient, or, in records older than that member, the caller's.
    pub fn account(&self) -> Option<&str> {
        self.recipient_account_id.as_deref().or(self.user_identity.account_id.as_deref())
    }

    /// `eventTime` as an instant.
    pub fn event_instant(&self) -> Option<Timestamp> {
        self.event_time.as_deref().and_then(Timestamp::parse_iso)
    }

    /// Did the call only read? Records of version 1.0 don't tell; there the name of the operation does.
    pub fn is_read(&self) -> bool {
        self.read_only.unwrap_or_else(|| is_name_of_read(self.event_name.as_deref().unwrap_or_default()))
    }
}

fn derived_category(event: &Routed<'_>, is_insight: bool) -> EventCategory {
    let clues = category::Clues {
        is_insight,
        event_type: event.event_type.as_deref(),
        management_event: event.management_event,
        event_source: event.event_source.as_deref(),
        event_name: event.event_name.as_deref(),
    };
    category::derive(&clues, |kind| event.resources.iter().any(|resource| resource.kind.as_deref() == Some(kind)))
}

/// Does an operation of this name only read?
pub(super) fn is_name_of_read(name: &str) -> bool {
    const READS: [&str; 6] = ["Get", "List", "Describe", "Head", "Lookup", "Search"];
    READS.iter().any(|verb| name.starts_with(verb))
}

/// A record's text, once it is known to be within bounds and to begin like an object.
pub(super) fn object_text(record: &[u8]) -> Result<&str, RecordError> {
    if record.len() > RECORD_BYTES_MAX {
        return Err(RecordError::TooLarge { bytes: record.len() });
    }
    let text = std::str::from_utf8(record).map_err(RecordError::NotUtf8)?;
    // Most records have fewer brackets than they may nest, and counting those costs little.
    if openings(record) > RECORD_NESTING_MAX && nesting(record) > RECORD_NESTING_MAX {
        return Err(RecordError::TooDeep);
    }
    if !text.trim_ascii_start().starts_with('{') {
        return Err(
            serde_json::from_str::<IgnoredAny>(text).map_or_else(RecordError::NotJson, |_| RecordError::NotAnObject)
        );
    }
    Ok(text)
}

/// How often `{` and `[`, which differ in one bit, come in a record, in its strings too. Pieces that a byte can count
/// are counted many bytes at a time.
fn openings(record: &[u8]) -> usize {
    let in_piece = |piece: &[u8]| piece.iter().map(|byte| u8::from(*byte & !0x20 == b'[')).sum::<u8>();
    record.chunks(usize::from(u8::MAX)).map(|piece| usize::from(in_piece(piece))).sum()
}

/// The greatest number of brackets that are open at once.
fn nesting(record: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let mut bytes = record.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => skip_string(&mut bytes),
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
}

/// A record while it is being read.
#[derive(Default)]
struct Seen<'a> {
    event: Routed<'a>,
    category: Option<EventCategory>,
    is_insight: bool,
}

impl<'a> LenientMap<'a> for Seen<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M) -> Result<(), M::Error> {
        let event = &mut self.event;
        let text = match name {
            "eventVersion" => &mut event.event_version,
            "eventTime" => &mut event.event_time,
            "eventSource" => &mut event.event_source,
            "eventName" => &mut event.event_name,
            "awsRegion" => &mut event.aws_region,
            "eventType" => &mut event.event_type,
            "recipientAccountId" => &mut event.recipient_account_id,
            "errorCode" => &mut event.error_code,
            "vpcEndpointId" => &mut event.vpc_endpoint_id,
            "eventID" => &mut event.event_id,
            "requestID" => &mut event.request_id,
            other => return self.structured_member(other, map),
        };
        *text = map.next_value::<Text<'a>>()?.0;
        Ok(())
    }
}

impl<'a> Seen<'a> {
    fn structured_member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M) -> Result<(), M::Error> {
        let event = &mut self.event;
        match name {
            "userIdentity" => event.user_identity = map.next_value::<Lenient<RoutedIdentity<'a>>>()?.0,
            "resources" => event.resources = map.next_value::<List<RoutedResource<'a>>>()?.0,
            "readOnly" => event.read_only = map.next_value::<Flag>()?.0,
            "managementEvent" => event.management_event = map.next_value::<Flag>()?.0,
            "sessionCredentialFromConsole" => event.session_credential_from_console = map.next_value::<Text<'a>>()?.0,
            "tlsDetails" => event.tls_host = map.next_value::<Lenient<TlsHost<'a>>>()?.0.0,
            "eventCategory" => {
                let name = map.next_value::<Text<'a>>()?.0;
                self.category = name.map(|name| EventCategory::from_name(&name));
            }
            "insightDetails" => {
                map.next_value::<IgnoredAny>()?;
                self.is_insight = true;
            }
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'a> LenientMap<'a> for RoutedIdentity<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M) -> Result<(), M::Error> {
        let text = match name {
            "type" => &mut self.kind,
            "arn" => &mut self.arn,
            "accountId" => &mut self.account_id,
            "accessKeyId" => &mut self.access_key_id,
            "userName" => &mut self.user_name,
            "invokedBy" => &mut self.invoked_by,
            _ => return map.next_value::<IgnoredAny>().map(|_| ()),
        };
        *text = map.next_value::<Text<'a>>()?.0;
        Ok(())
    }
}

impl<'a> LenientMap<'a> for RoutedResource<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M) -> Result<(), M::Error> {
        match name {
            "type" => self.kind = map.next_value::<Text<'a>>()?.0,
            "ARN" | "arn" => self.arn = map.next_value::<Text<'a>>()?.0.or_else(|| self.arn.take()),
            "ARNPrefix" | "arnPrefix" => self.arn = self.arn.take().or(map.next_value::<Text<'a>>()?.0),
            "accountId" => self.account_id = map.next_value::<Text<'a>>()?.0,
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The one member of `tlsDetails` that says which endpoint was called.
#[derive(Default)]
struct TlsHost<'a>(Option<Cow<'a, str>>);

impl<'a> LenientMap<'a> for TlsHost<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M) -> Result<(), M::Error> {
        match name {
            "clientProvidedHostHeader" => self.0 = map.next_value::<Text<'a>>()?.0,
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Routed<'_> {
        Routed::parse(text.as_bytes()).expect("a record")
    }

    #[test]
    fn takes_what_is_there() {
        let event = parse(
            r#" {"eventVersion":"1.11","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/bob",
            "accountId":"123456789012","accessKeyId":"AKIA","userName":"b\u006fb","invokedBy":"x.amazonaws.com",
            "sessionContext":{"attributes":{"arn":"no"}}},"eventTime":"2026-09-13T17:19:17Z","eventSource":"s3.amazonaws.com",
            "eventName":"PutObject","awsRegion":"us-east-1","errorCode":"AccessDenied","requestID":"R","eventID":"E",
            "readOnly":false,"resources":[{"accountId":"1","type":"T","ARN":"A"},{"ARNPrefix":"P"},7],
            "eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"123456789013","vpcEndpointId":"vpce-1",
            "eventCategory":"Data","tlsDetails":{"clientProvidedHostHeader":"h"},"sessionCredentialFromConsole":"true"} "#,
        );
        assert_eq!(event.event_version.as_deref(), Some("1.11"));
        assert_eq!(event.user_identity.user_name.as_deref(), Some("bob"));
        assert_eq!(event.user_identity.arn.as_deref(), Some("arn:aws:iam::123456789012:user/bob"));
        assert_eq!(event.event_instant(), Timestamp::parse_iso("2026-09-13T17:19:17Z"));
        assert_eq!(event.category, EventCategory::Data);
        assert_eq!(event.account(), Some("123456789013"));
        assert_eq!(event.tls_host.as_deref(), Some("h"));
        assert_eq!(event.session_credential_from_console.as_deref(), Some("true"));
        assert_eq!((event.read_only, event.management_event), (Some(false), Some(false)));
        let arns: Vec<_> = event.resources.iter().map(|resource| resource.arn.as_deref()).collect();
        assert_eq!(arns, [Some("A"), Some("P"), None]);
        assert!(matches!(event.event_name, Some(Cow::Borrowed("PutObject"))));
    }

    #[test]
    fn other_types_count_as_absent_and_the_last_of_two_counts() {
        let event = parse(
            r#"{"eventName":5,"eventSource":["x"],"awsRegion":{"a":1},"eventID":null,"readOnly":"true","resources":{"ARN":"x"},
            "userIdentity":"root","tlsDetails":[1],"eventType":true,"errorCode":1.5,"requestID":"a","requestID":"b",
            "recipientAccountId":-1,"eventCategory":7}"#,
        );
        let expected = Routed { read_only: Some(true), request_id: Some(Cow::Borrowed("b")), ..Routed::default() };
        assert_eq!(event, expected);
    }

    #[test]
    fn refuses_only_what_is_no_object() {
        assert!(matches!(Routed::parse(b"[]"), Err(RecordError::NotAnObject)));
        assert!(matches!(Routed::parse(b"\"x\""), Err(RecordError::NotAnObject)));
        assert!(matches!(Routed::parse(b""), Err(RecordError::NotJson(_))));
        assert!(matches!(Routed::parse(b"{"), Err(RecordError::NotJson(_))));
        assert!(matches!(Routed::parse(b"{} {}"), Err(RecordError::NotJson(_))));
        assert!(matches!(Routed::parse(b"{\"a\":\"\xff\"}"), Err(RecordError::NotUtf8(_))));
        assert_eq!(parse("{}"), Routed::default());
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        assert!(Routed::parse(nested(RECORD_NESTING_MAX).as_bytes()).is_ok());
        assert!(matches!(Routed::parse(nested(RECORD_NESTING_MAX + 1).as_bytes()), Err(RecordError::TooDeep)));
        let in_a_string = format!("{{\"a\":\"{}\\\"{}\"}}", "[".repeat(500), "{".repeat(500));
        assert!(Routed::parse(in_a_string.as_bytes()).is_ok());
        let large = vec![b' '; RECORD_BYTES_MAX + 1];
        assert!(matches!(Routed::parse(&large), Err(RecordError::TooLarge { .. })));
    }

    #[test]
    fn categories_of_records_that_do_not_name_them() {
        for (text, expected) in [
            (r#"{}"#, EventCategory::Management),
            (r#"{"eventCategory":"Insight"}"#, EventCategory::Insight),
            (r#"{"eventCategory":"SomethingNew","managementEvent":true}"#, EventCategory::Other),
            (r#"{"managementEvent":false}"#, EventCategory::Data),
            (r#"{"managementEvent":true}"#, EventCategory::Management),
            (r#"{"eventType":"AwsCloudTrailInsight"}"#, EventCategory::Insight),
            (r#"{"insightDetails":{}}"#, EventCategory::Insight),
            (r#"{"eventType":"AwsVpceEvent"}"#, EventCategory::NetworkActivity),
            (r#"{"eventType":"AwsVpceEvents"}"#, EventCategory::NetworkActivity),
            (r#"{"eventType":"AwsAggregatedEvent"}"#, EventCategory::Aggregated),
            (r#"{"eventType":"ActivityLog"}"#, EventCategory::ActivityAuditLog),
            (
                r#"{"eventSource":"s3.amazonaws.com","eventName":"GetObject","resources":[{"type":"AWS::S3::Object"}]}"#,
                EventCategory::Data,
            ),
            (
                r#"{"eventSource":"s3.amazonaws.com","eventName":"CreateBucket","resources":[{"type":"AWS::S3::Bucket"}]}"#,
                EventCategory::Management,
            ),
            (
                r#"{"eventSource":"lambda.amazonaws.com","eventName":"Invoke","resources":[{"type":"AWS::Lambda::Function"}]}"#,
                EventCategory::Data,
            ),
            (
                r#"{"eventSource":"lambda.amazonaws.com","eventName":"GetFunction","resources":[{"type":"AWS::Lambda::Function"}]}"#,
                EventCategory::Management,
            ),
        ] {
            assert_eq!(parse(text).category, expected, "{text}");
        }
    }

    #[test]
    fn names_tell_reads_where_the_record_does_not() {
        assert!(parse(r#"{"eventName":"DescribeInstances"}"#).is_read());
        assert!(!parse(r#"{"eventName":"RunInstances"}"#).is_read());
        assert!(!parse(r#"{"eventName":"GetSessionToken","readOnly":false}"#).is_read());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Routed::parse(&bytes);
        }

        #[test]
        fn no_text_like_a_record_panics(text in r#"[{}\[\],:"\\a0 ]{0,60}"#) {
            let _ = Routed::parse(text.as_bytes());
        }
    }
}
