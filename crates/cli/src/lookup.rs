//! `opentrail lookup`: Event history by any number of attributes.
//!
//! A `Question` says what is asked; the server streams the answer (`docs/lookup.md`); a `Show` prints it while it comes.

mod answer;
mod follow;
mod question;
mod show;
mod table;

use std::io;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::connection::ConnectionArgs;
use answer::{Answer, Line};
use question::QuestionArgs;
use show::Show;

const EXAMPLES: &str = "Examples:
  opentrail lookup --since 2h                                    # who did anything in the last two hours
  opentrail lookup --user alice --user bob --event-name DeleteBucket
  opentrail lookup --resource-name my-bucket --since 2026-11-01 --until 2026-11-08
  opentrail lookup --error-code AccessDenied --source s3.amazonaws.com --json | jq .sourceIPAddress
  opentrail lookup --where 'event-name ^= Delete AND NOT (user = alice OR arn *= \":assumed-role/Deploy/\")'
  opentrail lookup --category all --read-only false --follow     # what is changed, while it is

A flag that is given several times finds events with any of its values; different flags must all match. Values are \
compared exactly, case included. --where knows all attributes that have flags, `=`, `!=`, `^=` (begins with), `*=` \
(contains), `= *` (has any), AND, OR, NOT, parentheses and quotes.

Events come newest first, from all Regions. With --json each event is its own record, byte for byte.

Exit status: 0 done, also when nothing was found, 1 failed, 2 wrong usage.";

/// What to look up, and how to show it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct LookupArgs {
    #[command(flatten)]
    question: QuestionArgs,
    /// Show at most so many events [default: all; with --follow the newest 10, then what arrives]
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Go on with events as they arrive, until interrupted
    #[arg(long, conflicts_with = "until")]
    follow: bool,
    /// Print each event's own record, one a line, instead of a table
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// With --follow, so many of the newest events are shown first.
const FOLLOW_LIMIT: u64 = 10;

/// Looks up and prints.
pub async fn run(args: LookupArgs) -> anyhow::Result<ExitCode> {
    let connection = args.connection.connect()?;
    let http = connection.http()?;
    let mut show = if args.json { Show::json() } else { Show::table() };
    let done = if args.follow {
        // Events from --since on, or a few to begin with.
        let limit = args.limit.or_else(|| args.question.since.is_none().then_some(FOLLOW_LIMIT));
        follow::follow(&connection, &http, &args.question, limit, &mut show).await
    } else {
        let answer = Answer::open(&connection, &http, &args.question.search(args.limit)).await?;
        print(answer, &mut show).await
    };
    match done {
        Err(error) if is_closed(&error) => {}
        other => other?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn print(mut answer: Answer, show: &mut Show) -> anyhow::Result<()> {
    while let Some(line) = answer.next().await? {
        match line {
            Line::Event(event) => show.event(&event)?,
            // What is at hand is shown before we wait for more.
            Line::Pause => show.flush()?,
            Line::End(_) => break,
        }
    }
    show.finish().context("cannot print")
}

/// Whether the one who reads our output has had enough, as `head` has.
fn is_closed(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|it| it.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests;
