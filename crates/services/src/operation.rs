//! One operation of a service.

use std::sync::Arc;

use opentrail_model::EventCategory;

/// An operation that a request was recognised as; cheap to clone.
#[derive(Debug, Clone)]
pub struct Operation {
    service: Arc<str>,
    name: Arc<str>,
}

/// How many bytes of each body [`crate::describe`] needs; 0 means none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capture {
    /// Of the request's body.
    pub request_bytes_max: usize,
    /// Of the response's body, when the call succeeds.
    pub response_bytes_max: usize,
    /// Of the response's body, when the status is 300 or more.
    pub error_bytes_max: usize,
}

impl Operation {
    pub(crate) fn new(service: &str, name: &str) -> Self {
        Self { service: service.into(), name: name.into() }
    }

    /// The service's name in the models: `s3`.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The operation's name in the model: `ListObjectsV2`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name that records have for the service: `s3.amazonaws.com`.
    pub fn event_source(&self) -> &str {
        &self.service
    }

    /// The name that records have for the operation: `ListObjects`.
    pub fn event_name(&self) -> &str {
        &self.name
    }

    /// Management or data.
    pub fn category(&self) -> EventCategory {
        EventCategory::Management
    }

    /// Does it only read?
    pub fn is_read_only(&self) -> bool {
        ["Get", "List", "Describe"].iter().any(|verb| self.name.starts_with(verb))
    }

    /// Is the service one for all Regions, whose records are in the partition's leader Region?
    pub fn is_global(&self) -> bool {
        false
    }

    /// How much of the bodies to keep.
    pub fn capture(&self) -> Capture {
        Capture { request_bytes_max: 1 << 20, response_bytes_max: 1 << 20, error_bytes_max: 64 << 10 }
    }
}
