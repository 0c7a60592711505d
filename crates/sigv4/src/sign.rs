//! Signing, for clients.

use std::time::Duration;

use http::header::{AUTHORIZATION, HOST, HeaderValue, InvalidHeaderValue};
use http::request::Parts;
use http::{Method, Uri};
use opentrail_stdx::Timestamp;

use crate::canonical::{self, ALGORITHM, SIGNATURE_PARAMETER, UNSIGNED_PAYLOAD, encode, host_of, is_s3};
use crate::keys::{Credentials, SigningKey, sha256_hex};
use crate::presented::{Payload, Streaming};
use crate::scope::Scope;

/// Headers that proxies and HTTP libraries change on the way, and `Authorization` itself.
const NOT_SIGNED: [&str; 9] = [
    "authorization",
    "connection",
    "content-length",
    "expect",
    "te",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// Signs requests to one service in one Region.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// Whose signature.
    pub credentials: &'a Credentials,
    /// The Region to address.
    pub region: &'a str,
    /// The signing name of the service to address.
    pub service: &'a str,
    /// The time of signing.
    pub now: Timestamp,
}

/// How to cover the body.
#[derive(Debug, Clone, Copy)]
pub enum SignedBody<'a> {
    /// All of it is at hand.
    Bytes(&'a [u8]),
    /// Its hash is known.
    Sha256([u8; 32]),
    /// Not at all; only S3 accepts this.
    Unsigned,
    /// In `aws-chunked` form; only S3 accepts this.
    Streaming(Streaming),
}

impl SignedBody<'_> {
    fn line(self) -> String {
        match self {
            Self::Bytes(bytes) => sha256_hex(bytes),
            Self::Sha256(hash) => hex::encode(hash),
            Self::Unsigned => UNSIGNED_PAYLOAD.to_owned(),
            Self::Streaming(form) => Payload::Streaming(form).line().unwrap_or_default().to_owned(),
        }
    }
}

impl Signer<'_> {
    /// Adds `Authorization` and the headers that go with it, `Host` included; all other headers must be there already.
    ///
    /// # Errors
    /// The key id, the token or the host cannot stand in a header.
    pub fn sign(&self, parts: &mut Parts, body: SignedBody<'_>) -> Result<(), InvalidHeaderValue> {
        let payload = body.line();
        parts.headers.remove(AUTHORIZATION);
        parts.headers.insert("x-amz-date", HeaderValue::from_str(&self.now.basic())?);
        if !parts.headers.contains_key(HOST) {
            parts.headers.insert(HOST, HeaderValue::from_str(host_of(&parts.uri))?);
        }
        if let Some(token) = &self.credentials.session_token {
            parts.headers.insert("x-amz-security-token", HeaderValue::from_str(token)?);
        }
        if is_s3(self.service) {
            parts.headers.insert("x-amz-content-sha256", HeaderValue::from_str(&payload)?);
        }
        let names = signed_names(parts);
        let signature = self.signature(parts, &names, &payload);
        let credential = format!("{}/{}", self.credentials.access_key_id, self.scope());
        let header =
            format!("{ALGORITHM} Credential={credential}, SignedHeaders={}, Signature={signature}", names.join(";"));
        parts.headers.insert(AUTHORIZATION, HeaderValue::from_str(&header)?);
        Ok(())
    }

    /// Makes a URL that carries its own signature; it covers the method, the URL and the host.
    ///
    /// # Errors
    /// The URL gets too long.
    pub fn presign(&self, method: &Method, url: &Uri, expires: Duration) -> Result<Uri, http::Error> {
        let unsigned = with_query(url, &self.presigned_query(url, expires))?;
        let (mut parts, ()) = http::Request::new(()).into_parts();
        parts.method = method.clone();
        parts.uri = unsigned;
        let payload = if is_s3(self.service) { UNSIGNED_PAYLOAD.to_owned() } else { sha256_hex(b"") };
        let signature = self.signature(&parts, &["host".to_owned()], &payload);
        let query = format!("{}&{SIGNATURE_PARAMETER}={signature}", parts.uri.query().unwrap_or_default());
        with_query(url, &query)
    }

    fn presigned_query(&self, url: &Uri, expires: Duration) -> String {
        let credential = format!("{}/{}", self.credentials.access_key_id, self.scope());
        let (date, expires) = (self.now.basic(), expires.as_secs().to_string());
        let token = self.credentials.session_token.as_deref();
        let parameters = [
            ("X-Amz-Algorithm", Some(ALGORITHM)),
            ("X-Amz-Credential", Some(&credential)),
            ("X-Amz-Date", Some(&date)),
            ("X-Amz-Expires", Some(&expires)),
            ("X-Amz-SignedHeaders", Some("host")),
            ("X-Amz-Security-Token", token),
        ];
        let ours = parameters.iter().filter_map(|(name, value)| Some(format!("{name}={}", encode((*value)?))));
        url.query()
            .map(str::to_owned)
            .filter(|query| !query.is_empty())
            .into_iter()
            .chain(ours)
            .collect::<Vec<_>>()
            .join("&")
    }

    fn signature(&self, parts: &Parts, names: &[String], payload: &str) -> String {
        let scope = self.scope();
        let canonical_request = canonical::request(parts, self.service, names, payload);
        let text = canonical::string_to_sign(self.now, &scope, &canonical_request);
        SigningKey::derive(&self.credentials.secret, &scope).sign(&text)
    }

    fn scope(&self) -> Scope {
        Scope { date: self.now.basic_date(), region: self.region.to_owned(), service: self.service.to_owned() }
    }
}

fn signed_names(parts: &Parts) -> Vec<String> {
    let names = parts.headers.keys().map(|name| name.as_str()).filter(|name| !NOT_SIGNED.contains(name));
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort_unstable();
    names
}

fn with_query(url: &Uri, query: &str) -> Result<Uri, http::Error> {
    let mut parts = url.clone().into_parts();
    parts.path_and_query = Some(format!("{}?{query}", url.path()).try_into()?);
    Ok(Uri::from_parts(parts)?)
}
