//! What is signed verifies; what is changed doesn't; what is garbage is refused.

use http::request::Parts;
use opentrail_sigv4::{AuthError, BodyHash, Claim, Credentials, Family, Presented, SignedBody, Signer};
use proptest::prelude::*;

use crate::support::{at, credentials, request, verify};

const DATE: &str = "20260913T172416Z";

#[derive(Debug, Clone)]
struct Sample {
    service: &'static str,
    path: String,
    query: String,
    header: String,
    body: Vec<u8>,
    token: Option<String>,
}

fn sample() -> impl Strategy<Value = Sample> {
    (
        prop_oneof![Just("s3"), Just("cloudtrail"), Just("sts")],
        "(/[a-z0-9.~%$!()+é-]{0,6}){1,4}",
        "([a-z0-9]{1,3}=[a-zA-Z0-9/+*%é]{0,4}&){0,3}",
        "[ -~]{0,20}",
        prop::collection::vec(any::<u8>(), 0..64),
        prop::option::of("[A-Za-z0-9/+=]{1,40}"),
    )
        .prop_map(|(service, path, query, header, body, token)| Sample {
            service,
            path,
            query,
            header,
            body,
            token,
        })
}

impl Sample {
    fn credentials(&self) -> Credentials {
        credentials("AKIDEXAMPLE", "secret", self.token.as_deref())
    }

    fn parts(&self) -> Parts {
        request(&format!("POST {}?{}\nHost:localhost:7410\nX-Amz-Meta-Note:{}", self.path, self.query, self.header))
    }

    fn signed(&self) -> (Parts, Credentials) {
        let (mut parts, credentials) = (self.parts(), self.credentials());
        let signer = Signer { credentials: &credentials, region: "us-east-1", service: self.service, now: at(DATE) };
        signer.sign(&mut parts, SignedBody::Bytes(&self.body)).expect("headers");
        (parts, credentials)
    }
}

/// Replaces one byte by another of the same class, so that the text stays well formed but means something else.
fn change(text: &str, index: prop::sample::Index) -> Option<String> {
    let places: Vec<usize> =
        text.bytes().enumerate().filter(|(_, b)| b.is_ascii_alphanumeric()).map(|(at, _)| at).collect();
    let place = *places.get(index.index(places.len().max(1)))?;
    let mut bytes = text.as_bytes().to_vec();
    bytes[place] = if bytes[place] == b'q' { b'p' } else { b'q' };
    String::from_utf8(bytes).ok()
}

proptest! {
    #[test]
    fn what_is_signed_verifies(sample in sample()) {
        let (parts, credentials) = sample.signed();
        let presented = Presented::from_request(&parts).expect("well formed").expect("signed");
        prop_assert_eq!(&presented.security_token, &sample.token);
        prop_assert!(presented.check_token(sample.token.as_deref()).is_ok());
        let verified = presented.verify(&parts, &credentials.secret, BodyHash::of(&sample.body), at(DATE)).expect("valid");
        prop_assert_eq!(verified.access_key_id(), "AKIDEXAMPLE");
        prop_assert_eq!(Claim::of(&parts).and_then(|claim| claim.scope), Some(verified.scope().clone()));
    }

    #[test]
    fn what_is_presigned_verifies(sample in sample(), expires_s in 1_u64..604_800) {
        let credentials = sample.credentials();
        let signer = Signer { credentials: &credentials, region: "us-east-1", service: sample.service, now: at(DATE) };
        let url = http::Uri::try_from(format!("http://localhost:7410{}?{}", sample.path, sample.query)).expect("a URL");
        let expires = std::time::Duration::from_secs(expires_s);
        let url = signer.presign(&http::Method::GET, &url, expires).expect("a URL");
        let (mut parts, ()) = http::Request::new(()).into_parts();
        parts.uri = url;
        let end = at(DATE).plus(expires);
        prop_assert!(verify(&parts, &credentials.secret, BodyHash::of(b""), end).is_ok());
        let late = verify(&parts, &credentials.secret, BodyHash::of(b""), end.plus(std::time::Duration::from_secs(1)));
        let expired = matches!(late, Err(AuthError::Expired { .. }));
        prop_assert!(expired);
        parts.method = http::Method::PUT;
        prop_assert!(verify(&parts, &credentials.secret, BodyHash::of(b""), end).is_err());
    }

    #[test]
    fn what_is_changed_does_not_verify(sample in sample(), index in any::<prop::sample::Index>(), what in 0_usize..8) {
        let (mut parts, credentials) = sample.signed();
        let mut body = sample.body.clone();
        let mut header = |name: &'static str| {
            let text = parts.headers[name].to_str().ok().and_then(|text| change(text, index));
            text.map(|text| parts.headers.insert(name, http::HeaderValue::from_str(&text).expect("a value"))).is_some()
        };
        let changed = match what {
            0 => {
                // The key id isn't signed: it only says whose secret to take.
                let text = parts.headers["authorization"].to_str().expect("ASCII");
                let (id, rest) = text.split_once('/').expect("a scope");
                let changed = change(rest, index).expect("letters");
                parts.headers.insert("authorization", format!("{id}/{changed}").parse().expect("a value"));
                true
            }
            1 => header("host"),
            2 => header("x-amz-meta-note"),
            3 => header("x-amz-date"),
            4 => change(&sample.path, index).is_some_and(|path| {
                // A changed digit of `%41` may still spell the same path.
                let decoded = |path: &str| percent_encoding::percent_decode_str(path).collect::<Vec<u8>>();
                let other = sample.service != "s3" || decoded(&path) != decoded(&sample.path);
                parts.uri = format!("{path}?{}", sample.query).parse().expect("a target");
                other
            }),
            5 => { parts.method = http::Method::PUT; true }
            6 => { parts.uri = format!("{}?{}&q=1", sample.path, sample.query).parse().expect("a target"); true }
            _ => { body.push(0); true }
        };
        prop_assume!(changed);
        prop_assert!(verify(&parts, &credentials.secret, BodyHash::of(&body), at(DATE)).is_err());
    }

    #[test]
    fn garbage_is_refused(authorization in prop_oneof!["\\PC{0,80}", "AWS4-HMAC-SHA256 \\PC{0,80}", "AWS4-HMAC-SHA256 Credential=[a-z/0-9]{0,30}, SignedHeaders=[a-z;]{0,9}, Signature=[0-9a-f]{0,9}"], date in "\\PC{0,20}", query in "[ -\"$-~]{0,60}") {
        let uri = format!("/?{}", query.replace([' ', '"', '<', '>', '`', '{', '}', '\\', '^', '|'], ""));
        let builder = http::Request::builder().uri(uri).header("authorization", authorization.as_bytes()).header("x-amz-date", date.as_bytes());
        let Ok(request) = builder.body(()) else { return Ok(()) };
        let parts = request.into_parts().0;
        let _ = (Claim::of(&parts), Family::of_request(&parts));
        let credentials = credentials("a", "b", None);
        let error = verify(&parts, &credentials.secret, BodyHash::of(b""), at(DATE)).expect_err("garbage");
        for family in [Family::Json, Family::Query, Family::S3] {
            let rendered = error.render(family);
            prop_assert!((400..500).contains(&rendered.status) && !rendered.message.is_empty());
        }
    }
}
