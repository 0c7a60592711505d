//! The flags of `opentrail serve`. Each has an environment variable and a key in the configuration file.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use opentrail_recorder::Subnet;
use serde::{Deserialize, Serialize};

use crate::recording::{RecorderFail, UpstreamSettings};

/// How the server is told to run; what is absent falls back to the configuration file, then to the default.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeArgs {
    /// Folder that holds everything the server keeps [default: ./opentrail-data]
    #[arg(long, value_name = "DIR", env = "OPENTRAIL_DATA_DIR")]
    pub data_dir: Option<PathBuf>,

    /// Address to listen on [default: 127.0.0.1:7410]
    #[arg(long, value_name = "ADDR", env = "OPENTRAIL_LISTEN")]
    pub listen: Option<SocketAddr>,

    /// Account that the root access key belongs to [default: 123456789012]
    #[arg(long, value_name = "N", env = "OPENTRAIL_ACCOUNT_ID")]
    pub account_id: Option<String>,

    /// Region that `opentrail env` sets for clients [default: us-east-1]
    #[arg(long, value_name = "R", env = "OPENTRAIL_REGION")]
    pub region: Option<String>,

    /// Configuration file (TOML); see `opentrail config show` for its keys
    #[arg(long, value_name = "FILE", env = "OPENTRAIL_CONFIG")]
    pub config: Option<PathBuf>,

    /// How often log files are delivered [default: 5m]
    #[arg(long, value_name = "TIME", env = "OPENTRAIL_DELIVERY_INTERVAL", value_parser = humantime::parse_duration)]
    pub delivery_interval: Option<Duration>,

    /// How long a digest's window is [default: 1h]
    #[arg(long, value_name = "TIME", env = "OPENTRAIL_DIGEST_INTERVAL", value_parser = humantime::parse_duration)]
    pub digest_interval: Option<Duration>,

    /// How many days Event history keeps recorded events [default: 90]
    #[arg(long, value_name = "DAYS", env = "OPENTRAIL_HISTORY_DAYS")]
    pub history_days: Option<u32>,

    /// How many days Event history keeps imported events [default: 36525, a hundred years]
    #[arg(long, value_name = "DAYS", env = "OPENTRAIL_IMPORTED_DAYS")]
    pub imported_days: Option<u32>,

    /// Events in memory go to files when there are so many [default: 200000]
    #[arg(long, value_name = "N", env = "OPENTRAIL_LAKE_FLUSH_RECORDS")]
    pub lake_flush_records: Option<u64>,

    /// Events in memory go to files when they take so many bytes [default: 67108864]
    #[arg(long, value_name = "BYTES", env = "OPENTRAIL_LAKE_FLUSH_BYTES")]
    pub lake_flush_bytes: Option<u64>,

    /// Events in memory go to files when they are so old [default: 10m]
    #[arg(long, value_name = "TIME", env = "OPENTRAIL_LAKE_FLUSH_AGE", value_parser = humantime::parse_duration)]
    pub lake_flush_age: Option<Duration>,

    /// Queries that run at once; others wait for their turn [default: 10]
    #[arg(long, value_name = "N", env = "OPENTRAIL_QUERY_CONCURRENCY")]
    pub query_concurrency: Option<u32>,

    /// Memory of one query's sorts, joins and groups; what doesn't fit goes to disk [default: 536870912]
    #[arg(long, value_name = "BYTES", env = "OPENTRAIL_QUERY_MEMORY_BYTES")]
    pub query_memory_bytes: Option<u64>,

    /// Disk of one query for what doesn't fit into its memory [default: 17179869184]
    #[arg(long, value_name = "BYTES", env = "OPENTRAIL_QUERY_SPILL_BYTES")]
    pub query_spill_bytes: Option<u64>,

    /// How long a query may run; the rows until then are its result [default: 1h]
    #[arg(long, value_name = "TIME", env = "OPENTRAIL_QUERY_TIMEOUT", value_parser = humantime::parse_duration)]
    pub query_timeout: Option<Duration>,

    /// How long a stop waits for requests that were accepted [default: 30s]
    #[arg(long, value_name = "TIME", env = "OPENTRAIL_SHUTDOWN_GRACE", value_parser = humantime::parse_duration)]
    pub shutdown_grace: Option<Duration>,

    /// Certificate chain (PEM); with --tls-key the port speaks HTTPS
    #[arg(long, value_name = "FILE", env = "OPENTRAIL_TLS_CERT")]
    pub tls_cert: Option<PathBuf>,

    /// Private key (PEM) of --tls-cert
    #[arg(long, value_name = "FILE", env = "OPENTRAIL_TLS_KEY")]
    pub tls_key: Option<PathBuf>,

    /// Host name under which buckets are addressed as `bucket.HOST`; may be given several times
    #[arg(long, value_name = "HOST", env = "OPENTRAIL_S3_DOMAIN", value_delimiter = ',')]
    pub s3_domain: Vec<String>,

    /// Pass a service's calls on to an upstream and record them: `s3=http://127.0.0.1:9000`, or `*=URL` for all that
    /// OpenTrail doesn't serve itself; may be given several times
    #[arg(long, value_name = "SERVICE=URL", env = "OPENTRAIL_UPSTREAM", value_delimiter = ',')]
    pub upstream: Vec<UpstreamSettings>,

    /// What becomes of a call to an upstream that can't be recorded [default: closed]
    #[arg(long, value_name = "HOW", env = "OPENTRAIL_RECORDER_FAIL")]
    pub recorder_fail: Option<RecorderFail>,

    /// File that tells who holds the upstreams' access keys (TOML)
    #[arg(long, value_name = "FILE", env = "OPENTRAIL_PRINCIPALS")]
    pub principals: Option<PathBuf>,

    /// Network of proxies whose `X-Forwarded-For` is believed; may be given several times
    #[arg(long, value_name = "NETWORK", env = "OPENTRAIL_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<Subnet>,

    /// How long a connection to an upstream may take to come about [default: 5s]
    #[arg(long, value_name = "TIME", env = "OPENTRAIL_UPSTREAM_CONNECT_TIMEOUT", value_parser = humantime::parse_duration)]
    pub upstream_connect_timeout: Option<Duration>,

    /// How long an upstream may say nothing [default: 1m]
    #[arg(long, value_name = "TIME", env = "OPENTRAIL_UPSTREAM_SILENCE_TIMEOUT", value_parser = humantime::parse_duration)]
    pub upstream_silence_timeout: Option<Duration>,

    /// Form of the server's own log on stderr [default: text]
    #[arg(long, value_name = "FORM", env = "OPENTRAIL_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,

    /// What to log: a level or tracing directives such as `info,opentrail_delivery=debug` [default: info,sqlx=error]
    #[arg(long, value_name = "FILTER", env = "OPENTRAIL_LOG")]
    pub log: Option<String>,
}

/// The form of the server's own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}
