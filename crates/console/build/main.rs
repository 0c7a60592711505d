//! Builds the console with npm and embeds its files, each compressed once.
//!
//! Where it can't be built (npm or the network is missing), or shall not be (`OPENTRAIL_CONSOLE=skip`), a page that says
//! how to get it takes its place. A console that doesn't compile fails the build.
#![allow(clippy::print_stdout, reason = "cargo is told on standard output")]

mod embed;
mod npm;

use std::path::{Path, PathBuf};

use anyhow::Context;

/// What the console is made of, beside its sources. Changes of `node_modules` are none.
const NOT_SOURCES: [&str; 6] = ["node_modules", "dist", "e2e", "test-results", "coverage", "README.md"];

fn main() -> anyhow::Result<()> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?);
    let console = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../console");
    rerun_when_changed(&console)?;
    let is_unwanted = std::env::var_os("OPENTRAIL_CONSOLE").is_some_and(|wanted| wanted == "skip");
    let built = if is_unwanted {
        Err("it was built with OPENTRAIL_CONSOLE=skip".to_owned())
    } else {
        npm::build(&console, &out.join("dist"))?
    };
    let files = match built {
        Ok(dist) => embed::read(&dist)?,
        Err(why) => {
            if !is_unwanted {
                let why = why.replace('\n', "; ");
                println!("cargo:warning=the server gets a page in place of the web console: {why}");
            }
            vec![embed::placeholder(&why)]
        }
    };
    embed::write(&files, &out)
}

fn rerun_when_changed(console: &Path) -> anyhow::Result<()> {
    println!("cargo:rerun-if-env-changed=OPENTRAIL_CONSOLE");
    println!("cargo:rerun-if-changed=build");
    // Looked at again and again while it is not there.
    println!("cargo:rerun-if-changed={}", console.join("package.json").display());
    let Ok(entries) = std::fs::read_dir(console) else { return Ok(()) };
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot list `{}`", console.display()))?;
        let name = entry.file_name();
        if !NOT_SOURCES.iter().any(|it| name == *it) {
            println!("cargo:rerun-if-changed={}", entry.path().display());
        }
    }
    Ok(())
}
