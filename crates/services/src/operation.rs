//! One operation of a service.

use std::borrow::Cow;
use std::sync::Arc;

use opentrail_model::EventCategory;

use crate::knowledge;
use crate::recognise::Upload;
use crate::table::{self, Head, Kind, Model, Place, Protocol, Shape};

/// A document longer than this is not kept.
const DOCUMENT_BYTES_MAX: usize = 1 << 20;
/// An error is told in less.
const ERROR_BYTES_MAX: usize = 64 << 10;

/// An operation that a request was recognised as; cheap to clone.
#[derive(Debug, Clone)]
pub struct Operation {
    pub(crate) head: &'static Head,
    pub(crate) inner: &'static table::Operation,
    pub(crate) protocol: Protocol,
    /// The bucket that the host names, if it does.
    pub(crate) host_bucket: Option<String>,
    /// The form that says what it is about, of a browser's upload.
    pub(crate) upload: Option<Arc<Upload>>,
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
    pub(crate) fn new(
        head: &'static Head,
        inner: &'static table::Operation,
        protocol: Protocol,
        host_bucket: Option<String>,
    ) -> Self {
        Self { head, inner, protocol, host_bucket, upload: None }
    }

    /// The same, as a browser's form asks for it.
    pub(crate) fn of_upload(self, upload: Upload) -> Self {
        Self { upload: Some(Arc::new(upload)), ..self }
    }

    /// The form of a browser's upload.
    pub fn upload(&self) -> Option<&Upload> {
        self.upload.as_deref()
    }

    /// The service's name in the models: `s3`.
    pub fn service(&self) -> &'static str {
        self.head.name
    }

    /// The operation's name in the model: `ListObjectsV2`.
    pub fn name(&self) -> &'static str {
        self.inner.name
    }

    /// The name that records have for the service: `s3.amazonaws.com`.
    pub fn event_source(&self) -> String {
        knowledge::event_source(self.head)
    }

    /// The name that records have for the operation: `ListObjects`.
    pub fn event_name(&self) -> Cow<'static, str> {
        knowledge::event_name(self.head, self.inner)
    }

    /// Management or data.
    pub fn category(&self) -> EventCategory {
        let is_data_event = knowledge::is_data_event(self.head, self.inner);
        if is_data_event { EventCategory::Data } else { EventCategory::Management }
    }

    /// Does it only read?
    pub fn is_read_only(&self) -> bool {
        knowledge::is_read_only(self.head, self.inner)
    }

    /// Is the service one for all Regions, whose records are in the partition's leader Region?
    pub fn is_global(&self) -> bool {
        knowledge::is_global(self.head)
    }

    /// How much of the bodies to keep: nothing of objects, blobs and event streams, nor of what a read answers.
    pub fn capture(&self) -> Capture {
        let document = |shape: Option<usize>| if self.has_document(shape) { DOCUMENT_BYTES_MAX } else { 0 };
        Capture {
            request_bytes_max: document(self.inner.input),
            response_bytes_max: if self.shows_response() { document(self.inner.output) } else { 0 },
            error_bytes_max: ERROR_BYTES_MAX,
        }
    }

    pub(crate) fn model(&self) -> &'static Model {
        self.head.model()
    }

    /// Do records of it have `responseElements`?
    pub(crate) fn shows_response(&self) -> bool {
        knowledge::shows_answer(self.head, self.inner)
    }

    /// Is a structure's body one that a record tells of?
    fn has_document(&self, shape: Option<usize>) -> bool {
        let model = self.model();
        let is_stream = |kind: Kind| match kind {
            Kind::Shape(number) => matches!(model.shape(number), Shape::Structure { is_event_stream: true, .. }),
            kind => kind == Kind::Blob,
        };
        let members = model.members(shape);
        match members.iter().find(|member| member.place == Place::Payload) {
            Some(payload) => !payload.is_streaming && !is_stream(payload.kind),
            None => members.iter().any(|member| member.place == Place::Body),
        }
    }
}
