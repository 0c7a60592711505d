//! The web console: its own checks, and a browser that walks through it on a real server.

use std::path::Path;
use std::process::Command;

use super::{Outcome, answers, binary, execute};

/// The browser, under the names that it is installed by.
const BROWSERS: [&str; 2] = ["chromium", "chromium-browser"];

/// The browser that walks through the console; where Debian's packages can be had, it is installed.
pub(super) fn browser(_root: &Path) -> anyhow::Result<Outcome> {
    if !has_browser() && answers("apt-get", &["--version"]) {
        let install = ["install", "--yes", "--quiet", "--no-install-recommends", "chromium"];
        let _ = Command::new("apt-get").args(install).env("DEBIAN_FRONTEND", "noninteractive").status();
    }
    if !has_browser() {
        return Ok(Outcome::Skipped("Chromium is not installed, so nobody walks through the console".into()));
    }
    Ok(Outcome::Passed)
}

fn has_browser() -> bool {
    BROWSERS.iter().any(|name| answers(name, &["--version"]))
}

pub(super) fn packages(root: &Path) -> anyhow::Result<Outcome> {
    npm(root, &["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"])
}

pub(super) fn lint(root: &Path) -> anyhow::Result<Outcome> {
    npm(root, &["run", "lint"])
}

pub(super) fn unit(root: &Path) -> anyhow::Result<Outcome> {
    npm(root, &["test"])
}

/// The bundle's size is that of what was built.
pub(super) fn size(root: &Path) -> anyhow::Result<Outcome> {
    match npm(root, &["run", "build"])? {
        Outcome::Passed => npm(root, &["run", "size"]),
        skipped @ Outcome::Skipped(_) => Ok(skipped),
    }
}

pub(super) fn walk(root: &Path) -> anyhow::Result<Outcome> {
    if !has_browser() {
        return Ok(Outcome::Skipped("Chromium is not installed".into()));
    }
    if !answers("npm", &["--version"]) {
        return Ok(Outcome::Skipped("npm is not installed".into()));
    }
    let mut command = Command::new("npm");
    execute(command.args(["run", "e2e"]).env("OPENTRAIL_BIN", binary(root)?).current_dir(root.join("console")))
}

fn npm(root: &Path, arguments: &[&str]) -> anyhow::Result<Outcome> {
    if !answers("npm", &["--version"]) {
        return Ok(Outcome::Skipped("npm is not installed".into()));
    }
    execute(Command::new("npm").args(arguments).current_dir(root.join("console")))
}
