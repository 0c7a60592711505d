//! What there is to bring in.

use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::Context;
use opentrail_seal::name::{is_digest, is_named_like_a_log_file, time_in};
use opentrail_stdx::Timestamp;
use serde::Serialize;

use super::bucket::Bucket;
use crate::verify::Usage;

/// Where a file is.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// On this machine.
    File(PathBuf),
    /// The standard input.
    Stdin,
    /// In a bucket.
    Object {
        /// Which one, among [`Found::buckets`].
        bucket: usize,
        /// Its key.
        key: String,
        /// Its entity tag, where the listing tells.
        etag: Option<String>,
    },
}

/// A file that may hold records.
#[derive(Debug, Clone)]
pub(super) struct LogFile {
    pub(super) source: Source,
    /// What to call it: its path, or its address.
    pub(super) name: String,
    /// Its size, where it is known.
    pub(super) bytes: u64,
    /// The time in its name, or else when it was written.
    time: Timestamp,
}

/// What is left out, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LeftOut {
    /// Digests, which hold no records.
    pub(super) digests: u64,
    /// Files without a byte.
    pub(super) empty: u64,
    /// Files that aren't named like log files.
    pub(super) others: u64,
}

/// All that was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The oldest first.
    pub(super) files: Vec<LogFile>,
    pub(super) buckets: Vec<Bucket>,
    pub(super) left_out: LeftOut,
    /// Folders that can't be read, and why.
    pub(super) unreadable: Vec<(String, String)>,
}

impl Found {
    /// Adds a file or folder, the standard input (`-`), or what is in a bucket.
    pub(super) async fn add(
        &mut self,
        place: &str,
        open: impl Fn(&str) -> anyhow::Result<Bucket>,
    ) -> anyhow::Result<()> {
        if place == "-" {
            self.files.push(LogFile {
                source: Source::Stdin,
                name: "stdin".to_owned(),
                bytes: 0,
                time: Timestamp::from_ms(0),
            });
            return Ok(());
        }
        if let Some(place) = place.strip_prefix("s3://") {
            return self.add_bucket(place, open).await;
        }
        let path = Path::new(place);
        let metadata = std::fs::metadata(path).map_err(|error| Usage(format!("cannot look at `{place}`: {error}")))?;
        if metadata.is_dir() {
            self.walk(path);
        } else {
            self.note_file(path.to_owned(), &metadata);
        }
        Ok(())
    }

    async fn add_bucket(&mut self, place: &str, open: impl Fn(&str) -> anyhow::Result<Bucket>) -> anyhow::Result<()> {
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        if name.is_empty() {
            return Err(Usage("`s3://` needs the name of a bucket behind it".to_owned()).into());
        }
        let bucket = open(name)?;
        let objects = bucket.list(prefix).await.with_context(|| format!("cannot list `s3://{place}`"))?;
        for object in objects {
            if object.bytes == 0 {
                self.left_out.empty += 1;
            } else if self.is_wanted(&object.key) {
                let (source, time) = (self.buckets.len(), time_in(&object.key).unwrap_or(object.written_at));
                self.files.push(LogFile {
                    name: format!("s3://{name}/{}", object.key),
                    source: Source::Object { bucket: source, key: object.key, etag: object.etag },
                    bytes: object.bytes,
                    time,
                });
            }
        }
        self.buckets.push(bucket);
        Ok(())
    }

    /// Sorts what was found, the oldest first.
    pub(super) fn sort(&mut self) {
        self.files.sort_by(|a, b| (a.time, &a.name).cmp(&(b.time, &b.name)));
    }

    fn walk(&mut self, dir: &Path) {
        let entries = match std::fs::read_dir(dir).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable.push((dir.display().to_string(), error.to_string())),
        };
        for entry in entries {
            let path = entry.path();
            // Links are followed to files, never to folders: those may lead in circles.
            let kind = entry.file_type();
            match std::fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() => {
                    if kind.is_ok_and(|kind| kind.is_dir()) {
                        self.walk(&path);
                    }
                }
                Ok(metadata) if metadata.len() == 0 => self.left_out.empty += 1,
                Ok(metadata) => {
                    if self.is_wanted(&path.to_string_lossy()) {
                        self.note_file(path, &metadata);
                    }
                }
                Err(error) => self.unreadable.push((path.display().to_string(), error.to_string())),
            }
        }
    }

    fn note_file(&mut self, path: PathBuf, metadata: &std::fs::Metadata) {
        let name = path.display().to_string();
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let written_at = Timestamp::from_ms(0).plus(modified.unwrap_or_default());
        let time = time_in(&name).unwrap_or(written_at);
        self.files.push(LogFile { source: Source::File(path), name, bytes: metadata.len(), time });
    }

    /// By its name; counts what isn't.
    fn is_wanted(&mut self, name: &str) -> bool {
        if is_digest(name) {
            self.left_out.digests += 1;
        } else if !is_named_like_a_log_file(name) {
            self.left_out.others += 1;
        } else {
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "AWSLogs/123456789012/CloudTrail/us-east-1/2026/09/13/123456789012_CloudTrail_us-east-1_20260913T1720Z_abcdefghijklmnop.json.gz";

    #[tokio::test]
    async fn folders_are_walked_and_what_is_no_log_file_is_counted() {
        let dir = tempfile::tempdir().expect("a folder");
        let digest = "AWSLogs/1/CloudTrail-Digest/us-east-1/2026/09/13/d.json.gz";
        for name in [LOG, digest, "b/late.ndjson", "a.log.gz", "notes.txt", "x.json.gz.meta.json"] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().expect("inside")).expect("made");
            std::fs::write(path, "{}").expect("written");
        }
        std::fs::write(dir.path().join("empty.json"), "").expect("written");
        std::os::unix::fs::symlink(dir.path(), dir.path().join("circle")).expect("linked");
        let mut found = Found::default();
        let none = |_: &str| -> anyhow::Result<Bucket> { unreachable!("no bucket is named") };
        found.add(&dir.path().to_string_lossy(), none).await.expect("found");
        found.sort();
        let names: Vec<&str> = found.files.iter().map(|file| file.name.rsplit('/').next().expect("a name")).collect();
        assert_eq!(names[0], LOG.rsplit('/').next().expect("a name"), "the oldest by its name");
        assert_eq!(names.len(), 3, "{names:?}");
        assert_eq!(found.left_out, LeftOut { digests: 1, empty: 1, others: 2 });
        assert!(found.add("/no/such/place", none).await.is_err_and(|error| error.is::<Usage>()));
    }
}
