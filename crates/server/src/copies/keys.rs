//! Which objects of a source are log files that an import copies.

use opentrail_seal::name::time_in;
use opentrail_stdx::Timestamp;

/// The folder of log files.
const FOLDER: &str = "CloudTrail";
/// The folder of network activity events, which are copied where the source names it.
const NETWORK: &str = "CloudTrail-NetworkActivity";
/// What else CloudTrail delivers lies in folders that begin so: digests, Insights, aggregated events.
const BESIDE: &str = "CloudTrail-";
/// Below this folder lie organizations and accounts, and below those the logs of services.
const LOGS: &str = "AWSLogs";
/// Stands for a folder at endpoints whose clients can't name one.
const MARKER: &str = ".opentrail";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const MINUTE_MS: i64 = 60 * 1000;

/// The folder of a key, with its slash.
pub(super) fn folder(key: &str) -> &str {
    key.rfind('/').map_or("", |end| &key[..=end])
}

/// Which keys are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Whether the source was named below the bucket's top.
    has_prefix: bool,
    /// The folder of the events that are copied.
    folder: &'static str,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl Wanted {
    /// Of a source with this prefix, within these times.
    pub(super) fn below(prefix: &str, from: Option<Timestamp>, to: Option<Timestamp>) -> Self {
        let is_network = prefix.split('/').any(|folder| folder == NETWORK);
        Self { has_prefix: !prefix.is_empty(), folder: if is_network { NETWORK } else { FOLDER }, from, to }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.is_in_scope(key) && self.is_in_time(key)
    }

    /// Where services keep their logs, only CloudTrail's are looked into; elsewhere whatever was named.
    fn is_in_scope(&self, key: &str) -> bool {
        let mut folders: Vec<&str> = key.split('/').collect();
        let name = folders.pop().unwrap_or_default();
        let is_beside = |folder: &&str| folder.starts_with(BESIDE) && *folder != self.folder;
        if name.is_empty() || name == MARKER || folders.iter().any(is_beside) {
            return false;
        }
        match folders.iter().position(|folder| *folder == LOGS) {
            Some(logs) => {
                let service = folders[logs + 1..].iter().find(|folder| !is_owner(folder));
                service.is_some_and(|service| *service == self.folder)
            }
            None => self.has_prefix || folders.contains(&self.folder),
        }
    }

    /// The dates in prefix and name must both be in the range; a key without any is in no range.
    fn is_in_time(&self, key: &str) -> bool {
        if self.from.is_none() && self.to.is_none() {
            return true;
        }
        let spans = [(day_in(key), DAY_MS), (time_in(key), MINUTE_MS)];
        let mut known = spans.into_iter().filter_map(|(time, length)| Some((time?.as_ms(), length))).peekable();
        known.peek().is_some() && known.all(|(begin, length)| self.meets(begin, begin + length))
    }

    /// Whether a span of time, in milliseconds, has a part in the range.
    fn meets(&self, begin: i64, end: i64) -> bool {
        self.from.is_none_or(|from| from.as_ms() < end) && self.to.is_none_or(|to| begin <= to.as_ms())
    }
}

/// An organization or an account.
fn is_owner(folder: &str) -> bool {
    folder.starts_with("o-") || folder.len() == 12 && folder.bytes().all(|byte| byte.is_ascii_digit())
}

/// The day that folders of a key name: `…/2026/09/13/…`.
fn day_in(key: &str) -> Option<Timestamp> {
    let folders: Vec<&str> = folder(key).split('/').collect();
    folders.windows(3).rev().find_map(|date| {
        let is_date = date.iter().zip([4, 2, 2]).all(|(part, length)| part.len() == length);
        is_date.then(|| Timestamp::parse_iso(&format!("{}T00:00:00Z", date.join("-")))).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "AWSLogs/123456789012/CloudTrail/us-east-1/2026/09/13/123456789012_CloudTrail_us-east-1_20260913T1720Z_abcdefghijklmnop.json.gz";

    fn has(has_prefix: bool, key: &str) -> bool {
        Wanted::below(if has_prefix { "prefix/" } else { "" }, None, None).has(key)
    }

    #[test]
    fn among_the_logs_of_services_only_cloudtrails_are_taken() {
        for key in [LOG.to_owned(), format!("my/{LOG}"), LOG.replacen("AWSLogs", "AWSLogs/o-abc", 1)] {
            assert!(has(false, &key) && has(true, &key), "{key}");
        }
        for other in ["CloudTrail-Digest", "CloudTrail-Insight", NETWORK, "elasticloadbalancing", "vpcflowlogs"] {
            assert!(!has(true, &LOG.replace("/CloudTrail/", &format!("/{other}/"))), "{other}");
        }
        assert!(
            !has(true, "AWSLogs/123456789012/CloudTrail/") && !has(true, "AWSLogs/123456789012/CloudTrail/.opentrail")
        );
        assert!(has(true, "mine/a.json.gz") && !has(false, "mine/a.json.gz") && has(false, "old/CloudTrail/a.json.gz"));
        assert!(!has(true, "old/CloudTrail-Digest/a.json.gz"));
    }

    #[test]
    fn network_activity_is_taken_where_it_is_named() {
        let has = |prefix: &str, key: &str| Wanted::below(prefix, None, None).has(key);
        let network = &LOG.replace("CloudTrail", NETWORK);
        for prefix in
            ["AWSLogs/123456789012/CloudTrail-NetworkActivity", "AWSLogs/123456789012/CloudTrail-NetworkActivity/us-"]
        {
            assert!(has(prefix, network), "{prefix}");
        }
        for prefix in ["", "AWSLogs/", "AWSLogs/123456789012/", "AWSLogs/123456789012/CloudTrail"] {
            assert!(!has(prefix, network) && has(prefix, LOG), "{prefix}");
        }
        assert!(has("mine/CloudTrail-NetworkActivity/", "mine/CloudTrail-NetworkActivity/a.json.gz"));
        assert!(!has("mine/CloudTrail-NetworkActivity", "mine/CloudTrail-NetworkActivityOld/a.json.gz"));
    }

    #[test]
    fn dates_of_prefix_and_name_must_be_in_the_range() {
        let at = |text: &str| Timestamp::parse_iso(text);
        let check = |from: &str, to: &str, key: &str, expected: bool| {
            let wanted = Wanted::below("x/", at(from), at(to));
            assert_eq!(wanted.has(key), expected, "{from} {to} {key}");
        };
        check("2026-09-13T17:20:59Z", "", LOG, true);
        check("2026-09-13T17:21:00Z", "", LOG, false);
        check("", "2026-09-13T17:20:00Z", LOG, true);
        check("", "2026-09-13T17:19:59Z", LOG, false);
        check("2026-09-13T00:00:00Z", "2026-09-14T00:00:00Z", &LOG.replace("2026/09/13", "2026/09/12"), false);
        check("2026-09-13T12:00:00Z", "", "x/2026/09/13/events.json.gz", true);
        check("2026-09-14T00:00:00Z", "", "x/2026/09/13/events.json.gz", false);
        check("2026-09-14T00:00:00Z", "", "x/events.json.gz", false);
    }
}
