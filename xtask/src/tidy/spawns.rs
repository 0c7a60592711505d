//! Only the doors start tasks; whatever they start, they also await.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::workspace::root;

/// Who may start tasks: the process, its clients, and those who stand outside.
const MAY_SPAWN: [&str; 7] =
    ["crates/server/", "crates/cli/", "crates/opentrail/", "sim/", "fuzz/", "bench/", "conformance/"];

/// What starts a task that outlives its caller. (`spawn_blocking` is awaited where it stands.)
const SPAWNS: [&str; 3] = ["tokio::spawn(", "task::spawn(", "Handle::spawn("];

pub(crate) fn check(files: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    let mut complaints = Vec::new();
    for file in files {
        let path = file.to_string_lossy();
        let is_exempt = path.starts_with("xtask/") || path.contains("/tests") || path.ends_with("tests.rs");
        if is_exempt || MAY_SPAWN.iter().any(|door| path.starts_with(door)) {
            continue;
        }
        let code = std::fs::read_to_string(root().join(file)).with_context(|| format!("read `{path}`"))?;
        let code = code.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for (index, _) in code.lines().enumerate().filter(|(_, line)| SPAWNS.iter().any(|it| line.contains(it))) {
            complaints.push(format!("{path}:{}: only the doors start tasks: return the future instead", index + 1));
        }
    }
    Ok(complaints)
}
