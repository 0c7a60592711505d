//! Files that read in one sitting, kept so by a ratchet: a file that is long already may stay, but not grow.
//!
//! Only the code counts; tests at the bottom of a file or in a file of their own may be as long as they need.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::workspace::root;

/// More lines of code than this are usually two nouns.
const LINES_MAX: usize = 500;

const RECORD: &str = "xtask/long-files.txt";

pub(crate) fn check(files: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    let record = read_record()?;
    let mut complaints = Vec::new();
    for file in files {
        let lines = code_lines(file)?;
        let allowed = record.get(file).copied().unwrap_or(LINES_MAX).max(LINES_MAX);
        if lines > allowed {
            complaints.push(format!(
                "`{}` has grown to {lines} lines of code, more than {allowed}: split it, or `cargo xtask tidy --bless`",
                file.display()
            ));
        }
    }
    Ok(complaints)
}

/// Records the long files as they are now.
pub(crate) fn bless(files: &[PathBuf]) -> anyhow::Result<()> {
    let mut record = String::from("# Files that were longer than they should be when we looked, and may not grow.\n");
    for file in files {
        let lines = code_lines(file)?;
        if lines > LINES_MAX {
            let _ = writeln!(record, "{lines} {}", file.display());
        }
    }
    std::fs::write(root().join(RECORD), record).with_context(|| format!("write `{RECORD}`"))
}

fn read_record() -> anyhow::Result<BTreeMap<PathBuf, usize>> {
    let text = std::fs::read_to_string(root().join(RECORD)).with_context(|| format!("read `{RECORD}`"))?;
    let line = |line: &str| {
        let (lines, file) = line.split_once(' ').with_context(|| format!("`{RECORD}` has a bad line `{line}`"))?;
        Ok((PathBuf::from(file), lines.parse().with_context(|| format!("`{lines}` is no number"))?))
    };
    text.lines().filter(|line| !line.starts_with('#')).map(line).collect()
}

fn code_lines(file: &Path) -> anyhow::Result<usize> {
    if file.ends_with("tests.rs") || file.components().any(|part| part.as_os_str() == "tests") {
        return Ok(0);
    }
    let code = std::fs::read_to_string(root().join(file)).with_context(|| format!("read `{}`", file.display()))?;
    Ok(before_tests(&code))
}

fn before_tests(code: &str) -> usize {
    let lines: Vec<&str> = code.lines().collect();
    let tests = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod "));
    tests.unwrap_or(lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_at_the_bottom_do_not_count() {
        assert_eq!(before_tests("a\nb\n#[cfg(test)]\nmod tests {\nc\n}\n"), 2);
        assert_eq!(before_tests("a\n#[cfg(test)]\nfn b() {}\nc\n"), 4);
    }
}
