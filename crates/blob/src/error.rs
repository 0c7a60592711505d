//! What a bucket answers when it doesn't do as asked.

use std::borrow::Cow;

/// A bucket refused, or couldn't be reached.
///
/// Nobody may conclude from an error that nothing was written: a put that failed may have been carried out.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Error {
    /// The S3 error code, such as `AccessDenied`, `NoSuchBucket` or `ServiceUnavailable`. GetTrailStatus shows it.
    pub code: Cow<'static, str>,
    /// What happened, for the operator.
    pub message: String,
    /// The cause.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error with this S3 code.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), source: None }
    }

    /// No bucket has this name.
    pub fn no_such_bucket(bucket: &str) -> Self {
        Self::new(
            "NoSuchBucket",
            format!("the bucket `{bucket}` does not exist; create it, or add it to the configured buckets"),
        )
    }

    /// The bucket's owner doesn't let the caller do this.
    pub fn access_denied(message: impl Into<String>) -> Self {
        Self::new("AccessDenied", message)
    }

    /// The bucket can't be reached, or answers that it can't answer.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new("ServiceUnavailable", message)
    }

    /// The same error with its cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Whether the same request may well succeed a moment later, with nobody mending anything.
    pub fn is_transient(&self) -> bool {
        matches!(&*self.code, "ServiceUnavailable" | "SlowDown" | "InternalError" | "RequestTimeout")
    }
}
