//! Upstreams and listeners as the configuration has them.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
use clap::ValueEnum;
use opentrail_model::{AccountId, Region};
use opentrail_recorder::{Mapping, Subnet};
use opentrail_stdx::Timestamp;
use serde::Deserialize;

/// What becomes of a call to an upstream that can't be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecorderFail {
    /// It is refused, or its answer withheld.
    #[default]
    Closed,
    /// It passes, and is counted.
    Open,
}

impl fmt::Display for RecorderFail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Closed { "closed" } else { "open" })
    }
}

/// What concerns all upstreams.
#[derive(Debug, Clone)]
pub struct RecorderSettings {
    /// What becomes of a call that can't be recorded.
    pub fail: RecorderFail,
    /// The file that tells who holds the upstreams' keys.
    pub principals: Option<PathBuf>,
    /// How long a connection to an upstream may take to come about.
    pub connect_timeout: Duration,
    /// How long an upstream may say nothing.
    pub silence_timeout: Duration,
}

impl RecorderSettings {
    /// Reads the mapping file.
    pub(crate) fn mapping(&self, now: Timestamp) -> anyhow::Result<Mapping> {
        let Some(path) = &self.principals else { return Ok(Mapping::default()) };
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        Mapping::parse(&text, now).with_context(|| format!("the file of principals `{}` is not valid", path.display()))
    }
}

/// An `[[upstream]]` of the configuration file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpstreamSettings {
    /// The signing name of the service that goes there, or `*`.
    pub service: String,
    /// `http://host[:port]` or `https://host[:port]`.
    pub url: String,
    /// PEM file of the certificates to trust.
    pub ca: Option<PathBuf>,
    /// Speak HTTP/2 over cleartext.
    #[serde(default)]
    pub http2: bool,
    /// The account whose resources are there.
    pub account: Option<AccountId>,
}

/// The text isn't `SERVICE=URL`.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` must be SERVICE=URL, such as `s3=http://127.0.0.1:9000` or `*=http://127.0.0.1:5000`")]
pub struct InvalidUpstream(String);

impl FromStr for UpstreamSettings {
    type Err = InvalidUpstream;

    fn from_str(text: &str) -> Result<Self, InvalidUpstream> {
        match text.split_once('=') {
            Some((service, url)) if !service.is_empty() && !url.is_empty() => {
                Ok(Self { service: service.to_owned(), url: url.to_owned(), ca: None, http2: false, account: None })
            }
            _ => Err(InvalidUpstream(text.to_owned())),
        }
    }
}

impl UpstreamSettings {
    /// One line for people.
    pub fn describe(&self) -> String {
        let ca = self.ca.as_ref().map(|ca| format!(", trusting {}", ca.display())).unwrap_or_default();
        let account = self.account.as_ref().map(|account| format!(", account {account}")).unwrap_or_default();
        format!("{} = {}{ca}{account}", self.service, self.url)
    }
}

/// A `[[listener]]` of the configuration file: a further port.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenerSettings {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where its calls go; without any, where those of the main port go.
    #[serde(default)]
    pub upstream: Vec<UpstreamSettings>,
    /// The account that unknown keys are taken for, and the endpoint's owner.
    pub account: Option<AccountId>,
    /// The Region of calls that name none.
    pub region: Option<Region>,
    /// Proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<Subnet>,
    /// The VPC endpoint that it stands for.
    pub vpc_endpoint_id: Option<String>,
    /// File with that endpoint's policy.
    pub policy: Option<PathBuf>,
}

impl ListenerSettings {
    /// One line for people.
    pub fn describe(&self) -> String {
        let upstreams: Vec<_> = self.upstream.iter().map(UpstreamSettings::describe).collect();
        let endpoint = self.vpc_endpoint_id.as_ref().map(|id| format!(" as {id}")).unwrap_or_default();
        let to = if upstreams.is_empty() { String::new() } else { format!(" to {}", upstreams.join("; ")) };
        format!("{}{endpoint}{to}", self.address)
    }
}

/// What is wrong with these settings, and which one it is.
pub(crate) fn validate(
    listen: SocketAddr,
    upstreams: &[UpstreamSettings],
    listeners: &[ListenerSettings],
) -> Result<(), (&'static str, String)> {
    validate_upstreams(upstreams).map_err(|problem| ("upstream", problem))?;
    for (index, listener) in listeners.iter().enumerate() {
        let is_taken = |address: SocketAddr| address == listener.address && address.port() != 0;
        let problem = |problem: String| Err(("listener", format!("{}: {problem}", listener.address)));
        if is_taken(listen) || listeners[..index].iter().any(|it| is_taken(it.address)) {
            return problem("the address is given twice".to_owned());
        }
        if listener.policy.is_some() && listener.vpc_endpoint_id.is_none() {
            return problem("`policy` is an endpoint's; it needs `vpc_endpoint_id`".to_owned());
        }
        if let Some(id) = &listener.vpc_endpoint_id
            && !is_endpoint_id(id)
        {
            return problem(format!("`vpc_endpoint_id` must be like `vpce-0123456789abcdef0`, not `{id}`"));
        }
        if let Err(text) = validate_upstreams(&listener.upstream) {
            return problem(text);
        }
    }
    Ok(())
}

fn validate_upstreams(upstreams: &[UpstreamSettings]) -> Result<(), String> {
    for (index, upstream) in upstreams.iter().enumerate() {
        if upstreams[..index].iter().any(|it| it.service == upstream.service) {
            return Err(format!("the service `{}` has two upstreams", upstream.service));
        }
        let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if upstream.service != "*" && (upstream.service.is_empty() || !is_name(&upstream.service)) {
            let text = "must be `*` or a service's signing name, in lower case, such as `s3`";
            return Err(format!("`service` {text}, not `{}`", upstream.service));
        }
    }
    Ok(())
}

fn is_endpoint_id(id: &str) -> bool {
    id.strip_prefix("vpce-").is_some_and(|rest| {
        (1..=64).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(upstreams: &str, listeners: &str) -> String {
        #[derive(Deserialize)]
        struct File {
            #[serde(default)]
            upstream: Vec<UpstreamSettings>,
            #[serde(default)]
            listener: Vec<ListenerSettings>,
        }
        let file: File = match toml::from_str(&format!("{upstreams}\n{listeners}")) {
            Ok(file) => file,
            Err(error) => return error.message().to_owned(),
        };
        let listen = "127.0.0.1:7410".parse().expect("valid");
        validate(listen, &file.upstream, &file.listener)
            .map_or_else(|(name, text)| format!("{name}: {text}"), |()| String::new())
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        let s3 = "[[upstream]]\nservice = \"s3\"\nurl = \"http://a\"";
        let listener = |more: &str| format!("[[listener]]\naddress = \"127.0.0.1:7411\"\n{more}");
        assert_eq!(problem(s3, &listener("vpc_endpoint_id = \"vpce-1\"\npolicy = \"p.json\"")), "");
        assert_eq!(problem(&format!("{s3}\n{s3}"), ""), "upstream: the service `s3` has two upstreams");
        assert!(problem("[[upstream]]\nservice = \"S3\"\nurl = \"x\"", "").contains("not `S3`"));
        assert!(problem("[[upstream]]\nservice = \"s3\"\nuri = \"x\"", "").contains("unknown field `uri`"));
        assert!(problem("", &listener("policy = \"p.json\"")).contains("it needs `vpc_endpoint_id`"));
        assert!(problem("", &listener("vpc_endpoint_id = \"x\"")).contains("not `x`"));
        assert!(problem("", "[[listener]]\naddress = \"127.0.0.1:7410\"").contains("given twice"));
        assert!(problem("", &listener("trusted_proxies = [\"x\"]")).contains("must be an address"));
    }

    #[test]
    fn upstreams_of_flags_are_service_and_url() {
        let upstream: UpstreamSettings = "*=http://127.0.0.1:5000".parse().expect("valid");
        assert_eq!(upstream.describe(), "* = http://127.0.0.1:5000");
        for bad in ["", "s3", "=http://a", "s3="] {
            assert!(bad.parse::<UpstreamSettings>().is_err(), "{bad}");
        }
    }
}
