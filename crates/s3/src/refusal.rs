//! What S3 answers when it doesn't do as asked.

use std::borrow::Cow;

use http::StatusCode;
use s3s::{S3Error, S3ErrorCode};

/// An S3 error: code, text and HTTP status.
///
/// A request body may end with one (a decoder of `aws-chunked` that finds a wrong signature, say): it becomes the
/// answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refusal {
    /// The S3 error code.
    pub code: Cow<'static, str>,
    /// The text for the caller.
    pub message: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
}

impl Refusal {
    /// A refusal with this code, text and HTTP status.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>, status: u16) -> Self {
        Self { code: code.into(), message: message.into(), status }
    }

    pub(crate) fn no_such_bucket() -> Self {
        Self::new("NoSuchBucket", "The specified bucket does not exist", 404)
    }

    pub(crate) fn no_such_key() -> Self {
        Self::new("NoSuchKey", "The specified key does not exist.", 404)
    }

    pub(crate) fn no_such_upload() -> Self {
        let message = "The specified upload does not exist. The upload ID may be invalid, or the upload may have been \
                       aborted or completed.";
        Self::new("NoSuchUpload", message, 404)
    }

    pub(crate) fn access_denied() -> Self {
        Self::new("AccessDenied", "Access Denied", 403)
    }

    pub(crate) fn precondition_failed() -> Self {
        Self::new("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)
    }

    pub(crate) fn malformed_xml() -> Self {
        let message = "The XML you provided was not well-formed or did not validate against our published schema";
        Self::new("MalformedXML", message, 400)
    }

    pub(crate) fn invalid_argument(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new("InvalidArgument", message, 400)
    }

    pub(crate) fn invalid_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new("InvalidRequest", message, 400)
    }

    pub(crate) fn not_implemented(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new("NotImplemented", message, 501)
    }

    /// The body ended before it was whole.
    pub(crate) fn incomplete_body() -> Self {
        let message = "You did not provide the number of bytes specified by the Content-Length HTTP header";
        Self::new("IncompleteBody", message, 400)
    }

    /// The disk or the catalog doesn't serve us now. Nothing was acknowledged.
    pub(crate) fn unavailable(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new("ServiceUnavailable", message, 503)
    }

    /// Stored data that can't be what we wrote.
    pub(crate) fn internal() -> Self {
        Self::new("InternalError", "We encountered an internal error. Please try again.", 500)
    }
}

impl From<Refusal> for S3Error {
    fn from(refusal: Refusal) -> Self {
        let code = S3ErrorCode::from_bytes(refusal.code.as_bytes()).unwrap_or(S3ErrorCode::InternalError);
        let mut error = S3Error::with_message(code, refusal.message);
        error.set_status_code(StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        error
    }
}

impl From<opentrail_catalog::Error> for Refusal {
    fn from(error: opentrail_catalog::Error) -> Self {
        match &error {
            opentrail_catalog::Error::Conflict => {
                let message = "A conflicting conditional operation is currently in progress against this resource. \
                               Please try again.";
                Self::new("OperationAborted", message, 409)
            }
            opentrail_catalog::Error::Unavailable { hint, .. } => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the catalog is unavailable");
                Self::unavailable(format!("The server can't reach its catalog: {hint}."))
            }
            _ => {
                tracing::error!(error = &error as &dyn std::error::Error, "the catalog can't be read");
                Self::internal()
            }
        }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        tracing::warn!(error = &error as &dyn std::error::Error, "a body file can't be written or read");
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::unavailable("The server's disk is full; nothing was stored. Please try again later.")
            }
            _ => Self::unavailable("The server's disk failed; nothing was stored. Please try again later."),
        }
    }
}
