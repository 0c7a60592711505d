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
    use opentrail_sigv4::{BodyHash, Credentials, Presented, SecretKey, SignedBody, Signer, chunked};
    use opentrail_stdx::Timestamp;

    use super::*;

    fn body(sent: &[impl AsRef<[u8]>]) -> Body {
        let frames: Vec<Result<_, BodyError>> =
            sent.iter().map(|data| Ok(Frame::data(Bytes::copy_from_slice(data.as_ref())))).collect();
        StreamBody::new(futures::stream::iter(frames)).boxed_unsync()
    }

    /// What passes of a body, and why it was refused.
    async fn passed(mut body: Checked) -> (Vec<u8>, Option<AuthError>) {
        let mut passed = Vec::new();
        while let Some(Ok(frame)) = body.frame().await {
            passed.extend_from_slice(frame.data_ref().expect("data"));
        }
        (passed, body.refused.get().cloned())
    }

    /// What passes of `sent`, when `signed` was signed.
    async fn hashed(signed: &[u8], sent: &[&'static str]) -> (String, bool) {
        let credentials =
            Credentials { access_key_id: "AKIA".to_owned(), secret: SecretKey::new("secret"), session_token: None };
        let now = Timestamp::from_secs(1_789_319_538);
        let signer = Signer { credentials: &credentials, region: "us-east-1", service: "s3", now };
        let request = http::Request::put("http://h/b/k").header("host", "h").body(()).expect("valid");
        let (mut parts, ()) = request.into_parts();
        signer.sign(&mut parts, SignedBody::Bytes(signed)).expect("signed");
        let presented = Presented::from_request(&parts).expect("well formed").expect("signed");
        let verified = presented.verify(&parts, &credentials.secret, BodyHash::Pending, now).expect("verified");
        let (text, refused) = passed(Checked::hashed(body(sent), &verified, Refused::default())).await;
        (String::from_utf8(text).expect("text"), refused.is_some())
    }

    #[tokio::test]
    async fn what_was_signed_passes_whole() {
        assert_eq!(hashed(b"hello", &["he", "l", "lo"]).await, ("hello".to_owned(), false));
        assert_eq!(hashed(b"", &[]).await, (String::new(), false));
    }

    #[tokio::test]
    async fn another_body_never_passes_whole() {
        assert_eq!(hashed(b"hello", &["he", "l", "l!"]).await, ("hel".to_owned(), true));
        assert_eq!(hashed(b"hello", &["jello"]).await, (String::new(), true));
    }

    /// The example of the Amazon S3 API Reference ("Transferring Payload in Multiple Chunks"): size, data and signature of each chunk.
    const CHUNKS: [(&str, usize, &str); 3] = [
        ("10000", 65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
        ("400", 1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
        ("0", 0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
    ];

    /// What decodes a body that is signed as the example's is.
    fn decoder() -> Decoder {
        let signed_headers = "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;\
                              x-amz-decoded-content-length;x-amz-storage-class";
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
             SignedHeaders={signed_headers},Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
        );
        let request = http::Request::put("/examplebucket/chunkObject.txt")
            .header("host", "s3.amazonaws.com")
            .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
            .header("content-encoding", "aws-chunked")
            .header("content-length", "66824")
            .header("x-amz-decoded-content-length", "66560")
            .header("x-amz-date", "20130524T000000Z")
            .header("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
            .header("authorization", authorization);
        let (parts, ()) = request.body(()).expect("valid").into_parts();
        let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        let presented = Presented::from_request(&parts).expect("well formed").expect("signed");
        let now = Timestamp::parse_basic("20130524T000000Z").expect("a time");
        let verified = presented.verify(&parts, &secret, BodyHash::Pending, now).expect("verified");
        verified.decoder(&parts).expect("a length").expect("it is chunked")
    }

    /// The example's body, with `data` of each chunk.
    fn chunks(data: u8) -> Vec<u8> {
        let chunk = |(size, bytes, signature): (&str, usize, &str)| {
            [format!("{size};chunk-signature={signature}\r\n").as_bytes(), &vec![data; bytes], b"\r\n"].concat()
        };
        CHUNKS.into_iter().flat_map(chunk).collect()
    }

    async fn chunked(sent: &[u8]) -> (Vec<u8>, Option<AuthError>) {
        let frames: Vec<&[u8]> = sent.chunks(10_000).collect();
        passed(Checked::chunked(body(&frames), decoder(), Refused::default())).await
    }

    #[tokio::test]
    async fn chunks_pass_with_their_signatures() {
        let sent = chunks(b'a');
        let (passed, refused) = chunked(&sent).await;
        assert_eq!(refused, None);
        assert!(passed == sent, "the upstream checks the signatures, too");
    }

    #[tokio::test]
    async fn chunks_that_were_not_signed_never_pass_whole() {
        let (passed, refused) = chunked(&chunks(b'b')).await;
        assert_eq!(refused, Some(AuthError::Chunk(chunked::Error::Signature)));
        assert!(passed.len() < 65536, "the first chunk was not passed to its end: {}", passed.len());

        let sent = chunks(b'a');
        let last_chunk = sent.len() - 86;
        for cut in [last_chunk, sent.len() - 1] {
            let (passed, refused) = chunked(&sent[..cut]).await;
            assert_eq!(refused, Some(AuthError::Chunk(chunked::Error::Truncated)), "cut at {cut}");
            assert!(passed.len() < cut, "{} of {cut}", passed.len());
        }
    }
}
