//! Signing keys: from the catalog, or fresh.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use opentrail_catalog::{Catalog, SigningKey as StoredKey, Vault};
use opentrail_seal::key_ring::{Choice, Validity, choose_key};
use opentrail_seal::{KeyError, SigningKey};
use opentrail_stdx::Timestamp;
use parking_lot::Mutex;

use crate::Error;

/// Makes signing keys.
pub trait KeySource: Send + Sync + fmt::Debug {
    /// A key that nobody else has. May take a tenth of a second of CPU.
    fn generate(&self) -> Result<SigningKey, KeyError>;
}

/// Keys from the operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct FreshKeys;

impl KeySource for FreshKeys {
    fn generate(&self) -> Result<SigningKey, KeyError> {
        SigningKey::generate()
    }
}

/// Keys from a pool that is filled as needed: the first key of one run is the first key of the next, which
/// [`PooledKeys::rewound`] begins, so that runs can be compared byte by byte. Clones go on together. Never for real use.
#[derive(Debug, Clone, Default)]
pub struct PooledKeys {
    /// Guards the pool: keys as PKCS #8.
    pool: Arc<Mutex<Vec<Vec<u8>>>>,
    next: Arc<AtomicUsize>,
}

impl PooledKeys {
    /// The same pool from its first key on.
    #[must_use]
    pub fn rewound(&self) -> Self {
        Self { pool: Arc::clone(&self.pool), next: Arc::default() }
    }
}

impl KeySource for PooledKeys {
    fn generate(&self) -> Result<SigningKey, KeyError> {
        let index = self.next.fetch_add(1, Ordering::SeqCst);
        let mut pool = self.pool.lock();
        while pool.len() <= index {
            let fresh = SigningKey::generate()?.to_pkcs8()?;
            pool.push(fresh.to_vec());
        }
        SigningKey::from_pkcs8(&pool[index])
    }
}

/// The signing keys of all Regions.
#[derive(Debug)]
pub struct KeyRings {
    source: Arc<dyn KeySource>,
    vault: Vault,
    opened: HashMap<String, Arc<SigningKey>>,
}

/// A key to sign with, and what must be stored with the first digest that it signs.
#[derive(Debug)]
pub struct Chosen {
    /// Signs.
    pub key: Arc<SigningKey>,
    /// The same key, if it was made for this and the catalog doesn't have it.
    pub fresh: Option<StoredKey>,
}

impl KeyRings {
    /// Rings whose new keys come from `source`.
    pub fn new(source: Arc<dyn KeySource>, vault: Vault) -> Self {
        Self { source, vault, opened: HashMap::new() }
    }

    /// The key that signs for a Region at an instant.
    pub async fn choose(&mut self, catalog: &Catalog, region: &str, at: Timestamp) -> Result<Chosen, Error> {
        let ring = catalog.signing_keys(region, at, at).await?;
        let validities: Vec<_> = ring.iter().map(|key| Validity { from: key.valid_from, to: key.valid_to }).collect();
        match choose_key(&validities, at) {
            Choice::Use(index) => Ok(Chosen { key: self.open(&ring[index])?, fresh: None }),
            Choice::Make(validity) => self.make(region, validity).await,
        }
    }

    fn open(&mut self, stored: &StoredKey) -> Result<Arc<SigningKey>, Error> {
        if let Some(key) = self.opened.get(&stored.fingerprint) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(SigningKey::from_pkcs8(&self.vault.unseal(&stored.private_key)?)?);
        self.opened.insert(stored.fingerprint.clone(), Arc::clone(&key));
        Ok(key)
    }

    async fn make(&mut self, region: &str, validity: Validity) -> Result<Chosen, Error> {
        let source = Arc::clone(&self.source);
        let key = Arc::new(tokio::task::spawn_blocking(move || source.generate()).await??);
        let stored = StoredKey {
            region: region.to_owned(),
            fingerprint: key.public().fingerprint(),
            public_key: key.public().der().to_vec(),
            private_key: self.vault.seal(&key.to_pkcs8()?),
            valid_from: validity.from,
            valid_to: validity.to,
        };
        tracing::info!(region, fingerprint = stored.fingerprint, valid_to = %stored.valid_to, "made a signing key");
        Ok(Chosen { key, fresh: Some(stored) })
    }
}
