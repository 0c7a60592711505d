//! `opentrail verify`: proves log files and digests with public keys only.
//!
//! `opentrail_verify` judges; here is where its keys and its place come from, and how its report is shown.

mod ask;
mod keys;
mod show;
mod watch;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use opentrail_blob::Blob;
use opentrail_stdx::Timestamp;
use opentrail_verify::{Kind, Place, Report, Scope, Verdict};

use crate::connection::ConnectionArgs;
use keys::Keys;
use watch::Watch;

const EXAMPLES: &str = "Examples:
  opentrail verify s3://my-bucket                               # each chain in the bucket
  opentrail verify s3://my-bucket/my-prefix --region us-east-1
  opentrail verify --start 2026-11-01 --trail-arn arn:aws:cloudtrail:us-east-1:123456789012:trail/my-trail

Offline, with keys saved before; each Region has its own:
  for region in us-east-1 eu-west-1; do
    aws cloudtrail list-public-keys --region $region --start-time 2020-01-01 --end-time 2030-01-01 \\
      > keys/$region.json
  done
  opentrail verify ./copy-of-the-bucket --public-keys keys
  opentrail verify ./copy-of-the-bucket --public-keys keys --json | jq '.findings[]'

A plain copy of a bucket, as `aws s3 sync` makes it, has lost the signatures, which S3 keeps as metadata. Each digest \
quotes the signature of the one before, so that only the newest of each chain stays unproven.

Exit status: 0 all valid, 1 anything invalid or unproven, or nothing found, 2 wrong usage.";

/// What to check, and with which keys.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct VerifyArgs {
    /// A folder that is a copy of a bucket, or `s3://BUCKET[/PREFIX]`
    #[arg(value_name = "PLACE", required_unless_present = "trail_arn", conflicts_with = "trail_arn")]
    place: Option<String>,
    /// A trail: its bucket and its state are asked of the server
    #[arg(long, value_name = "ARN")]
    trail_arn: Option<String>,
    /// Saved answers of ListPublicKeys: a file, or a folder of files; one named after a Region, such as
    /// `us-east-1.json`, counts for that Region alone [default: asked of the server]
    #[arg(long, value_name = "PATH")]
    public_keys: Option<PathBuf>,
    /// Look at digests from this time on, such as 2026-11-22T10:00:00Z
    #[arg(long, value_name = "TIME", value_parser = crate::time::parse_time)]
    start: Option<Timestamp>,
    /// Look at digests up to this time; if digests before it are missing at the end of a chain, that is reported
    #[arg(long, value_name = "TIME", value_parser = crate::time::parse_time)]
    end: Option<Timestamp>,
    /// Look at this Region only; may be given several times [default: all that are found]
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
    /// Don't fail because the newest digest of a chain came without its signature
    #[arg(long)]
    allow_unsigned_tail: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    /// Tell of each valid object, too
    #[arg(long, short)]
    verbose: bool,
    /// Objects to look at at a time [default: 64; in a folder, 4 for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Wrong usage that shows only when it is tried.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Usage(pub(crate) String);

/// Checks, and prints what was found.
pub async fn run(args: VerifyArgs) -> anyhow::Result<ExitCode> {
    match check(&args).await {
        Ok(report) => {
            print!("{}", show::document(&report, args.json, args.verbose));
            Ok(ExitCode::from(u8::from(!report.is_good(args.allow_unsigned_tail))))
        }
        Err(error) if error.is::<Usage>() => {
            eprintln!("error: {error}");
            Ok(ExitCode::from(2))
        }
        Err(error) => Err(error),
    }
}

async fn check(args: &VerifyArgs) -> anyhow::Result<Report> {
    if let (Some(start), Some(end)) = (args.start, args.end)
        && start > end
    {
        return Err(Usage("--start is after --end".to_owned()).into());
    }
    let mut scope = Scope {
        regions: args.regions.clone(),
        start: args.start,
        end: args.end,
        is_verbose: args.verbose,
        ..Scope::default()
    };
    let keys = Keys::of(args.public_keys.as_deref(), &args.connection)?;
    let place = match (&args.trail_arn, &args.place) {
        (Some(arn), _) => ask::trail(&args.connection.connect()?, arn, &mut scope).await?,
        (None, Some(place)) => match place.strip_prefix("s3://") {
            Some(bucket) => ask::bucket(&args.connection, bucket)?,
            None => folder(Path::new(place)).await?,
        },
        (None, None) => return Err(Usage("name a folder, `s3://BUCKET` or --trail-arn".to_owned()).into()),
    };
    scope.jobs = args.jobs.map_or_else(|| default_jobs(&place), usize::from);
    let watch = Watch::on_terminal();
    let report = opentrail_verify::examine(&place, &keys, &scope, &watch).await;
    watch.done();
    report.with_context(|| format!("cannot check {}", place.name()))
}

/// Something that the digests of a place tell against it: an object, or the chain as a whole.
#[derive(Debug)]
pub(crate) struct Altered {
    /// The log file, if it is about one.
    pub(crate) key: Option<String>,
    /// What is wrong.
    pub(crate) problem: String,
}

/// Where public keys come from: saved ones, or a server.
type KeyArgs<'a> = (Option<&'a Path>, &'a ConnectionArgs);

/// What the digests of a bucket tell against it.
pub(crate) async fn altered_in_bucket(
    bucket: &str,
    prefix: &str,
    blob: Arc<dyn Blob>,
    keys: KeyArgs<'_>,
) -> anyhow::Result<Vec<Altered>> {
    altered(&Place::bucket(bucket, prefix, Arc::new(blob)), keys).await
}

/// What the digests of a folder tell against it.
pub(crate) async fn altered_in_folder(path: &Path, keys: KeyArgs<'_>) -> anyhow::Result<Vec<Altered>> {
    altered(&folder(path).await?, keys).await
}

async fn altered(place: &Place, (saved, connection): KeyArgs<'_>) -> anyhow::Result<Vec<Altered>> {
    let keys = Keys::of(saved, connection)?;
    let scope = Scope { jobs: default_jobs(place), ..Scope::default() };
    let watch = Watch::on_terminal();
    let report = opentrail_verify::examine(place, &keys, &scope, &watch).await;
    watch.done();
    let report = report.with_context(|| format!("cannot check {}", place.name()))?;
    let invalid = report.findings.into_iter().filter(|finding| finding.verdict == Verdict::Invalid);
    Ok(invalid
        .map(|finding| match (finding.kind, finding.key) {
            (Kind::LogFile, Some(key)) => Altered { key: Some(key), problem: finding.message },
            (_, key) => Altered { key: None, problem: format!("{}: {}", key.unwrap_or_default(), finding.message) },
        })
        .collect())
}

/// A folder that is named by the user.
async fn folder(path: &Path) -> anyhow::Result<Place> {
    Place::folder(path).await.map_err(|error| match error {
        opentrail_verify::Error::NoFolder { .. } => Usage(error.to_string()).into(),
        error => error.into(),
    })
}

/// A bucket's answers are waited for, a folder's are worked on.
fn default_jobs(place: &Place) -> usize {
    if place.bucket_name().is_some() { 64 } else { 4 * std::thread::available_parallelism().map_or(4, usize::from) }
}
