//! One table from facts to AWS's words.

use http::request::Parts;
use opentrail_stdx::Timestamp;

use super::{AuthError, ExpiresFault};
use crate::canonical::is_s3;
use crate::presented::Claim;
use crate::verify::SKEW_MAX;

/// Services that word their authentication errors alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// JSON services: `cloudtrail`, `cloudtrail-data`, `logs`, `events`, …
    Json,
    /// Query services with XML answers: `sts`, `sns`, `iam`, …
    Query,
    /// `s3`.
    S3,
}

impl Family {
    /// The family of a service by its signing name.
    pub fn of_service(service: &str) -> Self {
        const QUERY: [&str; 12] = [
            "autoscaling",
            "cloudformation",
            "ec2",
            "elasticache",
            "elasticbeanstalk",
            "elasticloadbalancing",
            "iam",
            "monitoring",
            "rds",
            "redshift",
            "sns",
            "sts",
        ];
        match service {
            name if is_s3(name) => Self::S3,
            name if QUERY.contains(&name) => Self::Query,
            _ => Self::Json,
        }
    }

    /// The family that a request addresses, even when its signature is malformed or absent: by the scope that it
    /// claims, else by the marks of its protocol. What has none is taken for S3, the only one with anonymous callers.
    pub fn of_request(parts: &Parts) -> Self {
        let claimed = Claim::of(parts).and_then(|claim| claim.scope).map(|scope| Self::of_service(&scope.service));
        claimed.unwrap_or_else(|| Self::by_protocol(parts))
    }

    fn by_protocol(parts: &Parts) -> Self {
        let content_type = parts.headers.get("content-type").map_or(&b""[..], |value| value.as_bytes());
        if parts.headers.contains_key("x-amz-target") || parts.uri.path() == "/PutAuditEvents" {
            Self::Json
        } else if content_type.starts_with(b"application/x-www-form-urlencoded") {
            Self::Query
        } else {
            Self::S3
        }
    }
}

/// An error in AWS's words, ready for the service's envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// HTTP status.
    pub status: u16,
    /// AWS's error code.
    pub code: &'static str,
    /// AWS's message.
    pub message: String,
    /// Further elements of S3's error document, in order; empty for the other families.
    pub details: Vec<(&'static str, String)>,
}

impl Rendered {
    fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), details: Vec::new() }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.push((name, value.into()));
        self
    }
}

impl AuthError {
    /// What a service of this family answers.
    pub fn render(&self, family: Family) -> Rendered {
        match family {
            Family::S3 => s3(self),
            Family::Json => common(self, &JSON),
            Family::Query => common(self, &QUERY),
        }
    }
}

/// Codes and statuses of the families that share their messages.
struct Codes {
    missing: (u16, &'static str),
    incomplete: (u16, &'static str),
    unknown_key: (u16, &'static str),
    expired_token: (u16, &'static str),
    mismatch: (u16, &'static str),
    chunks: (u16, &'static str),
}

/// CloudTrail's own: a wrong signature is answered with 403 `SignatureDoesNotMatch`, not with the
/// `InvalidSignatureException` of younger JSON services; the rest is as in other JSON services.
const JSON: Codes = Codes {
    missing: (400, "MissingAuthenticationTokenException"),
    incomplete: (400, "IncompleteSignatureException"),
    unknown_key: (400, "UnrecognizedClientException"),
    expired_token: (400, "ExpiredTokenException"),
    mismatch: (403, "SignatureDoesNotMatch"),
    chunks: (400, "SerializationException"),
};

const QUERY: Codes = Codes {
    missing: (403, "MissingAuthenticationToken"),
    incomplete: (400, "IncompleteSignature"),
    unknown_key: (403, "InvalidClientTokenId"),
    expired_token: (403, "ExpiredToken"),
    mismatch: (403, "SignatureDoesNotMatch"),
    chunks: (400, "MalformedInput"),
};

fn common(error: &AuthError, codes: &Codes) -> Rendered {
    use AuthError as E;
    let answer = |(status, code): (u16, &'static str), message: String| Rendered::new(status, code, message);
    match error {
        E::Missing => answer(codes.missing, "Request is missing Authentication Token".into()),
        E::Ambiguous => answer(
            codes.incomplete,
            "Request must contain either a valid (registered) AWS access key ID or X.509 certificate.".into(),
        ),
        E::Scheme { found, .. } => answer(
            codes.incomplete,
            format!("Unsupported AWS 'algorithm': '{found}' (only 'AWS4-HMAC-SHA256' is supported)."),
        ),
        E::Components { missing, dateless } => answer(codes.incomplete, missing_components(missing, *dateless)),
        E::Pair { pair } => answer(
            codes.incomplete,
            format!("'{pair}' not a valid key=value pair (missing equal-sign) in Authorization header."),
        ),
        E::Credential { found, .. } => answer(
            codes.incomplete,
            format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{found}'"
            ),
        ),
        E::Terminator { found, .. } => answer(
            codes.mismatch,
            format!("Credential should be scoped with a valid terminator: 'aws4_request', not '{found}'."),
        ),
        E::QueryParameters => answer(
            codes.incomplete,
            "AWS query-string parameters must include 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', \
             'X-Amz-SignedHeaders' and 'X-Amz-Date', each once."
                .into(),
        ),
        E::Expires(_) => {
            answer(codes.incomplete, "'X-Amz-Expires' must be a number of seconds from 1 to 604800.".into())
        }
        E::DateMissing => answer(codes.incomplete, missing_components(&[], true)),
        E::DateMalformed { found, .. } => answer(
            codes.incomplete,
            format!(
                "Date must be in ISO-8601 'basic format'. Got '{found}'. See http://en.wikipedia.org/wiki/ISO_8601"
            ),
        ),
        E::ScopeDate { scope, signed_at, .. } => answer(codes.mismatch, scope_date(scope, *signed_at)),
        E::HostNotSigned => {
            answer(codes.mismatch, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".into())
        }
        E::Skewed { signed_at, now } | E::NotYetValid { signed_at, now } => {
            answer(codes.mismatch, skewed(*signed_at, *now))
        }
        E::Expired { expired_at, now, .. } => answer(
            codes.mismatch,
            format!("Signature expired: {} is now earlier than {}", expired_at.basic(), now.basic()),
        ),
        E::UnknownAccessKey { .. } | E::InvalidToken => {
            answer(codes.unknown_key, "The security token included in the request is invalid.".into())
        }
        E::ExpiredToken => answer(codes.expired_token, "The security token included in the request is expired".into()),
        E::HeadersNotSigned { .. }
        | E::ContentHashMissing
        | E::ContentHashMalformed { .. }
        | E::SignatureMismatch(_)
        | E::BodyMismatch { .. } => answer(codes.mismatch, MISMATCH.into()),
        E::DecodedLength | E::Chunk(_) => answer(codes.chunks, "The request body is not well formed.".into()),
    }
}

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
                        Access Key and signing method. Consult the service documentation for details.";

fn missing_components(missing: &[&'static str], dateless: bool) -> String {
    let mut sentences: Vec<String> =
        missing.iter().map(|name| format!("Authorization header requires '{name}' parameter.")).collect();
    if dateless {
        sentences.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.".into());
    }
    sentences.join(" ")
}

fn scope_date(scope: &str, signed_at: Timestamp) -> String {
    format!(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{scope}' != '{}', from '{}'.",
        signed_at.basic_date(),
        signed_at.basic()
    )
}

fn skewed(signed_at: Timestamp, now: Timestamp) -> String {
    let minutes = SKEW_MAX.as_secs() / 60;
    let (signed, server) = (signed_at.basic(), now.basic());
    if signed_at < now {
        let edge = now.minus(SKEW_MAX).basic();
        format!("Signature expired: {signed} is now earlier than {edge} ({server} - {minutes} min.)")
    } else {
        let edge = now.plus(SKEW_MAX).basic();
        format!("Signature not yet current: {signed} is still later than {edge} ({server} + {minutes} min.)")
    }
}

const S3_CREDENTIAL: &str =
    "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";

fn s3(error: &AuthError) -> Rendered {
    use AuthError as E;
    match error {
        E::Missing => Rendered::new(403, "AccessDenied", "Access Denied"),
        E::Ambiguous => Rendered::new(
            400,
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the \
             Authorization header should be specified",
        ),
        E::Scheme { presigned: true, .. } => {
            query_error("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"")
        }
        E::Scheme { found, .. } => s3_scheme(found),
        E::Components { .. } | E::Pair { .. } => header_error(
            "the authorization header requires three components: Credential, SignedHeaders, and Signature.",
        ),
        E::Credential { presigned, .. } | E::Terminator { presigned, .. } => at(*presigned, S3_CREDENTIAL),
        E::QueryParameters => query_error(
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, \
             X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
        ),
        E::Expires(fault) => query_error(s3_expires(*fault)),
        E::DateMalformed { presigned: true, .. } => {
            query_error("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
        }
        E::DateMissing | E::DateMalformed { .. } => {
            Rendered::new(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header")
        }
        E::ScopeDate { scope, signed_at, presigned } => s3_scope_date(scope, *signed_at, *presigned),
        E::HostNotSigned => headers_not_signed("host"),
        E::HeadersNotSigned { names } => headers_not_signed(&names.join(", ")),
        E::Skewed { signed_at, now } => s3_skewed(*signed_at, *now),
        E::Expired { expired_at, expires_s, now } => {
            let expired = Rendered::new(403, "AccessDenied", "Request has expired");
            let expired =
                expires_s.map_or(expired.clone(), |seconds| expired.with("X-Amz-Expires", seconds.to_string()));
            expired.with("Expires", expired_at.iso()).with("ServerTime", now.iso())
        }
        E::NotYetValid { signed_at, now } => Rendered::new(403, "AccessDenied", "Request is not yet valid")
            .with("RequestTime", signed_at.basic())
            .with("ServerTime", now.iso()),
        E::UnknownAccessKey { access_key_id } => Rendered::new(
            403,
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
        )
        .with("AWSAccessKeyId", access_key_id),
        E::InvalidToken => Rendered::new(400, "InvalidToken", "The provided token is malformed or otherwise invalid."),
        E::ExpiredToken => Rendered::new(400, "ExpiredToken", "The provided token has expired."),
        E::SignatureMismatch(mismatch) => s3_mismatch(mismatch),
        E::ContentHashMissing
        | E::ContentHashMalformed { .. }
        | E::BodyMismatch { .. }
        | E::DecodedLength
        | E::Chunk(_) => s3_body(error),
    }
}

fn header_error(detail: &str) -> Rendered {
    Rendered::new(400, "AuthorizationHeaderMalformed", format!("The authorization header is malformed; {detail}"))
}

fn query_error(message: &str) -> Rendered {
    Rendered::new(400, "AuthorizationQueryParametersError", message)
}

fn at(presigned: bool, detail: &str) -> Rendered {
    if presigned {
        query_error(&format!("Error parsing the X-Amz-Credential parameter; {detail}"))
    } else {
        header_error(detail)
    }
}

/// Version 2 signatures (`AWS key:signature`) get S3's advice, anything else its refusal.
fn s3_scheme(found: &str) -> Rendered {
    if found == "AWS" {
        let message = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";
        return Rendered::new(400, "InvalidRequest", message);
    }
    Rendered::new(400, "InvalidArgument", "Unsupported Authorization Type").with("ArgumentName", "Authorization")
}

fn s3_expires(fault: ExpiresFault) -> &'static str {
    match fault {
        ExpiresFault::NotANumber => "X-Amz-Expires should be a number",
        ExpiresFault::TooShort => "X-Amz-Expires must be non-negative",
        ExpiresFault::TooLong => {
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds"
        }
    }
}

fn s3_scope_date(scope: &str, signed_at: Timestamp, presigned: bool) -> Rendered {
    let date = signed_at.basic_date();
    let detail = format!("Invalid credential date \"{scope}\". This date is not the same as X-Amz-Date: \"{date}\".");
    if presigned { query_error(&detail) } else { header_error(&detail) }
}

fn headers_not_signed(names: &str) -> Rendered {
    Rendered::new(403, "AccessDenied", "There were headers present in the request which were not signed")
        .with("HeadersNotSigned", names)
}

fn s3_skewed(signed_at: Timestamp, now: Timestamp) -> Rendered {
    let message = "The difference between the request time and the current time is too large.";
    Rendered::new(403, "RequestTimeTooSkewed", message)
        .with("RequestTime", signed_at.basic())
        .with("ServerTime", now.iso())
        .with("MaxAllowedSkewMilliseconds", SKEW_MAX.as_millis().to_string())
}

const S3_MISMATCH: &str =
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.";

fn s3_mismatch(mismatch: &super::Mismatch) -> Rendered {
    let spaced = |text: &str| text.bytes().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" ");
    Rendered::new(403, "SignatureDoesNotMatch", S3_MISMATCH)
        .with("AWSAccessKeyId", &mismatch.access_key_id)
        .with("StringToSign", &mismatch.string_to_sign)
        .with("SignatureProvided", &mismatch.signature_provided)
        .with("StringToSignBytes", spaced(&mismatch.string_to_sign))
        .with("CanonicalRequest", &mismatch.canonical_request)
        .with("CanonicalRequestBytes", spaced(&mismatch.canonical_request))
}

const S3_CONTENT_HASH: &str = "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
                               STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, \
                               STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a \
                               valid sha256 value.";

fn s3_body(error: &AuthError) -> Rendered {
    match error {
        AuthError::ContentHashMissing => {
            Rendered::new(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
        }
        AuthError::ContentHashMalformed { found } => Rendered::new(400, "InvalidArgument", S3_CONTENT_HASH)
            .with("ArgumentName", "x-amz-content-sha256")
            .with("ArgumentValue", found),
        AuthError::BodyMismatch { claimed, computed } => {
            let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
            Rendered::new(400, "XAmzContentSHA256Mismatch", message)
                .with("ClientComputedContentSHA256", claimed)
                .with("S3ComputedContentSHA256", computed)
        }
        AuthError::Chunk(chunk) => s3_chunk(chunk),
        _ => Rendered::new(411, "MissingContentLength", "You must provide the Content-Length HTTP header."),
    }
}

fn s3_chunk(error: &crate::chunked::Error) -> Rendered {
    use crate::chunked::Error as E;
    match error {
        E::Signature => Rendered::new(403, "SignatureDoesNotMatch", S3_MISMATCH),
        E::TooSmall => Rendered::new(
            403,
            "InvalidChunkSizeError",
            "Only the last chunk is allowed to have a size less than 8192 bytes",
        ),
        E::Trailer => Rendered::new(
            400,
            "MalformedTrailerError",
            "The request contained trailing data that was not well-formed or did not conform to our published schema.",
        ),
        E::Header | E::AfterEnd | E::Truncated | E::Length { .. } => Rendered::new(
            400,
            "IncompleteBody",
            "You did not provide the number of bytes specified by the Content-Length HTTP header",
        ),
    }
}
