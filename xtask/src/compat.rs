//! `cargo xtask compat`: writes COMPAT.md from the code, so that the table can't drift.
//!
//! An operation of the model is built when `crates/api/src/op/<operation>.rs` exists and the service leads to it; what
//! that file's first paragraphs say is what the page says. The embedded S3 answers the operations that `crates/s3` lists.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;

use crate::codegen::{self, names::snake};
use crate::workspace::{Output, root};

const OPERATIONS: &str = "crates/api/src/op";

/// Where each built operation is wired to the service, by a line that begins with its method's name.
const WIRING: &str = "crates/api/src/api.rs";

/// How much of what the recorder says of calls agrees with real records, by service; a test of `services` writes it.
const AGREEMENT: &str = "crates/services/agreement.txt";

/// The operation of another protocol, which the server answers by itself, and its file.
const AUDIT: (&str, &str) = ("put_audit_events", "crates/server/src/service/audit.rs");

pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let mut output = Output::new(check);
    write(&mut output)?;
    output.finish("compat")
}

/// Puts the page where it belongs.
pub(crate) fn write(output: &mut Output) -> anyhow::Result<()> {
    let operations = operations()?;
    let s3 = S3::read()?;
    let agreement = std::fs::read_to_string(root().join(AGREEMENT)).with_context(|| format!("read `{AGREEMENT}`"))?;
    let recorded = recorded(&agreement).with_context(|| format!("`{AGREEMENT}`"))?;
    output.put(Path::new("COMPAT.md"), &(page(&operations, &s3) + &recorded))
}

/// An operation of the model and what our code says of it.
struct Operation {
    name: String,
    service: String,
    header: Option<Header>,
}

/// The first paragraphs of an operation's file.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    summary: String,
    /// `Seen`, `Documented` or `Ours`, and what.
    evidence: Vec<(String, String)>,
}

/// How we know what an operation does.
const KINDS: [&str; 3] = ["Seen", "Documented", "Ours"];

fn operations() -> anyhow::Result<Vec<Operation>> {
    let wiring = std::fs::read_to_string(root().join(WIRING)).with_context(|| format!("read `{WIRING}`"))?;
    let mut operations = Vec::new();
    for model in codegen::models()? {
        for operation in model.operations() {
            let method = snake(operation.name);
            let is_audit = method == AUDIT.0;
            let path = if is_audit { AUDIT.1.to_owned() } else { format!("{OPERATIONS}/{method}.rs") };
            let header = match std::fs::read_to_string(root().join(&path)) {
                Ok(code) => Some(Header::parse(operation.name, &code).with_context(|| format!("`{path}`"))?),
                Err(_) => None,
            };
            let is_wired = is_audit || wiring.lines().any(|line| line.trim_start().starts_with(&format!("{method}(")));
            anyhow::ensure!(header.is_some() == is_wired, "`{path}` and `{WIRING}` disagree whether it is built");
            let (name, service) = (operation.name.to_owned(), model.endpoint_prefix.clone());
            operations.push(Operation { name, service, header });
        }
    }
    Ok(operations)
}

impl Header {
    /// Reads `//! Name: what it does.` and the list below it.
    fn parse(operation: &str, code: &str) -> anyhow::Result<Self> {
        let lines = code.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim_end);
        let (mut summary, mut evidence, mut in_list) = (String::new(), Vec::<String>::new(), false);
        for line in lines {
            match line.strip_prefix(" - ") {
                Some(item) => {
                    in_list = true;
                    evidence.push(item.to_owned());
                }
                None if in_list && line.starts_with("  ") => {
                    let last = evidence.last_mut().expect("the list has begun");
                    last.push(' ');
                    last.push_str(line.trim());
                }
                None if !in_list => join(&mut summary, line.trim()),
                None => break,
            }
        }
        let opening = format!("{operation}: ");
        let summary = summary.strip_prefix(&opening).with_context(|| format!("must open with `//! {opening}…`"))?;
        let evidence: Option<Vec<_>> = evidence.iter().map(|item| split_kind(item)).collect();
        let evidence = evidence.with_context(|| format!("each item of its list must begin with one of {KINDS:?}"))?;
        anyhow::ensure!(!evidence.is_empty(), "must say how we know: a list of {KINDS:?}");
        Ok(Self { summary: summary.to_owned(), evidence })
    }
}

fn join(text: &mut String, line: &str) {
    if !text.is_empty() && !line.is_empty() {
        text.push(' ');
    }
    text.push_str(line);
}

fn split_kind(item: &str) -> Option<(String, String)> {
    let (kind, what) = item.split_once(": ")?;
    KINDS.contains(&kind).then(|| (kind.to_owned(), what.to_owned()))
}

/// What the embedded S3 answers, read from its tables.
struct S3 {
    operations: Vec<String>,
    documents: Vec<String>,
}

impl S3 {
    fn read() -> anyhow::Result<Self> {
        let read = |path: &str| std::fs::read_to_string(root().join(path)).with_context(|| format!("read `{path}`"));
        let operations = read("crates/s3/src/ops/mod.rs")?;
        let documents = read("crates/s3/src/kept.rs")?;
        Ok(Self { operations: s3_operations(&operations), documents: s3_documents(&documents) })
    }
}

/// The inputs in lines such as `get_object(GetObjectInput) -> GetObjectOutput => get;`.
fn s3_operations(code: &str) -> Vec<String> {
    let input = |line: &str| line.split_once('(')?.1.split_once("Input) -> ").map(|(name, _)| name.to_owned());
    let mut names: Vec<_> = code.lines().filter(|line| line.trim_end().ends_with(';')).filter_map(input).collect();
    names.sort();
    names
}

/// The first arguments of `kept("…", …)`.
fn s3_documents(code: &str) -> Vec<String> {
    let names = code.split("kept(").skip(1).filter_map(|call| call.trim_start().strip_prefix('"')?.split_once('"'));
    let mut names: Vec<_> = names.map(|(name, _)| name.to_owned()).collect();
    names.sort();
    names.dedup();
    names
}

/// The section on recorded services, from lines `service agreeing all`.
fn recorded(agreement: &str) -> anyhow::Result<String> {
    let mut rows = Vec::new();
    for line in agreement.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split(' ').collect();
        let [service, agreeing, all] = fields[..] else { anyhow::bail!("bad line `{line}`") };
        rows.push((service, agreeing.parse::<usize>()?, all.parse::<usize>()?));
    }
    let sum = rows.iter().fold((0, 0), |sum, row| (sum.0 + row.1, sum.1 + row.2));
    let percent = |agreeing: usize, all: usize| agreeing * 100 / all.max(1);
    let mut section = format!(
        "\n## Recorded services\n\nWhat is recorded of calls to other services follows from the models of all of them \
         (`crates/services`). Where real records were at hand, the calls that they tell of were made again, and what we say of these \
         was held against them: a form (which members `requestParameters` and `responseElements` have, their casing and types, and the \
         error's code) either agrees as a whole or doesn't. {} of {} forms agree, {} %.\n\n\
         | service | forms | agree |\n|---|---|---|\n",
        sum.0,
        sum.1,
        percent(sum.0, sum.1)
    );
    for (service, agreeing, all) in rows {
        let _ = writeln!(section, "| `{service}` | {all} | {} % |", percent(agreeing, all));
    }
    Ok(section)
}

const INTRODUCTION: &str = "# Compatibility

Made by `cargo xtask compat` from the code itself: an operation is *built* when it has a file in `crates/api/src/op`, and what
stands here is how that file opens.

How we know what the service does, by the strongest first: *seen* in traffic of the real service, *documented* by its authors, or *ours*:
neither, so we chose. Any operation that is not built checks its request against the model all the same and then answers
`UnsupportedOperationException` with a text that says so.

";

fn page(operations: &[Operation], s3: &S3) -> String {
    let built = operations.iter().filter(|operation| operation.header.is_some()).count();
    let mut page = String::from(INTRODUCTION);
    let _ = writeln!(page, "Built: {built} of {}.\n", operations.len());
    page.push_str("## CloudTrail\n\n| operation | service | status | evidence |\n|---|---|---|---|\n");
    for Operation { name, service, header } in operations {
        let (shown, status, evidence) = match header {
            Some(header) => (format!("[{name}](#{})", name.to_lowercase()), "built", header.kinds().join(", ")),
            None => (name.clone(), "not built yet", String::new()),
        };
        let _ = writeln!(page, "| {shown} | `{service}` | {status} | {evidence} |");
    }
    for (name, header) in operations.iter().filter_map(|it| Some((&it.name, it.header.as_ref()?))) {
        let _ = write!(page, "\n### {name}\n\n{}\n\n", capital(&header.summary));
        for (kind, what) in &header.evidence {
            let _ = writeln!(page, "- *{kind}*: {what}");
        }
    }
    let _ = write!(
        page,
        "\n## Embedded S3\n\nAnswered: {}.\n\nKept with a bucket and given back as they were put, besides its policy, ACL and tags: {}.\n",
        s3.operations.join(", "),
        s3.documents.join(", ")
    );
    page
}

impl Header {
    fn kinds(&self) -> Vec<String> {
        let has = |kind: &&str| self.evidence.iter().any(|(it, _)| it == kind);
        KINDS.iter().filter(|kind| has(kind)).map(|kind| kind.to_lowercase()).collect()
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_it_does_and_how_we_know() {
        let code = "//! StopLogging: no more\n//! records.\n//!\n//! - Seen: the answer\n//!   is `{}`.\n//! - Ours: this.\n//!\n//! More.\n\nuse x;\n";
        let header = Header::parse("StopLogging", code).expect("well formed");
        assert_eq!(header.summary, "no more records.");
        let expected = [("Seen", "the answer is `{}`."), ("Ours", "this.")];
        assert_eq!(header.evidence, expected.map(|(kind, what)| (kind.to_owned(), what.to_owned())));
        assert_eq!(header.kinds(), ["seen", "ours"]);
    }

    #[test]
    fn a_file_that_says_less_is_refused() {
        for code in ["//! Stops.\n", "//! StopLogging: stops.\n", "//! StopLogging: stops.\n//!\n//! - Guess: so.\n"] {
            assert!(Header::parse("StopLogging", code).is_err(), "{code}");
        }
    }

    #[test]
    fn recorded_services_are_listed_with_their_shares() {
        let section = recorded("# made by a test\na.amazonaws.com 1 3\nb.amazonaws.com 2 2\n").expect("well formed");
        assert!(section.contains("3 of 5 forms agree, 60 %"), "{section}");
        assert!(section.contains("| `a.amazonaws.com` | 3 | 33 % |"), "{section}");
        assert!(recorded("a 1\n").is_err() && recorded("a x 1\n").is_err());
    }

    #[test]
    fn s3_is_read_from_its_tables() {
        let code = "    get_object(GetObjectInput) -> GetObjectOutput => get;\n  $(async fn x($input) -> y)*\n";
        assert_eq!(s3_operations(code), ["GetObject"]);
        assert_eq!(s3_documents("kept(\n  \"cors\", x)  kept(\"acl\", y) const fn kept(name: x)"), ["acl", "cors"]);
    }
}
