//! `cargo xtask tidy`: the house rules that no compiler knows.

mod arrows;
mod lengths;
mod spawns;

use std::path::{Path, PathBuf};

use crate::workspace::root;

pub(crate) fn run(bless: bool) -> anyhow::Result<()> {
    let files = rust_files()?;
    if bless {
        lengths::bless(&files)?;
    }
    let mut complaints = arrows::check()?;
    complaints.extend(lengths::check(&files)?);
    complaints.extend(spawns::check(&files)?);
    for complaint in &complaints {
        eprintln!("tidy: {complaint}");
    }
    anyhow::ensure!(complaints.is_empty(), "{} thing(s) to tidy", complaints.len());
    Ok(())
}

/// The hand-written Rust files below the root, as paths relative to it, sorted.
fn rust_files() -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for top in ["crates", "xtask", "sim", "fuzz", "bench", "conformance"] {
        let folder = root().join(top);
        if folder.is_dir() {
            collect(&folder, &mut files)?;
        }
    }
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    const NOT_OURS: [&str; 4] = ["target", "generated", "node_modules", ".venv"];
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !NOT_OURS.contains(&name.as_ref()) {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path.strip_prefix(root())?.to_path_buf());
        }
    }
    Ok(())
}
