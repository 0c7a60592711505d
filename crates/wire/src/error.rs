//! What a caller is answered when there is no success.

use crate::codec::write_text;
use crate::{ErrorShape, Operation};

/// An AWS-shaped error: a code, a message for the caller and an HTTP status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Error {
    /// The error code: a shape's name, or one of the protocol's own codes.
    pub code: &'static str,
    /// What the caller reads.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
}

impl Error {
    /// An error that the model knows. The models give none of their errors a status; the service answers 400.
    pub fn modelled(shape: ErrorShape, message: impl Into<String>) -> Self {
        Self { code: shape.name(), message: message.into(), status: 400 }
    }

    fn protocol(code: &'static str, status: u16, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), status }
    }

    /// The body is not JSON, or a value in it has the wrong type.
    pub fn serialization(message: impl Into<String>) -> Self {
        Self::protocol("SerializationException", 400, message)
    }

    /// A value breaks a constraint of the model.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::protocol("ValidationException", 400, message)
    }

    /// The target names no operation of this service. AWS answers it without words.
    pub fn unknown_operation() -> Self {
        Self::protocol("UnknownOperationException", 400, "")
    }

    /// The caller is known but may not do this.
    pub fn access_denied(message: impl Into<String>) -> Self {
        Self::protocol("AccessDeniedException", 400, message)
    }

    /// Too much is asked at once; the caller shall come back later.
    pub fn throttling(message: impl Into<String>) -> Self {
        Self::protocol("ThrottlingException", 400, message)
    }

    /// The body is larger than we take.
    pub fn request_entity_too_large(message: impl Into<String>) -> Self {
        Self::protocol("RequestEntityTooLargeException", 413, message)
    }

    /// Something that we need is not there now; nothing was done.
    pub fn service_unavailable(message: impl Into<String>) -> Self {
        Self::protocol("ServiceUnavailable", 503, message)
    }

    /// A fault of ours.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::protocol("InternalFailure", 500, message)
    }

    /// The body: `{"__type":"…","message":"…"}`, without a message that says nothing.
    pub fn to_json(&self) -> String {
        let mut out = br#"{"__type":"#.to_vec();
        write_text(self.code, &mut out);
        if !self.message.is_empty() {
            out.extend_from_slice(br#","message":"#);
            write_text(&self.message, &mut out);
        }
        out.push(b'}');
        String::from_utf8(out).expect("JSON is text")
    }

    /// The body in the REST protocol of `cloudtrail-data`, where a header names the code: `{"message":"…"}`.
    pub fn to_rest_json(&self) -> String {
        let mut out = br#"{"message":"#.to_vec();
        write_text(&self.message, &mut out);
        out.push(b'}');
        String::from_utf8(out).expect("JSON is text")
    }
}

/// The truthful answer of an operation that nobody has built.
pub fn not_built_yet(operation: Operation) -> Error {
    Error::modelled(
        ErrorShape::UnsupportedOperationException,
        format!("The operation {} is not built in OpenTrail yet.", operation.name()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_envelope_is_awss() {
        let error = Error::modelled(ErrorShape::TrailNotFoundException, "Unknown trail: t for the user: 123456789012");
        assert_eq!(
            error.to_json(),
            r#"{"__type":"TrailNotFoundException","message":"Unknown trail: t for the user: 123456789012"}"#
        );
        assert_eq!(Error::unknown_operation().to_json(), r#"{"__type":"UnknownOperationException"}"#);
    }

    #[test]
    fn only_busy_operators_and_faults_are_not_400() {
        let statuses = [
            Error::serialization("").status,
            Error::validation("").status,
            Error::access_denied("").status,
            Error::throttling("").status,
            Error::request_entity_too_large("").status,
            Error::service_unavailable("").status,
            Error::internal("").status,
        ];
        assert_eq!(statuses, [400, 400, 400, 400, 413, 503, 500]);
    }
}
