//! From flags, environment and file to one resolved, valid configuration.
//!
//! Order of precedence: flag, environment variable, configuration file, default. Unknown keys in the file are
//! refused. Secrets are not settings: the root key comes from the environment or the first start, target credentials print as a
//! placeholder.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ArgMatches;
use clap::parser::ValueSource;
use opentrail_model::{AccountId, Region};
use opentrail_recorder::Subnet;
use serde::Deserialize;

use crate::args::{LogFormat, ServeArgs};
use crate::receivers::ReceiverSettings;
use crate::recording::{self, ListenerSettings, RecorderFail, RecorderSettings, UpstreamSettings};
use crate::targets::Target;

/// A value and where it came from.
#[derive(Debug, Clone)]
pub struct Setting<T> {
    /// The value in force.
    pub value: T,
    /// Who set it.
    pub origin: Origin,
}

/// Who set a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Nobody.
    Default,
    /// The configuration file.
    File,
    /// An environment variable.
    Environment,
    /// A flag.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::File => "file",
            Self::Environment => "environment",
            Self::Flag => "flag",
        })
    }
}

/// Everything the server needs to know, valid.
#[derive(Debug, Clone)]
pub struct Config {
    /// Folder that holds all state.
    pub data_dir: Setting<PathBuf>,
    /// Address of the one port.
    pub listen: Setting<SocketAddr>,
    /// The account of the root key.
    pub account_id: Setting<AccountId>,
    /// The Region that `opentrail env` names.
    pub region: Setting<Region>,
    /// How often log files are delivered.
    pub delivery_interval: Setting<Duration>,
    /// The length of a digest's window.
    pub digest_interval: Setting<Duration>,
    /// How many days Event history keeps recorded events.
    pub history_days: Setting<u32>,
    /// How many days it keeps imported ones.
    pub imported_days: Setting<u32>,
    /// So many events are in memory before they go to files,
    pub lake_flush_records: Setting<u64>,
    /// or so many bytes,
    pub lake_flush_bytes: Setting<u64>,
    /// or for so long.
    pub lake_flush_age: Setting<Duration>,
    /// So many queries run at once,
    pub query_concurrency: Setting<u32>,
    /// each with so much memory for its sorts, joins and groups,
    pub query_memory_bytes: Setting<u64>,
    /// with so much disk for what doesn't fit,
    pub query_spill_bytes: Setting<u64>,
    /// and for so long.
    pub query_timeout: Setting<Duration>,
    /// How long a stop waits.
    pub shutdown_grace: Setting<Duration>,
    /// Certificate chain and private key, both PEM.
    pub tls: Setting<Option<TlsFiles>>,
    /// Host names that carry buckets as subdomains.
    pub s3_domains: Setting<Vec<String>>,
    /// Form of our own log.
    pub log_format: Setting<LogFormat>,
    /// Filter of our own log.
    pub log: Setting<String>,
    /// Buckets that live elsewhere.
    pub targets: Setting<Vec<Target>>,
    /// Doors for other systems' audit feeds.
    pub receivers: Setting<Vec<ReceiverSettings>>,
    /// Where calls of services go that are passed on.
    pub upstreams: Setting<Vec<UpstreamSettings>>,
    /// Further ports.
    pub listeners: Setting<Vec<ListenerSettings>>,
    /// Proxies before the main port whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Setting<Vec<Subnet>>,
    /// How calls to upstreams are recorded.
    pub recorder: RecorderSettings,
    origins: RecorderOrigins,
}

/// Who set what is in [`RecorderSettings`].
#[derive(Debug, Clone)]
struct RecorderOrigins {
    fail: Origin,
    principals: Origin,
    connect_timeout: Origin,
    silence_timeout: Origin,
}

/// Where the certificate and its key are.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// PEM certificate chain.
    pub cert: PathBuf,
    /// PEM private key.
    pub key: PathBuf,
}

/// Why there is no valid configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("cannot read the configuration file `{}`", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("the configuration file `{}` is not valid: {source}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What and where.
        #[source]
        source: toml::de::Error,
    },
    /// A value makes no sense.
    #[error("setting `{name}`: {problem}")]
    Invalid {
        /// The setting's name.
        name: &'static str,
        /// What is wrong and how to mend it.
        problem: String,
    },
}

/// The configuration file: the flags' names with `_`, and `[[bucket]]`, `[[upstream]]`, `[[listener]]` and `[[receiver]]`
/// tables.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    data_dir: Option<PathBuf>,
    listen: Option<SocketAddr>,
    account_id: Option<String>,
    region: Option<String>,
    #[serde(with = "humantime_serde")]
    delivery_interval: Option<Duration>,
    #[serde(with = "humantime_serde")]
    digest_interval: Option<Duration>,
    history_days: Option<u32>,
    imported_days: Option<u32>,
    lake_flush_records: Option<u64>,
    lake_flush_bytes: Option<u64>,
    #[serde(with = "humantime_serde")]
    lake_flush_age: Option<Duration>,
    query_concurrency: Option<u32>,
    query_memory_bytes: Option<u64>,
    query_spill_bytes: Option<u64>,
    #[serde(with = "humantime_serde")]
    query_timeout: Option<Duration>,
    #[serde(with = "humantime_serde")]
    shutdown_grace: Option<Duration>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    s3_domain: Option<Vec<String>>,
    log_format: Option<LogFormat>,
    log: Option<String>,
    bucket: Option<Vec<Target>>,
    receiver: Option<Vec<ReceiverSettings>>,
    upstream: Option<Vec<UpstreamSettings>>,
    listener: Option<Vec<ListenerSettings>>,
    trusted_proxies: Option<Vec<Subnet>>,
    recorder_fail: Option<RecorderFail>,
    principals: Option<PathBuf>,
    #[serde(with = "humantime_serde")]
    upstream_connect_timeout: Option<Duration>,
    #[serde(with = "humantime_serde")]
    upstream_silence_timeout: Option<Duration>,
}

impl Config {
    /// Resolves `args`; `matches` tells which came from the environment.
    pub fn resolve(args: &ServeArgs, matches: &ArgMatches) -> Result<Self, ConfigError> {
        let file = args.config.as_deref().map(read_file).transpose()?.unwrap_or_default();
        let layers = Layers { matches };
        let account = layers.pick("account_id", args.account_id.clone(), file.account_id, || "123456789012".into());
        let region = layers.pick("region", args.region.clone(), file.region, || "us-east-1".into());
        let cert = layers.pick("tls_cert", args.tls_cert.clone().map(Some), file.tls_cert.map(Some), || None);
        let key = layers.pick("tls_key", args.tls_key.clone().map(Some), file.tls_key.map(Some), || None);
        let domains = given(&args.s3_domain);
        let fail = layers.pick("recorder_fail", args.recorder_fail, file.recorder_fail, RecorderFail::default);
        let principals =
            layers.pick("principals", args.principals.clone().map(Some), file.principals.map(Some), || None);
        let connect_timeout = layers.pick(
            "upstream_connect_timeout",
            args.upstream_connect_timeout,
            file.upstream_connect_timeout,
            || Duration::from_secs(5),
        );
        let silence_timeout = layers.pick(
            "upstream_silence_timeout",
            args.upstream_silence_timeout,
            file.upstream_silence_timeout,
            || Duration::from_secs(60),
        );
        let config = Self {
            data_dir: layers.pick("data_dir", args.data_dir.clone(), file.data_dir, || "opentrail-data".into()),
            listen: layers.pick("listen", args.listen, file.listen, || (Ipv4Addr::LOCALHOST, 7410).into()),
            account_id: parsed("account_id", account)?,
            region: parsed("region", region)?,
            delivery_interval: layers
                .pick("delivery_interval", args.delivery_interval, file.delivery_interval, || Duration::from_secs(300)),
            digest_interval: layers
                .pick("digest_interval", args.digest_interval, file.digest_interval, || Duration::from_secs(3600)),
            history_days: layers.pick("history_days", args.history_days, file.history_days, || 90),
            imported_days: layers.pick("imported_days", args.imported_days, file.imported_days, || 36_525),
            lake_flush_records: layers.pick(
                "lake_flush_records",
                args.lake_flush_records,
                file.lake_flush_records,
                || 200_000,
            ),
            lake_flush_bytes: layers
                .pick("lake_flush_bytes", args.lake_flush_bytes, file.lake_flush_bytes, || 64 << 20),
            lake_flush_age: layers
                .pick("lake_flush_age", args.lake_flush_age, file.lake_flush_age, || Duration::from_secs(600)),
            query_concurrency: layers.pick("query_concurrency", args.query_concurrency, file.query_concurrency, || 10),
            query_memory_bytes: layers.pick(
                "query_memory_bytes",
                args.query_memory_bytes,
                file.query_memory_bytes,
                || 512 << 20,
            ),
            query_spill_bytes: layers
                .pick("query_spill_bytes", args.query_spill_bytes, file.query_spill_bytes, || 16 << 30),
            query_timeout: layers
                .pick("query_timeout", args.query_timeout, file.query_timeout, || Duration::from_secs(60 * 60)),
            shutdown_grace: layers
                .pick("shutdown_grace", args.shutdown_grace, file.shutdown_grace, || Duration::from_secs(30)),
            tls: tls(cert, key)?,
            s3_domains: layers.pick("s3_domain", domains, file.s3_domain, Vec::new),
            log_format: layers.pick("log_format", args.log_format, file.log_format, || LogFormat::Text),
            log: layers.pick("log", args.log.clone(), file.log, || "info,sqlx=error".into()),
            targets: layers.pick("bucket", None, file.bucket, Vec::new),
            receivers: layers.pick("receiver", None, file.receiver, Vec::new),
            upstreams: layers.pick("upstream", given(&args.upstream), file.upstream, Vec::new),
            listeners: layers.pick("listener", None, file.listener, Vec::new),
            trusted_proxies: layers.pick(
                "trusted_proxies",
                given(&args.trusted_proxies),
                file.trusted_proxies,
                Vec::new,
            ),
            origins: RecorderOrigins {
                fail: fail.origin,
                principals: principals.origin,
                connect_timeout: connect_timeout.origin,
                silence_timeout: silence_timeout.origin,
            },
            recorder: RecorderSettings {
                fail: fail.value,
                principals: principals.value,
                connect_timeout: connect_timeout.value,
                silence_timeout: silence_timeout.value,
            },
        };
        config.validate()?;
        Ok(config)
    }

    /// Each setting as name, value and origin, for `opentrail config show`.
    pub fn rows(&self) -> Vec<(&'static str, String, Origin)> {
        let duration = |setting: &Setting<Duration>| humantime::format_duration(setting.value).to_string();
        let path = |path: &Path| path.display().to_string();
        let tls = |pick: fn(&TlsFiles) -> &PathBuf| self.tls.value.as_ref().map(|files| path(pick(files)));
        let mut rows = vec![
            ("data_dir", path(&self.data_dir.value), self.data_dir.origin),
            ("listen", self.listen.value.to_string(), self.listen.origin),
            ("account_id", self.account_id.value.to_string(), self.account_id.origin),
            ("region", self.region.value.to_string(), self.region.origin),
            ("delivery_interval", duration(&self.delivery_interval), self.delivery_interval.origin),
            ("digest_interval", duration(&self.digest_interval), self.digest_interval.origin),
            ("history_days", self.history_days.value.to_string(), self.history_days.origin),
            ("imported_days", self.imported_days.value.to_string(), self.imported_days.origin),
            ("lake_flush_records", self.lake_flush_records.value.to_string(), self.lake_flush_records.origin),
            ("lake_flush_bytes", self.lake_flush_bytes.value.to_string(), self.lake_flush_bytes.origin),
            ("lake_flush_age", duration(&self.lake_flush_age), self.lake_flush_age.origin),
            ("query_concurrency", self.query_concurrency.value.to_string(), self.query_concurrency.origin),
            ("query_memory_bytes", self.query_memory_bytes.value.to_string(), self.query_memory_bytes.origin),
            ("query_spill_bytes", self.query_spill_bytes.value.to_string(), self.query_spill_bytes.origin),
            ("query_timeout", duration(&self.query_timeout), self.query_timeout.origin),
            ("shutdown_grace", duration(&self.shutdown_grace), self.shutdown_grace.origin),
            ("tls_cert", tls(|files| &files.cert).unwrap_or_default(), self.tls.origin),
            ("tls_key", tls(|files| &files.key).unwrap_or_default(), self.tls.origin),
            ("s3_domain", self.s3_domains.value.join(","), self.s3_domains.origin),
            ("log_format", format!("{:?}", self.log_format.value).to_lowercase(), self.log_format.origin),
            ("log", self.log.value.clone(), self.log.origin),
        ];
        rows.extend(self.targets.value.iter().map(|target| ("bucket", target.describe(), self.targets.origin)));
        rows.extend(self.receivers.value.iter().map(|it| ("receiver", it.describe(), self.receivers.origin)));
        rows.extend(self.recorder_rows());
        rows
    }

    fn recorder_rows(&self) -> Vec<(&'static str, String, Origin)> {
        let duration = |value: Duration| humantime::format_duration(value).to_string();
        let (recorder, origins) = (&self.recorder, &self.origins);
        let principals = recorder.principals.as_ref().map(|path| path.display().to_string());
        let proxies: Vec<_> = self.trusted_proxies.value.iter().map(Subnet::to_string).collect();
        let mut rows = vec![
            ("recorder_fail", recorder.fail.to_string(), origins.fail),
            ("principals", principals.unwrap_or_default(), origins.principals),
            ("trusted_proxies", proxies.join(","), self.trusted_proxies.origin),
            ("upstream_connect_timeout", duration(recorder.connect_timeout), origins.connect_timeout),
            ("upstream_silence_timeout", duration(recorder.silence_timeout), origins.silence_timeout),
        ];
        let upstreams = self.upstreams.value.iter().map(UpstreamSettings::describe);
        rows.extend(upstreams.map(|text| ("upstream", text, self.upstreams.origin)));
        let listeners = self.listeners.value.iter().map(ListenerSettings::describe);
        rows.extend(listeners.map(|text| ("listener", text, self.listeners.origin)));
        rows
    }

    /// The base URL under which clients reach this server.
    pub fn endpoint(&self, listening: SocketAddr) -> String {
        let scheme = if self.tls.value.is_some() { "https" } else { "http" };
        let host = match listening {
            address if !address.ip().is_unspecified() => address.to_string(),
            address => format!("127.0.0.1:{}", address.port()),
        };
        format!("{scheme}://{host}")
    }

    fn validate(&self) -> Result<(), ConfigError> {
        for (name, setting) in [
            ("history_days", &self.history_days),
            ("imported_days", &self.imported_days),
            ("query_concurrency", &self.query_concurrency),
        ] {
            if setting.value == 0 {
                return Err(ConfigError::Invalid { name, problem: "must be at least 1".into() });
            }
        }
        let shortest = Duration::from_millis(100);
        for (name, setting) in [
            ("delivery_interval", &self.delivery_interval),
            ("digest_interval", &self.digest_interval),
            ("lake_flush_age", &self.lake_flush_age),
            ("query_timeout", &self.query_timeout),
        ] {
            if setting.value < shortest {
                return Err(ConfigError::Invalid { name, problem: "must be at least 100ms".into() });
            }
        }
        if self.query_memory_bytes.value < QUERY_MEMORY_LEAST {
            return Err(ConfigError::Invalid {
                name: "query_memory_bytes",
                problem: format!(
                    "must be at least {QUERY_MEMORY_LEAST}: a query needs some memory before it can use the disk"
                ),
            });
        }
        recording::validate(self.listen.value, &self.upstreams.value, &self.listeners.value)
            .map_err(|(name, problem)| ConfigError::Invalid { name, problem })?;
        // Digest times have the resolution of a second, so windows must too.
        if self.digest_interval.value.subsec_nanos() != 0 {
            return Err(ConfigError::Invalid { name: "digest_interval", problem: "must be whole seconds".into() });
        }
        Ok(())
    }
}

/// With less, sorts can't even reserve what they need to merge what they spilled.
const QUERY_MEMORY_LEAST: u64 = 16 << 20;

struct Layers<'a> {
    matches: &'a ArgMatches,
}

impl Layers<'_> {
    fn pick<T>(&self, name: &str, arg: Option<T>, file: Option<T>, default: impl FnOnce() -> T) -> Setting<T> {
        match (arg, file) {
            (Some(value), _) => {
                let from_environment = self.matches.value_source(name) == Some(ValueSource::EnvVariable);
                Setting { value, origin: if from_environment { Origin::Environment } else { Origin::Flag } }
            }
            (None, Some(value)) => Setting { value, origin: Origin::File },
            (None, None) => Setting { value: default(), origin: Origin::Default },
        }
    }
}

/// The values of a flag that may be given several times.
fn given<T: Clone>(values: &[T]) -> Option<Vec<T>> {
    Some(values.to_vec()).filter(|values| !values.is_empty())
}

fn read_file(path: &Path) -> Result<File, ConfigError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_path_buf(), source })?;
    toml::from_str(&text).map_err(|source| ConfigError::Malformed { path: path.to_path_buf(), source })
}

fn parsed<T>(name: &'static str, setting: Setting<String>) -> Result<Setting<T>, ConfigError>
where
    T: std::str::FromStr,
    T::Err: fmt::Display,
{
    let value =
        setting.value.parse().map_err(|error: T::Err| ConfigError::Invalid { name, problem: error.to_string() })?;
    Ok(Setting { value, origin: setting.origin })
}

fn tls(
    cert: Setting<Option<PathBuf>>,
    key: Setting<Option<PathBuf>>,
) -> Result<Setting<Option<TlsFiles>>, ConfigError> {
    let origin = cert.origin;
    match (cert.value, key.value) {
        (Some(cert), Some(key)) => Ok(Setting { value: Some(TlsFiles { cert, key }), origin }),
        (None, None) => Ok(Setting { value: None, origin }),
        (Some(_), None) => Err(ConfigError::Invalid { name: "tls_key", problem: "is needed with `tls_cert`".into() }),
        (None, Some(_)) => Err(ConfigError::Invalid { name: "tls_cert", problem: "is needed with `tls_key`".into() }),
    }
}
