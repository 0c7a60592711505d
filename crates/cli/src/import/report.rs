//! What became of it all.

use std::fmt::Write as _;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::find::LeftOut;
use super::send::Outcome;

/// Most problems that the summary for people names.
const SHOWN_MAX: usize = 20;

/// Something in a file that is no record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase", deserialize = "PascalCase"))]
pub(super) struct Rejection {
    /// Its place among the items of the file, from 0.
    pub(super) index: u64,
    /// Where it begins, in bytes of the uncompressed file.
    pub(super) offset: u64,
    /// What is wrong with it.
    pub(super) problem: String,
}

/// A file with something wrong in it.
#[derive(Debug, Clone, Serialize)]
struct Flawed {
    file: String,
    rejected: u64,
    rejections: Vec<Rejection>,
}

/// A file that was not brought in.
#[derive(Debug, Clone, Serialize)]
struct Failed {
    file: String,
    problem: String,
}

/// What became of all files.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    /// Files that were found.
    pub(super) files: u64,
    /// Files that were brought in now.
    imported_files: u64,
    /// Files that had been brought in before.
    known_files: u64,
    /// Records of the files that were brought in now.
    records: u64,
    /// Those that are new.
    imported: u64,
    /// Those that were there already.
    duplicates: u64,
    /// What was no record.
    rejected: u64,
    /// Bytes of the files that were brought in now.
    bytes: u64,
    left_out: LeftOut,
    seconds: f64,
    flawed: Vec<Flawed>,
    /// Files that can't be read, or that the server didn't take.
    failed: Vec<Failed>,
    /// Files that aren't what their digests say.
    refused: Vec<Failed>,
    /// What else the digests tell.
    warnings: Vec<String>,
}

impl Report {
    pub(super) fn new(files: usize, left_out: LeftOut) -> Self {
        Self { files: files as u64, left_out, ..Self::default() }
    }

    pub(super) fn sent(&mut self, file: &str, bytes: u64, outcome: Outcome) {
        if outcome.already_imported {
            return self.known();
        }
        self.imported_files += 1;
        self.bytes += bytes;
        self.records += outcome.records;
        self.imported += outcome.imported;
        self.duplicates += outcome.duplicates;
        self.rejected += outcome.rejected;
        if outcome.rejected > 0 {
            let Outcome { rejected, rejections, .. } = outcome;
            self.flawed.push(Flawed { file: file.to_owned(), rejected, rejections });
        }
    }

    pub(super) fn known(&mut self) {
        self.known_files += 1;
    }

    pub(super) fn failed(&mut self, file: &str, problem: String) {
        self.failed.push(Failed { file: file.to_owned(), problem });
    }

    pub(super) fn refused(&mut self, file: &str, problem: String) {
        self.refused.push(Failed { file: file.to_owned(), problem });
    }

    pub(super) fn warn(&mut self, warning: String) {
        self.warnings.push(warning);
    }

    pub(super) fn took(&mut self, time: Duration) {
        self.seconds = time.as_secs_f64();
    }

    /// Whether all that was found is in.
    pub(super) fn is_good(&self) -> bool {
        self.rejected == 0 && self.failed.is_empty() && self.refused.is_empty() && self.warnings.is_empty()
    }

    /// As text, or as JSON.
    pub(super) fn document(&self, is_json: bool) -> anyhow::Result<String> {
        if is_json { Ok(serde_json::to_string_pretty(self)? + "\n") } else { Ok(self.text()) }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let rate = self.records as f64 / self.seconds.max(0.001);
        let mut line = |line: String| {
            let _ = writeln!(text, "{line}");
        };
        line(format!(
            "{} files: {} imported, {} known already, {} failed, {} refused",
            self.files,
            self.imported_files,
            self.known_files,
            self.failed.len(),
            self.refused.len()
        ));
        line(format!(
            "{} records: {} new, {} duplicates; {} rejected ({rate:.0} records/s, {:.1} s)",
            self.records, self.imported, self.duplicates, self.rejected, self.seconds
        ));
        let LeftOut { digests, empty, others } = self.left_out;
        if digests + empty + others > 0 {
            line(format!(
                "left out: {digests} digests, {empty} empty files, {others} files that aren't named like log files"
            ));
        }
        for warning in self.warnings.iter().take(SHOWN_MAX) {
            line(format!("digests: {warning}"));
        }
        for (word, failed) in [("failed", &self.failed), ("refused", &self.refused)] {
            for Failed { file, problem } in failed.iter().take(SHOWN_MAX) {
                line(format!("{word}: {file}: {problem}"));
            }
        }
        let rejections = self.flawed.iter().flat_map(|flawed| flawed.rejections.iter().map(|it| (&flawed.file, it)));
        for (file, Rejection { index, offset, problem }) in rejections.take(SHOWN_MAX) {
            line(format!("rejected: {file}: item {index}, at byte {offset}: {problem}"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn the_summary_counts_and_names() {
        let mut report = Report::new(4, LeftOut { digests: 2, empty: 1, others: 0 });
        let rejections = vec![Rejection { index: 3, offset: 99, problem: "it is no JSON object".to_owned() }];
        let outcome =
            Outcome { records: 10, imported: 8, duplicates: 2, rejected: 1, rejections, already_imported: false };
        report.sent("a.json", 100, outcome);
        report.known();
        report.failed("b.json", "gone".to_owned());
        report.refused("c.json", "altered".to_owned());
        report.took(Duration::from_secs(2));
        assert!(!report.is_good());
        expect![[r"
            4 files: 1 imported, 1 known already, 1 failed, 1 refused
            10 records: 8 new, 2 duplicates; 1 rejected (5 records/s, 2.0 s)
            left out: 2 digests, 1 empty files, 0 files that aren't named like log files
            failed: b.json: gone
            refused: c.json: altered
            rejected: a.json: item 3, at byte 99: it is no JSON object
        "]]
        .assert_eq(&report.text());
    }
}
