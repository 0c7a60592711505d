//! Why a step stopped. The next tick takes it up again.

use std::io;
use std::path::PathBuf;

use opentrail_catalog::VaultError;
use opentrail_journal::{ReadError, TrimError};
use opentrail_seal::KeyError;

/// A step of delivery stopped. Nothing is lost: the next tick goes on from what the catalog says.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The catalog failed.
    #[error(transparent)]
    Catalog(#[from] opentrail_catalog::Error),
    /// The journal can't be read.
    #[error(transparent)]
    Journal(#[from] ReadError),
    /// Old journal segments can't be removed.
    #[error(transparent)]
    Trim(#[from] TrimError),
    /// A staged file can't be written or read.
    #[error("could not {doing} in the staging folder `{}`; check its disk", path.display())]
    Staging {
        /// What was tried.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the disk said.
        #[source]
        source: io::Error,
    },
    /// A signing key can't be made or used.
    #[error("could not sign a digest")]
    Key(#[from] KeyError),
    /// A stored signing key can't be opened.
    #[error("could not open a stored signing key")]
    Vault(#[from] VaultError),
    /// A worker thread stopped.
    #[error("a worker thread of delivery stopped")]
    Worker(#[from] tokio::task::JoinError),
}
