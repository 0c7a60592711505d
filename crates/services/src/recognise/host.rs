//! What a host's name tells.

use http::header;
use http::request::Parts;

/// The host that a request asks for, with its port.
pub(super) fn of(request: &Parts) -> &str {
    let header = request.headers.get(header::HOST).and_then(|value| value.to_str().ok());
    header.or_else(|| request.uri.authority().map(|authority| authority.as_str())).unwrap_or_default()
}

fn name(host: &str) -> &str {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    host.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(host, |(name, _)| name)
}

/// Does a host belong to the service whose hosts begin with `endpoint`?
pub(super) fn is_of(host: &str, endpoint: &str) -> bool {
    let host = name(host);
    let begins = host.get(..endpoint.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(endpoint));
    // An account's or an API's own name may stand before.
    let after = |part: &str| matches!(part.as_bytes().first(), Some(b'.' | b'-'));
    (begins && after(&host[endpoint.len()..]) && host.contains("amazonaws."))
        || host.split_once('.').is_some_and(|(_, rest)| {
            rest.strip_prefix(endpoint).is_some_and(|rest| rest.starts_with('.') && rest.contains("amazonaws."))
        })
}

/// The bucket that a host names: what stands before S3's own name or one of `domains`.
pub(super) fn bucket<'h>(host: &'h str, domains: &[String]) -> Option<&'h str> {
    let host = name(host);
    let before = |domain: &str| {
        let at = host.len().checked_sub(domain.len())?;
        let (bucket, end) = (host.get(..at)?, host.get(at..)?);
        let bucket = bucket.strip_suffix('.')?;
        (end.eq_ignore_ascii_case(domain) && !bucket.is_empty()).then_some(bucket)
    };
    if let Some(bucket) = domains.iter().find_map(|domain| before(domain)) {
        return Some(bucket);
    }
    if let Some(bucket) = before("s3.localhost").or_else(|| before("localhost")) {
        return (bucket != "s3").then_some(bucket);
    }
    before_s3(host)
}

/// `bucket` of `bucket.s3.us-east-1.amazonaws.com`, `bucket.s3-eu-west-1.amazonaws.com` and the like. A bucket's own name may have
/// dots, and labels of that kind: the last one counts.
fn before_s3(host: &str) -> Option<&str> {
    let end = host.find(".amazonaws.com")?;
    let known = &host[..end];
    let mut at = known.len();
    while let Some(dot) = known[..at].rfind('.') {
        let label = known[dot + 1..at].to_ascii_lowercase();
        if label == "s3" || label.starts_with("s3-") || label.starts_with("s3express-") {
            return Some(&known[..dot]);
        }
        at = dot;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_stand_before_s3() {
        let domains = ["s3.example.com".to_owned()];
        for (host, expected) in [
            ("b.s3.amazonaws.com", Some("b")),
            ("b.c.s3.us-east-1.amazonaws.com", Some("b.c")),
            ("s3.b.s3.us-east-1.amazonaws.com", Some("s3.b")),
            ("b.s3-eu-west-1.amazonaws.com", Some("b")),
            ("b.s3.dualstack.us-east-1.amazonaws.com", Some("b")),
            ("b--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com", Some("b--usw2-az1--x-s3")),
            ("s3.us-east-1.amazonaws.com", None),
            ("s3-eu-west-1.amazonaws.com", None),
            ("b.s3.example.com:9000", Some("b")),
            ("B.S3.Example.com", Some("B")),
            ("s3.example.com", None),
            ("b.localhost:4566", Some("b")),
            ("b.s3.localhost", Some("b")),
            ("s3.localhost", None),
            ("localhost:9000", None),
            ("127.0.0.1:9000", None),
            ("", None),
        ] {
            assert_eq!(bucket(host, &domains), expected, "{host}");
        }
    }

    #[test]
    fn hosts_belong_to_services() {
        assert!(is_of("sts.amazonaws.com", "sts"));
        assert!(is_of("sts.us-east-1.amazonaws.com:443", "sts"));
        assert!(is_of("s3-eu-west-1.amazonaws.com", "s3"));
        assert!(is_of("b.s3.us-east-1.amazonaws.com", "s3"));
        assert!(is_of("123456789012.s3-control.us-east-1.amazonaws.com", "s3-control"));
        assert!(!is_of("stsx.amazonaws.com", "sts"));
        assert!(!is_of("localhost", "sts"));
    }
}
