//! Facts about imports. The texts are ours, in CloudTrail's manner.

use opentrail_catalog::ImportStatus;
use opentrail_model::{AccountId, EventDataStoreArn, Region};
use opentrail_wire::ErrorShape;

/// Why an operation on imports, or on what they write to, was refused.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// One at a time.
    #[error(
        "The account {account} already has an import in progress in {region}. Wait until it has ended, or stop it."
    )]
    Ongoing {
        /// The caller's account.
        account: AccountId,
        /// The Region.
        region: Region,
    },
    /// No such import of the caller here.
    #[error("The import {0} does not exist, or ended more than seven days ago.")]
    NotFound(String),
    /// It is in a status in which this can't be done.
    #[error("The import {id} has the status {}; this operation needs {needed}.", status.as_str())]
    Status {
        /// The import.
        id: String,
        /// How far it is.
        status: ImportStatus,
        /// How far it should be.
        needed: &'static str,
    },
    /// A place that nothing can be imported from.
    #[error("The import source {uri} is not valid: {why}.")]
    Source {
        /// The place.
        uri: String,
        /// What is wrong with it.
        why: String,
        /// What the bucket answered.
        #[source]
        source: Option<opentrail_blob::Error>,
    },
    /// An import writes to the event data store.
    #[error("The event data store {0} has an import in progress. Wait until it has ended, or stop it.")]
    StoreBusy(EventDataStoreArn),
}

impl ImportError {
    /// The modelled error that this fact is.
    pub(super) fn shape(&self) -> ErrorShape {
        match self {
            Self::Ongoing { .. } => ErrorShape::AccountHasOngoingImportException,
            Self::NotFound(_) => ErrorShape::ImportNotFoundException,
            Self::Status { .. } => ErrorShape::InvalidParameterException,
            Self::Source { .. } => ErrorShape::InvalidImportSourceException,
            Self::StoreBusy(_) => ErrorShape::EventDataStoreHasOngoingImportException,
        }
    }
}
