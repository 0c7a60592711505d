//! The one binary: a server, and the commands that are its clients.

use std::process::ExitCode;

use anyhow::Context;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use mimalloc::MiMalloc;
use opentrail_cli::import::ImportArgs;
use opentrail_cli::key::KeyCommand;
use opentrail_cli::lookup::LookupArgs;
use opentrail_cli::query::QueryArgs;
use opentrail_cli::samples::SamplesArgs;
use opentrail_cli::verify::VerifyArgs;
use opentrail_cli::{ConnectionArgs, env, import, key, lookup, query, samples, verify};
use opentrail_server::args::ServeArgs;

/// The C library's keeps memory for each thread that ever asked for some: half of what the server held during an import.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Who did what, when: recorded by itself, sealed, answered at once.
#[derive(Debug, Parser)]
#[command(name = "opentrail", version, propagate_version = true)]
#[command(
    after_help = "Start with `opentrail serve`, then `eval \"$(opentrail env)\"` in another shell, and use any AWS client."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    #[command(
        after_help = "Examples:\n  opentrail serve\n  opentrail serve --data-dir /var/lib/opentrail --listen 0.0.0.0:7410 --tls-cert chain.pem --tls-key key.pem\n  opentrail serve --delivery-interval 1s --digest-interval 5s   # to see log files and digests at once"
    )]
    Serve(ServeArgs),
    /// Print `export` lines that point AWS clients at the server
    #[command(after_help = "Example:\n  eval \"$(opentrail env)\" && aws cloudtrail describe-trails")]
    Env(ConnectionArgs),
    /// Make, list and delete access keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Bring existing log files into Event history
    Import(ImportArgs),
    /// Look up events: who did what, when
    Lookup(Box<LookupArgs>),
    /// Ask event data stores in SQL
    Query(QueryArgs),
    /// Find queries to begin with, by a phrase in English or Korean
    Samples(SamplesArgs),
    /// Check log files and digests: a folder, a bucket, or a trail through the API
    Verify(VerifyArgs),
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print each setting, its value and where it came from
    Show(ServeArgs),
}

fn main() -> ExitCode {
    // Ends with 2 and a hint when the usage is wrong.
    let matches = Cli::command().get_matches();
    let outcome =
        Cli::from_arg_matches(&matches).context("the command line").and_then(|cli| run(cli.command, &matches));
    outcome.unwrap_or_else(|error| {
        report(&error);
        ExitCode::from(1)
    })
}

fn run(command: Command, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the async runtime")?;
    match command {
        Command::Serve(args) => runtime.block_on(opentrail_server::serve(&args, innermost(matches))),
        Command::Env(args) => env::run(&args),
        Command::Key(command) => runtime.block_on(key::run(&command)),
        Command::Import(args) => runtime.block_on(import::run(args)),
        Command::Lookup(args) => runtime.block_on(lookup::run(*args)),
        Command::Query(args) => runtime.block_on(query::run(args)),
        Command::Samples(args) => samples::run(&args),
        Command::Verify(args) => runtime.block_on(verify::run(args)),
        Command::Config(ConfigCommand::Show(args)) => opentrail_server::config_show(&args, innermost(matches)),
    }
}

/// The matches of the subcommand that was chosen, which know where each value came from.
fn innermost(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, inner)| innermost(inner))
}

#[allow(clippy::print_stderr, reason = "talk goes to stderr")]
fn report(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}
