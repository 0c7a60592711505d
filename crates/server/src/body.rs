//! Request and response bodies.

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};

/// The body of every answer.
pub(crate) type Body = UnsyncBoxBody<Bytes, BodyError>;
/// Why a body ended early.
pub(crate) type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// Largest body in bytes of a call that isn't S3's: PutAuditEvents' 1 MB, and room for what surrounds it.
pub(crate) const CALL_BYTES_MAX: usize = 2 * 1024 * 1024;

/// A whole body.
pub(crate) fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// Why a request's body could not be collected.
#[derive(Debug)]
pub(crate) enum CollectError {
    /// It is larger than it may be.
    TooLarge,
    /// The client went away or broke the protocol.
    Broken,
}

/// Reads a whole request body, bounded.
pub(crate) async fn collect<B>(body: B, bytes_max: usize) -> Result<Bytes, CollectError>
where
    B: hyper::body::Body<Data = Bytes>,
    B::Error: Into<BodyError>,
{
    match Limited::new(body, bytes_max).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(CollectError::TooLarge),
        Err(_) => Err(CollectError::Broken),
    }
}
