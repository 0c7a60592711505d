//! One object at a time.

use opentrail_stdx::Timestamp;

use super::{Problem, PublicKeys};
use crate::digest::{Digest, LogFileEntry};
use crate::gzip;
use crate::hash::{Sha256, sha256_hex};
use crate::name::DigestName;

/// No digest is larger than this when uncompressed: 64 MiB list some 100,000 log files.
const DIGEST_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A digest as it was read.
#[derive(Debug, Clone, Copy)]
pub struct DigestObject<'a> {
    /// The bucket it was read from; none where buckets have no names, as in a folder.
    pub bucket: Option<&'a str>,
    /// The key it was read from.
    pub key: &'a str,
    /// Its bytes, compressed.
    pub body: &'a [u8],
    /// The metadata `signature`.
    pub signature: Option<&'a str>,
    /// The metadata `backfill-generation-timestamp`.
    pub backfilled_at: Option<&'a str>,
}

/// A digest that is what it claims to be, if its signature was there to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it says.
    pub digest: Digest,
    /// The hash of its JSON.
    pub sha256: String,
    /// Its signature, which was verified. None when the object came without: then only the next digest of the chain,
    /// which quotes hash and signature, can vouch for it.
    pub signature: Option<String>,
    /// The start of its window.
    pub start: Timestamp,
    /// The end of its window.
    pub end: Timestamp,
}

/// Judges a digest by itself.
pub fn check_digest(object: &DigestObject<'_>, keys: &PublicKeys) -> Result<Checked, Problem> {
    let json = gzip::decompress(object.body, DIGEST_BYTES_MAX)?;
    let digest: Digest = serde_json::from_slice(&json).map_err(|_| Problem::Format)?;
    let name = DigestName::parse(object.key).ok_or(Problem::Format)?;
    if name.chain.is_backfill && object.backfilled_at.is_none() {
        return Err(Problem::Format);
    }
    let is_here = object.bucket.is_none_or(|bucket| bucket == digest.digest_s3_bucket);
    if !is_here || object.key != digest.digest_s3_object {
        return Err(Problem::Moved);
    }
    let (Some(start), Some(end)) = (digest.start(), digest.end()) else { return Err(Problem::Format) };
    let checked =
        Checked { sha256: sha256_hex(&json), signature: object.signature.map(str::to_owned), digest, start, end };
    match object.signature {
        Some(signature) => checked.verify(signature, keys, &name.chain.region)?,
        None => checked.find_key(keys, &name.chain.region).map(|_| ())?,
    }
    Ok(checked)
}

impl Checked {
    /// Whether `signature` is the one for this digest.
    pub(super) fn verify(&self, signature: &str, keys: &PublicKeys, region: &str) -> Result<(), Problem> {
        let key = self.find_key(keys, region)?;
        let message = self.digest.string_to_sign(&self.sha256);
        if key.verifies(message.as_bytes(), signature) { Ok(()) } else { Err(Problem::Signature) }
    }

    fn find_key<'k>(&self, keys: &'k PublicKeys, region: &str) -> Result<&'k crate::key::PublicKey, Problem> {
        let fingerprint = &self.digest.digest_public_key_fingerprint;
        keys.get(fingerprint)
            .ok_or_else(|| Problem::UnknownKey { region: region.to_owned(), fingerprint: fingerprint.clone() })
    }
}

/// Judges a log file by what its digest says. Its contents are hashed as they are decompressed, never kept.
pub fn check_log_file(entry: &LogFileEntry, body: &[u8]) -> Result<(), Problem> {
    let mut hash = Sha256::new();
    gzip::decompress_each(body, |piece| hash.update(piece))?;
    if hash.finish_hex() == entry.hash_value { Ok(()) } else { Err(Problem::Hash) }
}
