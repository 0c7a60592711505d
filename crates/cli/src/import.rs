//! `opentrail import`: brings existing log files into Event history.
//!
//! The files of a run are *found* (folders walked, buckets listed), sorted by the time in their names, and taken in
//! groups: those that the server knows already, by content or by source, are left out; the others are *sent*, several at
//! a time. Each is whole at the server before the next step of it counts, so that a run that was cut off is resumed by
//! running it again.

mod bucket;
mod content;
mod digests;
mod find;
mod report;
mod run;
mod send;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

pub(crate) use self::bucket::{Endpoint, certificates};
use crate::connection::ConnectionArgs;
use crate::verify::Usage;

const NOTES: &str = "Examples:
  opentrail import ./AWSLogs                                     # a copy of a bucket, or any folder
  opentrail import s3://my-logs/AWSLogs/123456789012             # a bucket of the server's own S3
  opentrail import s3://my-logs --endpoint-url https://s3.eu-west-1.amazonaws.com --region eu-west-1
  zcat *.json.gz | opentrail import -

Records come as `{\"Records\":[…]}`, as bare arrays, one a line, or one after the other; gzip or plain; of any version. \
Records that are in the history already are left out. Run it again to go on where it was stopped.

With --endpoint-url, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_CA_BUNDLE speak of the bucket's \
endpoint, and the server is found by --data-dir alone [default: ./opentrail-data].

Exit status: 0 all brought in, 1 something was rejected, refused or unreadable, 2 wrong usage.";

/// What to bring in.
#[derive(Debug, Args)]
#[command(after_help = NOTES)]
pub struct ImportArgs {
    /// Files, folders, `s3://BUCKET[/PREFIX]`, or `-` for the standard input
    #[arg(value_name = "PATH", required = true)]
    places: Vec<String>,
    /// S3-compatible endpoint of the buckets [default: the server]
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// The buckets' Region [default: AWS_REGION, or the server's]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// Check log files against their digests first, and refuse those that were altered
    #[arg(long)]
    verify_digests: bool,
    /// Saved answers of ListPublicKeys for --verify-digests: a file, or a folder of files [default: asked of the server]
    #[arg(long, value_name = "PATH", requires = "verify_digests")]
    public_keys: Option<PathBuf>,
    /// Read files again that were brought in before
    #[arg(long)]
    again: bool,
    /// Print the summary as one JSON document
    #[arg(long)]
    json: bool,
    /// Files to send at a time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Brings in, and prints what became of it.
pub async fn run(args: ImportArgs) -> anyhow::Result<ExitCode> {
    match run::import(&args).await {
        Ok(report) => {
            print!("{}", report.document(args.json)?);
            Ok(ExitCode::from(u8::from(!report.is_good())))
        }
        Err(error) if error.is::<Usage>() => {
            eprintln!("error: {error}");
            Ok(ExitCode::from(2))
        }
        Err(error) => Err(error),
    }
}
