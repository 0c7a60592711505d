//! The facts that a request runs into, and the words in which each family of services says them.

use expect_test::expect;
use opentrail_sigv4::{AuthError, BodyHash, Family, Presented, SignedBody, Signer};
use opentrail_stdx::Timestamp;
use std::time::Duration;

use crate::support::{at, credentials, request, verify};

const NOW: &str = "20150830T130000Z";
const SCOPE: &str = "AKIDEXAMPLE/20150830/us-east-1";

fn refusal(text: &str) -> AuthError {
    let key = credentials("AKIDEXAMPLE", "secret", None).secret;
    verify(&request(text), &key, BodyHash::of(b""), at(NOW)).expect_err(text)
}

/// A signed request to a service at a time, then changed.
fn signed(service: &str, when: Timestamp, change: &str) -> AuthError {
    let credentials = credentials("AKIDEXAMPLE", "secret", None);
    let mut parts = request(&format!("POST /\nHost:h{change}"));
    Signer { credentials: &credentials, region: "us-east-1", service, now: when }
        .sign(&mut parts, SignedBody::Bytes(b"{}"))
        .expect("headers");
    parts.headers.insert("x-amz-target", http::HeaderValue::from_static("CloudTrail_20131101.DeleteTrail"));
    verify(&parts, &credentials.secret, BodyHash::of(b"{}"), at(NOW)).expect_err(service)
}

fn say(family: Family, errors: &[AuthError]) -> String {
    let lines = errors.iter().map(|error| {
        let rendered = error.render(family);
        let details: Vec<String> =
            rendered.details.iter().map(|(name, value)| format!("\n    {name}={value:?}")).collect();
        format!("{} {}: {}{}\n", rendered.status, rendered.code, rendered.message, details.concat())
    });
    lines.collect()
}

fn header(rest: &str) -> String {
    format!("GET /\nHost:h\nX-Amz-Date:20150830T130000Z\nAuthorization:{rest}")
}

#[test]
fn json_services() {
    let minutes = |count: u64| Duration::from_secs(count * 60);
    let errors = [
        AuthError::Missing,
        refusal(&header("Basic Zm9v")),
        refusal(&header("AWS4-HMAC-SHA256 Credential=a")),
        refusal(&header("AWS4-HMAC-SHA256 Credential")),
        refusal(&header("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0")),
        refusal("GET /\nHost:h\nAuthorization:AWS4-HMAC-SHA256"),
        refusal(&header(&format!(
            "AWS4-HMAC-SHA256 Credential={SCOPE}/cloudtrail/aws5_request,SignedHeaders=host,Signature=0"
        ))),
        refusal(&header(
            "AWS4-HMAC-SHA256 Credential=A/20150829/r/cloudtrail/aws4_request,SignedHeaders=host,Signature=0",
        )),
        refusal(&header(&format!(
            "AWS4-HMAC-SHA256 Credential={SCOPE}/cloudtrail/aws4_request,SignedHeaders=date,Signature=0"
        ))),
        refusal(&header(&format!(
            "AWS4-HMAC-SHA256 Credential={SCOPE}/cloudtrail/aws4_request,SignedHeaders=host,Signature=0"
        ))),
        signed("cloudtrail", at(NOW).minus(minutes(24)), ""),
        signed("cloudtrail", at(NOW).plus(minutes(16)), ""),
        signed("cloudtrail", at(NOW), "\nX-Amz-Target:CloudTrail_20131101.GetTrail"),
        AuthError::UnknownAccessKey { access_key_id: "AKIDEXAMPLE".into() },
        AuthError::ExpiredToken,
    ];
    expect![[r#"
        400 MissingAuthenticationTokenException: Request is missing Authentication Token
        400 IncompleteSignatureException: Unsupported AWS 'algorithm': 'Basic' (only 'AWS4-HMAC-SHA256' is supported).
        400 IncompleteSignatureException: Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.
        400 IncompleteSignatureException: 'Credential' not a valid key=value pair (missing equal-sign) in Authorization header.
        400 IncompleteSignatureException: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b'
        400 IncompleteSignatureException: Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.
        403 SignatureDoesNotMatch: Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'.
        403 SignatureDoesNotMatch: Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150829' != '20150830', from '20150830T130000Z'.
        403 SignatureDoesNotMatch: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.
        403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
        403 SignatureDoesNotMatch: Signature expired: 20150830T123600Z is now earlier than 20150830T124500Z (20150830T130000Z - 15 min.)
        403 SignatureDoesNotMatch: Signature not yet current: 20150830T131600Z is still later than 20150830T131500Z (20150830T130000Z + 15 min.)
        403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
        400 UnrecognizedClientException: The security token included in the request is invalid.
        400 ExpiredTokenException: The security token included in the request is expired
    "#]].assert_eq(&say(Family::Json, &errors));
}

#[test]
fn query_services() {
    let errors = [
        AuthError::Missing,
        refusal(&header("AWS4-HMAC-SHA256 Signature=0")),
        AuthError::UnknownAccessKey { access_key_id: "AKIDEXAMPLE".into() },
        AuthError::InvalidToken,
        AuthError::ExpiredToken,
        signed("sts", at(NOW), "\nX-Amz-Target:other"),
        signed("sts", at(NOW).minus(Duration::from_secs(901)), ""),
        refusal(&format!(
            "GET /?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={SCOPE}/sts/aws4_request&X-Amz-Date=20150830T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0\nHost:h"
        )),
    ];
    expect![[r#"
        403 MissingAuthenticationToken: Request is missing Authentication Token
        400 IncompleteSignature: Authorization header requires 'Credential' parameter. Authorization header requires 'SignedHeaders' parameter.
        403 InvalidClientTokenId: The security token included in the request is invalid.
        403 InvalidClientTokenId: The security token included in the request is invalid.
        403 ExpiredToken: The security token included in the request is expired
        403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.
        403 SignatureDoesNotMatch: Signature expired: 20150830T124459Z is now earlier than 20150830T124500Z (20150830T130000Z - 15 min.)
        403 SignatureDoesNotMatch: Signature expired: 20150830T120100Z is now earlier than 20150830T130000Z
    "#]].assert_eq(&say(Family::Query, &errors));
}

const S3_HASH: &str = "UNSIGNED-PAYLOAD";

fn s3_header(extra: &str, signed: &str, hash: &str) -> String {
    let credential = format!("{SCOPE}/s3/aws4_request");
    let hash = if hash.is_empty() { String::new() } else { format!("\nx-amz-content-sha256:{hash}") };
    format!(
        "{}{hash}{extra}",
        header(&format!("AWS4-HMAC-SHA256 Credential={credential},SignedHeaders={signed},Signature=0"))
    )
}

#[test]
fn s3_headers() {
    let all = "host;x-amz-content-sha256;x-amz-date";
    let body = {
        let credentials = credentials("AKIDEXAMPLE", "secret", None);
        let mut parts = request("PUT /b/k\nHost:h");
        let signer = Signer { credentials: &credentials, region: "us-east-1", service: "s3", now: at(NOW) };
        signer.sign(&mut parts, SignedBody::Bytes(b"signed")).expect("headers");
        verify(&parts, &credentials.secret, BodyHash::of(b"sent"), at(NOW)).expect_err("another body")
    };
    let errors = [
        AuthError::Missing,
        refusal(&header("AWS AKIDEXAMPLE:c2ln")),
        refusal(&header("Bearer token")),
        refusal(&header("AWS4-HMAC-SHA256 Signature=0")),
        refusal(&header("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0")),
        refusal(&s3_header("", all, "")),
        refusal(&s3_header("", all, "nonsense")),
        refusal(&s3_header("\nx-amz-acl:private\nx-amz-meta-a:b", all, S3_HASH)),
        refusal(&s3_header("", "x-amz-content-sha256;x-amz-date", S3_HASH)),
        refusal(&s3_header("", all, S3_HASH).replace("X-Amz-Date:20150830T13", "X-Amz-Date:20150830T12")),
        refusal(&s3_header("", all, S3_HASH).replace("X-Amz-Date:20150830T130000Z", "Date:yesterday")),
        refusal(&s3_header("", all, S3_HASH).replace("X-Amz-Date:20150830T130000Z", "X-Amz-Date:20150831T130000Z")),
        refusal(&s3_header("", all, S3_HASH)),
        AuthError::UnknownAccessKey { access_key_id: "AKIDEXAMPLE".into() },
        AuthError::InvalidToken,
        AuthError::ExpiredToken,
        AuthError::DecodedLength,
        body,
    ];
    expect![[r#"
        403 AccessDenied: Access Denied
        400 InvalidRequest: The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.
        400 InvalidArgument: Unsupported Authorization Type
            ArgumentName="Authorization"
        400 AuthorizationHeaderMalformed: The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature.
        400 AuthorizationHeaderMalformed: The authorization header is malformed; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".
        400 InvalidRequest: Missing required header for this request: x-amz-content-sha256
        400 InvalidArgument: x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.
            ArgumentName="x-amz-content-sha256"
            ArgumentValue="nonsense"
        403 AccessDenied: There were headers present in the request which were not signed
            HeadersNotSigned="x-amz-acl, x-amz-meta-a"
        403 AccessDenied: There were headers present in the request which were not signed
            HeadersNotSigned="host"
        403 RequestTimeTooSkewed: The difference between the request time and the current time is too large.
            RequestTime="20150830T120000Z"
            ServerTime="2015-08-30T13:00:00Z"
            MaxAllowedSkewMilliseconds="900000"
        403 AccessDenied: AWS authentication requires a valid Date or x-amz-date header
        400 AuthorizationHeaderMalformed: The authorization header is malformed; Invalid credential date "20150830". This date is not the same as X-Amz-Date: "20150831".
        403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your key and signing method.
            AWSAccessKeyId="AKIDEXAMPLE"
            StringToSign="AWS4-HMAC-SHA256\n20150830T130000Z\n20150830/us-east-1/s3/aws4_request\n3d21ee502d19f221d7872635d1748cbfce88f72e229978e9e0fcccf72a2a98d3"
            SignatureProvided="0"
            StringToSignBytes="41 57 53 34 2d 48 4d 41 43 2d 53 48 41 32 35 36 0a 32 30 31 35 30 38 33 30 54 31 33 30 30 30 30 5a 0a 32 30 31 35 30 38 33 30 2f 75 73 2d 65 61 73 74 2d 31 2f 73 33 2f 61 77 73 34 5f 72 65 71 75 65 73 74 0a 33 64 32 31 65 65 35 30 32 64 31 39 66 32 32 31 64 37 38 37 32 36 33 35 64 31 37 34 38 63 62 66 63 65 38 38 66 37 32 65 32 32 39 39 37 38 65 39 65 30 66 63 63 63 66 37 32 61 32 61 39 38 64 33"
            CanonicalRequest="GET\n/\n\nhost:h\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:20150830T130000Z\n\nhost;x-amz-content-sha256;x-amz-date\nUNSIGNED-PAYLOAD"
            CanonicalRequestBytes="47 45 54 0a 2f 0a 0a 68 6f 73 74 3a 68 0a 78 2d 61 6d 7a 2d 63 6f 6e 74 65 6e 74 2d 73 68 61 32 35 36 3a 55 4e 53 49 47 4e 45 44 2d 50 41 59 4c 4f 41 44 0a 78 2d 61 6d 7a 2d 64 61 74 65 3a 32 30 31 35 30 38 33 30 54 31 33 30 30 30 30 5a 0a 0a 68 6f 73 74 3b 78 2d 61 6d 7a 2d 63 6f 6e 74 65 6e 74 2d 73 68 61 32 35 36 3b 78 2d 61 6d 7a 2d 64 61 74 65 0a 55 4e 53 49 47 4e 45 44 2d 50 41 59 4c 4f 41 44"
        403 InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.
            AWSAccessKeyId="AKIDEXAMPLE"
        400 InvalidToken: The provided token is malformed or otherwise invalid.
        400 ExpiredToken: The provided token has expired.
        411 MissingContentLength: You must provide the Content-Length HTTP header.
        400 XAmzContentSHA256Mismatch: The provided 'x-amz-content-sha256' header does not match what was computed.
            ClientComputedContentSHA256="4a3cdfae6f291c8f544daea5b72905cf9e74c1ed427d831ad0d7ca00c73c794d"
            S3ComputedContentSHA256="7afbb3347fb7252e533d58d99d72d9106fc6fdb3f30df23fa70b764c15ac42c5"
    "#]].assert_eq(&say(Family::S3, &errors));
}

#[test]
fn s3_presigned() {
    let url = |change: fn(String) -> String| {
        let query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={SCOPE}/s3/aws4_request&X-Amz-Date=20150830T120000Z&\
             X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=0"
        );
        refusal(&format!("GET /b/k?{}\nHost:h", change(query)))
    };
    let errors = [
        url(|query| query.replace("HMAC", "ECDSA")),
        url(|query| query.replace("aws4_request", "aws5_request")),
        url(|query| query.replace("&X-Amz-Date=20150830T120000Z", "")),
        url(|query| query.replace("&X-Amz-Expires=3600", "")),
        url(|query| format!("{query}&X-Amz-Signature=1")),
        url(|query| query.replace("=3600", "=soon")),
        url(|query| query.replace("=3600", "=0")),
        url(|query| query.replace("=3600", "=604801")),
        url(|query| query.replace("20150830T120000Z", "today")),
        url(|query| query.replace("20150830T120000Z", "20150829T120000Z")),
        url(|query| query.replace("=3600", "=60")),
        url(|query| query.replace("20150830T12", "20150830T14")),
        url(|query| query.replace("=host", "=date")),
        url(|query| format!("{query}&X-Amz-Content-Sha256=x")),
        refusal("GET /?AWSAccessKeyId=a&Expires=1&Signature=b\nHost:h"),
        refusal(&format!(
            "{}\nx:y",
            s3_header("", "host", S3_HASH).replace("GET /", "GET /?X-Amz-Algorithm=AWS4-HMAC-SHA256")
        )),
    ];
    expect![[r#"
        400 AuthorizationQueryParametersError: X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"
        400 AuthorizationQueryParametersError: Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".
        400 AuthorizationQueryParametersError: Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.
        400 AuthorizationQueryParametersError: Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.
        400 AuthorizationQueryParametersError: Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.
        400 AuthorizationQueryParametersError: X-Amz-Expires should be a number
        400 AuthorizationQueryParametersError: X-Amz-Expires must be non-negative
        400 AuthorizationQueryParametersError: X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds
        400 AuthorizationQueryParametersError: X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"
        400 AuthorizationQueryParametersError: Invalid credential date "20150830". This date is not the same as X-Amz-Date: "20150829".
        403 AccessDenied: Request has expired
            X-Amz-Expires="60"
            Expires="2015-08-30T12:01:00Z"
            ServerTime="2015-08-30T13:00:00Z"
        403 AccessDenied: Request is not yet valid
            RequestTime="20150830T140000Z"
            ServerTime="2015-08-30T13:00:00Z"
        403 AccessDenied: There were headers present in the request which were not signed
            HeadersNotSigned="host"
        400 InvalidArgument: x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.
            ArgumentName="x-amz-content-sha256"
            ArgumentValue="x"
        403 AccessDenied: Request has expired
            Expires="1970-01-01T00:00:01Z"
            ServerTime="2015-08-30T13:00:00Z"
        400 InvalidArgument: Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified
    "#]].assert_eq(&say(Family::S3, &errors));
}

#[test]
fn tokens_belong_to_keys() {
    let presented = |token: Option<&str>| {
        let credentials = credentials("ASIAEXAMPLE", "secret", token);
        let mut parts = request("POST /\nHost:h");
        let signer = Signer { credentials: &credentials, region: "r", service: "sts", now: at(NOW) };
        signer.sign(&mut parts, SignedBody::Bytes(b"")).expect("headers");
        Presented::from_request(&parts).expect("well formed").expect("signed")
    };
    assert_eq!(presented(None).check_token(None), Ok(()));
    assert_eq!(presented(Some("t")).check_token(Some("t")), Ok(()));
    assert_eq!(presented(Some("t")).check_token(Some("u")), Err(AuthError::InvalidToken));
    assert_eq!(presented(Some("t")).check_token(None), Err(AuthError::InvalidToken));
    let unknown = AuthError::UnknownAccessKey { access_key_id: "ASIAEXAMPLE".into() };
    assert_eq!(presented(None).check_token(Some("t")), Err(unknown));
}

#[test]
fn families_are_told_by_scope_then_by_protocol() {
    let check = |text: &str, family: Family| assert_eq!(Family::of_request(&request(text)), family, "{text}");
    check("GET /", Family::S3);
    check("POST /\nX-Amz-Target:CloudTrail_20131101.GetTrail", Family::Json);
    check("POST /PutAuditEvents?channelArn=x", Family::Json);
    check("POST /\nContent-Type:application/x-www-form-urlencoded; charset=utf-8", Family::Query);
    check("POST /\nAuthorization:AWS4-HMAC-SHA256 Credential=a/20150830/r/sts/aws4_request", Family::Query);
    check("GET /b/k?X-Amz-Credential=a%2F20150830%2Fr%2Fcloudtrail%2Faws4_request", Family::Json);
}

#[test]
fn a_body_that_was_not_hashed_never_verifies() {
    let credentials = credentials("AKIDEXAMPLE", "secret", None);
    let mut parts = request("POST /\nHost:h");
    let signer = Signer { credentials: &credentials, region: "r", service: "cloudtrail", now: at(NOW) };
    signer.sign(&mut parts, SignedBody::Bytes(b"")).expect("headers");
    let presented = Presented::from_request(&parts).expect("well formed").expect("signed");
    assert!(presented.needs_body());
    let pending = presented.verify(&parts, &credentials.secret, BodyHash::Pending, at(NOW));
    assert!(matches!(pending, Err(AuthError::SignatureMismatch(_))));
}
