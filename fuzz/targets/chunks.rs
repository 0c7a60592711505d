//! Any bytes as an `aws-chunked` body, in all three forms. The answer doesn't depend on where the body is cut, and no
//! more comes out than went in or was announced.
#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use opentrail_sigv4::chunked::Error;
use opentrail_sigv4::{BodyHash, Credentials, Presented, SecretKey, SignedBody, Signer, Streaming, Verified};
use opentrail_stdx::Timestamp;

type Decoded = Result<(Vec<u8>, Vec<(String, String)>), Error>;

fuzz_target!(|data: &[u8]| {
    let [first, second, body @ ..] = data else { return };
    let form = [Streaming::Signed, Streaming::SignedTrailer, Streaming::UnsignedTrailer][usize::from(*first) % 3];
    let length = usize::from(*second);
    let (parts, verified) = start(form, length);
    let whole = decode(&parts, &verified, body, usize::MAX);
    let cut = decode(&parts, &verified, body, usize::from(*first).max(1));
    assert_eq!(whole, cut);
    if let Ok((data, _)) = whole {
        assert_eq!(data.len(), length);
    }
});

fn start(form: Streaming, length: usize) -> (http::request::Parts, Verified) {
    let credentials =
        Credentials { access_key_id: "AKIDEXAMPLE".into(), secret: SecretKey::new("s"), session_token: None };
    let now = Timestamp::from_secs(1_440_938_160);
    let request = http::Request::put("/b/k").header("host", "h").header("x-amz-decoded-content-length", length);
    let request = request.header("x-amz-trailer", "x-amz-checksum-crc32").body(()).expect("a request");
    let (mut parts, ()) = request.into_parts();
    let signer = Signer { credentials: &credentials, region: "us-east-1", service: "s3", now };
    signer.sign(&mut parts, SignedBody::Streaming(form)).expect("headers");
    let presented = Presented::from_request(&parts).expect("well formed").expect("signed");
    let verified = presented.verify(&parts, &credentials.secret, BodyHash::Pending, now).expect("valid");
    (parts, verified)
}

fn decode(parts: &http::request::Parts, verified: &Verified, body: &[u8], piece: usize) -> Decoded {
    let mut decoder = verified.decoder(parts).expect("a length").expect("chunked");
    let mut out = Vec::new();
    for piece in body.chunks(piece.min(body.len()).max(1)) {
        let mut piece = Bytes::copy_from_slice(piece);
        while let Some(data) = decoder.push(&mut piece)? {
            out.extend_from_slice(&data);
        }
        assert!(piece.is_empty() && out.len() <= body.len());
    }
    decoder.finish().map(|trailers| (out, trailers))
}
