//! The project's chores: `cargo xtask <chore>`.
//!
//! Everything here looks at the repository from outside; no crate of the product imports it.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool talks to the developer's terminal"
)]

mod codegen;
mod models;
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
    /// Generate `crates/wire/src/generated` from `models/`.
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
}

fn main() -> anyhow::Result<()> {
    match Args::parse().chore {
        Chore::Codegen { check } => codegen::run(check),
        Chore::Models { data } => models::run(&data),
    }
}
