//! `opentrail verify`: proves log files and digests with public keys only.

use std::process::ExitCode;

use clap::Args;

/// What to check.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A folder, or `s3://bucket/prefix`
    #[arg(value_name = "PLACE")]
    place: String,
}

/// Checks a place and reports.
pub async fn run(args: VerifyArgs) -> anyhow::Result<ExitCode> {
    anyhow::bail!("cannot check `{}` yet", args.place)
}
