//! The records of files, and what is wrong with files.

use bytes::Bytes;
use opentrail_catalog::FailedEntry;
use opentrail_intake::import::{Item, LogFile, Prepared, prepare};
use opentrail_stdx::Timestamp;

/// The largest file, in bytes as it is stored. CloudTrail's own have 50 MB before they are compressed.
pub(super) const FILE_BYTES_MAX: u64 = 64 << 20;

/// How gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A file that failed.
pub(super) fn failed(key: &str, error_type: impl Into<String>, error_message: impl Into<String>) -> FailedEntry {
    let (error_type, error_message) = (error_type.into(), error_message.into());
    FailedEntry { key: key.to_owned(), is_prefix: false, error_type, error_message }
}

/// What was read of a file.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Records that the store keeps.
    pub(super) events: u64,
    /// What was no record: how many, and what is wrong with the first.
    rejected: Option<(u64, String)>,
}

impl Read {
    /// What is wrong with the file, if anything is.
    pub(super) fn failure(&self, key: &str) -> Option<FailedEntry> {
        let (count, first) = self.rejected.as_ref()?;
        let message =
            format!("{count} items of the file are no CloudTrail events; the others were copied. The first: {first}");
        Some(failed(key, "InvalidEvent", message))
    }

    fn reject(&mut self, index: u64, offset: u64, problem: &str) {
        let first = || (0, format!("item {index}, at byte {offset}: {problem}"));
        self.rejected.get_or_insert_with(first).0 += 1;
    }
}

/// Hands the records of a file on that are not older than `kept_since`. Blocks, for as long as `take` does.
pub(super) fn read<E>(
    key: &str,
    body: &Bytes,
    kept_since: Timestamp,
    mut take: impl FnMut(Prepared) -> Result<(), E>,
) -> Result<Result<Read, FailedEntry>, E> {
    if !body.starts_with(&GZIP) {
        return Ok(Err(failed(key, "InvalidFormat", "The file is not compressed by gzip.")));
    }
    let mut read = Read::default();
    for item in LogFile::new(&body[..]) {
        let found = match item {
            Item::Record(found) => found,
            Item::Rejected(rejection) => {
                read.reject(rejection.index, rejection.offset, &rejection.problem);
                continue;
            }
        };
        match prepare(found.text) {
            Ok(record) if record.time.is_some_and(|time| time < kept_since) => {}
            Ok(record) => {
                read.events += 1;
                take(record)?;
            }
            Err(problem) => read.reject(found.index, found.offset, &problem),
        }
    }
    Ok(Ok(read))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(text: &str) -> Bytes {
        opentrail_seal::compress(text.as_bytes()).into()
    }

    fn check(body: &Bytes, kept: usize, error_type: Option<&str>) -> String {
        let mut taken = 0;
        let take = |_| {
            taken += 1;
            Ok::<_, std::convert::Infallible>(())
        };
        let kept_since = Timestamp::parse_iso("2026-01-01T00:00:00Z").expect("a time");
        let Ok(read) = read("k", body, kept_since, take);
        let failure = match read {
            Ok(read) => {
                assert_eq!(read.events, taken);
                read.failure("k")
            }
            Err(failure) => Some(failure),
        };
        assert_eq!(
            (usize::try_from(taken).expect("few"), failure.as_ref().map(|it| it.error_type.as_str())),
            (kept, error_type)
        );
        failure.map(|failure| failure.error_message).unwrap_or_default()
    }

    #[test]
    fn files_are_read_and_what_is_wrong_is_told() {
        let record =
            |year: u32| format!(r#"{{"eventVersion":"1.08","eventTime":"{year}-03-04T05:06:07Z","eventName":"X"}}"#);
        let file = |items: &[String]| packed(&format!(r#"{{"Records":[{}]}}"#, items.join(",")));
        check(&file(&[record(2026), record(2027)]), 2, None);
        check(&file(&[record(2026), record(2025)]), 1, None);
        check(&packed(r#"{"Records":[]}"#), 0, None);
        let message = check(&file(&[record(2026), r#"{"a":1}"#.to_owned(), "7".to_owned()]), 1, Some("InvalidEvent"));
        assert!(message.starts_with("2 items of the file") && message.contains("item 1, at byte"), "{message}");
        check(&Bytes::from(record(2026)), 0, Some("InvalidFormat"));
        let whole = file(&[record(2026)]);
        check(&whole.slice(..whole.len() - 9), 1, Some("InvalidEvent"));
    }
}
