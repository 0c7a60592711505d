//! The project's chores: `cargo xtask <chore>`.
//!
//! Everything here looks at the repository from outside; no crate of the product imports it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a developer's tool talks to the developer's terminal")]

mod codegen;
mod compat;
mod generate;
mod models;
mod services;
mod test;
mod tidy;
mod workspace;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// The project's chores.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Generate `crates/wire/src/generated` from `models/`, and COMPAT.md.
    Codegen {
        /// Change nothing; fail if anything would change.
        #[arg(long)]
        check: bool,
    },
    /// Refresh `models/` from a folder of botocore data, stripped of all prose.
    Models {
        /// The `botocore/data` folder.
        data: PathBuf,
    },
    /// Derive the table of AWS services in `crates/services` from botocore's models.
    Services {
        /// Change nothing; fail if anything would change.
        #[arg(long)]
        check: bool,
    },
    /// Write COMPAT.md from what the operations' files say of themselves.
    Compat {
        /// Change nothing; fail if anything would change.
        #[arg(long)]
        check: bool,
    },
    /// Check the house rules that no compiler knows: the arrow of dependency, lengths of files, who starts tasks.
    Tidy {
        /// Record the files that are too long now, so that they pass as long as they don't grow.
        #[arg(long)]
        bless: bool,
    },
    /// Make realistic events from a seed, as log files or newline-delimited JSON. (Build with --release for speed.)
    Gen(generate::GenArgs),
    /// Run everything that must hold.
    Test(test::TestArgs),
}

fn main() -> anyhow::Result<()> {
    match Args::parse().chore {
        Chore::Codegen { check } => codegen::run(check),
        Chore::Models { data } => models::run(&data),
        Chore::Services { check } => services::run(check),
        Chore::Compat { check } => compat::run(check),
        Chore::Tidy { bless } => tidy::run(bless),
        Chore::Gen(args) => generate::run(&args),
        Chore::Test(args) => test::run(&workspace::root(), &args),
    }
}
