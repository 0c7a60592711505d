//! What CloudTrail's record says of a call.

use opentrail_model::{EventCategory, Resource};
use serde_json::Value;

/// The part of a record that follows from what passed over the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// `s3.amazonaws.com`.
    pub event_source: String,
    /// `PutObject`.
    pub event_name: String,
    /// The Region it is recorded in: the caller's, or for a global service the partition's leader.
    pub aws_region: String,
    /// The API's version, where the service's records have it.
    pub api_version: Option<String>,
    /// Management or data.
    pub category: EventCategory,
    /// Did it only read?
    pub read_only: bool,
    /// What was asked.
    pub request_parameters: Option<Value>,
    /// What changed; `None` for most reads.
    pub response_elements: Option<Value>,
    /// Why it failed.
    pub error: Option<CallError>,
    /// What it was about.
    pub resources: Vec<Resource>,
    /// The service's id of the request.
    pub request_id: Option<String>,
    /// What the service tells besides.
    pub additional_event_data: Option<Value>,
}

/// An error as records tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallError {
    /// `AccessDenied`.
    pub code: String,
    /// The error's text.
    pub message: Option<String>,
}
