//! Where things lie in the repository, and how chores write or check files.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

/// The repository's root folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the root folder").to_path_buf()
}

/// Writes files that a chore makes, or only notes which of them would change.
#[derive(Debug)]
pub(crate) struct Output {
    check: bool,
    stale: Vec<PathBuf>,
}

impl Output {
    pub(crate) fn new(check: bool) -> Self {
        Self { check, stale: Vec::new() }
    }

    /// Puts `text` at `path` (relative to the root) unless it is there already.
    pub(crate) fn put(&mut self, path: &Path, text: &str) -> anyhow::Result<()> {
        self.put_bytes(path, text.as_bytes())
    }

    /// Puts `bytes` there.
    pub(crate) fn put_bytes(&mut self, path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
        let full = root().join(path);
        if std::fs::read(&full).is_ok_and(|old| old == bytes) {
            return Ok(());
        }
        self.stale.push(path.to_path_buf());
        if self.check {
            return Ok(());
        }
        let folder = full.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(folder).with_context(|| format!("create `{}`", folder.display()))?;
        std::fs::write(&full, bytes).with_context(|| format!("write `{}`", full.display()))
    }

    /// Removes each file of `folder` that is not in `wanted`, or notes it as stale.
    pub(crate) fn keep_only(&mut self, folder: &Path, wanted: &[PathBuf]) -> anyhow::Result<()> {
        for entry in std::fs::read_dir(root().join(folder))? {
            let path = folder.join(entry?.file_name());
            if wanted.contains(&path) {
                continue;
            }
            self.stale.push(path.clone());
            if !self.check {
                std::fs::remove_file(root().join(&path))?;
            }
        }
        Ok(())
    }

    /// Says what changed; in check mode anything stale is an error that names the chore to run.
    pub(crate) fn finish(self, chore: &str) -> anyhow::Result<()> {
        for path in &self.stale {
            let verb = if self.check { "stale" } else { "wrote" };
            eprintln!("{verb} {}", path.display());
        }
        anyhow::ensure!(!self.check || self.stale.is_empty(), "files are stale; run `cargo xtask {chore}`");
        Ok(())
    }
}
