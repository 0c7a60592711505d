//! Bodies that are signed with a key of ours, on their way to an upstream: as they came, but not to their end unless
//! they are what was signed.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use aws_lc_rs::digest::{self, SHA256};
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use opentrail_sigv4::chunked::Decoder;
use opentrail_sigv4::{AuthError, Verified};

use crate::body::{Body, BodyError};

/// Why the body was not passed to its end, once that is so.
pub(crate) type Refused = Arc<OnceLock<AuthError>>;

enum Check {
    /// Its hash must be the signed one.
    Hash(digest::Context, Box<Verified>),
    /// It comes in chunks, each of which is signed.
    Chunks(Box<Decoder>),
}

/// Passes a body on, its last frame only when all of it has been checked: the upstream never gets a whole body that
/// isn't the signed one.
pub(crate) struct Checked {
    inner: Body,
    /// Taken when it has been done.
    check: Option<Check>,
    held: Option<Frame<Bytes>>,
    refused: Refused,
}

impl Checked {
    pub(crate) fn hashed(inner: Body, verified: &Verified, refused: Refused) -> Self {
        let check = Check::Hash(digest::Context::new(&SHA256), Box::new(verified.clone()));
        Self { inner, check: Some(check), held: None, refused }
    }

    pub(crate) fn chunked(inner: Body, decoder: Decoder, refused: Refused) -> Self {
        Self { inner, check: Some(Check::Chunks(Box::new(decoder))), held: None, refused }
    }

    fn see(&mut self, data: &Bytes) -> Result<(), AuthError> {
        match &mut self.check {
            Some(Check::Hash(context, _)) => context.update(data),
            Some(Check::Chunks(decoder)) => {
                let mut pending = data.clone();
                while decoder.push(&mut pending)?.is_some() {}
            }
            None => {}
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), AuthError> {
        match self.check.take() {
            Some(Check::Hash(context, verified)) => {
                let mut sha256 = [0; 32];
                sha256.copy_from_slice(context.finish().as_ref());
                verified.check_body(&sha256)
            }
            Some(Check::Chunks(decoder)) => decoder.finish().map(drop).map_err(Into::into),
            None => Ok(()),
        }
    }

    fn refuse(&mut self, error: AuthError) -> BodyError {
        let text = error.to_string();
        // The first reason counts; there is no second, as the body ends here.
        let _ = self.refused.set(error);
        text.into()
    }
}

impl HttpBody for Checked {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        loop {
            let Some(frame) = ready!(Pin::new(&mut this.inner).poll_frame(cx)).transpose()? else {
                return Poll::Ready(match this.finish() {
                    Ok(()) => this.held.take().map(Ok),
                    Err(error) => Some(Err(this.refuse(error))),
                });
            };
            if let Some(Err(error)) = frame.data_ref().map(|data| this.see(data)) {
                return Poll::Ready(Some(Err(this.refuse(error))));
            }
            if let Some(before) = this.held.replace(frame) {
                return Poll::Ready(Some(Ok(before)));
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt, StreamBody};
    use opentrail_sigv4::{BodyHash, Credentials, Presented, SecretKey, SignedBody, Signer};
    use opentrail_stdx::Timestamp;

    use super::*;

    /// What passes of `sent`, when `signed` was signed.
    async fn passed(signed: &[u8], sent: &[&'static str]) -> (String, bool) {
        let credentials =
            Credentials { access_key_id: "AKIA".to_owned(), secret: SecretKey::new("secret"), session_token: None };
        let now = Timestamp::from_secs(1_789_319_538);
        let signer = Signer { credentials: &credentials, region: "us-east-1", service: "s3", now };
        let request = http::Request::put("http://h/b/k").header("host", "h").body(()).expect("valid");
        let (mut parts, ()) = request.into_parts();
        signer.sign(&mut parts, SignedBody::Bytes(signed)).expect("signed");
        let presented = Presented::from_request(&parts).expect("well formed").expect("signed");
        let verified = presented.verify(&parts, &credentials.secret, BodyHash::Pending, now).expect("verified");
        let frames: Vec<Result<_, BodyError>> =
            sent.iter().map(|text| Ok(Frame::data(Bytes::from_static(text.as_bytes())))).collect();
        let refused = Refused::default();
        let body = StreamBody::new(futures::stream::iter(frames)).boxed_unsync();
        let mut body = Checked::hashed(body, &verified, Arc::clone(&refused));
        let mut text = String::new();
        while let Some(Ok(frame)) = body.frame().await {
            text += std::str::from_utf8(frame.data_ref().expect("data")).expect("text");
        }
        (text, refused.get().is_some())
    }

    #[tokio::test]
    async fn what_was_signed_passes_whole() {
        assert_eq!(passed(b"hello", &["he", "l", "lo"]).await, ("hello".to_owned(), false));
        assert_eq!(passed(b"", &[]).await, (String::new(), false));
    }

    #[tokio::test]
    async fn another_body_never_passes_whole() {
        assert_eq!(passed(b"hello", &["he", "l", "l!"]).await, ("hel".to_owned(), true));
        assert_eq!(passed(b"hello", &["jello"]).await, (String::new(), true));
    }
}
