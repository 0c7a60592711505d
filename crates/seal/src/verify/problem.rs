//! What can be wrong with an object, in the words of `aws cloudtrail validate-logs`.

use crate::gzip::Damage;

/// Why an object is not as it was delivered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It isn't where a digest says it is.
    #[error("not found")]
    NotFound,
    /// It isn't one gzip member of the right JSON.
    #[error("invalid format")]
    Format,
    /// Somebody wrote behind its end.
    #[error("unexpected data after end of compressed stream")]
    TrailingData,
    /// It was written for another place.
    #[error("has been moved from its original location")]
    Moved,
    /// It names a key that we weren't given.
    #[error("public key not found in region {region} for fingerprint {fingerprint}")]
    UnknownKey {
        /// The Region it is of.
        region: String,
        /// The key it names.
        fingerprint: String,
    },
    /// Its signature is not for these bytes.
    #[error("signature verification failed")]
    Signature,
    /// It came without its signature, and no later digest quotes it: nothing was proven, for or against.
    #[error("signature not available")]
    Unsigned,
    /// Its contents are not those that its digest tells of.
    #[error("hash value doesn't match")]
    Hash,
    /// No digest lists it though it lies in a time that digests prove.
    #[error("no digest lists it")]
    Unlisted,
    /// It couldn't be read.
    #[error("could not be read: {0}")]
    Unreadable(String),
}

impl From<Damage> for Problem {
    fn from(damage: Damage) -> Self {
        match damage {
            Damage::Format | Damage::TooLarge => Self::Format,
            Damage::TrailingData => Self::TrailingData,
        }
    }
}
