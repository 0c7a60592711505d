//! A view of a record's own bytes that is wide enough for columns, lookups and what is derived for them, borrowed.

mod key;
mod member;
mod parts;

use std::borrow::Cow;

use opentrail_stdx::Timestamp;
use serde::de::MapAccess;
use serde_json::value::RawValue;

pub use self::key::RecordKey;
use self::member::{Document, Members};
use self::parts::window_start;
pub use self::parts::{
    ViewContext, ViewFederation, ViewIdentity, ViewInScopeOf, ViewIssuer, ViewOnBehalfOf, ViewResource,
    ViewResourceTags, ViewSession, ViewSessionAttributes, ViewTagContext, ViewTls,
};
use super::routed::{category, is_name_of_read, object_text};
use super::{EventCategory, RecordError};
use crate::lookup::{LookupCall, LookupIdentity, LookupResource, insight_subject, lookup_resources, lookup_username};

/// What a record says, after one pass over it. Members that don't have the type that CloudTrail documents are absent
/// here and counted in [`View::mistyped`]; `null` is absent and not counted; of a member that comes twice, the last
/// counts. Objects of free form keep their own text.
#[derive(Debug, Clone, Default)]
pub struct View<'a> {
    /// `eventVersion`.
    pub event_version: Option<Cow<'a, str>>,
    /// `userIdentity`.
    pub user_identity: Option<ViewIdentity<'a>>,
    /// `eventTime`, as text.
    pub event_time: Option<Cow<'a, str>>,
    /// `eventSource`.
    pub event_source: Option<Cow<'a, str>>,
    /// `eventName`.
    pub event_name: Option<Cow<'a, str>>,
    /// `awsRegion`.
    pub aws_region: Option<Cow<'a, str>>,
    /// `sourceIPAddress`.
    pub source_ip_address: Option<Cow<'a, str>>,
    /// `userAgent`.
    pub user_agent: Option<Cow<'a, str>>,
    /// `errorCode`.
    pub error_code: Option<Cow<'a, str>>,
    /// `errorMessage`.
    pub error_message: Option<Cow<'a, str>>,
    /// `requestParameters`, an object.
    pub request_parameters: Option<&'a RawValue>,
    /// `responseElements`, an object.
    pub response_elements: Option<&'a RawValue>,
    /// `additionalEventData`, an object.
    pub additional_event_data: Option<&'a RawValue>,
    /// `requestID`.
    pub request_id: Option<Cow<'a, str>>,
    /// `eventID`, or `eventId` as aggregated events spell it.
    pub event_id: Option<Cow<'a, str>>,
    /// `readOnly`.
    pub read_only: Option<bool>,
    /// `resources`.
    pub resources: Option<Vec<ViewResource<'a>>>,
    /// `eventType`.
    pub event_type: Option<Cow<'a, str>>,
    /// `apiVersion`.
    pub api_version: Option<Cow<'a, str>>,
    /// `managementEvent`.
    pub management_event: Option<bool>,
    /// `recipientAccountId`.
    pub recipient_account_id: Option<Cow<'a, str>>,
    /// `sharedEventID`.
    pub shared_event_id: Option<Cow<'a, str>>,
    /// `annotation`.
    pub annotation: Option<Cow<'a, str>>,
    /// `vpcEndpointId`.
    pub vpc_endpoint_id: Option<Cow<'a, str>>,
    /// `vpcEndpointAccountId`.
    pub vpc_endpoint_account_id: Option<Cow<'a, str>>,
    /// `serviceEventDetails`, an object.
    pub service_event_details: Option<&'a RawValue>,
    /// `addendum`, an object.
    pub addendum: Option<&'a RawValue>,
    /// `edgeDeviceDetails`, an object.
    pub edge_device_details: Option<&'a RawValue>,
    /// `insightDetails`, an object.
    pub insight_details: Option<&'a RawValue>,
    /// `eventCategory`, as the record names it.
    pub event_category: Option<Cow<'a, str>>,
    /// `tlsDetails`.
    pub tls_details: Option<ViewTls<'a>>,
    /// `sessionCredentialFromConsole`: `true`, or absent.
    pub session_credential_from_console: Option<Cow<'a, str>>,
    /// `eventContext`.
    pub event_context: Option<ViewContext<'a>>,
    /// `timeWindow.windowStart` of an aggregated event, as text.
    pub window_start: Option<Cow<'a, str>>,
    /// How many of the members above had an unexpected type.
    pub mistyped: u32,
}

impl<'a> View<'a> {
    /// Looks at a record.
    pub fn parse(record: &'a [u8]) -> Result<Self, RecordError> {
        let text = object_text(record)?;
        let Document { members, odd } =
            serde_json::from_str::<Document<View<'a>>>(text).map_err(RecordError::NotJson)?;
        Ok(Self { mistyped: odd, ..members })
    }

    /// `eventCategory`, or what follows from other members when it is absent.
    pub fn category(&self) -> EventCategory {
        if let Some(name) = &self.event_category {
            return EventCategory::from_name(name);
        }
        let clues = category::Clues {
            is_insight: self.insight_details.is_some(),
            event_type: self.event_type.as_deref(),
            management_event: self.management_event,
            event_source: self.event_source.as_deref(),
            event_name: self.event_name.as_deref(),
        };
        category::derive(&clues, |kind| self.resources().iter().any(|it| it.kind.as_deref() == Some(kind)))
    }

    /// When the record's event took place: `eventTime`, or the begin of an aggregated event's window.
    pub fn instant(&self) -> Option<Timestamp> {
        instant_of(self.event_time.as_deref(), self.window_start.as_deref())
    }

    /// Did the call only read? Records of version 1.0 don't tell; there the name of the operation does.
    pub fn is_read(&self) -> bool {
        self.read_only.unwrap_or_else(|| is_name_of_read(self.event_name.as_deref().unwrap_or_default()))
    }

    /// The account that this copy belongs to: the recipient, or, in records older than that member, the caller's.
    pub fn account(&self) -> Option<&str> {
        let caller = || self.user_identity.as_ref().and_then(|identity| identity.account_id.as_deref());
        self.recipient_account_id.as_deref().or_else(caller)
    }

    /// The name under which Event history lists the caller.
    pub fn username(&self) -> Option<Cow<'_, str>> {
        let identity = self.user_identity.as_ref()?;
        lookup_username(LookupIdentity {
            kind: identity.kind.as_deref(),
            user_name: identity.user_name.as_deref(),
            arn: identity.arn.as_deref(),
            principal_id: identity.principal_id.as_deref(),
        })
    }

    /// The operation by which Event history lists the record, source and name: the call's, or the subject of an
    /// Insights record.
    pub fn lookup_operation(&self) -> (Option<Cow<'_, str>>, Option<Cow<'_, str>>) {
        let subject = self.insight_details.map(|details| insight_subject(details.get())).unwrap_or_default();
        let source = self.event_source.as_deref().map(Cow::Borrowed).or(subject.event_source);
        let name = self.event_name.as_deref().map(Cow::Borrowed).or(subject.event_name);
        (source, name)
    }

    /// The resources under which Event history lists the record.
    pub fn lookup_resources(&self) -> Vec<LookupResource<'_>> {
        let call = LookupCall {
            event_source: self.event_source.as_deref().unwrap_or_default(),
            event_name: self.event_name.as_deref().unwrap_or_default(),
            is_read_only: self.is_read(),
            request: self.request_parameters.map(RawValue::get),
            response: self.response_elements.map(RawValue::get),
        };
        let own = self.resources().iter().filter_map(|resource| {
            let name = resource.arn.as_deref().or(resource.arn_prefix.as_deref())?;
            Some((resource.kind.as_deref().map(Cow::Borrowed), Cow::Borrowed(name)))
        });
        lookup_resources(call, own)
    }

    /// The entries of `resources`; none when there is no such member.
    pub fn resources(&self) -> &[ViewResource<'a>] {
        self.resources.as_deref().unwrap_or_default()
    }
}

fn instant_of(event_time: Option<&str>, window_start: Option<&str>) -> Option<Timestamp> {
    event_time.or(window_start).and_then(parse_time)
}

/// A time as records write it: `2026-09-13T17:19:17Z`, and in the oldest `20131102T010628Z`.
pub fn parse_time(text: &str) -> Option<Timestamp> {
    Timestamp::parse_iso(text).or_else(|| Timestamp::parse_basic(text))
}

impl<'a> Members<'a> for View<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        let text = match name {
            "eventVersion" => &mut self.event_version,
            "eventTime" => &mut self.event_time,
            "eventSource" => &mut self.event_source,
            "eventName" => &mut self.event_name,
            "awsRegion" => &mut self.aws_region,
            "sourceIPAddress" => &mut self.source_ip_address,
            "userAgent" => &mut self.user_agent,
            "errorCode" => &mut self.error_code,
            "errorMessage" => &mut self.error_message,
            "requestID" => &mut self.request_id,
            "eventID" | "eventId" => &mut self.event_id,
            "eventType" => &mut self.event_type,
            "apiVersion" => &mut self.api_version,
            "recipientAccountId" => &mut self.recipient_account_id,
            "sharedEventID" => &mut self.shared_event_id,
            "annotation" => &mut self.annotation,
            "vpcEndpointId" => &mut self.vpc_endpoint_id,
            "vpcEndpointAccountId" => &mut self.vpc_endpoint_account_id,
            "eventCategory" => &mut self.event_category,
            "sessionCredentialFromConsole" => &mut self.session_credential_from_console,
            other => return self.structured_member(other, map, odd),
        };
        *text = member::text(map, odd)?;
        Ok(())
    }
}

impl<'a> View<'a> {
    fn structured_member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "userIdentity" => self.user_identity = member::object(map, odd)?,
            "requestParameters" => self.request_parameters = member::raw_object(map, odd)?,
            "responseElements" => self.response_elements = member::raw_object(map, odd)?,
            "additionalEventData" => self.additional_event_data = member::raw_object(map, odd)?,
            "readOnly" => self.read_only = member::flag(map, odd)?,
            "resources" => self.resources = member::list(map, odd)?,
            "managementEvent" => self.management_event = member::flag(map, odd)?,
            "serviceEventDetails" => self.service_event_details = member::raw_object(map, odd)?,
            "addendum" => self.addendum = member::raw_object(map, odd)?,
            "edgeDeviceDetails" => self.edge_device_details = member::raw_object(map, odd)?,
            "insightDetails" => self.insight_details = member::raw_object(map, odd)?,
            "tlsDetails" => self.tls_details = member::object(map, odd)?,
            "eventContext" => self.event_context = member::object(map, odd)?,
            "timeWindow" => self.window_start = window_start(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Routed;

    fn parse(text: &str) -> View<'_> {
        View::parse(text.as_bytes()).expect("a record")
    }

    #[test]
    fn takes_what_is_there() {
        let view = parse(
            r#" {"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","arn":"A","sessionContext":{"attributes":
            {"creationDate":"20131102T010628Z","mfaAuthenticated":"false"},"sessionIssuer":{"userName":"r\u006f"},
            "webIdFederationData":{"attributes":{"a":1}}},"inScopeOf":{"issuerType":"i"},"onBehalfOf":{"userId":"u"}},
            "eventTime":"2026-09-13T17:19:17Z","requestParameters":{ "b" : [1]},"responseElements":null,"readOnly":false,
            "resources":[{"ARN":"x","type":"T"},{"ARNPrefix":"p"}],"tlsDetails":{"cipherSuite":"c"},"eventId":"E",
            "eventContext":{"tagContext":{"resourceTags":[{"arn":"a","tags":{}}]}},"unknown":{"eventName":1}} "#,
        );
        let identity = view.user_identity.as_ref().expect("an identity");
        let session = identity.session_context.as_ref().expect("a session");
        assert_eq!(identity.arn.as_deref(), Some("A"));
        assert_eq!(session.session_issuer.as_ref().and_then(|it| it.user_name.as_deref()), Some("ro"));
        let created = session.attributes.as_ref().and_then(|it| parse_time(it.creation_date.as_deref()?));
        assert_eq!(created, Timestamp::parse_iso("2013-11-02T01:06:28Z"));
        assert_eq!(view.request_parameters.map(RawValue::get), Some(r#"{ "b" : [1]}"#));
        assert!(view.response_elements.is_none());
        assert_eq!(view.resources().len(), 2);
        assert_eq!(view.event_id.as_deref(), Some("E"));
        assert_eq!(view.instant(), Timestamp::parse_iso("2026-09-13T17:19:17Z"));
        assert_eq!(view.mistyped, 0);
    }

    #[test]
    fn other_types_are_absent_and_counted() {
        let view = parse(
            r#"{"eventName":5,"eventSource":["x"],"awsRegion":{"a":1},"eventID":null,"readOnly":"yes","managementEvent":"true",
            "resources":[{"ARN":[]},7],"userIdentity":{"arn":true,"sessionContext":[],"accountId":"1"},"tlsDetails":"t",
            "requestParameters":"p","eventContext":{"requestContext":[]}}"#,
        );
        assert_eq!(view.mistyped, 11);
        assert_eq!(view.account(), Some("1"));
        assert_eq!((view.read_only, view.management_event), (None, Some(true)));
        assert!(view.event_name.is_none() && view.request_parameters.is_none() && view.tls_details.is_none());
        assert_eq!(view.resources().len(), 1);
    }

    #[test]
    fn refuses_only_what_is_no_object() {
        assert!(matches!(View::parse(b"[]"), Err(RecordError::NotAnObject)));
        assert!(matches!(View::parse(b"{} {}"), Err(RecordError::NotJson(_))));
        assert!(matches!(View::parse(b"{\"a\":\"\xff\"}"), Err(RecordError::NotUtf8(_))));
        let deep = format!("{{\"resources\":{}{}}}", "[".repeat(130), "]".repeat(130));
        assert!(matches!(View::parse(deep.as_bytes()), Err(RecordError::TooDeep)));
        assert_eq!(parse("{}").mistyped, 0);
    }

    #[test]
    fn an_insight_is_looked_up_by_its_subject() {
        let view = parse(r#"{"eventCategory":"Insight","insightDetails":{"eventSource":"s","eventName":"n"}}"#);
        assert_eq!(view.lookup_operation(), (Some("s".into()), Some("n".into())));
        let view = parse(r#"{"eventName":"own","insightDetails":{"eventName":"n"}}"#);
        assert_eq!(view.lookup_operation(), (None, Some("own".into())));
    }

    #[test]
    fn aggregated_events_have_a_window() {
        let view = parse(
            r#"{"eventCategory":"Aggregated","eventId":"E","timeWindow":{"windowStart":"2026-09-13T17:15:00Z"}}"#,
        );
        assert_eq!(view.category(), EventCategory::Aggregated);
        assert_eq!(view.instant(), Timestamp::parse_iso("2026-09-13T17:15:00Z"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = View::parse(&bytes);
        }

        #[test]
        fn agrees_with_routed(text in r#"\{("(eventName|readOnly|resources|userIdentity|eventType)":("x"|true|null|\[\{\}\]|\{"arn":"a"\}|1),){0,5}"a":1\}"#) {
            let (view, routed) = (parse(&text), Routed::parse(text.as_bytes()).expect("a record"));
            prop_assert_eq!(view.category(), routed.category);
            prop_assert_eq!(&view.event_name, &routed.event_name);
            prop_assert_eq!(view.is_read(), routed.is_read());
            prop_assert_eq!(view.user_identity.and_then(|it| it.arn), routed.user_identity.arn);
        }
    }
}
