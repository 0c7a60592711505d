//! `npm ci` when the lock file has changed, then `npm run build`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, bail};

/// Names the lock file that `node_modules` was installed from.
const INSTALLED: &str = "node_modules/.opentrail-installed";

/// Builds the console into `dist`; says why when this machine can't.
pub(crate) fn build(console: &Path, dist: &Path) -> anyhow::Result<Result<PathBuf, String>> {
    if !console.join("package-lock.json").exists() {
        return Ok(Err("the folder `console` is not there".to_owned()));
    }
    let Ok(npm) = npm(console, &["--version"]) else {
        return Ok(Err("npm is not installed (Node 20 or newer brings it)".to_owned()));
    };
    if !npm.status.success() {
        return Ok(Err(format!("npm does not run: {}", first_lines(&npm))));
    }
    if let Err(error) = install(console)? {
        return Ok(Err(error));
    }
    let target = dist.to_str().context("the target folder's path is not UTF-8")?;
    let built = npm_run(console, target)?;
    if !built.status.success() {
        bail!("the console does not build (`npm run build` in `console`):\n{}", last_lines(&built));
    }
    Ok(Ok(dist.to_path_buf()))
}

/// Installs what the lock file names, unless that is there. Builds of other profiles wait for one another here.
fn install(console: &Path) -> anyhow::Result<Result<(), String>> {
    let lock_path = console.join("package-lock.json");
    let lock = File::open(&lock_path).context("cannot open the console's package-lock.json")?;
    lock.lock().context("cannot lock the console's package-lock.json")?;
    let wanted = fs::read(&lock_path).context("cannot read the console's package-lock.json")?;
    let wanted = format!("{:x}", xxhash_rust::xxh3::xxh3_64(&wanted));
    if fs::read_to_string(console.join(INSTALLED)).is_ok_and(|installed| installed == wanted) {
        return Ok(Ok(()));
    }
    let installed = npm(console, &["ci", "--no-audit", "--no-fund", "--ignore-scripts"])?;
    if !installed.status.success() {
        return Ok(Err(format!("its npm packages can't be installed: {}", first_lines(&installed))));
    }
    fs::write(console.join(INSTALLED), wanted).context("cannot write into the console's node_modules")?;
    Ok(Ok(()))
}

fn npm_run(console: &Path, dist: &str) -> anyhow::Result<Output> {
    npm(console, &["run", "build", "--", "--outDir", dist, "--emptyOutDir"])
}

fn npm(console: &Path, arguments: &[&str]) -> anyhow::Result<Output> {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).current_dir(console).stdin(Stdio::null());
    command.output().with_context(|| format!("cannot start `npm {}`", arguments.join(" ")))
}

/// The beginning of what npm says, where its reason is.
fn first_lines(output: &Output) -> String {
    lines(output).into_iter().take(8).collect::<Vec<_>>().join("\n")
}

/// The end of what a build says, where its reason mostly is.
fn last_lines(output: &Output) -> String {
    let lines = lines(output);
    lines[lines.len().saturating_sub(20)..].join("\n")
}

fn lines(output: &Output) -> Vec<String> {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    text.lines().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect()
}
