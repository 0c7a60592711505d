//! Random requests signed by botocore: each is accepted, and each is refused once one thing is changed.

use std::path::PathBuf;
use std::process::Command;

use http::request::Parts;
use opentrail_sigv4::{BodyHash, Payload, Presented, SecretKey};
use opentrail_stdx::Timestamp;
use serde_json::Value;

use crate::support::{at, decode, verify};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// The interpreter that has botocore: `OPENTRAIL_PYTHON`, else the one in the workspace's `.venv`.
fn python() -> Option<PathBuf> {
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python");
    std::env::var_os("OPENTRAIL_PYTHON").map(PathBuf::from).or_else(|| workspace.exists().then_some(workspace))
}

#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
fn samples(seed: u64, count: usize) -> Option<Vec<Sample>> {
    let Some(python) = python() else {
        eprintln!(
            "SKIPPED: botocore's signer needs `OPENTRAIL_PYTHON` or `.venv/bin/python`; `cargo xtask test` makes one"
        );
        return None;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/botocore_signer.py");
    let output =
        Command::new(&python).arg(script).args([seed.to_string(), count.to_string()]).output().expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    Some(text.lines().map(|line| Sample(serde_json::from_str(line).expect("JSON"))).collect())
}

struct Sample(Value);

impl Sample {
    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_default()
    }

    fn now(&self) -> Timestamp {
        at(self.text("now"))
    }

    fn body(&self) -> Vec<u8> {
        hex::decode(self.text("body")).expect("hex")
    }

    fn parts(&self) -> Parts {
        let mut builder = http::Request::builder().method(self.text("method")).uri(self.text("target"));
        for header in self.0["headers"].as_array().expect("a list") {
            builder = builder.header(header[0].as_str().expect("a name"), header[1].as_str().expect("a value"));
        }
        builder.body(()).expect("a request").into_parts().0
    }

    fn check(&self) {
        let (parts, secret, body) = (self.parts(), SecretKey::new(SECRET), self.body());
        let presented = Presented::from_request(&parts).expect("well formed").expect("signed");
        assert_eq!(
            (presented.scope.service.as_str(), presented.scope.region.as_str()),
            (self.text("service"), self.text("region"))
        );
        assert_eq!(presented.security_token.as_deref(), self.0["token"].as_str());
        let verified = presented.verify(&parts, &secret, BodyHash::of(&body), self.now());
        let verified = verified.unwrap_or_else(|error| panic!("{error}: {error:?}\n{}", self.0));
        if let Some(decoder) = verified.decoder(&parts).expect("a length") {
            let (data, trailers) = decode(decoder, &body, &[7, 4000]).expect("valid chunks");
            assert_eq!((hex::encode(data).as_str(), trailers.len()), (self.text("decoded"), 1));
        }
        for change in CHANGES {
            let (mut parts, mut body, mut secret) = (parts.clone(), body.clone(), secret.clone());
            let matters = change(&mut parts, &mut body, &mut secret, &presented);
            let refused = verify(&parts, &secret, BodyHash::of(&body), self.now()).is_err();
            assert_eq!(refused, matters, "{}", self.0);
        }
    }
}

/// Changes one thing; answers whether the signature covers it.
type Change = fn(&mut Parts, &mut Vec<u8>, &mut SecretKey, &Presented) -> bool;

const CHANGES: [Change; 8] = [method, path, query, host, signed_header, body, signature, secret];

fn method(parts: &mut Parts, _: &mut Vec<u8>, _: &mut SecretKey, _: &Presented) -> bool {
    parts.method = http::Method::PATCH;
    true
}

fn path(parts: &mut Parts, _: &mut Vec<u8>, _: &mut SecretKey, _: &Presented) -> bool {
    parts.uri = format!("{}q?{}", parts.uri.path(), parts.uri.query().unwrap_or_default()).parse().expect("a target");
    true
}

fn query(parts: &mut Parts, _: &mut Vec<u8>, _: &mut SecretKey, _: &Presented) -> bool {
    parts.uri =
        format!("{}?{}&extra=", parts.uri.path(), parts.uri.query().unwrap_or_default()).parse().expect("a target");
    true
}

fn host(parts: &mut Parts, _: &mut Vec<u8>, _: &mut SecretKey, _: &Presented) -> bool {
    parts.headers.insert("host", http::HeaderValue::from_static("elsewhere"));
    true
}

fn signed_header(parts: &mut Parts, _: &mut Vec<u8>, _: &mut SecretKey, presented: &Presented) -> bool {
    let Some(name) = presented.signed_headers.iter().find(|name| *name != "host" && *name != "x-amz-date") else {
        return false;
    };
    let name = http::HeaderName::try_from(name.as_str()).expect("a name");
    parts.headers.append(name, http::HeaderValue::from_static("more"));
    true
}

fn body(_: &mut Parts, body: &mut Vec<u8>, _: &mut SecretKey, presented: &Presented) -> bool {
    body.push(0);
    matches!(presented.payload, Payload::Computed | Payload::Sha256(_))
}

fn signature(parts: &mut Parts, _: &mut Vec<u8>, _: &mut SecretKey, _: &Presented) -> bool {
    let flip = |text: &str| {
        let last = if text.ends_with('0') { '1' } else { '0' };
        format!("{}{last}", &text[..text.len() - 1])
    };
    match parts.headers.get("authorization").map(|value| flip(value.to_str().expect("ASCII"))) {
        Some(header) => drop(parts.headers.insert("authorization", header.parse().expect("a value"))),
        None => parts.uri = flip(&parts.uri.to_string()).parse().expect("a target"),
    }
    true
}

fn secret(_: &mut Parts, _: &mut Vec<u8>, secret: &mut SecretKey, _: &Presented) -> bool {
    *secret = SecretKey::new(format!("{}x", secret.expose()));
    true
}

#[test]
fn what_botocore_signs_is_accepted() {
    let Some(samples) = samples(0x0b07_0c03, 600) else { return };
    assert_eq!(samples.len(), 600);
    for form in ["header", "presigned", "unsigned", "trailer"] {
        assert!(samples.iter().any(|sample| sample.text("form") == form), "{form} is among them");
    }
    samples.iter().for_each(Sample::check);
}
