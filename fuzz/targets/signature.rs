//! A request line and headers. Whatever they claim, nobody signed them: no key may verify, and each family of services
//! can say what is wrong. The same parts, signed by us, do verify.
#![no_main]

use http::request::Parts;
use libfuzzer_sys::fuzz_target;
use opentrail_sigv4::{BodyHash, Claim, Credentials, Family, Presented, SecretKey, SignedBody, Signer};
use opentrail_stdx::Timestamp;

const DATE: &str = "20150830T123600Z";

fuzz_target!(|data: &[u8]| {
    let Some(mut parts) = request(data) else { return };
    let now = Timestamp::parse_basic(DATE).expect("a date");
    let credentials =
        Credentials { access_key_id: "AKIDEXAMPLE".into(), secret: SecretKey::new("unknown"), session_token: None };
    let _ = Claim::of(&parts);
    let family = Family::of_request(&parts);
    let error = match Presented::from_request(&parts) {
        Ok(None) => None,
        Ok(Some(presented)) => presented.verify(&parts, &credentials.secret, BodyHash::of(b""), now).err(),
        Err(error) => Some(error),
    };
    for family in error.iter().flat_map(|_| [family, Family::Json, Family::Query, Family::S3]) {
        let rendered = error.as_ref().expect("there is one").render(family);
        assert!((400..500).contains(&rendered.status) && !rendered.message.is_empty());
    }
    if error.is_none() && parts.headers.contains_key("authorization") {
        panic!("verified what nobody signed");
    }
    sign_and_verify(&mut parts, &credentials, now);
});

fn sign_and_verify(parts: &mut Parts, credentials: &Credentials, now: Timestamp) {
    let query = parts.uri.query().unwrap_or_default().to_ascii_lowercase();
    // A name may be percent-encoded; what looks signed already is left alone.
    if query.contains('%') || query.contains("x-amz-") {
        return;
    }
    for service in ["s3", "cloudtrail"] {
        let signer = Signer { credentials, region: "us-east-1", service, now };
        if signer.sign(parts, SignedBody::Bytes(b"body")).is_err() {
            return;
        }
        let presented = Presented::from_request(parts).expect("well formed").expect("signed");
        presented.verify(parts, &credentials.secret, BodyHash::of(b"body"), now).expect("what we sign verifies");
    }
}

/// `METHOD target`, then `name:value` lines. Lines that HTTP doesn't allow are left out.
fn request(data: &[u8]) -> Option<Parts> {
    let mut lines = data.split(|b| *b == b'\n');
    let line = lines.next()?;
    let space = line.iter().position(|b| *b == b' ')?;
    let method = http::Method::from_bytes(&line[..space]).ok()?;
    let uri = http::Uri::try_from(&line[space + 1..]).ok()?;
    let (mut parts, ()) = http::Request::new(()).into_parts();
    (parts.method, parts.uri) = (method, uri);
    for line in lines {
        let Some(colon) = line.iter().position(|b| *b == b':') else { continue };
        let name = http::HeaderName::from_bytes(&line[..colon]);
        let value = http::HeaderValue::from_bytes(&line[colon + 1..]);
        if let (Ok(name), Ok(value)) = (name, value) {
            parts.headers.try_append(name, value).ok()?;
        }
    }
    Some(parts)
}
