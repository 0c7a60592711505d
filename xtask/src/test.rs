//! `cargo xtask test`: everything that must hold, from a clean clone, in one go.
//!
//! What is missing on the machine is made (a Python environment, npm packages) or, where it can't be, skipped aloud:
//! the closing lines name each skipped step and why.

mod console;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;

/// Which steps to run.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Only these parts: lint, unit, sim, fuzz, orc, clients, console
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

/// How a step ended when it didn't fail.
enum Outcome {
    Passed,
    Skipped(String),
}

struct Step {
    part: &'static str,
    name: &'static str,
    run: fn(&Path) -> anyhow::Result<Outcome>,
}

const STEPS: &[Step] = &[
    Step { part: "lint", name: "format", run: |root| cargo(root, &["fmt", "--all", "--check"]) },
    Step { part: "lint", name: "generated code is current", run: |root| cargo(root, &["xtask", "codegen", "--check"]) },
    Step { part: "lint", name: "house rules", run: |root| cargo(root, &["xtask", "tidy"]) },
    Step {
        part: "lint",
        name: "clippy",
        run: |root| cargo(root, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    },
    Step { part: "lint", name: "licences and advisories", run: deny },
    Step { part: "unit", name: "build", run: |root| cargo(root, &BUILD) },
    Step { part: "unit", name: "python environment", run: python_environment },
    Step { part: "unit", name: "unit and integration tests", run: unit },
    Step { part: "unit", name: "doc tests", run: |root| cargo(root, &["test", "--workspace", "--doc"]) },
    Step { part: "unit", name: "documentation", run: documentation },
    Step { part: "sim", name: "simulation, 20 seeds", run: simulation },
    Step { part: "fuzz", name: "fuzz targets, bounded", run: fuzz },
    Step { part: "orc", name: "python environment", run: orc_environment },
    Step { part: "orc", name: "Java", run: java },
    Step { part: "orc", name: "ORC beside pyarrow, pyorc, Spark, ClickHouse", run: orc_peers },
    Step { part: "clients", name: "python environment", run: python_environment },
    Step { part: "clients", name: "AWS CLI, boto3, Terraform", run: python_clients },
    Step { part: "clients", name: "AWS SDK for JavaScript", run: javascript_clients },
    Step { part: "console", name: "Chromium", run: console::browser },
    Step { part: "console", name: "npm packages", run: console::packages },
    Step { part: "console", name: "types and lint", run: console::lint },
    Step { part: "console", name: "unit and component tests", run: console::unit },
    Step { part: "console", name: "size of the bundle", run: console::size },
    Step { part: "console", name: "a browser on a real server", run: console::walk },
];

/// Runs the steps; fails when one does, after having run them all.
pub(crate) fn run(root: &Path, args: &TestArgs) -> anyhow::Result<()> {
    let wanted = |step: &&Step| args.only.is_empty() || args.only.iter().any(|part| part == step.part);
    let (mut passed, mut failed, mut skipped) = (0, Vec::new(), Vec::new());
    for step in STEPS.iter().filter(wanted) {
        println!("\n── {}: {}", step.part, step.name);
        let begun = Instant::now();
        match (step.run)(root) {
            Ok(Outcome::Passed) => {
                println!("── passed in {:.0?}", begun.elapsed());
                passed += 1;
            }
            Ok(Outcome::Skipped(why)) => {
                println!("── SKIPPED: {why}");
                skipped.push((step.name, why));
            }
            Err(error) => {
                println!("── FAILED: {error:#}");
                failed.push(step.name);
            }
        }
    }
    println!("\nSteps of the gate:");
    for (name, why) in &skipped {
        println!("SKIPPED {name}: {why}");
    }
    for name in &failed {
        println!("FAILED {name}");
    }
    println!("{passed} passed, {} failed, {} skipped", failed.len(), skipped.len());
    if failed.is_empty() { Ok(()) } else { bail!("{} of the gate's steps failed", failed.len()) }
}

/// Everything at once, as the tests are built: cargo chooses the features of libraries by what is built together, and would
/// build the large ones again for each other choice.
const BUILD: [&str; 3] = ["build", "--workspace", "--all-targets"];

fn cargo(root: &Path, args: &[&str]) -> anyhow::Result<Outcome> {
    execute(Command::new("cargo").args(args).current_dir(root))
}

fn execute(command: &mut Command) -> anyhow::Result<Outcome> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(Outcome::Passed)
}

fn answers(program: &str, args: &[&str]) -> bool {
    Command::new(program).args(args).output().is_ok_and(|output| output.status.success())
}

fn deny(root: &Path) -> anyhow::Result<Outcome> {
    if !answers("cargo", &["deny", "--version"]) {
        return Ok(Outcome::Skipped("cargo-deny is not installed (`cargo install cargo-deny`)".into()));
    }
    cargo(root, &["deny", "--workspace", "check", "licenses", "bans", "sources"])
}

fn unit(root: &Path) -> anyhow::Result<Outcome> {
    let python = python(root);
    let mut command = Command::new("cargo");
    if answers("cargo", &["nextest", "--version"]) {
        command.args(["nextest", "run", "--workspace", "--profile", "ci"]);
    } else {
        command.args(["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]);
    }
    execute(command.env("OPENTRAIL_PYTHON", python).current_dir(root))
}

fn documentation(root: &Path) -> anyhow::Result<Outcome> {
    let mut command = Command::new("cargo");
    command.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").current_dir(root);
    execute(&mut command)
}

fn simulation(root: &Path) -> anyhow::Result<Outcome> {
    // The main target folder: most of what the simulator stands on is built there already.
    cargo(root, &["run", "--manifest-path", "sim/Cargo.toml", "--target-dir", "target", "--", "--seeds", "20"])
}

fn fuzz(root: &Path) -> anyhow::Result<Outcome> {
    execute(Command::new(root.join("fuzz/run")).arg("10").current_dir(root))
}

fn python(root: &Path) -> PathBuf {
    root.join(".venv/bin/python")
}

/// Makes `.venv` with the clients that the tests drive, at the versions of `conformance/requirements.txt`.
fn python_environment(root: &Path) -> anyhow::Result<Outcome> {
    install(root, "conformance/requirements.txt")
}

/// The same with the readers and writers of ORC, which are large.
fn orc_environment(root: &Path) -> anyhow::Result<Outcome> {
    install(root, "conformance/orc/requirements.txt")
}

fn install(root: &Path, requirements: &str) -> anyhow::Result<Outcome> {
    if !python(root).exists() {
        execute(Command::new("python3").args(["-m", "venv", ".venv"]).current_dir(root))?;
    }
    let arguments = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements];
    execute(Command::new(python(root)).args(arguments).current_dir(root))
}

/// Spark needs Java; where Debian's packages can be had, it is installed.
fn java(_root: &Path) -> anyhow::Result<Outcome> {
    let missing = || !answers("java", &["-version"]);
    if missing() && answers("apt-get", &["--version"]) {
        let install = ["install", "--yes", "--quiet", "--no-install-recommends", "default-jre-headless"];
        let _ = Command::new("apt-get").args(install).env("DEBIAN_FRONTEND", "noninteractive").status();
    }
    if missing() {
        return Ok(Outcome::Skipped("Java is not installed, so nothing is held against Spark".into()));
    }
    Ok(Outcome::Passed)
}

fn orc_peers(root: &Path) -> anyhow::Result<Outcome> {
    cargo(root, &["build", "--package", "opentrail-orc", "--example", "orc"])?;
    let mut command = Command::new(python(root));
    command.args(["-m", "pytest", "-q", "-rs", "conformance/orc"]).env("OPENTRAIL_BIN", binary(root)?);
    execute(command.current_dir(root))
}

fn binary(root: &Path) -> anyhow::Result<PathBuf> {
    cargo(root, &BUILD)?;
    Ok(std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from).join("debug/opentrail"))
}

fn python_clients(root: &Path) -> anyhow::Result<Outcome> {
    let mut command = Command::new(python(root));
    command.args(["-m", "pytest", "-q", "-rs", "conformance/python"]).env("OPENTRAIL_BIN", binary(root)?);
    execute(command.current_dir(root))
}

fn javascript_clients(root: &Path) -> anyhow::Result<Outcome> {
    let folder = root.join("conformance/js");
    if !answers("npm", &["--version"]) {
        return Ok(Outcome::Skipped("npm is not installed".into()));
    }
    execute(Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--silent"]).current_dir(&folder))?;
    execute(Command::new("npm").args(["test", "--silent"]).env("OPENTRAIL_BIN", binary(root)?).current_dir(&folder))
}
