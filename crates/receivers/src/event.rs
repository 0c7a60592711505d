//! An event, whatever it came as, and the document that PutAuditEvents knows it by.

use std::net::IpAddr;

use opentrail_model::AccountId;
use opentrail_stdx::Timestamp;
use serde::Serialize;

use crate::members::{Members, Omitted};

/// The version of the integrations event schema.
const VERSION: &str = "1";

/// The longest text of a member, in characters, and the longest objects, in bytes (CloudTrail user guide, "CloudTrail Lake
/// integrations event schema"). Details have no bound of their own there; ours leaves room for the others.
const TEXT_MAX: usize = 1024;
const ERROR_MAX: usize = 256;
const KIND_MAX: usize = 128;
const PARAMETERS_MAX: usize = 100 << 10;
/// Of the 28 KiB that there are, the rest is for what was left out and for the exact time.
const ADDITIONAL_MAX: usize = (28 << 10) - Omitted::BYTES_MAX - 64;
const DETAILS_MAX: usize = 16 << 10;

/// Something that somebody did in another system.
#[derive(Debug, Clone)]
pub struct Event {
    /// The same whenever the same event comes again.
    pub uid: String,
    /// What was done.
    pub event_name: String,
    /// Where it was done.
    pub event_source: String,
    /// When it was done.
    pub event_time: Timestamp,
    /// Who did it.
    pub user: User,
    /// With which program.
    pub user_agent: Option<String>,
    /// From where.
    pub source_ip_address: Option<IpAddr>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// What was asked for.
    pub request_parameters: Members,
    /// What was answered.
    pub response_elements: Members,
    /// Whatever else its system tells.
    pub additional: Members,
}

/// Who did it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// What kind of caller.
    #[serde(rename = "type")]
    pub kind: String,
    /// Which one.
    pub principal_id: String,
    /// What else is known.
    #[serde(skip_serializing_if = "Members::is_empty")]
    pub details: Members,
}

/// Why it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// In a word.
    pub code: String,
    /// In a sentence.
    pub message: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    version: &'static str,
    user_identity: &'a User,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'a str>,
    event_source: &'a str,
    event_name: &'a str,
    event_time: String,
    #[serde(rename = "UID")]
    uid: &'a str,
    #[serde(skip_serializing_if = "Members::is_empty")]
    request_parameters: &'a Members,
    #[serde(skip_serializing_if = "Members::is_empty")]
    response_elements: &'a Members,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<&'a str>,
    #[serde(rename = "sourceIPAddress", skip_serializing_if = "Option::is_none")]
    source_ip_address: Option<IpAddr>,
    recipient_account_id: &'a str,
    #[serde(skip_serializing_if = "Members::is_empty")]
    additional_event_data: &'a Members,
}

impl Event {
    /// Its `eventData` for a channel of that account. Texts that are too long are cut; members of objects that have no room
    /// are left out and named in `additionalEventData.omitted`, with their sizes.
    pub fn document(mut self, recipient: &AccountId) -> String {
        self.fit();
        let event = &self;
        let document = Document {
            version: VERSION,
            user_identity: &event.user,
            user_agent: event.user_agent.as_deref().map(|text| cut(text, TEXT_MAX)),
            event_source: cut(&event.event_source, TEXT_MAX),
            event_name: cut(&event.event_name, TEXT_MAX),
            event_time: event.event_time.iso(),
            uid: &event.uid,
            request_parameters: &event.request_parameters,
            response_elements: &event.response_elements,
            error_code: event.failure.as_ref().map(|failure| cut(&failure.code, ERROR_MAX)),
            error_message: event.failure.as_ref().and_then(|it| it.message.as_deref()).map(|it| cut(it, ERROR_MAX)),
            source_ip_address: event.source_ip_address,
            recipient_account_id: recipient.as_str(),
            additional_event_data: &event.additional,
        };
        serde_json::to_string(&document).expect("texts and JSON always print")
    }

    /// Makes room, and adds what only the document tells: the exact time, and what was left out.
    fn fit(&mut self) {
        let mut omitted = Omitted::default();
        self.user.kind = cut(&self.user.kind, KIND_MAX).to_owned();
        self.user.principal_id = cut(&self.user.principal_id, TEXT_MAX).to_owned();
        self.user.details.fit("userIdentity.details", DETAILS_MAX, &mut omitted);
        self.request_parameters.fit("requestParameters", PARAMETERS_MAX, &mut omitted);
        self.response_elements.fit("responseElements", PARAMETERS_MAX, &mut omitted);
        self.additional.fit("additionalEventData", ADDITIONAL_MAX, &mut omitted);
        let mut additional = std::mem::take(&mut self.additional);
        if self.event_time != self.event_time.floor_to_second() {
            additional = additional.text("exactTime", Some(&self.event_time.iso_ms()));
        }
        self.additional = if omitted.is_empty() { additional } else { additional.value("omitted", &omitted) };
    }
}

/// The first characters of a text.
fn cut(text: &str, characters_max: usize) -> &str {
    text.char_indices().nth(characters_max).map_or(text, |(end, _)| &text[..end])
}
