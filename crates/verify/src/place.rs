//! Where the objects are.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::stream::{self, BoxStream, StreamExt};
use opentrail_blob::{Blob, Folder, Listed, Object};
use opentrail_seal::digest::Digest;
use opentrail_seal::name::DigestName;
use opentrail_seal::verify::Problem;
use opentrail_stdx::{Backoff, SystemDisk, SystemEntropy};
use tokio::sync::mpsc;

use crate::Error;

/// Keys in one page of a listing.
const PAGE_KEYS: usize = 1000;
/// How often an object is asked for before it counts as unreadable.
const READ_TRIES: u32 = 4;
const BETWEEN_TRIES: Backoff = Backoff { first: Duration::from_millis(200), max: Duration::from_secs(5) };
/// The first folder of all that trails deliver, below their prefix.
const FIRST_FOLDER: &str = "AWSLogs";

/// Objects that can be listed and read.
#[async_trait]
pub trait Objects: Send + Sync + std::fmt::Debug {
    /// As [`Blob::get`].
    async fn get(&self, key: &str) -> Result<Option<Object>, opentrail_blob::Error>;

    /// As [`Blob::list`].
    async fn list(&self, prefix: &str, start_after: Option<&str>) -> Result<Vec<Listed>, opentrail_blob::Error>;
}

#[async_trait]
impl<B: Blob + ?Sized> Objects for Arc<B> {
    async fn get(&self, key: &str) -> Result<Option<Object>, opentrail_blob::Error> {
        Blob::get(&**self, key).await
    }

    async fn list(&self, prefix: &str, start_after: Option<&str>) -> Result<Vec<Listed>, opentrail_blob::Error> {
        Blob::list(&**self, prefix, start_after).await
    }
}

/// A bucket, or a folder that is a copy of one.
#[derive(Debug, Clone)]
pub struct Place {
    objects: Arc<dyn Objects>,
    /// The bucket's name; none in a folder, which may be a copy of any.
    bucket: Option<String>,
    /// Keys are listed from here on, as the place knows them; the way into a folder is one.
    under: Vec<String>,
    /// The folder, which is walked once instead of page by page.
    folder: Option<PathBuf>,
    /// What stands before a key in the bucket, but not in this copy of a part of it.
    left_out: String,
    name: String,
}

impl Place {
    /// A bucket's objects under `prefix`.
    pub fn bucket(bucket: &str, prefix: &str, objects: Arc<dyn Objects>) -> Self {
        let name = format!("s3://{bucket}/{prefix}");
        Self { name, ..Self::below(bucket, vec![under(prefix)], objects) }
    }

    /// A bucket's objects under any of the prefixes.
    pub fn below(bucket: &str, prefixes: Vec<String>, objects: Arc<dyn Objects>) -> Self {
        Self {
            objects,
            bucket: Some(bucket.to_owned()),
            under: prefixes,
            folder: None,
            left_out: String::new(),
            name: format!("s3://{bucket}/"),
        }
    }

    /// A folder: a copy of a bucket, of what is under a prefix of it, or a folder inside such a copy.
    pub async fn folder(path: &Path) -> Result<Self, Error> {
        let no_folder = |source| Error::NoFolder { path: path.to_owned(), source };
        let absolute = std::fs::canonicalize(path).map_err(no_folder)?;
        if !absolute.is_dir() {
            return Err(no_folder(io::ErrorKind::NotADirectory.into()));
        }
        let (root, under) = split_at_first_folder(&absolute);
        let mut place = Self {
            objects: Arc::new(Arc::new(Folder::new(Arc::new(SystemDisk), root.clone()))),
            bucket: None,
            under: vec![under],
            folder: Some(root),
            left_out: String::new(),
            name: path.display().to_string(),
        };
        place.left_out = place.find_left_out().await?;
        Ok(place)
    }

    /// What to call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the bucket, where buckets have names.
    pub fn bucket_name(&self) -> Option<&str> {
        self.bucket.as_deref()
    }

    /// All keys, page by page, as they are in the bucket.
    pub(crate) fn keys(&self) -> BoxStream<'_, Result<Vec<String>, Error>> {
        let under = stream::iter(self.under.iter());
        match &self.folder {
            Some(root) => under.flat_map(|under| self.walked(root.clone(), under.clone())).boxed(),
            None => under.flat_map(|under| self.listed(under)).boxed(),
        }
    }

    /// Reads an object; asks again when that may help.
    pub(crate) async fn read(&self, key: &str) -> Result<Object, Problem> {
        let Some(here) = key.strip_prefix(&self.left_out) else { return Err(Problem::NotFound) };
        let mut failures = 0;
        loop {
            match self.objects.get(here).await {
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

    fn listed<'p>(&'p self, under: &'p str) -> BoxStream<'p, Result<Vec<String>, Error>> {
        let pages = stream::try_unfold(None, move |last: Option<String>| async move {
            let page = self.objects.list(under, last.as_deref()).await;
            let page = page.map_err(|error| Error::Bucket(in_short(&error)))?;
            let keys: Vec<String> = page.into_iter().map(|listed| listed.key).collect();
            let last = keys.last().cloned();
            Ok(last.map(|last| (keys, Some(last))))
        });
        pages.boxed()
    }

    fn walked(&self, root: PathBuf, under: String) -> BoxStream<'static, Result<Vec<String>, Error>> {
        let (pages, receiver) = mpsc::channel(4);
        let key = format!("{}{under}", self.left_out);
        tokio::task::spawn_blocking(move || send_walked(&root, &under, &key, &pages));
        stream::unfold(receiver, |mut pages| async { Some((pages.recv().await?, pages)) }).boxed()
    }

    /// `aws s3 sync s3://bucket/prefix copy` leaves the prefix out; the digests still tell it.
    async fn find_left_out(&self) -> Result<String, Error> {
        let mut pages = self.keys();
        while let Some(page) = pages.next().await {
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

/// Walks a folder in pages, until nobody listens any more.
fn send_walked(root: &Path, under: &str, key: &str, pages: &mpsc::Sender<Result<Vec<String>, Error>>) {
    let mut page = Vec::with_capacity(PAGE_KEYS);
    let walked = walk(&root.join(under), key, &mut |key| {
        page.push(key);
        page.len() < PAGE_KEYS || pages.blocking_send(Ok(std::mem::take(&mut page))).is_ok()
    });
    let _ = pages.blocking_send(Ok(page));
    if let Err(source) = walked {
        let _ = pages.blocking_send(Err(Error::Folder { path: root.to_owned(), source }));
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
