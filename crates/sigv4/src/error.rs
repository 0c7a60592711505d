//! What can be wrong with a signature, and how each family of AWS services says it.

mod render;

pub use render::{Family, Rendered};

use opentrail_stdx::Timestamp;

use crate::chunked;

/// Why a request isn't authenticated. Nothing was done for its caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No signature at all. A server that serves anonymous callers doesn't need to see this as an error.
    #[error("request is not signed")]
    Missing,
    /// Signed in the header and in the query at once.
    #[error("request is signed in both `Authorization` and `X-Amz-Algorithm`, keep one of them")]
    Ambiguous,
    /// Something else than `AWS4-HMAC-SHA256`.
    #[error("authorization scheme `{found}` is not supported, sign with `AWS4-HMAC-SHA256`")]
    Scheme {
        /// The scheme's name.
        found: String,
        /// Whether it came in the query.
        presigned: bool,
    },
    /// `Authorization` lacks some of its components.
    #[error("`Authorization` lacks {missing:?}")]
    Components {
        /// Those of `Credential`, `SignedHeaders` and `Signature` that are absent.
        missing: Vec<&'static str>,
        /// Whether neither `X-Amz-Date` nor `Date` is there either.
        dateless: bool,
    },
    /// A component of `Authorization` isn't `name=value`.
    #[error("`{pair}` in `Authorization` is not `name=value`")]
    Pair {
        /// What was found instead.
        pair: String,
    },
    /// The credential isn't `KEY/DATE/REGION/SERVICE/aws4_request`.
    #[error("credential `{found}` is not `<key id>/<yyyymmdd>/<region>/<service>/aws4_request`")]
    Credential {
        /// The credential as sent.
        found: String,
        /// Whether it came in the query.
        presigned: bool,
    },
    /// The credential ends in something else than `aws4_request`.
    #[error("credential ends in `{found}`, expected `aws4_request`")]
    Terminator {
        /// The last element.
        found: String,
        /// Whether it came in the query.
        presigned: bool,
    },
    /// A presigned URL lacks some of its parameters, or repeats one.
    #[error("presigned URL lacks parameters or repeats them")]
    QueryParameters,
    /// `X-Amz-Expires` isn't within a second and a week.
    #[error("`X-Amz-Expires` is {0}, give 1 to 604800 seconds")]
    Expires(ExpiresFault),
    /// Neither `X-Amz-Date` nor `Date`.
    #[error("neither `X-Amz-Date` nor `Date` is given")]
    DateMissing,
    /// A date that cannot be read.
    #[error("date `{found}` is not like `20150830T123600Z`")]
    DateMalformed {
        /// The text.
        found: String,
        /// Whether it came in the query.
        presigned: bool,
    },
    /// The credential was made for another day.
    #[error("credential is for `{scope}`, but the request was signed at `{}`", signed_at.basic())]
    ScopeDate {
        /// The scope's date.
        scope: String,
        /// The request's time.
        signed_at: Timestamp,
        /// Whether it came in the query.
        presigned: bool,
    },
    /// `host` isn't signed.
    #[error("`host` is not among the signed headers")]
    HostNotSigned,
    /// S3 wants every `x-amz-*` header signed.
    #[error("headers {names:?} are present but not signed")]
    HeadersNotSigned {
        /// Their names.
        names: Vec<String>,
    },
    /// S3 wants `x-amz-content-sha256`.
    #[error("`x-amz-content-sha256` is not given")]
    ContentHashMissing,
    /// `x-amz-content-sha256` is neither a hash nor one of the known words.
    #[error("`x-amz-content-sha256` is `{found}`, give 64 hex digits or a payload keyword")]
    ContentHashMalformed {
        /// The text.
        found: String,
    },
    /// Signed too long ago, or in the future.
    #[error("signed at `{}`, more than 15 minutes from `{}`", signed_at.basic(), now.basic())]
    Skewed {
        /// When the caller says it signed.
        signed_at: Timestamp,
        /// The server's time.
        now: Timestamp,
    },
    /// The presigned URL is past its time.
    #[error("presigned URL expired at `{}`", expired_at.iso())]
    Expired {
        /// Its end.
        expired_at: Timestamp,
        /// Its life in seconds, where the URL tells that and not only its end.
        expires_s: Option<u32>,
        /// The server's time.
        now: Timestamp,
    },
    /// The presigned URL is from the future.
    #[error("presigned URL is valid from `{}`", signed_at.iso())]
    NotYetValid {
        /// When the caller says it signed.
        signed_at: Timestamp,
        /// The server's time.
        now: Timestamp,
    },
    /// No such access key.
    #[error("unknown access key `{access_key_id}`")]
    UnknownAccessKey {
        /// The key that was claimed.
        access_key_id: String,
    },
    /// The session token isn't the one that belongs to the key.
    #[error("session token does not belong to the access key")]
    InvalidToken,
    /// The session is over.
    #[error("session token has expired")]
    ExpiredToken,
    /// The signature isn't ours.
    #[error("signature does not match")]
    SignatureMismatch(Box<Mismatch>),
    /// The body isn't the one that was signed.
    #[error("body has SHA-256 `{computed}`, the request says `{claimed}`")]
    BodyMismatch {
        /// `x-amz-content-sha256`.
        claimed: String,
        /// What arrived.
        computed: String,
    },
    /// A chunked body without `x-amz-decoded-content-length`, or with one that isn't a number.
    #[error("`x-amz-decoded-content-length` is not given as a number")]
    DecodedLength,
    /// The chunks of a body are wrong.
    #[error(transparent)]
    Chunk(#[from] chunked::Error),
}

/// What is wrong with `X-Amz-Expires`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExpiresFault {
    /// Not a number.
    #[error("not a number")]
    NotANumber,
    /// Zero or less.
    #[error("below one second")]
    TooShort,
    /// More than a week.
    #[error("above a week")]
    TooLong,
}

/// What we signed, so that the caller can find the difference, as S3 does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The key that was claimed.
    pub access_key_id: String,
    /// Our string to sign.
    pub string_to_sign: String,
    /// The caller's signature.
    pub signature_provided: String,
    /// Our canonical request; lossy where the request isn't UTF-8.
    pub canonical_request: String,
}
