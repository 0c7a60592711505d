//! What was found.

use opentrail_seal::name::ChainName;
use opentrail_seal::verify::Problem;
use opentrail_stdx::Timestamp;
use serde::Serialize;

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A digest.
    Digest,
    /// A digest of log files that came late.
    BackfillDigest,
    /// A log file.
    LogFile,
    /// Digests of a time that are not there.
    MissingDigests,
    /// A time in which the trail didn't deliver.
    Gap,
    /// The chain's older digests are in another bucket.
    OtherBucket,
}

/// How it stands with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Proven unaltered.
    Valid,
    /// Proven altered, missing or added.
    Invalid,
    /// Nothing was proven, for or against.
    Unproven,
    /// Good to know.
    Note,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about.
    pub kind: Kind,
    /// How it stands with it.
    pub verdict: Verdict,
    /// What is wrong, as one word for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<&'static str>,
    /// What is wrong, for people.
    pub message: String,
    /// Its bucket, where buckets have names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<String>,
    /// Its key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whose records.
    pub account: String,
    /// Of which Region.
    pub region: String,
    /// Of which trail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trail: Option<String>,
    /// After this instant, where it is about a time…
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// …up to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// How many of a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Proven unaltered.
    pub valid: usize,
    /// Proven altered, missing or added.
    pub invalid: usize,
    /// Without their signatures.
    #[serde(skip_serializing_if = "is_zero")]
    pub unproven: usize,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Tally {
    /// All of them.
    pub fn total(self) -> usize {
        self.valid + self.invalid + self.unproven
    }

    fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Valid => self.valid += 1,
            Verdict::Invalid => self.invalid += 1,
            Verdict::Unproven => self.unproven += 1,
            Verdict::Note => {}
        }
    }
}

/// All that was found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What was checked.
    pub place: String,
    /// The trail, if one was named.
    pub trail: Option<String>,
    /// The time asked for.
    pub start: Option<Timestamp>,
    /// Up to this one.
    pub end: Option<Timestamp>,
    /// The time that valid digests prove.
    pub proven: Option<(Timestamp, Timestamp)>,
    /// The windows of valid digests, in no order.
    pub windows: Vec<(Timestamp, Timestamp)>,
    /// Digests.
    pub digests: Tally,
    /// Digests of log files that came late.
    pub backfill_digests: Tally,
    /// Log files that digests list, and those that should be listed and aren't.
    pub log_files: Tally,
    /// Times whose digests are missing.
    pub missing_digests: usize,
    /// Log files that no digest covers yet, or that were delivered while there were no digests.
    pub uncovered: usize,
    /// What is told: what is wrong, what is good to know, and what is valid if that was asked for.
    pub findings: Vec<Finding>,
    /// Whether valid objects are told, too.
    pub is_verbose: bool,
}

impl Report {
    /// Whether everything is valid, and there was anything.
    pub fn is_good(&self, allow_unsigned_tail: bool) -> bool {
        let tallies = [self.digests, self.backfill_digests, self.log_files];
        let is_bad = tallies.iter().any(|tally| tally.invalid > 0) || self.missing_digests > 0;
        let is_unproven = tallies.iter().any(|tally| tally.unproven > 0) && !allow_unsigned_tail;
        self.digests.total() + self.backfill_digests.total() > 0 && !is_bad && !is_unproven
    }

    /// Counts a finding, and keeps it if it is to be told.
    pub(crate) fn add(&mut self, finding: Finding) {
        match finding.kind {
            Kind::Digest => self.digests.count(finding.verdict),
            Kind::BackfillDigest => self.backfill_digests.count(finding.verdict),
            Kind::LogFile => {
                self.log_files.count(finding.verdict);
                self.uncovered += usize::from(finding.verdict == Verdict::Note);
            }
            Kind::MissingDigests => self.missing_digests += 1,
            Kind::Gap | Kind::OtherBucket => {}
        }
        let is_dull = finding.verdict == Verdict::Valid || finding.problem == Some(UNCOVERED);
        if self.is_verbose || !is_dull {
            self.findings.push(finding);
        }
    }

    /// Notes that a window is proven.
    pub(crate) fn prove(&mut self, start: Timestamp, end: Timestamp) {
        self.windows.push((start, end));
        let (first, last) = self.proven.unwrap_or((start, end));
        self.proven = Some((first.min(start), last.max(end)));
    }
}

/// The word for log files that no digest covers.
pub const UNCOVERED: &str = "uncovered";

/// The word for a problem.
pub(crate) fn word(problem: &Problem) -> &'static str {
    match problem {
        Problem::NotFound => "not_found",
        Problem::Format => "format",
        Problem::TrailingData => "trailing_data",
        Problem::Moved => "moved",
        Problem::UnknownKey { .. } => "unknown_key",
        Problem::Signature => "signature",
        Problem::Unsigned => "unsigned",
        Problem::Hash => "hash",
        Problem::Unlisted => "unlisted",
        Problem::Unreadable(_) => "unreadable",
    }
}

impl Finding {
    /// About a digest of `chain`, or its log files, with nothing said yet.
    pub(crate) fn of(chain: &ChainName, kind: Kind, verdict: Verdict) -> Self {
        Self {
            kind,
            verdict,
            problem: None,
            message: String::new(),
            bucket: None,
            key: None,
            account: chain.account.clone(),
            region: chain.region.clone(),
            trail: Some(chain.trail.clone()),
            from: None,
            to: None,
        }
    }

    /// What was said of it: nothing means that it is valid.
    pub(crate) fn judged(chain: &ChainName, kind: Kind, problem: Option<&Problem>) -> Self {
        let verdict = match problem {
            None => Verdict::Valid,
            Some(Problem::Unsigned) => Verdict::Unproven,
            Some(_) => Verdict::Invalid,
        };
        Self {
            problem: problem.map(word),
            message: problem.map_or_else(|| "valid".to_owned(), Problem::to_string),
            ..Self::of(chain, kind, verdict)
        }
    }

    /// At a place.
    pub(crate) fn at(mut self, bucket: Option<&str>, key: impl Into<String>) -> Self {
        self.bucket = bucket.map(str::to_owned);
        self.key = Some(key.into());
        self
    }

    /// In a time.
    pub(crate) fn between(mut self, from: Option<Timestamp>, to: Option<Timestamp>) -> Self {
        self.from = from.map(Timestamp::iso);
        self.to = to.map(Timestamp::iso);
        self
    }
}
