//! Presigned URLs of Signature Version 2.

use http::Request;
use opentrail_sigv4::{AuthError, BodyHash, Kind, Presented, SecretKey};
use opentrail_stdx::Timestamp;

/// Amazon S3 user guide, "Signing and authenticating REST requests", query string authentication example.
const PUBLISHED: &str = "/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE\
    &Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620";

fn verify(uri: &str, host: &str, now_s: i64) -> Result<(), AuthError> {
    let request = Request::get(uri).header("host", host).body(()).expect("valid");
    let (parts, ()) = request.into_parts();
    let presented = Presented::from_request(&parts)?.expect("it is signed");
    assert_eq!(presented.access_key_id, "AKIAIOSFODNN7EXAMPLE");
    assert!(matches!(presented.kind, Kind::PresignedVersionTwo { .. }));
    let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    presented.verify(&parts, &secret, BodyHash::Pending, Timestamp::from_secs(now_s)).map(|_| ())
}

#[test]
fn the_published_example_holds_in_both_styles() {
    verify(PUBLISHED, "johnsmith.s3.amazonaws.com", 1_175_139_000).expect("virtual-host style");
    let path_style = PUBLISHED.replacen("/photos", "/johnsmith/photos", 1);
    verify(&path_style, "s3.amazonaws.com", 1_175_139_000).expect("path style");
}

#[test]
fn what_is_signed_cannot_be_changed() {
    let host = "johnsmith.s3.amazonaws.com";
    for changed in [
        PUBLISHED.replace("puppy", "kitten"),
        PUBLISHED.replace("Expires=1175139620", "Expires=1175139621"),
        PUBLISHED.replace("NpgCj", "OpgCj"),
        format!("{PUBLISHED}&acl"),
    ] {
        let error = verify(&changed, host, 1_175_139_000).expect_err("changed");
        assert!(matches!(error, AuthError::SignatureMismatch(_)), "{changed}: {error}");
    }
    let error = verify(PUBLISHED, "another.s3.amazonaws.com", 1_175_139_000).expect_err("another bucket");
    assert!(matches!(error, AuthError::SignatureMismatch(_)));
}

#[test]
fn it_ends_when_it_says() {
    let host = "johnsmith.s3.amazonaws.com";
    verify(PUBLISHED, host, 1_175_139_620).expect("its last second");
    let error = verify(PUBLISHED, host, 1_175_139_621).expect_err("over");
    assert!(matches!(error, AuthError::Expired { .. }), "{error}");
}
