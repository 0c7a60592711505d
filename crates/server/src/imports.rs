//! Bringing in log files that were written elsewhere: receive, read, append, note.
//!
//! A file is received whole before its first record is taken, so that nothing comes in that its sender didn't sign. Its
//! records are appended in batches, each durable before the next; those that the account's history has already are left
//! out. When all are durable, the file is noted by its content: the same again is answered at once. A crash at any point
//! leaves some batches behind, and sending the file again brings in the others and doubles none.

mod read;
mod recent;
mod spool;

use std::path::PathBuf;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use opentrail_catalog::{Catalog, ImportSource, ImportedFile};
use opentrail_intake::IntakeError;
use opentrail_intake::import::Rejection;
use opentrail_model::AccountId;
use opentrail_stdx::{Clock, Disk, Entropy};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use self::recent::Recent;
use self::spool::Spool;
use crate::appender::Appender;
use crate::body::BodyError;

/// Largest file in bytes, as it is sent.
pub(crate) const FILE_BYTES_MAX: u64 = 1 << 30;
/// Files that are received and read at once; others wait.
const FILES_AT_ONCE: usize = 4;
/// What is received before it is handed on, in bytes.
const RECEIVE_BYTES: usize = 1 << 20;
/// Most rejections that an answer names; beyond, they are counted.
const REJECTIONS_MAX: usize = 1_000;

/// What imports share.
#[derive(Debug)]
pub(crate) struct Imports {
    catalog: Catalog,
    appender: Appender,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    disk: Arc<dyn Disk>,
    /// Where files that don't fit into memory wait to be read.
    dir: PathBuf,
    turns: Semaphore,
    recent: Recent,
}

/// What is sent.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    /// Into whose history.
    pub(crate) account: AccountId,
    /// What the sender calls it.
    pub(crate) name: String,
    /// The SHA-256 that was signed, in hexadecimal.
    pub(crate) sha256: String,
    /// Where the sender has it from.
    pub(crate) source: Option<ImportSource>,
    /// Read it even if it was brought in before.
    pub(crate) again: bool,
}

/// What became of a file.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// The counts.
    pub(crate) file: ImportedFile,
    /// The first of what was no record.
    pub(crate) rejections: Vec<Rejection>,
    /// It had been brought in before, and nothing was done now.
    pub(crate) is_known: bool,
}

/// Why a file was not brought in whole. Some of its records may have been; sending it again makes up for the others.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImportError {
    /// More than [`FILE_BYTES_MAX`].
    #[error("the file is larger than {FILE_BYTES_MAX} bytes; split it by its records")]
    TooLarge,
    /// The sender went away, or what came isn't what was signed.
    #[error("the file could not be received: {0}")]
    Broken(BodyError),
    /// Other bytes than those that were signed.
    #[error("the file's SHA-256 is {actual}, not {signed} as signed")]
    NotAsSigned {
        /// What came.
        actual: String,
        /// What was announced.
        signed: String,
    },
    /// The disk of the data folder.
    #[error("the file could not be kept while it is read; check the disk of the data folder")]
    Disk(#[from] std::io::Error),
    /// The journal.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The catalog.
    #[error(transparent)]
    Catalog(#[from] opentrail_catalog::Error),
    /// The store.
    #[error(transparent)]
    Lake(#[from] opentrail_lake::Error),
    /// The store doesn't keep up.
    #[error("the store is too far behind to take more; try again shortly")]
    Behind,
    /// A worker thread stopped.
    #[error("a worker thread of the import stopped")]
    Worker(#[from] tokio::task::JoinError),
}

/// What imports stand on.
pub(crate) struct ImportParts {
    pub(crate) catalog: Catalog,
    pub(crate) appender: Appender,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) dir: PathBuf,
}

impl Imports {
    /// Removes what a crash left in the folder.
    pub(crate) fn open(parts: ImportParts) -> std::io::Result<Arc<Self>> {
        let ImportParts { catalog, appender, clock, entropy, disk, dir } = parts;
        disk.create_dir_all(&dir)?;
        for leftover in disk.list(&dir)? {
            disk.remove(&dir.join(leftover.name))?;
        }
        let (turns, recent) = (Semaphore::new(FILES_AT_ONCE), Recent::default());
        Ok(Arc::new(Self { catalog, appender, clock, entropy, disk, dir, turns, recent }))
    }

    /// Brings a file in.
    pub(crate) async fn bring_in<B>(self: &Arc<Self>, upload: Upload, body: B) -> Result<Outcome, ImportError>
    where
        B: hyper::body::Body<Data = Bytes> + Unpin,
        B::Error: Into<BodyError>,
    {
        let _turn = self.turns.acquire().await.expect("it is never closed");
        let spool = self.receive(body).await?;
        let (sha256, bytes) = (spool.sha256(), spool.bytes());
        if sha256 != upload.sha256 {
            return Err(ImportError::NotAsSigned { actual: sha256, signed: upload.sha256 });
        }
        if !upload.again
            && let Some(file) = self.catalog.imported_file(&upload.account, &sha256).await?
        {
            self.note(&file, upload.source.as_ref()).await?;
            return Ok(Outcome { file, rejections: Vec::new(), is_known: true });
        }
        let (imports, account) = (Arc::clone(self), upload.account.clone());
        let runtime = tokio::runtime::Handle::current();
        let counts = spawn_blocking(move || imports.read(&account, &spool, &runtime)).await??;
        let file = ImportedFile {
            account: upload.account,
            sha256,
            name: upload.name,
            bytes,
            records: counts.records,
            imported: counts.records - counts.duplicates,
            duplicates: counts.duplicates,
            rejected: counts.rejected,
            imported_at: self.clock.now(),
        };
        // All its records are durable: from here on the file is known. A crash before leaves it to be sent again.
        self.note(&file, upload.source.as_ref()).await?;
        Ok(Outcome { file, rejections: counts.rejections, is_known: false })
    }

    /// The file with this content, or from this source, if it was brought in.
    pub(crate) async fn known(
        &self,
        account: &AccountId,
        sha256: Option<&str>,
        source: Option<&ImportSource>,
    ) -> Result<Option<ImportedFile>, opentrail_catalog::Error> {
        match (sha256, source) {
            (Some(sha256), _) => self.catalog.imported_file(account, sha256).await,
            (None, Some(source)) => self.catalog.imported_from(account, source).await,
            (None, None) => Ok(None),
        }
    }

    async fn receive<B>(&self, mut body: B) -> Result<Spool, ImportError>
    where
        B: hyper::body::Body<Data = Bytes> + Unpin,
        B::Error: Into<BodyError>,
    {
        let mut spool = Spool::new(Arc::clone(&self.disk), self.dir.join(self.entropy.uuid()));
        let mut received = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| ImportError::Broken(error.into()))?;
            let Ok(data) = frame.into_data() else { continue };
            if spool.bytes() + (received.len() + data.len()) as u64 > FILE_BYTES_MAX {
                return Err(ImportError::TooLarge);
            }
            received.extend_from_slice(&data);
            if received.len() >= RECEIVE_BYTES {
                spool = hand_on(spool, received.split()).await?;
            }
        }
        hand_on(spool, received).await
    }

    async fn note(&self, file: &ImportedFile, source: Option<&ImportSource>) -> Result<(), opentrail_catalog::Error> {
        let mut transaction = self.catalog.begin().await?;
        transaction.note_imported_file(file, source).await?;
        transaction.commit().await
    }
}

async fn hand_on(mut spool: Spool, received: BytesMut) -> Result<Spool, ImportError> {
    let kept = spawn_blocking(move || spool.push(&received).map(|()| spool)).await?;
    Ok(kept?)
}
