//! A place in a local folder.
//!
//! An object is the file at its key's path. Its user metadata, when it has any (digests do, log files don't), is a
//! JSON object of strings in a file beside it, named like it with `.meta.json` appended. The metadata is made durable
//! before the object, so an object that is there has its metadata. `Content-Type` and `Content-Encoding` aren't
//! stored: the file's name tells them. A key that ends in `/` is a folder.

use std::collections::BTreeMap;
use std::fs::DirEntry;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use opentrail_stdx::Disk;
use opentrail_stdx::disk::write_durably;
use parking_lot::Mutex;

use crate::{Blob, Error, LIST_KEYS_MAX, Listed, Object, PutOptions};

/// What is appended to an object's file name to name the file of its metadata.
const METADATA_SUFFIX: &str = ".meta.json";
/// What an unfinished write is called; see `write_durably`.
const UNFINISHED_SUFFIX: &str = ".tmp";
/// Longest file name that leaves room for both suffixes on every common file system.
const NAME_BYTES_MAX: usize = 255 - METADATA_SUFFIX.len() - UNFINISHED_SUFFIX.len();

/// Objects in a local folder. A put that answered `Ok` was fsynced, file and folders.
#[derive(Debug, Clone)]
pub struct Folder {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    disk: Arc<dyn Disk>,
    root: PathBuf,
    /// Held while a file is written, so that two writers of one key don't share its unfinished file.
    writing: Mutex<()>,
}

impl Folder {
    /// The objects under `root`, which is made when the first object comes.
    pub fn new(disk: Arc<dyn Disk>, root: impl Into<PathBuf>) -> Self {
        Self { inner: Arc::new(Inner { disk, root: root.into(), writing: Mutex::new(()) }) }
    }

    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce(&Inner) -> T + Send + 'static) -> Result<T, Error> {
        let inner = Arc::clone(&self.inner);
        let done = tokio::task::spawn_blocking(move || work(&inner)).await;
        done.map_err(|error| Error::new("InternalError", "the folder's writer stopped").caused_by(error))
    }
}

impl Inner {
    fn put(&self, key: &str, body: &[u8], metadata: &[(String, String)], only_if_absent: bool) -> Result<bool, Error> {
        let path = self.path_of(key)?;
        let _writing = self.writing.lock();
        if key.ends_with('/') {
            self.create_dirs(&path).map_err(|error| failed("create", &path, error))?;
            return Ok(true);
        }
        if only_if_absent && self.exists(&path)? {
            return Ok(false);
        }
        let dir = path.parent().unwrap_or(&self.root);
        self.create_dirs(dir).map_err(|error| failed("create", dir, error))?;
        if !metadata.is_empty() {
            let beside = with_suffix(&path, METADATA_SUFFIX);
            write_durably(&*self.disk, &beside, &metadata_json(metadata))
                .map_err(|error| failed("write", &beside, error))?;
        }
        // A crash here leaves metadata without an object: nothing lists it, and the next put of the key rewrites it.
        write_durably(&*self.disk, &path, body).map_err(|error| failed("write", &path, error))?;
        Ok(true)
    }

    fn exists(&self, path: &Path) -> Result<bool, Error> {
        match self.disk.open(path) {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed("open", path, error)),
        }
    }

    /// Makes a folder and makes the names of those above it durable.
    fn create_dirs(&self, dir: &Path) -> io::Result<()> {
        if self.disk.list(dir).is_ok() {
            return Ok(());
        }
        self.disk.create_dir_all(dir)?;
        let below_root = dir.ancestors().take_while(|above| above.starts_with(&self.root));
        for made in below_root {
            if let Some(parent) = made.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                self.disk.sync_dir(parent)?;
            }
        }
        Ok(())
    }

    fn get(&self, key: &str) -> Result<Option<Object>, Error> {
        let path = self.path_of(key)?;
        let body = match self.disk.read(&path) {
            Ok(body) => Bytes::from(body),
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(failed("read", &path, error)),
        };
        let beside = with_suffix(&path, METADATA_SUFFIX);
        let metadata = match self.disk.read(&beside) {
            Ok(json) => parse_metadata(&json).ok_or_else(|| {
                Error::new("InternalError", format!("`{}` is not a JSON object of strings", beside.display()))
            })?,
            Err(error) if is_absent(&error) => Vec::new(),
            Err(error) => return Err(failed("read", &beside, error)),
        };
        let is_json = key.ends_with(".json") || key.ends_with(".json.gz");
        Ok(Some(Object {
            body,
            content_type: is_json.then(|| "application/json".to_owned()),
            content_encoding: key.ends_with(".gz").then(|| "gzip".to_owned()),
            metadata,
        }))
    }

    fn list(&self, prefix: &str, start_after: Option<&str>) -> Result<Vec<Listed>, Error> {
        let mut listing = Listing { prefix, start_after: start_after.unwrap_or_default(), found: Vec::new() };
        let folder = prefix.rfind('/').map_or("", |end| &prefix[..=end]);
        listing.walk(&self.path_of(folder)?, folder).map_err(|error| failed("list", &self.root, error))?;
        Ok(listing.found)
    }

    /// The file of a key. Keys that a path can't hold are refused.
    fn path_of(&self, key: &str) -> Result<PathBuf, Error> {
        let refused = |why: &str| Error::new("InvalidArgument", format!("a folder can't hold the key `{key}`: {why}"));
        let mut path = self.root.clone();
        for part in key.strip_suffix('/').unwrap_or(key).split('/') {
            if key.is_empty() {
                break;
            }
            if part.is_empty() || part == "." || part == ".." || part.contains('\0') {
                return Err(refused("a part of it is empty, `.` or `..`"));
            }
            if part.len() > NAME_BYTES_MAX {
                return Err(refused("a part of it is too long for a file name"));
            }
            if part.ends_with(METADATA_SUFFIX) || part.ends_with(UNFINISHED_SUFFIX) {
                return Err(refused("`.meta.json` and `.tmp` at the end of a part are the folder's own"));
            }
            path.push(part);
        }
        Ok(path)
    }
}

/// A page of a listing. Folders that lie before or beside it aren't opened.
struct Listing<'l> {
    prefix: &'l str,
    start_after: &'l str,
    found: Vec<Listed>,
}

impl Listing<'_> {
    /// Collects the objects under a folder, in the order of their keys. Reads the machine's file system: a simulated disk
    /// has no folders to walk.
    fn walk(&mut self, dir: &Path, key: &str) -> io::Result<()> {
        let mut entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries.filter_map(|entry| keyed(entry, key).transpose()).collect::<io::Result<Vec<_>>>()?,
            Err(error) if is_absent(&error) => return Ok(()),
            Err(error) => return Err(error),
        };
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (key, path) in entries {
            if self.found.len() >= LIST_KEYS_MAX {
                break;
            }
            if key.ends_with('/') {
                let is_before = key.as_str() < self.start_after && !self.start_after.starts_with(&key);
                if !is_before && (key.starts_with(self.prefix) || self.prefix.starts_with(&key)) {
                    self.walk(&path, &key)?;
                }
            } else if key.starts_with(self.prefix) && key.as_str() > self.start_after {
                let bytes = std::fs::metadata(&path).map(|metadata| metadata.len())?;
                self.found.push(Listed { key, bytes });
            }
        }
        Ok(())
    }
}

/// The key and path of what is in a folder, of a folder with a slash; nothing for what is no object.
fn keyed(entry: io::Result<DirEntry>, key: &str) -> io::Result<Option<(String, PathBuf)>> {
    let entry = entry?;
    let Ok(name) = entry.file_name().into_string() else { return Ok(None) };
    let is_folder = entry.file_type()?.is_dir();
    let is_object = is_folder || !name.ends_with(METADATA_SUFFIX) && !name.ends_with(UNFINISHED_SUFFIX);
    let slash = if is_folder { "/" } else { "" };
    Ok(is_object.then(|| (format!("{key}{name}{slash}"), entry.path())))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn metadata_json(metadata: &[(String, String)]) -> Vec<u8> {
    let map: BTreeMap<&str, &str> = metadata.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    serde_json::to_vec(&map).expect("strings always print as JSON")
}

fn parse_metadata(json: &[u8]) -> Option<Vec<(String, String)>> {
    let map: BTreeMap<String, String> = serde_json::from_slice(json).ok()?;
    Some(map.into_iter().collect())
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory)
}

/// A disk's answer in S3's words.
fn failed(doing: &str, path: &Path, error: io::Error) -> Error {
    let code = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "AccessDenied",
        _ => "ServiceUnavailable",
    };
    Error::new(code, format!("could not {doing} `{}`", path.display())).caused_by(error)
}

#[async_trait]
impl Blob for Folder {
    async fn put(&self, key: &str, body: Bytes, options: &PutOptions) -> Result<(), Error> {
        let (key, metadata) = (key.to_owned(), options.metadata.clone());
        self.blocking(move |inner| inner.put(&key, &body, &metadata, false)).await?.map(|_| ())
    }

    async fn put_if_absent(&self, key: &str, body: Bytes, options: &PutOptions) -> Result<bool, Error> {
        let (key, metadata) = (key.to_owned(), options.metadata.clone());
        self.blocking(move |inner| inner.put(&key, &body, &metadata, true)).await?
    }

    async fn get(&self, key: &str) -> Result<Option<Object>, Error> {
        let key = key.to_owned();
        self.blocking(move |inner| inner.get(&key)).await?
    }

    async fn list(&self, prefix: &str, start_after: Option<&str>) -> Result<Vec<Listed>, Error> {
        let (prefix, start_after) = (prefix.to_owned(), start_after.map(str::to_owned));
        self.blocking(move |inner| inner.list(&prefix, start_after.as_deref())).await?
    }
}
