//! Body files: the bytes of objects and parts, each written once and never changed.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use opentrail_catalog::Catalog;
use opentrail_catalog::object::BodyRef;
use opentrail_stdx::{Disk, DiskFile, Entropy};
use parking_lot::Mutex;
use s3s::dto::StreamingBlob;

use crate::Refusal;
use crate::digest::{Digests, Hashers};
use crate::watch::BodyError;

/// Bytes that are gathered before they are hashed and written, and read at a time.
const CHUNK_BYTES: usize = 1 << 20;
/// The name of a file that is still being written ends so.
const UNFINISHED: &str = ".part";

/// A body that is on disk for good.
#[derive(Debug)]
pub(crate) struct Written {
    /// The file.
    pub(crate) body: BodyRef,
    /// Its digests.
    pub(crate) digests: Digests,
}

/// The folder with body files: `<dir>/<first two letters of the id>/<id>`.
#[derive(Debug, Clone)]
pub(crate) struct Bodies {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
    entropy: Arc<dyn Entropy>,
    /// Folders known to be durable.
    made: Arc<Mutex<HashSet<PathBuf>>>,
}

impl Bodies {
    pub(crate) fn new(disk: Arc<dyn Disk>, dir: PathBuf, entropy: Arc<dyn Entropy>) -> Self {
        Self { disk, dir, entropy, made: Arc::default() }
    }

    /// Writes a body through bounded memory. What it answers is durable, but nothing refers to it yet.
    pub(crate) async fn write<S>(&self, mut body: S, hashers: Hashers) -> Result<Written, Refusal>
    where
        S: Stream<Item = Result<Bytes, BodyError>> + Send + Unpin,
    {
        let mut writer = Writer::new(self, hashers);
        let mut chunk = Vec::new();
        let result = loop {
            match body.next().await {
                Some(Ok(bytes)) => chunk.extend_from_slice(&bytes),
                Some(Err(error)) => break Err(broken_body(error)),
                None => break Ok(()),
            }
            if chunk.len() >= CHUNK_BYTES {
                let full = std::mem::take(&mut chunk);
                let (back, pushed) = blocking(move || {
                    let pushed = writer.push(&full);
                    (writer, pushed)
                })
                .await;
                writer = back;
                if let Err(error) = pushed {
                    break Err(error.into());
                }
            }
        };
        blocking(move || match result {
            Ok(()) => writer.finish(&chunk).map_err(Refusal::from),
            Err(refusal) => {
                writer.give_up();
                Err(refusal)
            }
        })
        .await
    }

    /// Streams `bytes` bytes from `offset` of the bodies joined. The files are open when this answers, so that their
    /// removal can't disturb the stream.
    pub(crate) async fn read(&self, bodies: Vec<BodyRef>, offset: u64, bytes: u64) -> io::Result<StreamingBlob> {
        let store = self.clone();
        let mut pieces = blocking(move || store.pieces(&bodies, offset, bytes)).await?;
        if bytes <= CHUNK_BYTES as u64 {
            let body = blocking(move || {
                let mut all = Vec::new();
                for piece in &mut pieces {
                    while piece.bytes > 0 {
                        all.extend_from_slice(&piece.next()?);
                    }
                }
                io::Result::Ok(Bytes::from(all))
            })
            .await?;
            return Ok(StreamingBlob::from(s3s::Body::from(body)));
        }
        pieces.reverse();
        let stream = futures::stream::try_unfold(pieces, |mut pieces| async move {
            while pieces.last().is_some_and(|piece| piece.bytes == 0) {
                pieces.pop();
            }
            let Some(mut piece) = pieces.pop() else { return io::Result::Ok(None) };
            let (piece, chunk) = blocking(move || {
                let chunk = piece.next();
                (piece, chunk)
            })
            .await;
            pieces.push(piece);
            Ok(Some((chunk?, pieces)))
        });
        Ok(StreamingBlob::wrap(stream))
    }

    fn pieces(&self, bodies: &[BodyRef], mut offset: u64, mut bytes: u64) -> io::Result<Vec<Piece>> {
        let mut pieces = Vec::new();
        for body in bodies {
            if offset >= body.bytes {
                offset -= body.bytes;
                continue;
            }
            if bytes == 0 {
                break;
            }
            let here = bytes.min(body.bytes - offset);
            let file = self.disk.open(&self.path(&body.id))?;
            pieces.push(Piece { file: Mutex::new(file), offset, bytes: here });
            bytes -= here;
            offset = 0;
        }
        Ok(pieces)
    }

    /// Removes bodies that nothing refers to any longer. One that can't be removed now is collected at the next start.
    pub(crate) async fn remove(&self, ids: Vec<String>) {
        if ids.is_empty() {
            return;
        }
        let store = self.clone();
        blocking(move || {
            for id in ids {
                if let Err(error) = store.disk.remove(&store.path(&id)) {
                    tracing::warn!(error = &error as &dyn std::error::Error, id, "an unused body file stays for now");
                }
            }
        })
        .await;
    }

    /// Removes bodies that were written for a transaction which failed. When it can't be known whether the transaction
    /// was kept after all, they stay.
    pub(crate) async fn remove_unless_kept(&self, catalog: &Catalog, id: String) {
        if matches!(catalog.body_is_kept(&id).await, Ok(false)) {
            self.remove(vec![id]).await;
        }
    }

    /// Removes the files that nothing refers to: leftovers of crashes. Only safe before the first request.
    pub(crate) async fn collect_orphans(&self, catalog: &Catalog) -> Result<u64, Refusal> {
        let mut count = 0;
        for first in 0..=u8::MAX {
            let prefix = format!("{first:02x}");
            let dir = self.dir.join(&prefix);
            let store = self.clone();
            let found = match blocking(move || store.disk.list(&dir)).await {
                Ok(found) if found.is_empty() => continue,
                Ok(found) => found,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error.into()),
            };
            let kept: HashSet<String> = catalog.bodies_kept(&prefix).await?.into_iter().collect();
            let orphans: Vec<String> =
                found.into_iter().map(|file| file.name).filter(|name| !kept.contains(name)).collect();
            count += orphans.len() as u64;
            self.remove(orphans).await;
        }
        Ok(count)
    }

    fn path(&self, id: &str) -> PathBuf {
        self.dir.join(id.get(..2).unwrap_or("00")).join(id)
    }

    /// Makes a folder durable, once.
    fn make_dir(&self, dir: &Path) -> io::Result<()> {
        if self.made.lock().contains(dir) {
            return Ok(());
        }
        self.disk.create_dir_all(dir)?;
        self.disk.sync_dir(&self.dir)?;
        if let Some(parent) = self.dir.parent() {
            self.disk.sync_dir(parent)?;
        }
        self.made.lock().insert(dir.to_owned());
        Ok(())
    }
}

/// A body file under way.
struct Writer {
    store: Bodies,
    id: String,
    file: Option<Box<dyn DiskFile>>,
    bytes: u64,
    hashers: Hashers,
}

impl Writer {
    fn new(store: &Bodies, hashers: Hashers) -> Self {
        let id = store.entropy.text(b"0123456789abcdef", 32);
        Self { store: store.clone(), id, file: None, bytes: 0, hashers }
    }

    fn unfinished(&self) -> PathBuf {
        let mut path = self.store.path(&self.id).into_os_string();
        path.push(UNFINISHED);
        path.into()
    }

    fn push(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.hashers.update(chunk);
        if self.file.is_none() {
            let path = self.unfinished();
            self.store.make_dir(path.parent().expect("a body file lies in a folder"))?;
            self.file = Some(self.store.disk.create(&path)?);
        }
        if let Some(file) = &mut self.file {
            file.write_at(self.bytes, chunk)?;
            self.bytes += chunk.len() as u64;
        }
        Ok(())
    }

    fn finish(mut self, rest: &[u8]) -> io::Result<Written> {
        match self.push(rest).and_then(|()| self.seal()) {
            Ok(()) => {
                let body = BodyRef { id: self.id, bytes: self.bytes };
                Ok(Written { body, digests: self.hashers.finish() })
            }
            Err(error) => {
                self.give_up();
                Err(error)
            }
        }
    }

    fn seal(&mut self) -> io::Result<()> {
        if let Some(mut file) = self.file.take() {
            file.sync()?;
        }
        let path = self.store.path(&self.id);
        // Commit point of the file: a crash before leaves an unfinished one, a crash after leaves a whole one. Either
        // way no row refers to it yet, and the next start removes it.
        self.store.disk.rename(&self.unfinished(), &path)?;
        self.store.disk.sync_dir(path.parent().expect("a body file lies in a folder"))
    }

    /// Best effort: what stays is collected at the next start.
    fn give_up(&mut self) {
        self.file = None;
        let _ = self.store.disk.remove(&self.unfinished());
        let _ = self.store.disk.remove(&self.store.path(&self.id));
    }
}

/// What is still to be read of one file.
struct Piece {
    /// Only for `Sync`: nobody shares it.
    file: Mutex<Box<dyn DiskFile>>,
    offset: u64,
    bytes: u64,
}

impl Piece {
    fn next(&mut self) -> io::Result<Bytes> {
        let length = self.bytes.min(CHUNK_BYTES as u64);
        let mut chunk = vec![0; usize::try_from(length).expect("a chunk fits in memory")];
        self.file.get_mut().read_at(self.offset, &mut chunk)?;
        self.offset += length;
        self.bytes -= length;
        Ok(chunk.into())
    }
}

/// A body that ended before it was whole, or that its decoder refused.
fn broken_body(error: BodyError) -> Refusal {
    match error.downcast::<Refusal>() {
        Ok(refusal) => *refusal,
        Err(error) => {
            tracing::debug!(error = error.as_ref() as &dyn std::error::Error, "a request body broke off");
            Refusal::incomplete_body()
        }
    }
}

/// Runs work that blocks, off the threads that serve.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    if let Some(value) = outcome(tokio::task::spawn_blocking(work).await) {
        return value;
    }
    // Only when the runtime shuts down, which drops this future too.
    futures::future::pending().await
}

fn outcome<T>(result: Result<T, tokio::task::JoinError>) -> Option<T> {
    match result.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(value) => Some(value),
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(_)) => None,
    }
}
