//! Headers that speak of one connection only (RFC 9110, section 7.6.1) stay behind; all others pass.

use http::header::{CONNECTION, HOST, HeaderName, HeaderValue, TE, TRANSFER_ENCODING, UPGRADE};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, StatusCode, Uri, Version, request, response};

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");

/// Does the caller ask to leave HTTP on this connection?
pub fn is_upgrade(parts: &request::Parts) -> bool {
    parts.version == Version::HTTP_11 && parts.headers.contains_key(UPGRADE) && lists(&parts.headers, "upgrade")
}

/// Makes a request's head fit for another connection. The caller's `Host` stays what it was: signatures cover it.
pub(crate) fn pass_request(parts: &mut request::Parts, scheme: &Scheme, own: &Authority, to: Version) {
    let upgrade = if is_upgrade(parts) { parts.headers.get(UPGRADE).cloned() } else { None };
    let wants_trailers =
        parts.headers.get_all(TE).iter().any(|value| value.as_bytes().eq_ignore_ascii_case(b"trailers"));
    let host = host(parts);
    remove_hop_by_hop(&mut parts.headers);
    if wants_trailers {
        parts.headers.insert(TE, HeaderValue::from_static("trailers"));
    }
    if let Some(protocol) = upgrade {
        parts.headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        parts.headers.insert(UPGRADE, protocol);
    }
    let path = parts.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    if to == Version::HTTP_2 {
        let authority = host.as_ref().and_then(|host| Authority::try_from(host.as_bytes()).ok());
        parts.headers.remove(HOST);
        parts.uri = absolute(scheme.clone(), authority.unwrap_or_else(|| own.clone()), path);
    } else {
        if !parts.headers.contains_key(HOST) {
            let own = || HeaderValue::from_str(own.as_str()).ok();
            parts.headers.extend(host.or_else(own).map(|host| (HOST, host)));
        }
        parts.uri = Uri::from(path);
    }
    parts.version = to;
}

/// Makes an answer's head fit for the caller's connection.
pub fn pass_answer(parts: &mut response::Parts) {
    let upgrade =
        if parts.status == StatusCode::SWITCHING_PROTOCOLS { parts.headers.get(UPGRADE).cloned() } else { None };
    remove_hop_by_hop(&mut parts.headers);
    if let Some(protocol) = upgrade {
        parts.headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        parts.headers.insert(UPGRADE, protocol);
    }
    // What the caller's connection speaks is between the two of them.
    parts.version = Version::HTTP_11;
}

/// The host that the caller addressed: HTTP/2 has it in `:authority`.
fn host(parts: &request::Parts) -> Option<HeaderValue> {
    let from_uri = || parts.uri.authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    parts.headers.get(HOST).cloned().or_else(from_uri)
}

fn absolute(scheme: Scheme, authority: Authority, path: PathAndQuery) -> Uri {
    let mut parts = http::uri::Parts::default();
    parts.scheme = Some(scheme);
    parts.authority = Some(authority);
    parts.path_and_query = Some(path);
    Uri::from_parts(parts).expect("all three parts are there")
}

fn remove_hop_by_hop(headers: &mut HeaderMap) {
    for name in connection_lists(headers) {
        headers.remove(name);
    }
    for name in [CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE, TRANSFER_ENCODING, UPGRADE] {
        headers.remove(name);
    }
}

/// The names that `Connection` lists. `Host` and what frames the body can't be taken away by a caller's say-so.
fn connection_lists(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let names = values.flat_map(|value| value.split(',')).filter_map(|name| HeaderName::try_from(name.trim()).ok());
    names.filter(|name| *name != HOST && *name != http::header::CONTENT_LENGTH).collect()
}

fn lists(headers: &HeaderMap, wanted: &str) -> bool {
    connection_lists(headers).iter().any(|name| name.as_str().eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use http::Request;

    use super::*;

    fn check(request: Request<()>, to: Version, expected: Expect) {
        let (mut parts, ()) = request.into_parts();
        pass_request(&mut parts, &Scheme::HTTP, &Authority::from_static("upstream:9000"), to);
        let headers = parts.headers.iter().map(|(name, value)| format!("{name}: {}\n", value.to_str().expect("text")));
        expected.assert_eq(&format!("{} {}\n{}", parts.method, parts.uri, headers.collect::<String>()));
    }

    #[test]
    fn what_belongs_to_one_connection_stays_behind() {
        let request = Request::put("/b//k%2F+%20?b=2&a=1&a")
            .header("host", "bucket.example:7410")
            .header("connection", "keep-alive, X-Hop")
            .header("keep-alive", "timeout=5")
            .header("x-hop", "1")
            .header("x-amz-meta-b", "2")
            .header("te", "trailers")
            .header("transfer-encoding", "chunked")
            .header("x-amz-meta-a", "1")
            .header("x-amz-meta-a", "again")
            .body(())
            .expect("valid");
        check(
            request,
            Version::HTTP_11,
            expect![[r#"
                PUT /b//k%2F+%20?b=2&a=1&a
                host: bucket.example:7410
                x-amz-meta-b: 2
                x-amz-meta-a: 1
                x-amz-meta-a: again
                te: trailers
            "#]],
        );
    }

    #[test]
    fn the_host_of_http2_becomes_a_header_and_back() {
        let mut request = Request::get("http://caller.example/x?y").body(()).expect("valid");
        *request.version_mut() = Version::HTTP_2;
        check(
            request,
            Version::HTTP_11,
            expect![[r#"
                GET /x?y
                host: caller.example
            "#]],
        );
        let request = Request::get("/x?y").header("host", "caller.example").body(()).expect("valid");
        check(
            request,
            Version::HTTP_2,
            expect![[r#"
                GET http://caller.example/x?y
            "#]],
        );
    }

    #[test]
    fn an_upgrade_is_asked_for_again() {
        let request = Request::get("/")
            .header("host", "h")
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .body(())
            .expect("valid");
        check(
            request,
            Version::HTTP_11,
            expect![[r#"
                GET /
                host: h
                connection: upgrade
                upgrade: websocket
            "#]],
        );
    }
}
