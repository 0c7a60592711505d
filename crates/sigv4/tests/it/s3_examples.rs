//! The examples of the Amazon S3 API Reference ("Authenticating Requests").

use opentrail_sigv4::{BodyHash, Kind, Payload, SignedBody, Signer, Streaming};

use crate::support::{ChunkSigner, at, credentials, decode, request, signature_of, verify};

const ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const DATE: &str = "20130524T000000Z";

fn check(text: &str, body: SignedBody<'_>, hash: BodyHash, signature: &str) {
    let credentials = credentials(ID, SECRET, None);
    let mut parts = request(text);
    Signer { credentials: &credentials, region: "us-east-1", service: "s3", now: at(DATE) }
        .sign(&mut parts, body)
        .expect("headers");
    assert_eq!(signature_of(&parts), signature, "{text}");
    verify(&parts, &credentials.secret, hash, at(DATE)).expect("valid");
}

#[test]
fn headers() {
    let empty = (SignedBody::Bytes(b""), BodyHash::of(b""));
    let get = "GET /test.txt\nHost:examplebucket.s3.amazonaws.com\nRange:bytes=0-9";
    check(get, empty.0, empty.1, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    let put = "PUT /test$file.text\nHost:examplebucket.s3.amazonaws.com\nDate:Fri, 24 May 2013 00:00:00 GMT\n\
               x-amz-storage-class:REDUCED_REDUNDANCY";
    let body = b"Welcome to Amazon S3.";
    let signature = "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd";
    check(put, SignedBody::Bytes(body), BodyHash::of(body), signature);
    check(put, SignedBody::Bytes(body), BodyHash::Pending, signature);
    let lifecycle = "GET /?lifecycle\nHost:examplebucket.s3.amazonaws.com";
    check(lifecycle, empty.0, empty.1, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    let list = "GET /?max-keys=2&prefix=J\nHost:examplebucket.s3.amazonaws.com";
    check(list, empty.0, empty.1, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

#[test]
fn presigned() {
    let credentials = credentials(ID, SECRET, None);
    let url = http::Uri::from_static("https://examplebucket.s3.amazonaws.com/test.txt");
    let signer = Signer { credentials: &credentials, region: "us-east-1", service: "s3", now: at(DATE) };
    let day = std::time::Duration::from_secs(86400);
    let signed = signer.presign(&http::Method::GET, &url, day).expect("a URL");
    assert_eq!(
        signed.to_string(),
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F\
         20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&\
         X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    );
    let target = signed.path_and_query().expect("a target");
    let parts = request(&format!("GET {target}\nHost:examplebucket.s3.amazonaws.com"));
    let presented = opentrail_sigv4::Presented::from_request(&parts).expect("well formed").expect("signed");
    assert_eq!((presented.kind, &presented.payload), (Kind::Presigned { expires: day }, &Payload::Unsigned));
    for hours in [0, 12, 24] {
        let now = at(DATE).plus(std::time::Duration::from_secs(hours * 3600));
        presented.verify(&parts, &credentials.secret, BodyHash::Pending, now).expect("in time");
    }
}

const CHUNKED: &str = "PUT /examplebucket/chunkObject.txt\nHost:s3.amazonaws.com\nx-amz-storage-class:REDUCED_REDUNDANCY\n\
                       Content-Encoding:aws-chunked\nx-amz-decoded-content-length:66560\nContent-Length:66824";
const SEED: &str = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";

/// The reference signs `content-length` too, which our signer leaves alone: the seed is taken from the page.
fn chunk_request(extra: &str, signed: &str, hash: &str, seed: &str) -> http::request::Parts {
    request(&format!(
        "{CHUNKED}{extra}\nx-amz-date:{DATE}\nx-amz-content-sha256:{hash}\nAuthorization:AWS4-HMAC-SHA256 \
         Credential={ID}/20130524/us-east-1/s3/aws4_request,SignedHeaders={signed},Signature={seed}"
    ))
}

#[test]
fn chunks() {
    let signed = "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class";
    let parts = chunk_request("", signed, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", SEED);
    let credentials = credentials(ID, SECRET, None);
    let verified = verify(&parts, &credentials.secret, BodyHash::Pending, at(DATE)).expect("valid");

    let body = published_body([
        ("10000", 65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
        ("400", 1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
        ("0", 0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
    ]);
    assert_eq!(body.len(), 66824);
    let decoder = verified.decoder(&parts).expect("a length").expect("chunked");
    let (data, trailers) = decode(decoder, &body, &[]).expect("valid");
    assert_eq!((data, trailers), (vec![b'a'; 66560], vec![]));

    let mut signer = chunk_signer(SEED);
    let ours: Vec<u8> = [65536, 1024, 0].iter().flat_map(|size| signer.chunk(&vec![b'a'; *size])).collect();
    assert_eq!(ours, body, "the tests' own chunk signer is right");
}

#[test]
fn signed_trailers() {
    let signed = "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer";
    let seed = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
    let extra = "\nx-amz-trailer:x-amz-checksum-crc32c";
    let parts = chunk_request(extra, signed, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", seed);
    let credentials = credentials(ID, SECRET, None);
    let verified = verify(&parts, &credentials.secret, BodyHash::Pending, at(DATE)).expect("valid");
    let mut body = published_body([
        ("10000", 65536, "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2"),
        ("400", 1024, "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7"),
        ("0", 0, "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"),
    ]);
    body.truncate(body.len() - 2);
    body.extend_from_slice(b"x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:");
    body.extend_from_slice(b"d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n");
    let decoder = verified.decoder(&parts).expect("a length").expect("chunked");
    let (data, trailers) = decode(decoder, &body, &[]).expect("valid");
    assert_eq!(data.len(), 66560);
    assert_eq!(trailers, [("x-amz-checksum-crc32c".to_owned(), "sOO8/Q==".to_owned())]);
}

fn published_body<const N: usize>(chunks: [(&str, usize, &str); N]) -> Vec<u8> {
    let mut body = Vec::new();
    for (size, count, signature) in chunks {
        body.extend_from_slice(format!("{size};chunk-signature={signature}\r\n").as_bytes());
        body.extend_from_slice(&vec![b'a'; count]);
        body.extend_from_slice(b"\r\n");
    }
    body
}

fn chunk_signer(previous: &str) -> ChunkSigner {
    let scope = "20130524/us-east-1/s3/aws4_request".to_owned();
    ChunkSigner { secret: SECRET.into(), date: DATE.into(), scope, previous: previous.into() }
}

#[test]
fn streaming_forms_are_told() {
    let credentials = credentials(ID, SECRET, None);
    let signer = Signer { credentials: &credentials, region: "us-east-1", service: "s3", now: at(DATE) };
    for form in [Streaming::Signed, Streaming::SignedTrailer, Streaming::UnsignedTrailer] {
        let mut parts = request(CHUNKED);
        signer.sign(&mut parts, SignedBody::Streaming(form)).expect("headers");
        let presented = opentrail_sigv4::Presented::from_request(&parts).expect("well formed").expect("signed");
        assert_eq!(presented.payload, Payload::Streaming(form));
        presented.verify(&parts, &credentials.secret, BodyHash::Pending, at(DATE)).expect("valid");
    }
}
