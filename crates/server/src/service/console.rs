//! The web console's files, at `/console/`.

use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    HeaderName, HeaderValue, IF_NONE_MATCH, LOCATION, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{HeaderMap, Method, Response, StatusCode};
use opentrail_console::Asset;
use opentrail_sigv4::Claim;

use crate::body::{Body, full};
use crate::respond::text;

/// What every answer carries. The console loads nothing from elsewhere, runs no script but its own files, and stands in
/// no other page.
const GUARDS: [(HeaderName, &str); 5] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Answers unsigned GETs and HEADs of `/console` and what is below; `None` for everything else. A bucket may have that
/// name: a signed request goes to S3.
pub(crate) fn answer(parts: &Parts) -> Option<Response<Body>> {
    let below = parts.uri.path().strip_prefix("/console").filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
    let is_signed = parts.headers.contains_key("authorization") || Claim::of(parts).is_some();
    if is_signed || !matches!(parts.method, Method::GET | Method::HEAD) {
        return None;
    }
    let mut response = match below.strip_prefix('/') {
        Some(path) => serve(path, &parts.headers),
        None => moved(parts.uri.query()),
    };
    for (name, value) in GUARDS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if parts.method == Method::HEAD {
        *response.body_mut() = full("");
    }
    Some(response)
}

fn serve(path: &str, headers: &HeaderMap) -> Response<Body> {
    let is_page = path.rsplit('/').next().is_none_or(|name| !name.contains('.'));
    match opentrail_console::find(path) {
        Some(asset) => file(asset, headers),
        // The console itself knows what its addresses mean.
        None if is_page => file(opentrail_console::page(), headers),
        None => text(404, "the console has no such file\n"),
    }
}

fn file(asset: &'static Asset, headers: &HeaderMap) -> Response<Body> {
    let is_known = headers.get_all(IF_NONE_MATCH).iter().any(|tags| names(tags, asset.etag));
    let is_packed = accepts_gzip(headers);
    let mut response = match (is_known, is_packed) {
        (true, _) => Response::new(full("")),
        (false, true) => with_length(Response::new(full(asset.gzip)), asset.gzip.len()),
        (false, false) => with_length(Response::new(full(asset.content())), asset.bytes),
    };
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let answer = response.headers_mut();
    if is_packed && !is_known {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let caching = if asset.is_immutable() { "public, max-age=31536000, immutable" } else { "no-cache" };
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type()));
    answer.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    answer.insert(ETAG, HeaderValue::from_static(asset.etag));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// The length of a body that HEAD leaves out.
fn with_length(mut response: Response<Body>, bytes: usize) -> Response<Body> {
    response.headers_mut().insert(CONTENT_LENGTH, bytes.into());
    response
}

fn moved(query: Option<&str>) -> Response<Body> {
    let target = query.map_or_else(|| "/console/".to_owned(), |query| format!("/console/?{query}"));
    let mut response = text(308, "");
    if let Ok(target) = HeaderValue::from_str(&target) {
        response.headers_mut().insert(LOCATION, target);
    }
    response
}

/// Whether `If-None-Match` names this tag. Both encodings have the same: they are the same file.
fn names(tags: &HeaderValue, etag: &str) -> bool {
    let tags = tags.to_str().unwrap_or_default();
    tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// Whether the client unpacks gzip: it says so, and not with a weight of zero.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let weight = |coding: &str| coding.split(';').nth(1).and_then(|q| q.trim().strip_prefix("q=")?.parse::<f32>().ok());
    let codings = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    codings.flat_map(|list| list.split(',')).any(|coding| {
        let name = coding.split(';').next().unwrap_or_default().trim();
        name.eq_ignore_ascii_case("gzip") && weight(coding).is_none_or(|weight| weight > 0.0)
    })
}

#[cfg(test)]
mod tests {
    use http::Request;
    use http_body_util::BodyExt as _;

    use super::*;

    fn asked(method: &str, path: &str, headers: &[(&str, &str)]) -> Option<Response<Body>> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(&request.body(()).expect("a request").into_parts().0)
    }

    fn header<'r>(response: &'r Response<Body>, name: &str) -> &'r str {
        response.headers().get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    #[test]
    fn only_unsigned_reads_below_console_are_the_consoles() {
        for (method, path, headers) in [
            ("GET", "/", &[][..]),
            ("GET", "/consoles", &[]),
            ("POST", "/console/", &[]),
            ("GET", "/console/key", &[("authorization", "AWS4-HMAC-SHA256 Credential=AKIA/x")]),
            ("GET", "/console/key?X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Fs3%2Faws4_request", &[]),
        ] {
            assert!(asked(method, path, headers).is_none(), "{method} {path}");
        }
        for path in ["/console", "/console/", "/console/events/1?user=alice", "/console/missing.js"] {
            let response = asked("GET", path, &[]).expect("an answer");
            assert!(header(&response, "content-security-policy").starts_with("default-src 'none'"), "{path}");
            assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        }
    }

    #[test]
    fn pages_files_and_what_is_missing() {
        let moved = asked("GET", "/console?a=b", &[]).expect("an answer");
        assert_eq!((moved.status().as_u16(), header(&moved, "location")), (308, "/console/?a=b"));
        assert_eq!(asked("GET", "/console/assets/missing.js", &[]).expect("an answer").status().as_u16(), 404);
        let page = asked("GET", "/console/trails", &[]).expect("an answer");
        assert_eq!((page.status().as_u16(), header(&page, "cache-control")), (200, "no-cache"));
        assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
    }

    #[tokio::test]
    async fn the_client_chooses_encoding_and_what_it_has() {
        let plain = asked("GET", "/console/", &[("accept-encoding", "br, gzip;q=0")]).expect("an answer");
        let packed = asked("GET", "/console/", &[("accept-encoding", "br, gzip;q=0.5")]).expect("an answer");
        assert_eq!((header(&plain, "content-encoding"), header(&packed, "content-encoding")), ("", "gzip"));
        let etag = header(&plain, "etag").to_owned();
        let length: usize = header(&plain, "content-length").parse().expect("a number");
        let body = plain.into_body().collect().await.expect("a body").to_bytes();
        assert_eq!(body.len(), length);
        let head = asked("HEAD", "/console/", &[]).expect("an answer");
        assert_eq!(header(&head, "content-length"), length.to_string());
        assert!(head.into_body().collect().await.expect("a body").to_bytes().is_empty());
        let same = asked("GET", "/console/", &[("if-none-match", &format!("\"x\", W/{etag}"))]).expect("an answer");
        assert_eq!(same.status().as_u16(), 304);
    }
}
