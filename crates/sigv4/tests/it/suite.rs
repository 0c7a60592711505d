//! The cases of AWS's published Signature Version 4 test suite that a server can meet, with their signatures.
//!
//! Left out: header values folded over several lines, which HTTP no longer has (RFC 9112 §5.2), and raw spaces in the
//! request line, which HTTP never had.

use opentrail_sigv4::{AuthError, BodyHash, SignedBody, Signer};

use crate::support::{at, credentials, request, signature_of, verify};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const DATE: &str = "20150830T123600Z";
const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
const UNRESERVED: &str = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Signs the request, expects the published signature, and verifies it.
fn check(name: &str, text: &str, body: &str, token: Option<&str>, signature: &str) {
    let mut parts = request(&format!("{text}\nHost:example.amazonaws.com"));
    let credentials = credentials("AKIDEXAMPLE", SECRET, token);
    let now = at(DATE);
    let signer = Signer { credentials: &credentials, region: "us-east-1", service: "service", now };
    signer.sign(&mut parts, SignedBody::Bytes(body.as_bytes())).expect("headers");
    assert_eq!(signature_of(&parts), signature, "{name}");
    let verified = verify(&parts, &credentials.secret, BodyHash::of(body.as_bytes()), now).expect(name);
    assert_eq!(verified.scope().to_string(), "20150830/us-east-1/service/aws4_request");
    let other_body = verify(&parts, &credentials.secret, BodyHash::of(b"other"), now);
    assert!(matches!(other_body, Err(AuthError::SignatureMismatch(_))), "{name}");
}

const VANILLA: &str = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
const POST_VANILLA: &str = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";

#[test]
fn paths() {
    check("get-vanilla", "GET /", "", None, VANILLA);
    check("get-relative", "GET /example/..", "", None, VANILLA);
    check("get-relative-relative", "GET /example1/example2/../..", "", None, VANILLA);
    check("get-slash", "GET //", "", None, VANILLA);
    check("get-slash-dot-slash", "GET /./", "", None, VANILLA);
    let dot = "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5";
    check("get-slash-pointless-dot", "GET /./example", "", None, dot);
    let slashes = "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84";
    check("get-slashes", "GET //example//", "", None, slashes);
    let unreserved = "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f";
    check("get-unreserved", &format!("GET /{UNRESERVED}"), "", None, unreserved);
    let utf8 = "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85";
    check("get-utf8", "GET /\u{1234}", "", None, utf8);
}

#[test]
fn queries() {
    check("get-vanilla-query", "GET /?", "", None, VANILLA);
    let key = "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb";
    check("get-vanilla-empty-query-key", "GET /?Param1=value1", "", None, key);
    let case = "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500";
    check("get-vanilla-query-order-key-case", "GET /?Param2=value2&Param1=value1", "", None, case);
    let order = "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1";
    check("get-vanilla-query-order-key", "GET /?Param1=value2&Param1=Value1", "", None, order);
    let value = "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694";
    check("get-vanilla-query-order-value", "GET /?Param1=value2&Param1=value1", "", None, value);
    let unreserved = "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197";
    check("get-vanilla-query-unreserved", &format!("GET /?{UNRESERVED}={UNRESERVED}"), "", None, unreserved);
    let utf8 = "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04";
    check("get-vanilla-utf8-query", "GET /?\u{1234}=bar", "", None, utf8);
    let post = "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11";
    check("post-vanilla-query", "POST /?Param1=value1", "", None, post);
}

#[test]
fn headers() {
    let duplicate = "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea";
    check(
        "get-header-key-duplicate",
        "GET /\nMy-Header1:value2\nMy-Header1:value2\nMy-Header1:value1",
        "",
        None,
        duplicate,
    );
    let order = "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01";
    let values = "GET /\nMy-Header1:value4\nMy-Header1:value1\nMy-Header1:value3\nMy-Header1:value2";
    check("get-header-value-order", values, "", None, order);
    let trim = "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736";
    check("get-header-value-trim", "GET /\nMy-Header1: value1\nMy-Header2: \"a   b   c\"", "", None, trim);
    check("post-vanilla", "POST /", "", None, POST_VANILLA);
    check("post-header-key-case", "POST /", "", None, POST_VANILLA);
    let sort = "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c";
    check("post-header-key-sort", "POST /\nMy-Header1:value1", "", None, sort);
    let case = "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d";
    check("post-header-value-case", "POST /\nMy-Header1:VALUE1", "", None, case);
}

#[test]
fn tokens_and_bodies() {
    let before = "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead";
    check("post-sts-header-before", "POST /", "", Some(TOKEN), before);
    let form = "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a";
    let text = "POST /\nContent-Type:application/x-www-form-urlencoded";
    check("post-x-www-form-urlencoded", text, "Param1=value1", None, form);
    let parameters = "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe";
    let text = "POST /\nContent-Type:application/x-www-form-urlencoded; charset=utf8";
    check("post-x-www-form-urlencoded-parameters", text, "Param1=value1", None, parameters);
}

/// In this case of the suite the token is added after signing, so that it isn't signed.
#[test]
fn post_sts_header_after() {
    let text = format!(
        "POST /\nHost:example.amazonaws.com\nX-Amz-Date:{DATE}\nX-Amz-Security-Token:{TOKEN}\nAuthorization:AWS4-HMAC-SHA256 \
         Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature={POST_VANILLA}"
    );
    let parts = request(&text);
    let credentials = credentials("AKIDEXAMPLE", SECRET, None);
    verify(&parts, &credentials.secret, BodyHash::of(b""), at(DATE)).expect("valid");
}
