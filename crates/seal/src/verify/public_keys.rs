//! Public keys by their fingerprints.

use std::collections::HashMap;

use serde::Deserialize;

use crate::key::PublicKey;

/// Keys to verify with.
#[derive(Debug, Clone, Default)]
pub struct PublicKeys {
    by_fingerprint: HashMap<String, PublicKey>,
}

/// The text isn't an answer of ListPublicKeys.
#[derive(Debug, thiserror::Error)]
#[error("not an answer of ListPublicKeys; save one with `aws cloudtrail list-public-keys --start-time … --end-time …`")]
pub struct PublicKeysError(#[source] Box<dyn std::error::Error + Send + Sync>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    public_key_list: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    value: String,
}

impl PublicKeys {
    /// No keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key under the fingerprint that it has, whatever anybody says it has.
    pub fn add(&mut self, key: PublicKey) {
        self.by_fingerprint.insert(key.fingerprint(), key);
    }

    /// Adds the keys of an answer of ListPublicKeys.
    pub fn add_json(&mut self, json: &[u8]) -> Result<(), PublicKeysError> {
        let answer: Answer = serde_json::from_slice(json).map_err(|error| PublicKeysError(error.into()))?;
        for listed in answer.public_key_list {
            self.add(PublicKey::from_base64(&listed.value).map_err(|error| PublicKeysError(error.into()))?);
        }
        Ok(())
    }

    /// The key of this fingerprint.
    pub fn get(&self, fingerprint: &str) -> Option<&PublicKey> {
        self.by_fingerprint.get(fingerprint)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_fingerprint.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_fingerprint.is_empty()
    }
}
