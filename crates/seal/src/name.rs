//! The keys of delivered objects.

use std::fmt;

use opentrail_stdx::Timestamp;

/// Kinds of log files, each with a folder of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Management and data events.
    CloudTrail,
    /// Insights events.
    Insight,
    /// Network activity events.
    NetworkActivity,
    /// Aggregated data events.
    Aggregated,
}

impl Family {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CloudTrail, Self::Insight, Self::NetworkActivity, Self::Aggregated];

    /// The folder's name.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::CloudTrail => "CloudTrail",
            Self::Insight => "CloudTrail-Insight",
            Self::NetworkActivity => "CloudTrail-NetworkActivity",
            Self::Aggregated => "CloudTrail-Aggregated",
        }
    }

    fn of_folder(folder: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.folder() == folder)
    }
}

/// Letters of the random end of a log file's name.
pub const SUFFIX_ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/// How many of them there are.
pub const SUFFIX_LETTERS: usize = 16;
const DIGEST_FOLDER: &str = "CloudTrail-Digest";

/// What stands before the account in a key: `{prefix}/AWSLogs/`, with the organization where there is one.
pub fn root_folder(prefix: Option<&str>) -> String {
    match prefix {
        Some(prefix) if !prefix.is_empty() => format!("{prefix}/AWSLogs/"),
        _ => "AWSLogs/".to_owned(),
    }
}

/// The folders of a Region's day: those of log files of each kind, and that of digests.
pub fn day_folders(root: &str, account: &str, region: &str, day: Timestamp) -> Vec<String> {
    let date = day.date_path();
    let folders = Family::ALL.into_iter().map(Family::folder).chain([DIGEST_FOLDER]);
    folders.map(|folder| format!("{root}{account}/{folder}/{region}/{date}/")).collect()
}

/// The name of a log file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFileName {
    /// See [`root_folder`].
    pub root: String,
    /// Whose records.
    pub account: String,
    /// Which kind.
    pub family: Family,
    /// Of which Region.
    pub region: String,
    /// The stamp, to the minute.
    pub stamp: Timestamp,
    /// The random end.
    pub suffix: String,
}

impl fmt::Display for LogFileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { root, account, family, region, stamp, suffix } = self;
        let (folder, date, stamp) = (family.folder(), stamp.date_path(), stamp.basic_minutes());
        write!(f, "{root}{account}/{folder}/{region}/{date}/{account}_{folder}_{region}_{stamp}_{suffix}.json.gz")
    }
}

impl LogFileName {
    /// Reads a key; `None` when it isn't a log file's.
    pub fn parse(key: &str) -> Option<Self> {
        let Folders { root, account, kind, region, file } = Folders::of(key)?;
        let family = Family::of_folder(kind)?;
        let rest = file.strip_prefix(&format!("{account}_{kind}_{region}_"))?.strip_suffix(".json.gz")?;
        let (stamp, suffix) = rest.split_once('_')?;
        let stamp = Timestamp::parse_basic(&format!("{}00Z", stamp.strip_suffix('Z')?))?;
        let is_suffix = suffix.len() == SUFFIX_LETTERS && suffix.bytes().all(|b| b.is_ascii_alphanumeric());
        is_suffix.then(|| Self {
            root: root.to_owned(),
            account: account.to_owned(),
            family,
            region: region.to_owned(),
            stamp,
            suffix: suffix.to_owned(),
        })
    }
}

/// The stamp in the name of a log file, such as `20260913T1720Z`, whoever wrote it.
pub fn time_in(key: &str) -> Option<Timestamp> {
    let name = key.rsplit('/').next()?;
    name.split(['_', '.', '-']).find_map(|part| {
        let digits = part.strip_suffix('Z')?;
        let padded = if digits.len() == 13 { format!("{digits}00Z") } else { part.to_owned() };
        Timestamp::parse_basic(&padded)
    })
}

/// The chain that a digest belongs to, as its name tells.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainName {
    /// See [`root_folder`].
    pub root: String,
    /// Whose records.
    pub account: String,
    /// Of which Region.
    pub region: String,
    /// The trail's name.
    pub trail: String,
    /// The Region where the trail was made.
    pub home_region: String,
    /// Whether it is the chain of backfill digests.
    pub is_backfill: bool,
}

/// The name of a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestName {
    /// Its chain.
    pub chain: ChainName,
    /// The end of its window.
    pub end: Timestamp,
}

impl fmt::Display for DigestName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ChainName { root, account, region, trail, home_region, is_backfill } = &self.chain;
        let (date, end, tail) = (self.end.date_path(), self.end.basic(), if *is_backfill { "_backfill" } else { "" });
        write!(f, "{root}{account}/{DIGEST_FOLDER}/{region}/{date}/")?;
        write!(f, "{account}_{DIGEST_FOLDER}_{region}_{trail}_{home_region}_{end}{tail}.json.gz")
    }
}

impl DigestName {
    /// Reads a key; `None` when it isn't a digest's.
    pub fn parse(key: &str) -> Option<Self> {
        let Folders { root, account, kind, region, file } = Folders::of(key)?;
        let rest = file.strip_prefix(&format!("{account}_{DIGEST_FOLDER}_{region}_"))?.strip_suffix(".json.gz")?;
        let (rest, is_backfill) = rest.strip_suffix("_backfill").map_or((rest, false), |rest| (rest, true));
        let (rest, end) = rest.rsplit_once('_')?;
        // A trail's name may hold underscores; a Region's doesn't.
        let (trail, home_region) = rest.rsplit_once('_')?;
        let chain = ChainName {
            root: root.to_owned(),
            account: account.to_owned(),
            region: region.to_owned(),
            trail: trail.to_owned(),
            home_region: home_region.to_owned(),
            is_backfill,
        };
        let end = Timestamp::parse_basic(end)?;
        (kind == DIGEST_FOLDER).then_some(Self { chain, end })
    }
}

/// A key's folders: `{root}{account}/{kind}/{region}/{YYYY}/{MM}/{DD}/{file}`.
struct Folders<'a> {
    root: &'a str,
    account: &'a str,
    kind: &'a str,
    region: &'a str,
    file: &'a str,
}

impl<'a> Folders<'a> {
    fn of(key: &'a str) -> Option<Self> {
        let mut parts = key.rsplitn(7, '/');
        let file = parts.next()?;
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let is_dated = parts.by_ref().take(3).filter(|part| is_number(part)).count() == 3;
        let region = parts.next()?;
        let kind = parts.next()?;
        let above = parts.next()?;
        let account = above.rsplit('/').next()?;
        let root = &above[..above.len() - account.len()];
        let is_root = root == "AWSLogs/" || root.contains("/AWSLogs/") || root.starts_with("AWSLogs/");
        (is_dated && is_root && account.len() == 12 && is_number(account)).then_some(Self {
            root,
            account,
            kind,
            region,
            file,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_iso(text).unwrap()
    }

    #[test]
    fn names_tell_times() {
        let log =
            "AWSLogs/1/CloudTrail/us-east-1/2026/09/13/1_CloudTrail_us-east-1_20260913T1720Z_abcdefghijklmnop.json.gz";
        assert_eq!(time_in(log), Some(at("2026-09-13T17:20:00Z")));
        assert_eq!(time_in("x_20260913T172005Z.json"), Some(at("2026-09-13T17:20:05Z")));
        assert_eq!(time_in("events-00001.ndjson"), None);
    }

    #[test]
    fn log_files_are_named_as_in_the_documentation() {
        let name = LogFileName {
            root: root_folder(Some("p/q")),
            account: "123456789012".into(),
            family: Family::Insight,
            region: "ca-central-1".into(),
            stamp: at("2020-09-23T05:16:00Z"),
            suffix: "KL5e9VCV2SS7IqzB".into(),
        };
        let key = "p/q/AWSLogs/123456789012/CloudTrail-Insight/ca-central-1/2020/09/23/\
                   123456789012_CloudTrail-Insight_ca-central-1_20200923T0516Z_KL5e9VCV2SS7IqzB.json.gz";
        assert_eq!(name.to_string(), key);
        let folders = day_folders(&name.root, &name.account, &name.region, name.stamp);
        assert_eq!(folders.iter().filter(|folder| key.starts_with(*folder)).count(), 1);
        assert_eq!(LogFileName::parse(key), Some(name));
        assert_eq!(DigestName::parse(key), None);
    }

    #[test]
    fn digests_are_named_as_in_the_documentation() {
        let name = DigestName {
            chain: ChainName {
                root: root_folder(None),
                account: "123456789012".into(),
                region: "us-west-2".into(),
                trail: "my_trail".into(),
                home_region: "us-east-1".into(),
                is_backfill: false,
            },
            end: at("2026-09-13T16:29:23Z"),
        };
        let key = "AWSLogs/123456789012/CloudTrail-Digest/us-west-2/2026/09/13/\
                   123456789012_CloudTrail-Digest_us-west-2_my_trail_us-east-1_20260913T162923Z.json.gz";
        assert_eq!(name.to_string(), key);
        assert_eq!(DigestName::parse(key), Some(name.clone()));
        let folders = day_folders("AWSLogs/", &name.chain.account, &name.chain.region, name.end);
        assert!(folders.iter().any(|folder| key.starts_with(folder)));
        let backfill = DigestName { chain: ChainName { is_backfill: true, ..name.chain }, ..name };
        assert_eq!(backfill.to_string(), key.replace("Z.json", "Z_backfill.json"));
        assert_eq!(DigestName::parse(&backfill.to_string()), Some(backfill));
    }

    #[test]
    fn other_keys_have_no_name() {
        for key in ["", "AWSLogs/123456789012/CloudTrail/", "x/y", "AWSLogs/1/CloudTrail/r/2026/1/1/f.json.gz"] {
            assert_eq!(LogFileName::parse(key), None, "{key}");
            assert_eq!(DigestName::parse(key), None, "{key}");
        }
    }
}
