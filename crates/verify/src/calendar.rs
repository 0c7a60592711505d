//! A report hour by hour.

use std::time::Duration;

use opentrail_seal::name::{DigestName, LogFileName};
use opentrail_stdx::Timestamp;

use crate::{Finding, Kind, Report, Verdict};

const HOUR_MS: i64 = 60 * 60 * 1000;
/// Problems of an hour that are told.
const PROBLEMS_MAX: usize = 10;
/// How far back an invalid digest counts, where no valid one tells the length of the windows.
const WINDOW: Duration = Duration::from_secs(60 * 60);

/// How it stands with an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HourStatus {
    /// A valid digest covers a part of it at least, and each of its log files is in one.
    Verified,
    /// Nothing was proven, for or against.
    Unverified,
    /// Something is altered, missing or added.
    Broken,
}

/// What a report says of an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hour {
    /// When it begins.
    pub start: Timestamp,
    /// How it stands with it.
    pub status: HourStatus,
    /// Valid log files whose stamps lie in it.
    pub log_files: usize,
    /// What is wrong, the first few.
    pub problems: Vec<String>,
}

/// The hours of a time, as a report that was told of valid objects, too ([`Scope::is_verbose`](crate::Scope)) has them.
pub fn hours(report: &Report, start: Timestamp, end: Timestamp) -> Vec<Hour> {
    let (first, last) = (start.as_ms().div_euclid(HOUR_MS), end.as_ms().div_euclid(HOUR_MS));
    let hour = |number: i64| Hour {
        start: Timestamp::from_ms(number * HOUR_MS),
        status: HourStatus::Unverified,
        log_files: 0,
        problems: Vec::new(),
    };
    let mut calendar = Calendar { first, open: Vec::new(), hours: (first..=last).map(hour).collect() };
    calendar.open.resize(calendar.hours.len(), false);
    for (from, to) in &report.windows {
        calendar.each(*from, *to, |hour, _| hour.status = HourStatus::Verified);
    }
    for finding in &report.findings {
        calendar.note(finding, usual_window(report));
    }
    calendar.finish()
}

fn usual_window(report: &Report) -> Duration {
    report.windows.iter().map(|(from, to)| to.since(*from)).max().unwrap_or(WINDOW)
}

struct Calendar {
    /// The number of the first hour since 1970.
    first: i64,
    /// Hours with log files that nothing was proven of.
    open: Vec<bool>,
    hours: Vec<Hour>,
}

impl Calendar {
    /// Calls `each` with the hours that a time touches.
    fn each(&mut self, from: Timestamp, to: Timestamp, mut each: impl FnMut(&mut Hour, &mut bool)) {
        let place = |ms: i64| ms.div_euclid(HOUR_MS) - self.first;
        let (low, high) = (place(from.as_ms()), place((to.as_ms() - 1).max(from.as_ms())));
        for index in low.max(0)..=high.min(self.hours.len() as i64 - 1) {
            let index = usize::try_from(index).expect("not less than zero");
            each(&mut self.hours[index], &mut self.open[index]);
        }
    }

    fn note(&mut self, finding: &Finding, window: Duration) {
        let Some((from, to)) = time_of(finding, window) else { return };
        self.each(from, to, |hour, is_open| match (finding.kind, finding.verdict) {
            (Kind::LogFile, Verdict::Valid) => hour.log_files += 1,
            (Kind::LogFile, Verdict::Note) | (_, Verdict::Unproven) => *is_open = true,
            (_, Verdict::Invalid) => {
                hour.status = HourStatus::Broken;
                if hour.problems.len() < PROBLEMS_MAX {
                    hour.problems.push(problem(finding));
                }
            }
            (_, Verdict::Valid | Verdict::Note) => {}
        });
    }

    fn finish(mut self) -> Vec<Hour> {
        for (hour, is_open) in self.hours.iter_mut().zip(self.open) {
            if is_open && hour.status == HourStatus::Verified {
                hour.status = HourStatus::Unverified;
            }
        }
        self.hours
    }
}

/// The time that a finding is about.
fn time_of(finding: &Finding, window: Duration) -> Option<(Timestamp, Timestamp)> {
    let key = finding.key.as_deref();
    match finding.kind {
        Kind::LogFile => LogFileName::parse(key?).map(|name| (name.stamp, name.stamp)),
        Kind::Digest | Kind::BackfillDigest => DigestName::parse(key?).map(|name| (name.end.minus(window), name.end)),
        Kind::MissingDigests => {
            let to = Timestamp::parse_iso(finding.to.as_deref()?)?;
            let from = finding.from.as_deref().and_then(Timestamp::parse_iso);
            Some((from.unwrap_or_else(|| to.minus(window)), to))
        }
        Kind::Gap | Kind::OtherBucket => None,
    }
}

fn problem(finding: &Finding) -> String {
    match (&finding.key, finding.kind) {
        (Some(key), _) => format!("{key}: {}", finding.message),
        (None, Kind::MissingDigests) => format!("digests of {} are missing", finding.region),
        (None, _) => finding.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_iso(&format!("2026-09-13T{text}Z")).expect("a time")
    }

    fn finding(kind: Kind, verdict: Verdict, key: &str) -> Finding {
        Finding {
            kind,
            verdict,
            problem: None,
            message: "hash value doesn't match".to_owned(),
            bucket: None,
            key: Some(key.to_owned()),
            account: String::new(),
            region: "us-east-1".to_owned(),
            trail: None,
            from: None,
            to: None,
        }
    }

    fn log_file(verdict: Verdict, stamp: &str) -> Finding {
        let folder = "AWSLogs/123456789012/CloudTrail/us-east-1/2026/09/13";
        let key = format!("{folder}/123456789012_CloudTrail_us-east-1_20260913T{stamp}Z_abcdefghijklmnop.json.gz");
        finding(Kind::LogFile, verdict, &key)
    }

    fn digest(verdict: Verdict, end: &str) -> Finding {
        let folder = "AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2026/09/13";
        let key = format!("{folder}/123456789012_CloudTrail-Digest_us-east-1_t_us-east-1_20260913T{end}Z.json.gz");
        finding(Kind::Digest, verdict, &key)
    }

    fn statuses(hours: &[Hour]) -> Vec<HourStatus> {
        hours.iter().map(|hour| hour.status).collect()
    }

    #[test]
    fn hours_are_what_their_objects_are() {
        use HourStatus::{Broken, Unverified, Verified};
        let mut report = Report {
            windows: vec![(at("10:00:00"), at("11:00:00")), (at("11:00:00"), at("12:00:00"))],
            findings: vec![
                digest(Verdict::Valid, "110000"),
                log_file(Verdict::Valid, "1005"),
                log_file(Verdict::Valid, "1010"),
                log_file(Verdict::Invalid, "1105"),
                log_file(Verdict::Note, "1205"),
            ],
            ..Report::default()
        };
        let calendar = hours(&report, at("09:30:00"), at("12:10:00"));
        assert_eq!(statuses(&calendar), [Unverified, Verified, Broken, Unverified]);
        assert_eq!((calendar[0].start, calendar[1].log_files), (at("09:00:00"), 2));
        assert!(calendar[2].problems[0].ends_with("abcdefghijklmnop.json.gz: hash value doesn't match"));
        report.findings = vec![digest(Verdict::Unproven, "110000"), digest(Verdict::Invalid, "123000")];
        assert_eq!(statuses(&hours(&report, at("10:00:00"), at("12:59:00"))), [Unverified, Broken, Broken]);
        let missing = Finding { key: None, to: Some(at("11:00:00").iso()), ..digest(Verdict::Invalid, "110000") };
        report.findings = vec![Finding { kind: Kind::MissingDigests, ..missing }];
        let calendar = hours(&report, at("10:00:00"), at("11:59:00"));
        assert_eq!(statuses(&calendar), [Broken, Verified]);
        assert_eq!(calendar[0].problems, ["digests of us-east-1 are missing"]);
    }
}
