//! Everything that can be wrong with chunks.

use opentrail_sigv4::chunked::{Decoder, Error};
use opentrail_sigv4::{AuthError, BodyHash, SignedBody, Signer, Streaming};
use proptest::prelude::*;

use crate::support::{ChunkSigner, Decoded, at, credentials, decode, request, signature_of, verify};

const SECRET: &str = "a secret";
const DATE: &str = "20260913T172416Z";

/// A verified request for a body of this length, and the signer of its chunks.
fn start(form: Streaming, decoded_bytes: usize, trailers: &str) -> (Decoder, ChunkSigner) {
    let credentials = credentials("AKID", SECRET, None);
    let trailer = if trailers.is_empty() { String::new() } else { format!("\nx-amz-trailer:{trailers}") };
    let mut parts = request(&format!("PUT /b/k\nHost:h\nx-amz-decoded-content-length:{decoded_bytes}{trailer}"));
    let signer = Signer { credentials: &credentials, region: "r", service: "s3", now: at(DATE) };
    signer.sign(&mut parts, SignedBody::Streaming(form)).expect("headers");
    let verified = verify(&parts, &credentials.secret, BodyHash::Pending, at(DATE)).expect("valid");
    let chunks = ChunkSigner {
        secret: SECRET.into(),
        date: DATE.into(),
        scope: verified.scope().to_string(),
        previous: signature_of(&parts),
    };
    (verified.decoder(&parts).expect("a length").expect("chunked"), chunks)
}

fn unsigned(body: &str, decoded_bytes: usize, trailers: &str) -> Result<Decoded, Error> {
    decode(start(Streaming::UnsignedTrailer, decoded_bytes, trailers).0, body.as_bytes(), &[])
}

#[test]
fn unsigned_chunks_with_trailers() {
    let (data, trailers) =
        unsigned("5\r\nhello\r\n0\r\nX-Amz-Checksum-Crc32: NhCmhg== \r\n\r\n", 5, "x-amz-checksum-crc32")
            .expect("valid");
    assert_eq!(data, b"hello");
    assert_eq!(trailers, [("x-amz-checksum-crc32".to_owned(), "NhCmhg==".to_owned())]);
    assert_eq!(unsigned("0\r\n\r\n", 0, "").expect("valid"), (vec![], vec![]));
    assert_eq!(unsigned("5;ext=1\r\nhello\r\n0\r\n\r\n", 5, "").expect("valid").0, b"hello");
}

#[test]
fn framing_is_checked() {
    let check = |body: &str, bytes: usize, error: Error| {
        assert_eq!(unsigned(body, bytes, "").expect_err(body), error, "{body:?}")
    };
    check("", 0, Error::Truncated);
    check("5\r\nhel", 5, Error::Truncated);
    check("5\r\nhello\r\n", 5, Error::Truncated);
    check("5\r\nhello\r\n0\r\n", 5, Error::Truncated);
    check("x\r\n", 5, Error::Header);
    check("\r\n", 5, Error::Header);
    check("+5\r\nhello\r\n", 5, Error::Header);
    check("5\nhello\r\n", 5, Error::Header);
    check("5\r\nhelloXX", 5, Error::Truncated);
    check("5\r\nhelloXX\r\n", 5, Error::Header);
    check("fffffffffffffffff\r\n", 5, Error::Header);
    check(&"1".repeat(1000), 5, Error::Header);
    check("ffffffffffffffff\r\n", 5, Error::Length { expected: 5, decoded: u64::MAX });
    check("5\r\nhello\r\n1\r\n", 6, Error::TooSmall);
    check("6\r\n", 5, Error::Length { expected: 5, decoded: 6 });
    check("5\r\nhello\r\n0\r\n\r\n", 6, Error::Length { expected: 6, decoded: 5 });
    check("0\r\n\r\nmore", 0, Error::AfterEnd);
    check("0\r\na:b\r\n\r\n", 0, Error::Trailer);
    check("0\r\nab\r\n\r\n", 0, Error::Trailer);
    check(&format!("0\r\n{}", "a:b\r\n".repeat(4000)), 0, Error::Trailer);
    assert_eq!(unsigned("0\r\n\r\n", 0, "x-amz-checksum-crc32").expect_err("none came"), Error::Trailer);
}

#[test]
fn signatures_are_checked() {
    let whole = |form, trailers: &[(&str, &str)]| {
        let (decoder, mut signer) = start(form, 10_000, &trailers.iter().map(|t| t.0).collect::<Vec<_>>().join(","));
        let mut body = signer.chunk(&[b'x'; 9_000]);
        body.extend(signer.chunk(&[b'y'; 1_000]));
        body.extend(if form == Streaming::Signed { signer.chunk(b"") } else { signer.trailers(trailers) });
        (decoder, body)
    };
    let trailers = [("x-amz-checksum-crc32", "AAAAAA==")];
    for (form, trailers) in [(Streaming::Signed, &[][..]), (Streaming::SignedTrailer, &trailers[..])] {
        let (decoder, body) = whole(form, trailers);
        assert_eq!(decode(decoder, &body, &[1; 500]).expect("valid").0.len(), 10_000);
        let step = 97;
        for at in (0..body.len()).step_by(step).chain(body.len() - 300..body.len()) {
            let (decoder, mut body) = whole(form, trailers);
            body[at] ^= 1;
            assert!(decode(decoder, &body, &[]).is_err(), "{form:?}: byte {at} changed and nobody noticed");
        }
        let (decoder, mut body) = whole(form, trailers);
        let last = b"\r\n0;";
        let cut = body.windows(4).rposition(|window| window == last).expect("a last chunk") - 1_000;
        body.truncate(cut);
        assert!(decode(decoder, &body, &[]).is_err(), "a body cut short");
    }
}

#[test]
fn an_empty_line_may_stand_before_the_trailers_signature() {
    let (decoder, mut signer) = start(Streaming::SignedTrailer, 0, "x-amz-checksum-crc32");
    let body = String::from_utf8(signer.trailers(&[("x-amz-checksum-crc32", "AAAAAA==")])).expect("text");
    let body = body.replace("AAAAAA==\r\n", "AAAAAA==\n\r\n");
    assert_eq!(decode(decoder, body.as_bytes(), &[]).expect("valid").1.len(), 1);
}

#[test]
fn an_error_stays() {
    let (mut decoder, _) = start(Streaming::UnsignedTrailer, 5, "");
    assert_eq!(decoder.push(&mut bytes::Bytes::from_static(b"x\r\n")), Err(Error::Header));
    assert_eq!(decoder.push(&mut bytes::Bytes::from_static(b"5\r\n")), Err(Error::Header));
    assert_eq!(decoder.finish(), Err(Error::Header));
}

#[test]
fn the_decoded_length_is_needed() {
    let credentials = credentials("AKID", SECRET, None);
    let signer = Signer { credentials: &credentials, region: "r", service: "s3", now: at(DATE) };
    for header in ["", "\nx-amz-decoded-content-length:-1", "\nx-amz-decoded-content-length:many"] {
        let mut parts = request(&format!("PUT /b/k\nHost:h{header}"));
        signer.sign(&mut parts, SignedBody::Streaming(Streaming::Signed)).expect("headers");
        let verified = verify(&parts, &credentials.secret, BodyHash::Pending, at(DATE)).expect("valid");
        assert_eq!(verified.decoder(&parts).expect_err("no length"), AuthError::DecodedLength);
    }
}

proptest! {
    #[test]
    fn boundaries_do_not_matter(sizes in prop::collection::vec(8192_usize..9000, 0..3), tail in 0_usize..100, cuts in prop::collection::vec(1_usize..2000, 0..40)) {
        let total = sizes.iter().sum::<usize>() + tail;
        let (decoder, mut signer) = start(Streaming::SignedTrailer, total, "x-a,x-b");
        let data: Vec<u8> = (0..total).map(|index| index.to_le_bytes()[0]).collect();
        let (mut body, mut rest) = (Vec::new(), data.as_slice());
        for size in sizes.into_iter().chain((tail > 0).then_some(tail)) {
            let (chunk, after) = rest.split_at(size);
            body.extend(signer.chunk(chunk));
            rest = after;
        }
        body.extend(signer.trailers(&[("x-a", "1"), ("x-b", "2")]));
        let (decoded, trailers) = decode(decoder, &body, &cuts).expect("valid");
        prop_assert_eq!(decoded, data);
        prop_assert_eq!(trailers.len(), 2);
    }

    #[test]
    fn garbage_is_refused_the_same_way_wherever_it_is_cut(
        pieces in prop::collection::vec(prop_oneof![
            Just("5\r\nhello\r\n".to_owned()), Just("0\r\n".to_owned()), Just("\r\n".to_owned()), Just("x:y\r\n".to_owned()),
            Just("5;chunk-signature=".to_owned()), "\\PC{0,8}", "[0-9a-f]{1,20}",
        ], 0..8),
        cuts in prop::collection::vec(0_usize..6, 0..20),
        form in prop_oneof![Just(Streaming::Signed), Just(Streaming::SignedTrailer), Just(Streaming::UnsignedTrailer)],
    ) {
        let body = pieces.concat();
        let whole = decode(start(form, 5, "x").0, body.as_bytes(), &[]);
        let cut = decode(start(form, 5, "x").0, body.as_bytes(), &cuts);
        prop_assert_eq!(whole, cut);
    }
}
