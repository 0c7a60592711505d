//! Keeps secrets unreadable at rest: AES-256-GCM (NIST SP 800-38D) under a master key that lies beside the catalog.
//!
//! ```text
//! sealed = version (1 byte, 1) | nonce (12 bytes, random) | ciphertext | tag (16 bytes)
//! ```

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use opentrail_stdx::{Disk, Entropy, disk::write_durably};
use zeroize::{Zeroize, Zeroizing};

const KEY_BYTES: usize = 32;
const VERSION: u8 = 1;

/// A secret text. It is wiped on drop and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The one door to the text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a vault didn't open, or something in it.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The master key's file can't be read or made.
    #[error("the master key `{path}` can't be read or made; check the owner and mode of its folder")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the disk said.
        #[source]
        source: io::Error,
    },
    /// The master key's file has another length than a key.
    #[error("the master key `{0}` is damaged; put back the one that this data folder was made with")]
    Damaged(PathBuf),
    /// The sealed bytes were altered or were sealed with another master key.
    #[error("a sealed secret doesn't open; put back the `master.key` that this data folder was made with")]
    Sealed,
}

/// Seals and opens secrets. Clones share the key.
#[derive(Clone)]
pub struct Vault {
    key: Arc<LessSafeKey>,
    entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// Opens the vault with the master key in `path`, making one if there is none. The folder must be readable by
    /// nobody else: that is all that protects the key.
    pub fn open(disk: &dyn Disk, path: &Path, entropy: Arc<dyn Entropy>) -> Result<Self, VaultError> {
        let failed = |source| VaultError::Io { path: path.to_path_buf(), source };
        let key = match disk.read(path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut fresh = Zeroizing::new(vec![0; KEY_BYTES]);
                entropy.fill(&mut fresh);
                write_durably(disk, path, &fresh).map_err(failed)?;
                fresh
            }
            Err(error) => return Err(failed(error)),
        };
        let key = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| VaultError::Damaged(path.to_path_buf()))?;
        Ok(Self { key: Arc::new(LessSafeKey::new(key)), entropy })
    }

    /// Seals `plain` with a fresh nonce.
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        self.entropy.fill(&mut nonce);
        let mut body = plain.to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from([VERSION]), &mut body)
            .expect("secrets are far shorter than the cipher's limit of 64 GiB");
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + body.len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.append(&mut body);
        sealed
    }

    /// Opens what [`Vault::seal`] made.
    pub fn unseal(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (nonce, body) = split(sealed).ok_or(VaultError::Sealed)?;
        let mut body = Zeroizing::new(body.to_vec());
        let nonce = Nonce::assume_unique_for_key(nonce);
        let length = match self.key.open_in_place(nonce, Aad::from([VERSION]), &mut body) {
            Ok(plain) => plain.len(),
            Err(_) => return Err(VaultError::Sealed),
        };
        body[length..].zeroize();
        body.truncate(length);
        Ok(body)
    }
}

fn split(sealed: &[u8]) -> Option<([u8; NONCE_LEN], &[u8])> {
    let (version, rest) = sealed.split_first()?;
    let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>()?;
    (*version == VERSION).then_some((*nonce, body))
}

#[cfg(test)]
mod tests {
    use opentrail_stdx::disk::SystemDisk;
    use opentrail_stdx::{SeededEntropy, SystemEntropy};

    use super::*;

    fn vault(dir: &Path) -> Result<Vault, VaultError> {
        Vault::open(&SystemDisk, &dir.join("master.key"), Arc::new(SystemEntropy))
    }

    #[test]
    fn what_is_sealed_opens_after_a_restart() {
        let dir = tempfile::tempdir().expect("a folder");
        let sealed = vault(dir.path()).expect("opens").seal(b"secret");
        let again = vault(dir.path()).expect("opens again");
        assert_eq!(&**again.unseal(&sealed).expect("unseals"), b"secret");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
    }

    #[test]
    fn every_flipped_or_missing_byte_is_noticed() {
        let dir = tempfile::tempdir().expect("a folder");
        let vault = vault(dir.path()).expect("opens");
        let sealed = vault.seal(b"secret");
        for at in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(matches!(vault.unseal(&bad), Err(VaultError::Sealed)), "byte {at}");
            assert!(matches!(vault.unseal(&sealed[..at]), Err(VaultError::Sealed)), "cut at {at}");
        }
    }

    #[test]
    fn another_master_key_or_a_damaged_one_is_refused() {
        let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let sealed = vault(one.path()).expect("opens").seal(b"secret");
        assert!(matches!(vault(two.path()).expect("opens").unseal(&sealed), Err(VaultError::Sealed)));
        std::fs::write(one.path().join("master.key"), b"short").expect("written");
        assert!(matches!(vault(one.path()), Err(VaultError::Damaged(_))));
    }

    #[test]
    fn nonces_come_from_the_given_entropy() {
        let dir = tempfile::tempdir().expect("a folder");
        vault(dir.path()).expect("makes the key");
        let seeded = || {
            Vault::open(&SystemDisk, &dir.path().join("master.key"), Arc::new(SeededEntropy::new(1))).expect("opens")
        };
        assert_eq!(seeded().seal(b"secret"), seeded().seal(b"secret"));
        let one = seeded();
        assert_ne!(one.seal(b"secret"), one.seal(b"secret"));
    }

    #[test]
    fn secrets_are_not_printed() {
        assert_eq!(format!("{:?}", Secret::new("hush")), "Secret(…)");
    }
}
