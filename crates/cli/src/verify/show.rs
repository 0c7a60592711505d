//! A report as text, in the manner of `aws cloudtrail validate-logs`, or as JSON.

use std::fmt::Write;
use std::io::IsTerminal;

use opentrail_stdx::Timestamp;
use opentrail_verify::{Finding, Kind, Report, Tally, UNCOVERED, Verdict};
use serde_json::json;

/// The report, as it is printed.
pub(crate) fn document(report: &Report, as_json: bool, is_verbose: bool) -> String {
    if as_json { format!("{:#}\n", as_value(report)) } else { text(report, is_verbose, has_colours()) }
}

/// Whether stdout shows colours and nobody asked for none (see no-color.org).
fn has_colours() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    std::io::stdout().is_terminal() && !is_set("NO_COLOR") && !is_dumb
}

/// The report for programs.
pub(crate) fn as_value(report: &Report) -> serde_json::Value {
    let iso = |at: Option<Timestamp>| at.map(Timestamp::iso);
    json!({
        "place": report.place,
        "trail": report.trail,
        "start": iso(report.start),
        "end": iso(report.end),
        "valid": report.is_good(false),
        "proven_from": iso(report.proven.map(|(from, _)| from)),
        "proven_to": iso(report.proven.map(|(_, to)| to)),
        "summary": {
            "digests": report.digests,
            "backfill_digests": report.backfill_digests,
            "log_files": report.log_files,
            "missing_digests": report.missing_digests,
            "uncovered_log_files": report.uncovered,
        },
        "findings": report.findings,
    })
}

/// The report for people.
pub(crate) fn text(report: &Report, is_verbose: bool, has_colours: bool) -> String {
    let mut out = String::new();
    let what = report.trail.as_ref().map_or_else(|| report.place.clone(), |trail| format!("trail {trail}"));
    let _ = writeln!(out, "Validating log files of {what}{}\n", time_asked(report));
    let told = report.findings.iter().filter(|finding| is_verbose || finding.problem != Some(UNCOVERED));
    let mut is_any = false;
    for finding in told {
        let _ = writeln!(out, "{}", line(finding, has_colours));
        is_any = true;
    }
    if is_any {
        out.push('\n');
    }
    summary(report, &mut out);
    out
}

fn time_asked(report: &Report) -> String {
    match (report.start, report.end) {
        (None, None) => String::new(),
        (Some(start), None) => format!(" from {}", start.iso()),
        (None, Some(end)) => format!(" up to {}", end.iso()),
        (Some(start), Some(end)) => format!(" between {} and {}", start.iso(), end.iso()),
    }
}

/// One finding.
pub(crate) fn line(finding: &Finding, has_colours: bool) -> String {
    let Finding { kind, verdict, message, region, from, to, .. } = finding;
    let trail = finding.trail.as_deref().unwrap_or_default();
    let place = match (&finding.bucket, &finding.key) {
        (Some(bucket), Some(key)) => format!("s3://{bucket}/{key}"),
        (_, key) => key.clone().unwrap_or_default(),
    };
    let time = match (from, to) {
        (Some(from), Some(to)) => format!("between {from} and {to}"),
        (None, Some(to)) => format!("up to {to}"),
        _ => String::new(),
    };
    let (colour, said) = match verdict {
        Verdict::Valid => ("32", message.clone()),
        Verdict::Invalid => ("31", format!("INVALID: {message}")),
        Verdict::Unproven => ("33", format!("UNPROVEN: {message}")),
        Verdict::Note => ("36", message.clone()),
    };
    let said = if has_colours { format!("\u{1b}[{colour}m{said}\u{1b}[0m") } else { said };
    match kind {
        Kind::Digest => format!("Digest file\t{place}\t{said}"),
        Kind::BackfillDigest => format!("(backfill) Digest file\t{place}\t{said}"),
        Kind::LogFile => format!("Log file\t{place}\t{said}"),
        Kind::MissingDigests => format!("Digest files\tof trail {trail} in {region} {time}\t{said}"),
        Kind::Gap => format!("No log files were delivered by trail {trail} in {region} {time}"),
        Kind::OtherBucket => format!("Digest file\t{place}\t{said}"),
    }
}

fn summary(report: &Report, out: &mut String) {
    if report.digests.total() + report.backfill_digests.total() == 0 {
        let _ = writeln!(out, "No digests found");
        if report.place.starts_with("s3://") {
            let _ = writeln!(out, "If the trail delivers under a prefix, name it: s3://BUCKET/PREFIX");
        }
        uncovered(report, out);
        return;
    }
    match report.proven {
        Some((from, to)) => {
            let _ = writeln!(out, "Results found for {} to {}:\n", from.iso(), to.iso());
        }
        None => {
            let _ = writeln!(out, "No valid digests found\n");
        }
    }
    ratio(out, report.digests, "digest files");
    ratio(out, report.backfill_digests, "backfill digest files");
    ratio(out, report.log_files, "log files");
    if report.missing_digests > 0 {
        let spans = counted(report.missing_digests, "span of time", "spans of time");
        let _ = writeln!(out, "{spans} without its digest files");
    }
    uncovered(report, out);
    if report.findings.iter().any(|finding| finding.problem == Some("unknown_key")) {
        let _ = writeln!(
            out,
            "\nA digest names a key that is not among the public keys of its Region: it was signed by somebody else, or the\n\
             saved keys don't hold that Region's. See the examples of `opentrail verify --help`."
        );
    }
    if report.digests.unproven + report.backfill_digests.unproven > 0 {
        let _ = writeln!(
            out,
            "\nThe newest digest of a chain came without its signature, which S3 keeps as metadata and plain copies lose.\n\
             Verify the bucket itself, or save the metadata beside the copy as <digest>.meta.json, or pass --allow-unsigned-tail."
        );
    }
}

fn uncovered(report: &Report, out: &mut String) {
    if report.uncovered > 0 {
        let _ = writeln!(out, "{} not covered by any digest yet", counted(report.uncovered, "log file", "log files"));
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn ratio(out: &mut String, tally: Tally, name: &str) {
    let total = tally.total();
    if total == 0 {
        return;
    }
    let _ = write!(out, "{}/{total} {name} valid", tally.valid);
    for (count, word) in [(tally.invalid, "INVALID"), (tally.unproven, "UNPROVEN")] {
        if count > 0 {
            let _ = write!(out, ", {count}/{total} {name} {word}");
        }
    }
    out.push('\n');
}
