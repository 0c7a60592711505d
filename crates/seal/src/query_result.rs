//! The sign file of a query's result (CloudTrail user guide, "Validate CloudTrail Lake saved query results"): the hashes of
//! the result files as they are in the bucket, and a signature over the hashes.

use opentrail_stdx::Timestamp;
use serde::{Deserialize, Serialize};

use crate::key::{KeyError, SigningKey};

/// A result file, as it is in the bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultFileEntry {
    /// SHA-256 of its bytes, compressed as they are, in hexadecimal.
    pub file_hash_value: String,
    /// The last part of its key.
    pub file_name: String,
}

/// The document `result_sign.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignFile {
    /// `1.0`
    pub version: String,
    /// The Region of the query, whose keys sign.
    pub region: String,
    /// In the order of their numbers, at least one.
    pub files: Vec<ResultFileEntry>,
    /// `SHA-256`
    pub hash_algorithm: String,
    /// `SHA256withRSA`
    pub signature_algorithm: String,
    /// When the query was complete, to the second.
    pub query_complete_time: String,
    /// Over the hashes with one blank between them, in hexadecimal.
    pub hash_signature: String,
    /// Which key signed.
    pub public_key_fingerprint: String,
}

/// Signs result files.
///
/// # Errors
/// The key cannot sign.
pub fn sign(
    region: &str,
    files: Vec<ResultFileEntry>,
    completed_at: Timestamp,
    key: &SigningKey,
) -> Result<SignFile, KeyError> {
    let hash_signature = key.sign_hex(string_to_sign(&files).as_bytes())?;
    Ok(SignFile {
        version: "1.0".to_owned(),
        region: region.to_owned(),
        files,
        hash_algorithm: "SHA-256".to_owned(),
        signature_algorithm: crate::digest::SIGNATURE_ALGORITHM.to_owned(),
        query_complete_time: completed_at.floor_to_second().iso(),
        hash_signature,
        public_key_fingerprint: key.public().fingerprint(),
    })
}

fn string_to_sign(files: &[ResultFileEntry]) -> String {
    files.iter().map(|file| file.file_hash_value.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_as_documented() {
        let key = SigningKey::generate().expect("a key");
        let entry =
            |hash: &str, name: &str| ResultFileEntry { file_hash_value: hash.to_owned(), file_name: name.to_owned() };
        let files = vec![entry("ab", "result_1.csv.gz"), entry("cd", "result_2.csv.gz")];
        assert_eq!(string_to_sign(&files), "ab cd");
        let signed = sign("us-east-1", files, Timestamp::from_ms(1_789_319_538_551), &key).expect("signed");
        assert_eq!(signed.query_complete_time, "2026-09-13T17:12:18Z");
        assert_eq!(signed.signature_algorithm, "SHA256withRSA");
        assert!(key.public().verifies(b"ab cd", &signed.hash_signature));
        let json = serde_json::to_value(&signed).expect("JSON");
        let members: Vec<&str> = json.as_object().expect("an object").keys().map(String::as_str).collect();
        let documented = [
            "version",
            "region",
            "files",
            "hashAlgorithm",
            "signatureAlgorithm",
            "queryCompleteTime",
            "hashSignature",
            "publicKeyFingerprint",
        ];
        assert_eq!(members, documented);
    }
}
