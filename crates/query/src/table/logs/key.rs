//! What the key of a log file tells: `…/{account}/CloudTrail/{region}/{yyyy}/{MM}/{dd}/{file}` (CloudTrail user guide,
//! "CloudTrail log file name format").

/// The columns of keys, in the order of [`LogKey::values`]. The last is shown only when it is asked for.
pub(super) const COLUMNS: [&str; 7] = ["account", "region", "year", "month", "day", "date", "$path"];

/// How the folders begin that hold log files below an account's.
const FAMILY: &str = "CloudTrail";

/// The parts of a key; those that it doesn't tell are none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct LogKey<'k> {
    pub(super) account: Option<&'k str>,
    pub(super) region: Option<&'k str>,
    /// `yyyy/MM/dd`
    pub(super) date: Option<&'k str>,
    /// How many bytes of the key the folder of the account takes, without its slash; likewise below.
    pub(super) account_end: usize,
    pub(super) region_end: usize,
    pub(super) date_end: usize,
}

impl<'k> LogKey<'k> {
    /// Reads a key by its folders; where those tell nothing, by the name of the file.
    pub(super) fn parse(key: &'k str) -> Self {
        by_folders(key).or_else(|| by_name(key)).unwrap_or_default()
    }

    /// The values of [`COLUMNS`] but the last.
    pub(super) fn values(&self) -> [Option<&'k str>; 6] {
        let part = |index: usize| self.date.and_then(|date| date.split('/').nth(index));
        [self.account, self.region, part(0), part(1), part(2), self.date]
    }
}

fn by_folders(key: &str) -> Option<LogKey<'_>> {
    let mut starts = Vec::new();
    let mut parts = Vec::new();
    let mut at = 0;
    for part in key.split('/') {
        starts.push(at);
        parts.push(part);
        at += part.len() + 1;
    }
    // Of several places that look so, the last counts: prefixes may have any names.
    let account = (0..parts.len()).rev().find(|account| {
        let at = |below: usize| parts.get(account + below).copied().unwrap_or_default();
        is_account(at(0)) && at(1).starts_with(FAMILY) && is_date([at(3), at(4), at(5)]) && parts.len() > account + 6
    })?;
    let end = |part: usize| starts[part] + parts[part].len();
    Some(LogKey {
        account: Some(parts[account]),
        region: Some(parts[account + 2]),
        date: Some(&key[starts[account + 3]..end(account + 5)]),
        account_end: end(account),
        region_end: end(account + 2),
        date_end: end(account + 5),
    })
}

/// `123456789012_CloudTrail_us-east-1_20260913T1720Z_….json.gz`; its date is not of the form of the others.
fn by_name(key: &str) -> Option<LogKey<'_>> {
    let mut parts = key.rsplit('/').next()?.split('_');
    let (account, family, region) = (parts.next()?, parts.next()?, parts.next()?);
    let is_one = is_account(account) && family.starts_with(FAMILY);
    is_one.then(|| LogKey { account: Some(account), region: Some(region), ..LogKey::default() })
}

fn is_account(part: &str) -> bool {
    part.len() == 12 && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_date(parts: [&str; 3]) -> bool {
    let is_number =
        |(part, digits): (&str, usize)| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.into_iter().zip([4, 2, 2]).all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_names_tell_parts() {
        let file = "123456789012_CloudTrail_us-east-1_20260913T1720Z_abcdefghijklmnop.json.gz";
        let key = format!("p/AWSLogs/o-abc/123456789012/CloudTrail-Insight/us-east-1/2026/09/13/{file}");
        let parsed = LogKey::parse(&key);
        let values =
            [Some("123456789012"), Some("us-east-1"), Some("2026"), Some("09"), Some("13"), Some("2026/09/13")];
        assert_eq!(parsed.values(), values);
        assert_eq!(&key[..parsed.account_end], "p/AWSLogs/o-abc/123456789012");
        assert_eq!(&key[..parsed.region_end], "p/AWSLogs/o-abc/123456789012/CloudTrail-Insight/us-east-1");
        assert!(key[..parsed.date_end].ends_with("us-east-1/2026/09/13"));
        let flat = format!("copy/{file}");
        assert_eq!(LogKey::parse(&flat).values(), [values[0], values[1], None, None, None, None]);
        assert_eq!(LogKey::parse("a/b.json"), LogKey::default());
    }
}
