//! `opentrail samples`: queries to begin with, found by a phrase in English or Korean.
//!
//! The catalogue is part of the program: no server is asked.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use opentrail_samples::{Match, search};

const EXAMPLES: &str = "Examples:
  opentrail samples failed console logins
  opentrail samples 누가 S3 객체를 지웠는지
  opentrail samples --sql -n 1 root user activity | sed \"s/\\$EDS_ID/$EDS/\" | opentrail query -

Exit status: 0 found, 1 nothing found, 2 wrong usage.";

/// What to look for.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SamplesArgs {
    /// What the query should tell, in English or Korean
    #[arg(required = true)]
    phrase: Vec<String>,
    /// Print at most so many
    #[arg(short = 'n', long, default_value_t = 5)]
    number: usize,
    /// Print the SQL alone, without names and descriptions
    #[arg(long)]
    sql: bool,
}

/// Searches and prints.
pub fn run(args: &SamplesArgs) -> anyhow::Result<ExitCode> {
    let phrase = args.phrase.join(" ");
    let found = search(&phrase);
    let text = show(&found[..found.len().min(args.number)], !phrase.is_ascii(), args.sql);
    std::io::stdout().write_all(text.as_bytes()).context("cannot print")?;
    Ok(ExitCode::from(u8::from(found.is_empty())))
}

fn show(found: &[Match], is_korean: bool, only_sql: bool) -> String {
    let mut text = String::new();
    for found in found {
        let question = found.question;
        let (name, about) =
            if is_korean { (question.name_ko, question.about_ko) } else { (question.name, question.about) };
        if !text.is_empty() {
            text.push('\n');
        }
        if !only_sql {
            // Writing to a string can't fail.
            let _ = write!(text, "-- {name}\n-- {about}\n");
        }
        text.push_str(&question.sample());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_shown_in_the_language_of_the_phrase() {
        let found = search("root user activity");
        let english = show(&found[..1], false, false);
        assert!(english.starts_with("-- See everything the root user did\n-- Lists "), "{english}");
        assert!(show(&found[..1], true, false).starts_with("-- 루트 사용자가 한 모든 일 보기\n"));
        assert_eq!(show(&found[..1], false, true), format!("{}\n", found[0].question.sample()));
    }
}
