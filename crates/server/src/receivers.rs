//! The receivers of the configuration: who may send what, and through which channel it goes.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail, ensure};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use opentrail_catalog::Secret;
use opentrail_model::{AccountId, ChannelArn, Region};
use opentrail_receivers::{Format, Mapping};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

/// Deliveries that are read at once; others wait before their bodies are.
const DELIVERIES_MAX: usize = 4;
/// The shortest token, in bytes: long enough that nobody guesses it.
const TOKEN_BYTES_MIN: usize = 16;

/// A `[[receiver]]` of the configuration file.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiverSettings {
    /// The last part of its path, `/receivers/<name>`.
    pub name: String,
    /// What its sender writes.
    pub format: FormatName,
    /// The channel: its ARN, or its id in the account and Region of the configuration.
    pub channel: String,
    /// What its sender has to show, `Authorization: Bearer <token>`,
    token: Option<String>,
    /// or the file that has it.
    token_file: Option<PathBuf>,
    /// The mapping file of the format `json`.
    pub mapping: Option<PathBuf>,
}

/// The name of a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormatName {
    /// MinIO's audit webhook.
    Minio,
    /// Kubernetes' audit webhook.
    Kubernetes,
    /// CloudEvents over HTTP.
    #[serde(rename = "cloudevents")]
    CloudEvents,
    /// Logs of OpenTelemetry over HTTP.
    OtlpLogs,
    /// Any JSON, by a mapping file.
    Json,
}

impl fmt::Display for FormatName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Minio => "minio",
            Self::Kubernetes => "kubernetes",
            Self::CloudEvents => "cloudevents",
            Self::OtlpLogs => "otlp-logs",
            Self::Json => "json",
        })
    }
}

impl ReceiverSettings {
    /// One line for people, without secrets.
    pub fn describe(&self) -> String {
        format!("{} = {} to {}", self.name, self.format, self.channel)
    }
}

impl fmt::Debug for ReceiverSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceiverSettings({})", self.describe())
    }
}

/// Somebody who may send.
#[derive(Debug)]
pub(crate) struct Receiver {
    pub(crate) name: String,
    pub(crate) format_name: FormatName,
    pub(crate) format: Format,
    pub(crate) channel: ChannelArn,
    /// The hash of the token: comparing hashes tells nothing of the token's length.
    token: [u8; 32],
}

/// All receivers, by name.
#[derive(Debug)]
pub(crate) struct Receivers {
    by_name: HashMap<String, Arc<Receiver>>,
    pub(crate) turns: Semaphore,
}

impl Receivers {
    /// Reads what the settings name: tokens and mapping files.
    pub(crate) fn open(settings: &[ReceiverSettings], account: &AccountId, region: &Region) -> anyhow::Result<Self> {
        let mut by_name = HashMap::new();
        for settings in settings {
            let receiver = Receiver::open(settings, account, region);
            let receiver = receiver.with_context(|| format!("receiver `{}` of the configuration", settings.name))?;
            let earlier = by_name.insert(settings.name.clone(), Arc::new(receiver));
            ensure!(earlier.is_none(), "the configuration has more than one receiver `{}`", settings.name);
        }
        Ok(Self { by_name, turns: Semaphore::new(DELIVERIES_MAX) })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The receiver of that name, if the token is its own.
    pub(crate) fn admit(&self, name: &str, token: &[u8]) -> Option<Arc<Receiver>> {
        let receiver = self.by_name.get(name)?;
        verify_slices_are_equal(&hash(token), &receiver.token).ok().map(|()| Arc::clone(receiver))
    }
}

impl Receiver {
    fn open(settings: &ReceiverSettings, account: &AccountId, region: &Region) -> anyhow::Result<Self> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let name = &settings.name;
        ensure!(
            (1..=64).contains(&name.len()) && name.bytes().all(is_allowed),
            "`name` must be 1 to 64 letters, digits, `-` and `_`"
        );
        Ok(Self {
            name: name.clone(),
            format_name: settings.format,
            format: format(settings)?,
            channel: channel(&settings.channel, account, region)?,
            token: hash(token(settings)?.expose().as_bytes()),
        })
    }
}

fn hash(token: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, token).as_ref());
    hash
}

fn format(settings: &ReceiverSettings) -> anyhow::Result<Format> {
    Ok(match (settings.format, &settings.mapping) {
        (FormatName::Json, Some(path)) => Format::Json(Box::new(mapping(path)?)),
        (FormatName::Json, None) => bail!("the format `json` needs a `mapping`"),
        (other, Some(_)) => bail!("the format `{other}` takes no `mapping`"),
        (FormatName::Minio, None) => Format::Minio,
        (FormatName::Kubernetes, None) => Format::Kubernetes,
        (FormatName::CloudEvents, None) => Format::CloudEvents,
        (FormatName::OtlpLogs, None) => Format::OtlpLogs,
    })
}

fn mapping(path: &Path) -> anyhow::Result<Mapping> {
    let text = std::fs::read_to_string(path);
    let text = text.with_context(|| format!("cannot read the mapping file `{}`", path.display()))?;
    Mapping::parse(&text).with_context(|| format!("`{}`", path.display()))
}

fn token(settings: &ReceiverSettings) -> anyhow::Result<Secret> {
    let text = match (&settings.token, &settings.token_file) {
        (Some(token), None) => token.clone(),
        (None, Some(path)) => {
            std::fs::read_to_string(path).with_context(|| format!("cannot read the token file `{}`", path.display()))?
        }
        _ => bail!("give `token` or `token_file`, and not both"),
    };
    let token = text.trim();
    ensure!(token.len() >= TOKEN_BYTES_MIN, "the token must have at least {TOKEN_BYTES_MIN} characters");
    Ok(Secret::new(token))
}

/// An ARN, or an id in the server's own account and Region.
fn channel(text: &str, account: &AccountId, region: &Region) -> anyhow::Result<ChannelArn> {
    match ChannelArn::new(region.clone(), account.clone(), text) {
        Some(arn) => Ok(arn),
        None => text.parse().context("`channel` must be a channel's ARN or id, as CreateChannel answers it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01234567-89ab-cdef-0123-456789abcdef";

    fn open(toml: &str) -> Result<Receivers, String> {
        #[derive(Deserialize)]
        struct File {
            receiver: Vec<ReceiverSettings>,
        }
        let file: File = toml::from_str(toml).map_err(|error| error.to_string())?;
        let (account, region) = ("123456789012".parse().expect("valid"), "us-east-1".parse().expect("valid"));
        Receivers::open(&file.receiver, &account, &region).map_err(|error| format!("{error:#}"))
    }

    fn receiver(more: &str) -> String {
        format!("[[receiver]]\nname = \"a\"\nformat = \"minio\"\nchannel = \"{ID}\"\n{more}\n")
    }

    const TOKEN: &str = "token = \"0123456789abcdef\"";

    #[test]
    fn a_token_opens_its_own_receiver_only() {
        let other = receiver("token = \"fedcba9876543210\"").replace("\"a\"", "\"b\"");
        let receivers = open(&(receiver(TOKEN) + &other)).expect("valid");
        let admitted = receivers.admit("a", b"0123456789abcdef").expect("its own");
        assert_eq!(admitted.channel.to_string(), format!("arn:aws:cloudtrail:us-east-1:123456789012:channel/{ID}"));
        for (name, token) in
            [("a", "fedcba9876543210"), ("a", ""), ("c", "0123456789abcdef"), ("a", "0123456789abcdeF")]
        {
            assert!(receivers.admit(name, token.as_bytes()).is_none(), "{name} {token}");
        }
    }

    #[test]
    fn mistakes_are_told() {
        let told = |toml: String, expected: &str| {
            let error = open(&toml).expect_err("refused");
            assert!(error.contains(expected), "{error}");
        };
        told(receiver(""), "give `token` or `token_file`");
        told(receiver("token = \"short\""), "at least 16");
        told(receiver(TOKEN).replace("\"a\"", "\"a/b\""), "letters, digits");
        told(receiver(TOKEN).replace(ID, "elsewhere"), "ARN or id");
        told(receiver(TOKEN).replace("minio", "json"), "needs a `mapping`");
        told(receiver(&format!("{TOKEN}\nmapping = \"x\"")), "takes no `mapping`");
        told(receiver(&format!("{TOKEN}\nmaping = \"x\"")), "unknown field `maping`");
        told(receiver(TOKEN) + &receiver(TOKEN), "more than one");
    }

    #[test]
    fn tokens_are_not_printed() {
        let receivers = open(&receiver(TOKEN)).expect("valid");
        assert!(!format!("{receivers:?}").contains("0123456789abcdef\""));
    }
}
