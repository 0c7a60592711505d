//! A record that we make ourselves.

mod caps;

use opentrail_stdx::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{EventCategory, UserIdentity};

/// The version of the records that we make.
pub const EVENT_VERSION: &str = "1.11";

/// One record. Its members stand in the order in which real records print them (CloudTrail user guide, "CloudTrail
/// record contents"); optional ones that are `None` are left out, except `requestParameters` and `responseElements`,
/// which print as `null`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// [`EVENT_VERSION`].
    pub event_version: &'static str,
    /// Who called.
    pub user_identity: UserIdentity,
    /// When the call completed; prints with whole seconds.
    #[serde(serialize_with = "iso")]
    pub event_time: Timestamp,
    /// `s3.amazonaws.com`.
    pub event_source: String,
    /// The operation.
    pub event_name: String,
    /// The Region of the call.
    pub aws_region: String,
    /// The caller's address, or the service that called.
    #[serde(rename = "sourceIPAddress")]
    pub source_ip_address: String,
    /// The caller's program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The error's code, when the call failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// The error's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// What was asked.
    pub request_parameters: Option<Value>,
    /// What changed; `None` for reads.
    pub response_elements: Option<Value>,
    /// More of what the service tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_event_data: Option<Value>,
    /// The service's id of the request.
    #[serde(rename = "requestID", skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The record's own id, a UUID.
    #[serde(rename = "eventID")]
    pub event_id: String,
    /// Did the call only read?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    /// What the call was about; left out when empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Resource>,
    /// `AwsApiCall`, `AwsServiceEvent`, …
    pub event_type: String,
    /// The API's version, where the service prints it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// True for management, false for data events, absent for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub management_event: Option<bool>,
    /// The account that owns this copy of the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient_account_id: Option<String>,
    /// One id for the copies of several accounts.
    #[serde(rename = "sharedEventID", skip_serializing_if = "Option::is_none")]
    pub shared_event_id: Option<String>,
    /// The VPC endpoint that the call came through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpc_endpoint_id: Option<String>,
    /// The owner of that endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpc_endpoint_account_id: Option<String>,
    /// What happened, in events that are no calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_event_details: Option<Value>,
    /// `Management`, `Data`, …
    #[serde(serialize_with = "category")]
    pub event_category: EventCategory,
    /// How the connection was secured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_details: Option<TlsDetails>,
    /// `"true"` when the credentials came from the console.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_credential_from_console: Option<String>,
}

impl Default for Record {
    /// An empty management event of an API call.
    fn default() -> Self {
        Self {
            event_version: EVENT_VERSION,
            user_identity: UserIdentity::default(),
            event_time: Timestamp::EPOCH,
            event_source: String::new(),
            event_name: String::new(),
            aws_region: String::new(),
            source_ip_address: String::new(),
            user_agent: None,
            error_code: None,
            error_message: None,
            request_parameters: None,
            response_elements: None,
            additional_event_data: None,
            request_id: None,
            event_id: String::new(),
            read_only: None,
            resources: Vec::new(),
            event_type: "AwsApiCall".to_owned(),
            api_version: None,
            management_event: Some(true),
            recipient_account_id: None,
            shared_event_id: None,
            vpc_endpoint_id: None,
            vpc_endpoint_account_id: None,
            service_event_details: None,
            event_category: EventCategory::Management,
            tls_details: None,
            session_credential_from_console: None,
        }
    }
}

impl Record {
    /// Prints the record as compact JSON, after cutting what is larger than CloudTrail records it.
    pub fn to_json(&self) -> Vec<u8> {
        caps::print(self)
    }
}

/// A resource that a call was about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// The owner; absent on S3 objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// `AWS::S3::Object`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The resource's ARN.
    #[serde(rename = "ARN", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// In its place, what the ARNs of all that was listed start with.
    #[serde(rename = "ARNPrefix", skip_serializing_if = "Option::is_none")]
    pub arn_prefix: Option<String>,
}

/// How a connection was secured.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TlsDetails {
    /// `TLSv1.3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_version: Option<String>,
    /// `TLS_AES_128_GCM_SHA256`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cipher_suite: Option<String>,
    /// The host that the caller asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_provided_host_header: Option<String>,
    /// `X25519MLKEM768`, `x25519`, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_exchange: Option<String>,
}

fn iso<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.iso())
}

fn category<S: Serializer>(category: &EventCategory, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(category.as_str())
}

#[cfg(test)]
mod tests;
