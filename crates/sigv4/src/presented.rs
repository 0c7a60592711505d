//! What a request claims about its signature.

use std::time::Duration;

use http::HeaderMap;
use http::request::Parts;
use opentrail_stdx::Timestamp;

use crate::canonical::{self, ALGORITHM, SIGNATURE_PARAMETER, UNSIGNED_PAYLOAD, is_s3};
use crate::date;
use crate::error::{AuthError, ExpiresFault};
use crate::scope::{Credential, CredentialError, Scope};

/// The longest life of a presigned URL: a week (Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters").
const EXPIRES_MAX_S: u32 = 604_800;

/// The Region that a signature of version 2, which names none, is taken to address.
const VERSION_TWO_REGION: &str = "us-east-1";

/// The signature that a request presents, well formed but not yet verified.
#[derive(Debug, Clone)]
pub struct Presented {
    /// The key that is claimed to have signed.
    pub access_key_id: String,
    /// Where and when the signature is meant to be valid.
    pub scope: Scope,
    /// Names in lower case, sorted, without repetition.
    pub signed_headers: Vec<String>,
    /// In the header or in the URL.
    pub kind: Kind,
    /// How the body is covered.
    pub payload: Payload,
    /// When the caller says it signed.
    pub signed_at: Timestamp,
    /// `X-Amz-Security-Token`, which only the keys of sessions have.
    pub security_token: Option<String>,
    pub(crate) signature: String,
}

/// Where the signature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In `Authorization`.
    Header,
    /// In the URL.
    Presigned {
        /// How long the URL is valid.
        expires: Duration,
    },
    /// In the URL, by Signature Version 2: for S3 only.
    PresignedVersionTwo {
        /// The URL's end.
        expires_at: Timestamp,
    },
}

/// How a signature covers the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// By the hash of the body as it arrives: all services but S3.
    Computed,
    /// By the hash that the caller gives in `x-amz-content-sha256`.
    Sha256(String),
    /// Not at all (`UNSIGNED-PAYLOAD`).
    Unsigned,
    /// Chunk by chunk (`STREAMING-…`).
    Streaming(Streaming),
}

/// The forms of `aws-chunked` bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Streaming {
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`: each chunk is signed.
    Signed,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`: each chunk and the trailers are signed.
    SignedTrailer,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: nothing is signed, trailers follow.
    UnsignedTrailer,
}

impl Payload {
    fn parse(text: &str) -> Option<Self> {
        let streaming = |form| Some(Self::Streaming(form));
        match text {
            UNSIGNED_PAYLOAD => Some(Self::Unsigned),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => streaming(Streaming::Signed),
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => streaming(Streaming::SignedTrailer),
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => streaming(Streaming::UnsignedTrailer),
            hash => {
                (hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit())).then(|| Self::Sha256(hash.to_owned()))
            }
        }
    }

    /// The last line of the canonical request, where the caller decides it.
    pub(crate) fn line(&self) -> Option<&str> {
        match self {
            Self::Computed => None,
            Self::Sha256(hash) => Some(hash),
            Self::Unsigned => Some(UNSIGNED_PAYLOAD),
            Self::Streaming(Streaming::Signed) => Some("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
            Self::Streaming(Streaming::SignedTrailer) => Some("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),
            Self::Streaming(Streaming::UnsignedTrailer) => Some("STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
        }
    }
}

impl Presented {
    /// Reads the signature of a request; `None` when it has none.
    ///
    /// # Errors
    /// The signature is malformed, or doesn't cover what it must: `host` always, for S3 every `x-amz-*` header.
    pub fn from_request(parts: &Parts) -> Result<Option<Self>, AuthError> {
        let query = Query(parts.uri.query().unwrap_or_default());
        let mut headers = parts.headers.get_all("authorization").iter();
        let presented = match (headers.next(), headers.next(), query.is_signed()) {
            (None, _, false) => return query.is_version_two().then(|| from_version_two(&query)).transpose(),
            (Some(header), None, false) => from_header(&String::from_utf8_lossy(header.as_bytes()), parts)?,
            (None, _, true) => from_query(&query, parts)?,
            _ => return Err(AuthError::Ambiguous),
        };
        presented.check_coverage(&parts.headers)?;
        Ok(Some(presented))
    }

    /// Whether the server has to hash the whole body before it can verify.
    pub fn needs_body(&self) -> bool {
        self.payload == Payload::Computed
    }

    fn check_coverage(&self, headers: &HeaderMap) -> Result<(), AuthError> {
        let presigned = self.kind != Kind::Header;
        if self.scope.date != self.signed_at.basic_date() {
            let (scope, signed_at) = (self.scope.date.clone(), self.signed_at);
            return Err(AuthError::ScopeDate { scope, signed_at, presigned });
        }
        if !self.signs("host") {
            return Err(AuthError::HostNotSigned);
        }
        if is_s3(&self.scope.service) { self.check_amz_headers(headers) } else { Ok(()) }
    }

    /// In the header form, the payload hash is part of what is signed even where its header isn't.
    fn check_amz_headers(&self, headers: &HeaderMap) -> Result<(), AuthError> {
        let covered = |name: &str| self.signs(name) || (self.kind == Kind::Header && name == "x-amz-content-sha256");
        let loose =
            headers.keys().map(|name| name.as_str()).filter(|name| name.starts_with("x-amz-") && !covered(name));
        let names: Vec<String> = loose.map(str::to_owned).collect();
        if names.is_empty() { Ok(()) } else { Err(AuthError::HeadersNotSigned { names }) }
    }

    fn signs(&self, name: &str) -> bool {
        self.signed_headers.binary_search_by(|signed| signed.as_str().cmp(name)).is_ok()
    }
}

fn from_header(header: &str, parts: &Parts) -> Result<Presented, AuthError> {
    let authorization = Authorization::parse(header, &parts.headers)?;
    let credential = credential(authorization.credential, false)?;
    let signed_at = date::of_headers(&parts.headers)?;
    let payload = if is_s3(&credential.scope.service) {
        header_text(&parts.headers, "x-amz-content-sha256")
            .map_or(Err(AuthError::ContentHashMissing), |text| content_hash(&text))?
    } else {
        Payload::Computed
    };
    Ok(Presented {
        access_key_id: credential.access_key_id,
        scope: credential.scope,
        signed_headers: signed_headers(authorization.signed_headers),
        kind: Kind::Header,
        payload,
        signed_at,
        security_token: header_text(&parts.headers, "x-amz-security-token"),
        signature: authorization.signature.to_owned(),
    })
}

/// The three components of `Authorization: AWS4-HMAC-SHA256 …`.
struct Authorization<'a> {
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn parse(header: &'a str, headers: &HeaderMap) -> Result<Self, AuthError> {
        let (name, components) = header.trim().split_once(' ').unwrap_or_else(|| (header.trim(), ""));
        if name != ALGORITHM {
            return Err(scheme(name, false));
        }
        let (mut credential, mut names, mut signature) = (None, None, None);
        for pair in components.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or_else(|| AuthError::Pair { pair: pair.to_owned() })?;
            match name.trim() {
                "Credential" => credential = Some(value),
                "SignedHeaders" => names = Some(value),
                "Signature" => signature = Some(value),
                _ => {}
            }
        }
        match (credential, names, signature) {
            (Some(credential), Some(signed_headers), Some(signature)) => {
                Ok(Self { credential, signed_headers, signature })
            }
            _ => {
                Err(lacking(&[("Credential", credential), ("Signature", signature), ("SignedHeaders", names)], headers))
            }
        }
    }
}

fn lacking(components: &[(&'static str, Option<&str>)], headers: &HeaderMap) -> AuthError {
    let missing = components.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
    let dateless = !headers.contains_key("x-amz-date") && !headers.contains_key("date");
    AuthError::Components { missing, dateless }
}

fn from_query(query: &Query<'_>, parts: &Parts) -> Result<Presented, AuthError> {
    let algorithm = query.required("X-Amz-Algorithm")?;
    if algorithm != ALGORITHM {
        return Err(scheme(&algorithm, true));
    }
    let credential = credential(&query.required("X-Amz-Credential")?, true)?;
    let s3 = is_s3(&credential.scope.service);
    let signature = query.required(SIGNATURE_PARAMETER)?;
    let signed_headers = signed_headers(&query.required("X-Amz-SignedHeaders")?);
    let date = query.required("X-Amz-Date")?;
    let signed_at = date::parse_basic(&date).ok_or(AuthError::DateMalformed { found: date, presigned: true })?;
    let expires = expires(query.optional("X-Amz-Expires")?, s3)?;
    let payload = if s3 { presigned_payload(query, parts, &signed_headers)? } else { Payload::Computed };
    Ok(Presented {
        access_key_id: credential.access_key_id,
        scope: credential.scope,
        signed_headers,
        kind: Kind::Presigned { expires },
        payload,
        signed_at,
        security_token: query.optional("X-Amz-Security-Token")?,
        signature,
    })
}

/// `AWSAccessKeyId`, `Signature` and `Expires`, with neither a date nor a scope: the scope is S3 as a whole.
fn from_version_two(query: &Query<'_>) -> Result<Presented, AuthError> {
    let expires = query.required("Expires")?;
    let expires_s: i64 = expires.parse().map_err(|_| AuthError::Expires(ExpiresFault::NotANumber))?;
    let expires_at = Timestamp::from_secs(expires_s);
    Ok(Presented {
        access_key_id: query.required("AWSAccessKeyId")?,
        scope: Scope { date: expires_at.basic_date(), region: VERSION_TWO_REGION.to_owned(), service: "s3".to_owned() },
        signed_headers: Vec::new(),
        kind: Kind::PresignedVersionTwo { expires_at },
        payload: Payload::Unsigned,
        signed_at: expires_at,
        security_token: query.optional("x-amz-security-token")?,
        signature: query.required("Signature")?,
    })
}

/// Only S3 insists on an end; elsewhere a URL without one lives as long as a signature in the header.
fn expires(text: Option<String>, required: bool) -> Result<Duration, AuthError> {
    let Some(text) = text else {
        return if required { Err(AuthError::QueryParameters) } else { Ok(crate::verify::SKEW_MAX) };
    };
    let seconds: i64 = text.parse().map_err(|_| AuthError::Expires(ExpiresFault::NotANumber))?;
    match u32::try_from(seconds) {
        Ok(1..=EXPIRES_MAX_S) => Ok(Duration::from_secs(seconds.unsigned_abs())),
        Ok(0) | Err(_) if seconds <= 0 => Err(AuthError::Expires(ExpiresFault::TooShort)),
        _ => Err(AuthError::Expires(ExpiresFault::TooLong)),
    }
}

/// The body of a presigned request isn't signed, unless the signer pinned its hash in the query or in a signed header.
fn presigned_payload(query: &Query<'_>, parts: &Parts, signed_headers: &[String]) -> Result<Payload, AuthError> {
    const NAME: &str = "x-amz-content-sha256";
    let pinned = match query.optional("X-Amz-Content-Sha256")? {
        Some(hash) => Some(hash),
        None if signed_headers.iter().any(|name| name == NAME) => header_text(&parts.headers, NAME),
        None => None,
    };
    pinned.map_or(Ok(Payload::Unsigned), |text| content_hash(&text))
}

fn credential(text: &str, presigned: bool) -> Result<Credential, AuthError> {
    Credential::parse(text).map_err(|fault| match fault {
        CredentialError::Shape => AuthError::Credential { found: text.to_owned(), presigned },
        CredentialError::Terminator(found) => AuthError::Terminator { found, presigned },
    })
}

fn content_hash(text: &str) -> Result<Payload, AuthError> {
    Payload::parse(text).ok_or_else(|| AuthError::ContentHashMalformed { found: text.to_owned() })
}

fn scheme(found: &str, presigned: bool) -> AuthError {
    AuthError::Scheme { found: found.to_owned(), presigned: presigned && found != "AWS" }
}

fn signed_headers(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text.split(';').filter(|name| !name.is_empty()).map(str::to_ascii_lowercase).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

/// A raw query string.
struct Query<'a>(&'a str);

impl Query<'_> {
    fn is_signed(&self) -> bool {
        ["X-Amz-Algorithm", "X-Amz-Credential", SIGNATURE_PARAMETER]
            .iter()
            .any(|name| self.values(name).next().is_some())
    }

    /// Presigned the old way.
    fn is_version_two(&self) -> bool {
        ["AWSAccessKeyId", "Signature"].iter().all(|name| self.values(name).next().is_some())
    }

    fn required(&self, name: &str) -> Result<String, AuthError> {
        self.optional(name)?.ok_or(AuthError::QueryParameters)
    }

    fn optional(&self, name: &str) -> Result<Option<String>, AuthError> {
        let mut values = self.values(name);
        let value = values.next();
        if values.next().is_some() { Err(AuthError::QueryParameters) } else { Ok(value) }
    }

    fn values(&self, name: &str) -> impl Iterator<Item = String> {
        canonical::pairs(self.0)
            .filter(move |(key, _)| canonical::decode(key) == name)
            .map(|(_, value)| canonical::decode(value))
    }
}

/// Who a request says it is from, read leniently: for records of calls whose signature is malformed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The key that is claimed.
    pub access_key_id: String,
    /// The scope, where it can be read.
    pub scope: Option<Scope>,
}

impl Claim {
    /// Looks for a credential in the header, then in the query.
    pub fn of(parts: &Parts) -> Option<Self> {
        let header = header_text(&parts.headers, "authorization").unwrap_or_default();
        let in_header = header.split([' ', ',']).find_map(|part| part.trim().strip_prefix("Credential="));
        let query = Query(parts.uri.query().unwrap_or_default());
        if header.is_empty()
            && query.is_version_two()
            && let Ok(presented) = from_version_two(&query)
        {
            return Some(Self { access_key_id: presented.access_key_id, scope: Some(presented.scope) });
        }
        if let Some((key, _)) = header.strip_prefix("AWS ").and_then(|it| it.split_once(':')) {
            return Some(Self::of_version_two(key));
        }
        let in_query = || query.values("X-Amz-Credential").next();
        Self::of_credential(&in_header.map(str::to_owned).or_else(in_query)?)
    }

    /// The holder of a key whose signature is one of version 2: S3's, without a scope of its own.
    pub fn of_version_two(access_key_id: &str) -> Self {
        let scope = Scope { date: String::new(), region: VERSION_TWO_REGION.to_owned(), service: "s3".to_owned() };
        Self { access_key_id: access_key_id.to_owned(), scope: Some(scope) }
    }

    /// Reads `KEY/DATE/REGION/SERVICE/aws4_request`, or at least the key.
    pub fn of_credential(text: &str) -> Option<Self> {
        match Credential::parse(text) {
            Ok(credential) => Some(Self { access_key_id: credential.access_key_id, scope: Some(credential.scope) }),
            Err(_) => {
                let key = text.split('/').next().filter(|key| !key.is_empty())?;
                Some(Self { access_key_id: key.to_owned(), scope: None })
            }
        }
    }
}
