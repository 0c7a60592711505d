//! The canonical request and the string to sign (AWS Signature Version 4, "Create a canonical request").

use http::Uri;
use http::header::HeaderName;
use http::request::Parts;
use opentrail_stdx::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

use crate::keys::sha256_hex;
use crate::scope::Scope;

pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
pub(crate) const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
pub(crate) const SIGNATURE_PARAMETER: &str = "X-Amz-Signature";

/// Everything but the unreserved characters of RFC 3986 §2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const ENCODED_IN_PATH: &AsciiSet = &ENCODED.remove(b'/');

/// S3 takes paths as they are and encodes them once; all others normalise them and encode what was encoded again.
pub(crate) fn is_s3(service: &str) -> bool {
    matches!(service, "s3" | "s3express" | "s3-outposts" | "s3-object-lambda")
}

/// The canonical request: bytes, because header values needn't be UTF-8.
pub(crate) fn request(parts: &Parts, service: &str, signed_headers: &[String], payload_hash: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    for line in [parts.method.as_str(), &path(parts.uri.path(), service), &query(parts.uri.query().unwrap_or_default())]
    {
        out.extend_from_slice(line.as_bytes());
        out.push(b'\n');
    }
    for name in signed_headers {
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        header_value(parts, name, &mut out);
        out.push(b'\n');
    }
    out.push(b'\n');
    out.extend_from_slice(signed_headers.join(";").as_bytes());
    out.push(b'\n');
    out.extend_from_slice(payload_hash.as_bytes());
    out
}

pub(crate) fn string_to_sign(signed_at: Timestamp, scope: &Scope, canonical_request: &[u8]) -> String {
    format!("{ALGORITHM}\n{}\n{scope}\n{}", signed_at.basic(), sha256_hex(canonical_request))
}

fn path(raw: &str, service: &str) -> String {
    let raw = if raw.is_empty() { "/" } else { raw };
    if is_s3(service) {
        let decoded: Vec<u8> = percent_decode_str(raw).collect();
        return percent_encode(&decoded, ENCODED_IN_PATH).to_string();
    }
    percent_encode(normalise(raw).as_bytes(), ENCODED_IN_PATH).to_string()
}

/// RFC 3986 §5.2.4 without its empty segments: `/a//b/./../c/` is `/a/c/`. As in AWS's own signers, a path that ends in a
/// dot segment ends without a slash.
fn normalise(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            other => kept.push(other),
        }
    }
    let tail = if path.ends_with('/') && !kept.is_empty() { "/" } else { "" };
    format!("/{}{tail}", kept.join("/"))
}

/// Parameters in canonical encoding, sorted by name and value. The signature itself is never part of what is signed.
fn query(raw: &str) -> String {
    let mut pairs: Vec<(String, String)> = pairs(raw)
        .filter(|(name, _)| *name != SIGNATURE_PARAMETER)
        .map(|(name, value)| (recode(name), recode(value)))
        .collect();
    pairs.sort_unstable();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// The parameters of a query string, still encoded.
pub(crate) fn pairs(raw: &str) -> impl Iterator<Item = (&str, &str)> {
    raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

pub(crate) fn encode(text: &str) -> String {
    percent_encode(text.as_bytes(), ENCODED).to_string()
}

fn recode(text: &str) -> String {
    let decoded: Vec<u8> = percent_decode_str(text).collect();
    percent_encode(&decoded, ENCODED).to_string()
}

/// All values of a header, trimmed, inner spaces collapsed, joined by commas. `host` may live in the URI (HTTP/2).
fn header_value(parts: &Parts, name: &str, out: &mut Vec<u8>) {
    let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else { return };
    let mut values = parts.headers.get_all(&header).iter().peekable();
    if header == http::header::HOST && values.peek().is_none() {
        return out.extend_from_slice(host_of(&parts.uri).as_bytes());
    }
    for (index, value) in values.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        collapse(value.as_bytes(), out);
    }
}

/// The authority without user information, as a client sends it in `Host`.
pub(crate) fn host_of(uri: &Uri) -> &str {
    uri.authority().map_or("", |authority| authority.as_str().rsplit('@').next().unwrap_or_default())
}

fn collapse(value: &[u8], out: &mut Vec<u8>) {
    let words = value.split(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised_except_for_s3() {
        let check = |raw: &str, others: &str, s3: &str| {
            assert_eq!((path(raw, "sts").as_str(), path(raw, "s3").as_str()), (others, s3), "{raw}");
        };
        check("", "/", "/");
        check("/", "/", "/");
        check("//", "/", "//");
        check("/a//b", "/a/b", "/a//b");
        check("/a/./b/../c", "/a/c", "/a/./b/../c");
        check("/a/b/", "/a/b/", "/a/b/");
        check("/a/..", "/", "/a/..");
        check("/../a", "/a", "/../a");
        check("/a/b/.", "/a/b", "/a/b/.");
        check("/a%20b", "/a%2520b", "/a%20b");
        check("/a$b", "/a%24b", "/a%24b");
        check("/%e1%88%b4", "/%25e1%2588%25b4", "/%E1%88%B4");
        check("/a%zz", "/a%25zz", "/a%25zz");
    }

    #[test]
    fn queries_are_encoded_and_sorted() {
        assert_eq!(query("b=2&a=1&a=0&c"), "a=0&a=1&b=2&c=");
        assert_eq!(query("a=x/y&a%2Fb=%7e"), "a=x%2Fy&a%2Fb=~");
        assert_eq!(query("a=1+2&&X-Amz-Signature=no"), "a=1%2B2");
        assert_eq!(query("a=b=c"), "a=b%3Dc");
    }

    #[test]
    fn values_are_trimmed_and_collapsed() {
        let mut out = Vec::new();
        collapse(b" \ta   b\t \"c  d\" ", &mut out);
        assert_eq!(out, b"a b \"c d\"");
    }
}
