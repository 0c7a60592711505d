//! Where the objects are.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use opentrail_blob::{Blob, Folder, Object};
use opentrail_seal::digest::Digest;
use opentrail_seal::name::DigestName;
use opentrail_seal::verify::Problem;
use opentrail_stdx::{Backoff, SystemDisk, SystemEntropy};
use tokio::sync::mpsc;

use super::Usage;

/// Keys in one page of a listing.
const PAGE_KEYS: usize = 1000;
/// How often an object is asked for before it counts as unreadable.
const READ_TRIES: u32 = 4;
const BETWEEN_TRIES: Backoff = Backoff { first: Duration::from_millis(200), max: Duration::from_secs(5) };
/// The first folder of all that trails deliver, below their prefix.
const FIRST_FOLDER: &str = "AWSLogs";

/// A bucket, or a folder that is a copy of one.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    blob: Arc<dyn Blob>,
    /// The bucket's name; none in a folder, which may be a copy of any.
    bucket: Option<String>,
    /// Keys are listed from here on, as the place knows them.
    under: String,
    /// The folder, which is walked once instead of page by page.
    folder: Option<PathBuf>,
    /// What stands before a key in the bucket, but not in this copy of a part of it.
    left_out: String,
    name: String,
}

impl Place {
    /// A bucket's objects under `prefix`.
    pub(crate) fn bucket(bucket: &str, prefix: &str, blob: Arc<dyn Blob>) -> Self {
        Self {
            blob,
            bucket: Some(bucket.to_owned()),
            under: under(prefix),
            folder: None,
            left_out: String::new(),
            name: format!("s3://{bucket}/{prefix}"),
        }
    }

    /// A folder: a copy of a bucket, of what is under a prefix of it, or a folder inside such a copy.
    pub(crate) async fn folder(path: &Path) -> anyhow::Result<Self> {
        let absolute = std::fs::canonicalize(path)
            .map_err(|error| Usage(format!("cannot look into `{}`: {error}", path.display())))?;
        if !absolute.is_dir() {
            return Err(Usage(format!("`{}` is not a folder", path.display())).into());
        }
        let (root, under) = split_at_first_folder(&absolute);
        let mut place = Self {
            blob: Arc::new(Folder::new(Arc::new(SystemDisk), root.clone())),
            bucket: None,
            under,
            folder: Some(root),
            left_out: String::new(),
            name: path.display().to_string(),
        };
        place.left_out = place.find_left_out().await?;
        Ok(place)
    }

    /// What to call it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The name of the bucket, where buckets have names.
    pub(crate) fn bucket_name(&self) -> Option<&str> {
        self.bucket.as_deref()
    }

    /// All keys, page by page, as they are in the bucket.
    pub(crate) fn keys(&self) -> mpsc::Receiver<anyhow::Result<Vec<String>>> {
        let (pages, receiver) = mpsc::channel(4);
        let place = self.clone();
        match self.folder.clone() {
            Some(root) => {
                tokio::task::spawn_blocking(move || place.walk(&root, &pages));
            }
            None => {
                tokio::spawn(async move { place.list(&pages).await });
            }
        }
        receiver
    }

    /// Reads an object; asks again when that may help.
    pub(crate) async fn read(&self, key: &str) -> Result<Object, Problem> {
        let Some(here) = key.strip_prefix(&self.left_out) else { return Err(Problem::NotFound) };
        let mut failures = 0;
        loop {
            match self.blob.get(here).await {
                Ok(object) => return object.ok_or(Problem::NotFound),
                Err(error) if error.is_transient() && failures + 1 < READ_TRIES && self.folder.is_none() => {
                    failures += 1;
                    tokio::time::sleep(BETWEEN_TRIES.delay(failures, &SystemEntropy)).await;
                }
                Err(error) if error.code == "NoSuchBucket" || error.code == "InvalidArgument" => {
                    return Err(Problem::NotFound);
                }
                Err(error) => return Err(Problem::Unreadable(in_short(&error))),
            }
        }
    }

    async fn list(&self, pages: &mpsc::Sender<anyhow::Result<Vec<String>>>) {
        let mut last: Option<String> = None;
        loop {
            let page = match self.blob.list(&self.under, last.as_deref()).await {
                Ok(page) => page,
                Err(error) => {
                    let _ = pages.send(Err(anyhow!("cannot list the objects: {}", in_short(&error)))).await;
                    return;
                }
            };
            let Some(newest) = page.last() else { return };
            last = Some(newest.key.clone());
            if pages.send(Ok(page.into_iter().map(|listed| listed.key).collect())).await.is_err() {
                return;
            }
        }
    }

    fn walk(&self, root: &Path, pages: &mpsc::Sender<anyhow::Result<Vec<String>>>) {
        let mut page = Vec::with_capacity(PAGE_KEYS);
        let walked = walk(&root.join(&self.under), &format!("{}{}", self.left_out, self.under), &mut |key| {
            page.push(key);
            page.len() < PAGE_KEYS || pages.blocking_send(Ok(std::mem::take(&mut page))).is_ok()
        });
        // Nobody listens any more when these can't be sent.
        let _ = pages.blocking_send(Ok(page));
        if let Err(error) = walked {
            let _ = pages.blocking_send(Err(error).with_context(|| format!("cannot list `{}`", root.display())));
        }
    }

    /// `aws s3 sync s3://bucket/prefix copy` leaves the prefix out; the digests still tell it.
    async fn find_left_out(&self) -> anyhow::Result<String> {
        let mut pages = self.keys();
        while let Some(page) = pages.recv().await {
            for key in page? {
                if DigestName::parse(&key).is_none() {
                    continue;
                }
                let Ok(object) = self.read(&key).await else { continue };
                let decoder = flate2::read::GzDecoder::new(&object.body[..]);
                let Ok(digest) = serde_json::from_reader::<_, Digest>(decoder) else { continue };
                if let Some(left_out) = digest.digest_s3_object.strip_suffix(&key) {
                    return Ok(left_out.to_owned());
                }
            }
        }
        Ok(String::new())
    }
}

/// An error, without the many layers of causes that say it again; only when nothing answered, the first cause tells why.
fn in_short(error: &opentrail_blob::Error) -> String {
    if !error.is_transient() {
        return error.to_string();
    }
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(deeper) = cause.and_then(std::error::Error::source) {
        cause = Some(deeper);
    }
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

/// Where to list from, for a prefix as the user writes it.
fn under(prefix: &str) -> String {
    let prefix = prefix.trim_matches('/');
    let is_inside = prefix.split('/').any(|part| part == FIRST_FOLDER);
    match (prefix.is_empty(), is_inside) {
        (true, _) => format!("{FIRST_FOLDER}/"),
        (false, true) => format!("{prefix}/"),
        (false, false) => format!("{prefix}/{FIRST_FOLDER}/"),
    }
}

/// A folder inside a copy becomes the copy's own root, and the way from there.
fn split_at_first_folder(path: &Path) -> (PathBuf, String) {
    let Some(first) = path.ancestors().find(|above| above.file_name().is_some_and(|name| name == FIRST_FOLDER)) else {
        return (path.to_owned(), String::new());
    };
    let root = first.parent().unwrap_or(first);
    let way = path.strip_prefix(root).unwrap_or(path);
    (root.to_owned(), way.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect())
}

/// Visits the files under a folder, until the visitor says that it is enough.
fn walk(dir: &Path, key: &str, visit: &mut impl FnMut(String) -> bool) -> io::Result<bool> {
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let goes_on = if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{key}{name}/"), visit)?
        } else {
            visit(format!("{key}{name}"))
        };
        if !goes_on {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_lead_to_where_trails_deliver() {
        assert_eq!(under(""), "AWSLogs/");
        assert_eq!(under("p/q/"), "p/q/AWSLogs/");
        assert_eq!(under("p/AWSLogs/123456789012"), "p/AWSLogs/123456789012/");
        assert_eq!(split_at_first_folder(Path::new("/c/d")), (PathBuf::from("/c/d"), String::new()));
        let inside = (PathBuf::from("/c"), "AWSLogs/1/".to_owned());
        assert_eq!(split_at_first_folder(Path::new("/c/AWSLogs/1")), inside);
    }
}
