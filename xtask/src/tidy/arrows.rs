//! The arrow of dependency: the table in ARCHITECTURE.md, held against `cargo metadata`.
//!
//! A crate may import those of ours that its row looks down to, and `stdx`, the earth under all of them, unless the row
//! forbids every crate of ours. It may not import directly what its row never imports; words there that name no package
//! are for people.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::Context as _;
use serde_json::Value;

use crate::workspace::root;

const OURS: &str = "opentrail-";

/// One row of the table.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    name: String,
    looks_down_to: Vec<String>,
    never_imports: Vec<String>,
}

pub(crate) fn check() -> anyhow::Result<Vec<String>> {
    let table = std::fs::read_to_string(root().join("ARCHITECTURE.md")).context("read `ARCHITECTURE.md`")?;
    Ok(complaints(&rows(&table), &dependencies()?))
}

fn complaints(rows: &[Row], dependencies: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut complaints = Vec::new();
    for name in dependencies.keys() {
        if !rows.iter().any(|row| row.name == *name) {
            complaints.push(format!("crate `{name}` has no row in the table of ARCHITECTURE.md"));
        }
    }
    for (index, row) in rows.iter().enumerate() {
        let Some(imports) = dependencies.get(&row.name) else {
            complaints.push(format!("ARCHITECTURE.md has a row for `{}`, which is no crate", row.name));
            continue;
        };
        let above = &rows[..index];
        complaints.extend(imports.iter().filter(|it| !row.may_import(above, it)).map(|it| {
            format!("`{}` imports `{it}`: turn the arrow round, or change the table in ARCHITECTURE.md", row.name)
        }));
    }
    complaints
}

impl Row {
    fn may_import(&self, above: &[Self], import: &str) -> bool {
        let Some(ours) = import.strip_prefix(OURS) else {
            return !self.never_imports.iter().any(|it| it == import || import.starts_with(&format!("{it}-")));
        };
        let none = self.never_imports.iter().any(|it| it == "any crate of ours" || it == "every crate of ours");
        let all = self.looks_down_to.iter().any(|it| it == "all above");
        let named = |list: &[String]| list.iter().any(|it| it == ours);
        let is_above = above.iter().any(|row| row.name == ours);
        !none && !named(&self.never_imports) && (ours == "stdx" || named(&self.looks_down_to) || (all && is_above))
    }
}

/// The rows that begin with a crate's name in backticks.
fn rows(page: &str) -> Vec<Row> {
    let table = page.split("\n## Crates").nth(1).unwrap_or_default();
    let table = table.split("\n## ").next().unwrap_or_default();
    table.lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.strip_prefix("| `")?.split('|').map(str::trim).collect();
    let [name, _, down, never, ..] = cells[..] else { return None };
    let list = |cell: &str| cell.split(',').map(|it| it.trim().to_owned()).collect();
    Some(Row { name: name.trim_end_matches('`').to_owned(), looks_down_to: list(down), never_imports: list(never) })
}

/// Each crate of `crates/` by its short name, and the packages that its code (not its tests) imports directly.
fn dependencies() -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let metadata = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .context("start `cargo metadata`")?;
    anyhow::ensure!(metadata.status.success(), "`cargo metadata`: {}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout)?;
    let packages = metadata["packages"].as_array().context("no `packages` in the metadata")?;
    let in_crates = |package: &&Value| {
        let manifest = package["manifest_path"].as_str().unwrap_or_default();
        manifest.starts_with(&*root().join("crates").to_string_lossy())
    };
    Ok(packages.iter().filter(in_crates).map(imports).collect())
}

fn imports(package: &Value) -> (String, Vec<String>) {
    let name = package["name"].as_str().unwrap_or_default();
    let all = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of_the_code = all.iter().filter(|it| it["kind"] != "dev");
    let imports = of_the_code.filter_map(|it| it["name"].as_str()).map(str::to_owned).collect();
    (name.strip_prefix(OURS).unwrap_or(name).to_owned(), imports)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# Architecture
## Crates

| crate | one line | looks down to | never imports |
|---|---|---|---|
| `stdx` | earth | – | any crate of ours |
| `model` | nouns | stdx | wire, tokio, any IO |
| `wire` | types | – | every crate of ours |
| `server` | process | all above | – |

## Other
| `not` | a | b | c |
";

    fn complain(name: &str, imports: &[&str]) -> Vec<String> {
        let mut all: BTreeMap<_, _> = rows(PAGE).into_iter().map(|row| (row.name, Vec::new())).collect();
        all.insert(name.to_owned(), imports.iter().map(|it| (*it).to_owned()).collect());
        complaints(&rows(PAGE), &all)
    }

    #[test]
    fn what_the_table_allows_is_fine() {
        assert!(complain("model", &["opentrail-stdx", "serde"]).is_empty());
        assert!(complain("server", &["opentrail-wire", "opentrail-model", "tokio"]).is_empty());
        assert!(complain("wire", &["serde_json"]).is_empty());
    }

    #[test]
    fn what_it_does_not_allow_is_told() {
        for (name, import) in [
            ("model", "opentrail-wire"),
            ("model", "opentrail-server"),
            ("model", "tokio"),
            ("model", "tokio-util"),
            ("wire", "opentrail-stdx"),
            ("stdx", "opentrail-model"),
        ] {
            let told = complain(name, &[import]);
            assert_eq!(told.len(), 1, "{name} imports {import}: {told:?}");
            assert!(told[0].contains(import), "{told:?}");
        }
    }

    #[test]
    fn table_and_folder_name_the_same_crates() {
        let told = complain("stranger", &[]);
        assert_eq!(told, ["crate `stranger` has no row in the table of ARCHITECTURE.md"]);
        assert_eq!(complaints(&rows(PAGE), &BTreeMap::new()).len(), 4);
    }
}
