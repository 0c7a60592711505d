//! Which bucket and key a request means: path style, or virtual-host style.

use std::net::IpAddr;

use http::request::Parts;
use percent_encoding::percent_decode_str;

use crate::Refusal;

/// Longest key, in bytes of UTF-8.
const KEY_BYTES_MAX: usize = 1024;

/// What a request is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Target {
    /// The bucket, unless the account is meant.
    pub(crate) bucket: Option<String>,
    /// The key, unless the bucket is meant.
    pub(crate) key: Option<String>,
    /// The path in path style, still percent-encoded.
    pub(crate) path: String,
}

/// The host names that are ours, longest first.
#[derive(Debug, Clone)]
pub(crate) struct Domains(Vec<String>);

impl Domains {
    /// Ours are always `localhost` and `s3.localhost`; these come on top.
    pub(crate) fn new(more: &[String]) -> Self {
        let mut domains: Vec<String> = more.iter().map(|domain| domain.to_ascii_lowercase()).collect();
        domains.extend(["localhost".to_owned(), "s3.localhost".to_owned()]);
        domains.sort_by_key(|domain| std::cmp::Reverse(domain.len()));
        domains.dedup();
        Self(domains)
    }

    /// The bucket that a `Host` names.
    fn bucket<'h>(&self, host: &'h str) -> Option<&'h str> {
        let name = without_port(host);
        if name.parse::<IpAddr>().is_ok() || name.starts_with('[') || self.0.iter().any(|domain| domain == name) {
            return None;
        }
        let ours = self.0.iter().find_map(|domain| name.strip_suffix(domain.as_str())?.strip_suffix('.'));
        ours.or_else(|| amazon_bucket(name))
    }
}

/// `bucket.s3.amazonaws.com`, `bucket.s3.us-east-1.amazonaws.com`, `bucket.s3-us-west-2.amazonaws.com`.
fn amazon_bucket(name: &str) -> Option<&str> {
    let rest = name.strip_suffix(".amazonaws.com")?;
    let place = [".s3.", ".s3-"].iter().filter_map(|mark| rest.rfind(mark)).max();
    place.map(|place| &rest[..place]).or_else(|| rest.strip_suffix(".s3"))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// The host that the client named: the `Host` header, or the authority of HTTP/2.
pub(crate) fn host(parts: &Parts) -> Option<&str> {
    let header = parts.headers.get(http::header::HOST).and_then(|value| value.to_str().ok());
    header.or_else(|| parts.uri.authority().map(|authority| authority.as_str()))
}

/// Reads the target of a request.
pub(crate) fn parse(parts: &Parts, domains: &Domains) -> Result<Target, Refusal> {
    let host = host(parts).unwrap_or_default().to_ascii_lowercase();
    let path = parts.uri.path();
    let path = match domains.bucket(&host) {
        Some(bucket) => format!("/{bucket}{path}"),
        None => path.to_owned(),
    };
    let decoded = percent_decode_str(&path).decode_utf8().map_err(|_| invalid_uri())?;
    let rest = decoded.strip_prefix('/').ok_or_else(invalid_uri)?;
    let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.is_empty() && key.is_empty() {
        return Ok(Target { bucket: None, key: None, path });
    }
    if !s3s::path::check_bucket_name(bucket) {
        return Err(Refusal::new("InvalidBucketName", "The specified bucket is not valid.", 400));
    }
    if key.len() > KEY_BYTES_MAX {
        return Err(Refusal::new("KeyTooLongError", "Your key is too long", 400));
    }
    let key = Some(key).filter(|key| !key.is_empty()).map(str::to_owned);
    Ok(Target { bucket: Some(bucket.to_owned()), key, path })
}

fn invalid_uri() -> Refusal {
    Refusal::new("InvalidURI", "Couldn't parse the specified URI.", 400)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(host: &str, path: &str) -> Result<(Option<String>, Option<String>), String> {
        let request = http::Request::builder().uri(path).header("host", host).body(()).expect("a request");
        parse(&request.into_parts().0, &Domains::new(&["s3.example.com".to_owned()]))
            .map(|target| (target.bucket, target.key))
            .map_err(|refusal| refusal.code.into_owned())
    }

    fn found(bucket: &str, key: &str) -> Result<(Option<String>, Option<String>), String> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Ok((some(bucket), some(key)))
    }

    #[test]
    fn both_styles_name_bucket_and_key() {
        assert_eq!(target("127.0.0.1:7410", "/"), found("", ""));
        assert_eq!(target("127.0.0.1:7410", "/trails"), found("trails", ""));
        assert_eq!(target("[::1]:7410", "/trails/"), found("trails", ""));
        assert_eq!(target("localhost:7410", "/trails/a%2Fb//c"), found("trails", "a/b//c"));
        assert_eq!(target("trails.localhost:7410", "/a"), found("trails", "a"));
        assert_eq!(target("trails.s3.localhost", "/"), found("trails", ""));
        assert_eq!(target("my.trails.s3.us-east-1.amazonaws.com", "//a"), found("my.trails", "/a"));
        assert_eq!(target("trails.s3.amazonaws.com", "/a"), found("trails", "a"));
        assert_eq!(target("s3.amazonaws.com", "/trails/a"), found("trails", "a"));
        assert_eq!(target("s3.eu-west-1.amazonaws.com", "/trails/a"), found("trails", "a"));
        assert_eq!(target("trails.s3.example.com:80", "/a"), found("trails", "a"));
        assert_eq!(target("elsewhere.example.org", "/trails/a"), found("trails", "a"));
    }

    #[test]
    fn what_can_be_no_target_is_refused() {
        assert_eq!(target("localhost", "/Trails/a"), Err("InvalidBucketName".to_owned()));
        assert_eq!(target("localhost", "/trails/%ff"), Err("InvalidURI".to_owned()));
        assert_eq!(target("localhost", &format!("/trails/{}", "k".repeat(1025))), Err("KeyTooLongError".to_owned()));
        assert!(target("localhost", &format!("/trails/{}", "k".repeat(1024))).is_ok());
    }
}
