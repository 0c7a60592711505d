//! Requests as text, and a second implementation of chunk signing to check the decoder with.

use aws_lc_rs::{digest, hmac};
use bytes::Bytes;
use http::request::Parts;
use opentrail_sigv4::chunked::{Decoder, Error};
use opentrail_sigv4::{AuthError, BodyHash, Credentials, Presented, SecretKey, Verified};
use opentrail_stdx::Timestamp;

pub(crate) fn credentials(id: &str, secret: &str, token: Option<&str>) -> Credentials {
    Credentials { access_key_id: id.into(), secret: SecretKey::new(secret), session_token: token.map(Into::into) }
}

pub(crate) fn at(basic: &str) -> Timestamp {
    Timestamp::parse_basic(basic).expect("a date in basic form")
}

/// Builds a request from `METHOD target` and header lines `Name:value`.
pub(crate) fn request(text: &str) -> Parts {
    let mut lines = text.lines();
    let (method, target) = lines.next().and_then(|line| line.split_once(' ')).expect("a request line");
    let mut request =
        http::Request::builder().method(method).uri(http::Uri::try_from(target.as_bytes()).expect("a target"));
    for (name, value) in lines.map(|line| line.split_once(':').expect("a header line")) {
        request = request.header(name, value.as_bytes());
    }
    request.body(()).expect("a request").into_parts().0
}

pub(crate) fn verify(parts: &Parts, secret: &SecretKey, body: BodyHash, now: Timestamp) -> Result<Verified, AuthError> {
    Presented::from_request(parts)?.ok_or(AuthError::Missing)?.verify(parts, secret, body, now)
}

pub(crate) fn signature_of(parts: &Parts) -> String {
    let header = parts.headers["authorization"].to_str().expect("ASCII");
    header.rsplit_once("Signature=").expect("a signature").1.to_owned()
}

/// The data and the trailers of a chunked body.
pub(crate) type Decoded = (Vec<u8>, Vec<(String, String)>);

/// Feeds a decoder pieces of the given sizes, the rest in one.
pub(crate) fn decode(mut decoder: Decoder, body: &[u8], cuts: &[usize]) -> Result<Decoded, Error> {
    let (mut rest, mut out) = (Bytes::copy_from_slice(body), Vec::new());
    for cut in cuts.iter().copied().chain([usize::MAX]) {
        let mut piece = rest.split_to(cut.min(rest.len()));
        while let Some(data) = decoder.push(&mut piece)? {
            assert!(!data.is_empty(), "a piece holds something");
            out.extend_from_slice(&data);
        }
        assert!(piece.is_empty(), "`None` means used up");
    }
    decoder.finish().map(|trailers| (out, trailers))
}

/// Signs chunks, written from the published description only.
pub(crate) struct ChunkSigner {
    pub(crate) secret: String,
    /// `20130524T000000Z`.
    pub(crate) date: String,
    pub(crate) scope: String,
    pub(crate) previous: String,
}

impl ChunkSigner {
    pub(crate) fn chunk(&mut self, data: &[u8]) -> Vec<u8> {
        let signature = self.sign("AWS4-HMAC-SHA256-PAYLOAD", &format!("{}\n{}", sha256_hex(b""), sha256_hex(data)));
        let mut out = format!("{:x};chunk-signature={signature}\r\n", data.len()).into_bytes();
        out.extend_from_slice(data);
        out.extend_from_slice(b"\r\n");
        out
    }

    /// The last chunk with its trailers.
    pub(crate) fn trailers(&mut self, trailers: &[(&str, &str)]) -> Vec<u8> {
        let mut out = self.chunk(b"");
        out.truncate(out.len() - 2);
        let text: String = trailers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let signature = self.sign("AWS4-HMAC-SHA256-TRAILER", &sha256_hex(text.as_bytes()));
        out.extend_from_slice(text.replace('\n', "\r\n").as_bytes());
        out.extend_from_slice(format!("x-amz-trailer-signature:{signature}\r\n\r\n").as_bytes());
        out
    }

    fn sign(&mut self, algorithm: &str, subject: &str) -> String {
        let seed = format!("AWS4{}", self.secret).into_bytes();
        let key = self.scope.split('/').fold(seed, |key, part| mac(&key, part));
        let text = format!("{algorithm}\n{}\n{}\n{}\n{subject}", self.date, self.scope, self.previous);
        self.previous = hex::encode(mac(&key, &text));
        self.previous.clone()
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest::digest(&digest::SHA256, bytes))
}
