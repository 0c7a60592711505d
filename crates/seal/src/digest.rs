//! The digest document and its signature.

use opentrail_stdx::Timestamp;
use serde::{Deserialize, Serialize};

use crate::gzip;
use crate::hash::sha256_hex;
use crate::key::{KeyError, PublicKey, SigningKey};

/// The only signature algorithm.
pub const SIGNATURE_ALGORITHM: &str = "SHA256withRSA";
/// The only hash algorithm.
pub const HASH_ALGORITHM: &str = "SHA-256";
/// Metadata that holds the signature.
pub const SIGNATURE_METADATA: &str = "signature";
/// Metadata that holds the signature's algorithm.
pub const SIGNATURE_ALGORITHM_METADATA: &str = "signature-algorithm";
/// Metadata that tells when a backfill digest was made.
pub const BACKFILL_METADATA: &str = "backfill-generation-timestamp";

/// A list of log files that were delivered in a window of time, linked to the list before it. The fields stand in the
/// order in which CloudTrail writes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Digest {
    /// Whose records.
    pub aws_account_id: String,
    /// The window lies after this instant…
    pub digest_start_time: String,
    /// …up to this one.
    pub digest_end_time: String,
    /// Where the digest itself is.
    #[serde(rename = "digestS3Bucket")]
    pub digest_s3_bucket: String,
    /// Under which key.
    #[serde(rename = "digestS3Object")]
    pub digest_s3_object: String,
    /// The key that signed it.
    pub digest_public_key_fingerprint: String,
    /// How it was signed.
    pub digest_signature_algorithm: String,
    /// The greatest `eventTime` in the log files.
    pub newest_event_time: Option<String>,
    /// The least `eventTime` in the log files.
    pub oldest_event_time: Option<String>,
    /// Where the digest before it is; all five are null in the first digest of a chain.
    #[serde(rename = "previousDigestS3Bucket")]
    pub previous_digest_s3_bucket: Option<String>,
    /// Under which key.
    #[serde(rename = "previousDigestS3Object")]
    pub previous_digest_s3_object: Option<String>,
    /// The hash of its uncompressed JSON.
    pub previous_digest_hash_value: Option<String>,
    /// How that was hashed.
    pub previous_digest_hash_algorithm: Option<String>,
    /// Its signature.
    pub previous_digest_signature: Option<String>,
    /// The log files.
    pub log_files: Vec<LogFileEntry>,
}

/// A log file in a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogFileEntry {
    /// Where it is.
    #[serde(rename = "s3Bucket")]
    pub s3_bucket: String,
    /// Under which key.
    #[serde(rename = "s3Object")]
    pub s3_object: String,
    /// The hash of its uncompressed JSON.
    pub hash_value: String,
    /// How that was hashed.
    pub hash_algorithm: String,
    /// The greatest `eventTime` in it.
    pub newest_event_time: String,
    /// The least `eventTime` in it.
    pub oldest_event_time: String,
}

/// The digest before, as the next one quotes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Previous {
    /// Where it is.
    pub bucket: String,
    /// Under which key.
    pub key: String,
    /// SHA-256 of its uncompressed JSON.
    pub sha256: String,
    /// Its signature.
    pub signature: String,
}

/// What a new digest says.
#[derive(Debug, Clone)]
pub struct Contents {
    /// Whose records.
    pub account: String,
    /// The window lies after this instant…
    pub start: Timestamp,
    /// …up to this one.
    pub end: Timestamp,
    /// Where it goes.
    pub bucket: String,
    /// Under which key.
    pub key: String,
    /// The digest before it.
    pub previous: Option<Previous>,
    /// What it lists.
    pub log_files: Vec<LogFileEntry>,
}

/// A signed digest. Only [`seal`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    json: Vec<u8>,
    sha256: String,
    signature: String,
}

impl Sealed {
    /// The JSON that was signed. It must never be printed anew.
    pub fn json(&self) -> &[u8] {
        &self.json
    }

    /// SHA-256 of the JSON.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The signature, in hexadecimal.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// The object's bytes.
    pub fn compressed(&self) -> Vec<u8> {
        gzip::compress(&self.json)
    }
}

/// Writes a digest and signs it.
pub fn seal(contents: Contents, key: &SigningKey) -> Result<Sealed, KeyError> {
    let digest = Digest::new(contents, key.public());
    let json = serde_json::to_vec(&digest).expect("strings always print as JSON");
    let sha256 = sha256_hex(&json);
    let signature = key.sign_hex(digest.string_to_sign(&sha256).as_bytes())?;
    Ok(Sealed { json, sha256, signature })
}

impl Digest {
    fn new(contents: Contents, key: &PublicKey) -> Self {
        let Contents { account, start, end, bucket, key: object, previous, log_files } = contents;
        let newest = log_files.iter().map(|log| &log.newest_event_time).max().cloned();
        let oldest = log_files.iter().map(|log| &log.oldest_event_time).min().cloned();
        let (bucket_before, key_before, sha256_before, signature_before) = match previous {
            Some(Previous { bucket, key, sha256, signature }) => {
                (Some(bucket), Some(key), Some(sha256), Some(signature))
            }
            None => (None, None, None, None),
        };
        Self {
            aws_account_id: account,
            digest_start_time: start.iso(),
            digest_end_time: end.iso(),
            digest_s3_bucket: bucket,
            digest_s3_object: object,
            digest_public_key_fingerprint: key.fingerprint(),
            digest_signature_algorithm: SIGNATURE_ALGORITHM.to_owned(),
            newest_event_time: newest,
            oldest_event_time: oldest,
            previous_digest_hash_algorithm: sha256_before.is_some().then(|| HASH_ALGORITHM.to_owned()),
            previous_digest_s3_bucket: bucket_before,
            previous_digest_s3_object: key_before,
            previous_digest_hash_value: sha256_before,
            previous_digest_signature: signature_before,
            log_files,
        }
    }

    /// The four lines that are signed, given the hash of the digest's JSON.
    pub fn string_to_sign(&self, sha256: &str) -> String {
        format!(
            "{}\n{}/{}\n{sha256}\n{}",
            self.digest_end_time,
            self.digest_s3_bucket,
            self.digest_s3_object,
            self.previous_digest_signature.as_deref().unwrap_or("null")
        )
    }

    /// The end of its window, if that is a time.
    pub fn end(&self) -> Option<Timestamp> {
        Timestamp::parse_iso(&self.digest_end_time)
    }

    /// The start of its window, if that is a time.
    pub fn start(&self) -> Option<Timestamp> {
        Timestamp::parse_iso(&self.digest_start_time)
    }

    /// Whether it begins a chain.
    pub fn is_first(&self) -> bool {
        self.previous_digest_s3_object.is_none() || self.previous_digest_s3_bucket.is_none()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn contents() -> Contents {
        let log = |name: &str, oldest: &str, newest: &str| LogFileEntry {
            s3_bucket: "b".into(),
            s3_object: name.into(),
            hash_value: sha256_hex(name.as_bytes()),
            hash_algorithm: HASH_ALGORITHM.into(),
            newest_event_time: newest.into(),
            oldest_event_time: oldest.into(),
        };
        Contents {
            account: "123456789012".into(),
            start: Timestamp::parse_iso("2026-09-13T15:29:23Z").unwrap(),
            end: Timestamp::parse_iso("2026-09-13T16:29:23Z").unwrap(),
            bucket: "b".into(),
            key: "k".into(),
            previous: Some(Previous {
                bucket: "b".into(),
                key: "j".into(),
                sha256: "00".into(),
                signature: "ff".into(),
            }),
            log_files: vec![
                log("one", "2026-09-13T15:30:00Z", "2026-09-13T15:31:00Z"),
                log("two", "2026-09-13T15:20:00Z", "2026-09-13T15:30:30Z"),
            ],
        }
    }

    #[test]
    fn fields_stand_in_cloudtrails_order() {
        let key = SigningKey::generate().unwrap();
        let mut digest = Digest::new(contents(), key.public());
        digest.digest_public_key_fingerprint = "f".into();
        let json = serde_json::to_string_pretty(&digest).unwrap();
        expect![[r#"
            {
              "awsAccountId": "123456789012",
              "digestStartTime": "2026-09-13T15:29:23Z",
              "digestEndTime": "2026-09-13T16:29:23Z",
              "digestS3Bucket": "b",
              "digestS3Object": "k",
              "digestPublicKeyFingerprint": "f",
              "digestSignatureAlgorithm": "SHA256withRSA",
              "newestEventTime": "2026-09-13T15:31:00Z",
              "oldestEventTime": "2026-09-13T15:20:00Z",
              "previousDigestS3Bucket": "b",
              "previousDigestS3Object": "j",
              "previousDigestHashValue": "00",
              "previousDigestHashAlgorithm": "SHA-256",
              "previousDigestSignature": "ff",
              "logFiles": [
                {
                  "s3Bucket": "b",
                  "s3Object": "one",
                  "hashValue": "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
                  "hashAlgorithm": "SHA-256",
                  "newestEventTime": "2026-09-13T15:31:00Z",
                  "oldestEventTime": "2026-09-13T15:30:00Z"
                },
                {
                  "s3Bucket": "b",
                  "s3Object": "two",
                  "hashValue": "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3",
                  "hashAlgorithm": "SHA-256",
                  "newestEventTime": "2026-09-13T15:30:30Z",
                  "oldestEventTime": "2026-09-13T15:20:00Z"
                }
              ]
            }"#]]
        .assert_eq(&json);
    }

    #[test]
    fn the_string_to_sign_has_four_lines() {
        let key = SigningKey::generate().unwrap();
        let first = Digest::new(Contents { previous: None, ..contents() }, key.public());
        assert_eq!(first.string_to_sign("abc"), "2026-09-13T16:29:23Z\nb/k\nabc\nnull");
        let next = Digest::new(contents(), key.public());
        assert_eq!(next.string_to_sign("abc"), "2026-09-13T16:29:23Z\nb/k\nabc\nff");
        assert!(first.is_first() && !next.is_first());
    }

    #[test]
    fn an_empty_digest_has_nulls() {
        let key = SigningKey::generate().unwrap();
        let sealed = seal(Contents { previous: None, log_files: vec![], ..contents() }, &key).unwrap();
        let json = std::str::from_utf8(sealed.json()).unwrap();
        let nulls = r#""newestEventTime":null,"oldestEventTime":null,"previousDigestS3Bucket":null,"previousDigestS3Object":null,"previousDigestHashValue":null,"previousDigestHashAlgorithm":null,"previousDigestSignature":null,"logFiles":[]}"#;
        assert!(json.ends_with(nulls), "{json}");
        assert!(json.contains(&key.public().fingerprint()));
        assert_eq!(sealed.sha256(), sha256_hex(sealed.json()));
    }
}
