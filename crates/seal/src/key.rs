//! RSA keys that sign digests (RSASSA-PKCS1-v1_5 with SHA-256, RFC 8017).

use std::fmt;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::hash::md5_hex;

/// A key can't be made, read or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The generator or the signer failed.
    #[error("the cryptographic library failed")]
    Crypto,
    /// The bytes are no key.
    #[error("the private key is not a PKCS #8 RSA key")]
    NotPkcs8,
    /// The bytes are no public key.
    #[error("the public key is not the base64 of a PKCS #1 RSA public key")]
    NotPkcs1,
}

/// A key pair that signs digests.
pub struct SigningKey {
    pair: KeyPair,
    public: PublicKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public.fingerprint())
    }
}

impl SigningKey {
    /// A fresh RSA-2048 pair. Takes a tenth of a second of CPU, and the operating system's randomness.
    pub fn generate() -> Result<Self, KeyError> {
        Ok(Self::from_pair(KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Crypto)?))
    }

    /// The pair that [`SigningKey::to_pkcs8`] wrote.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        Ok(Self::from_pair(KeyPair::from_pkcs8(der).map_err(|_| KeyError::NotPkcs8)?))
    }

    fn from_pair(pair: KeyPair) -> Self {
        let public = PublicKey { der: pair.public_key().as_ref().to_vec() };
        Self { pair, public }
    }

    /// The pair as PKCS #8, private part included.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let der = self.pair.as_der().map_err(|_| KeyError::Crypto)?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The part that everybody may know.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs `message`; the same message always gets the same signature.
    pub(crate) fn sign_hex(&self, message: &[u8]) -> Result<String, KeyError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let signed = self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signed.map_err(|_| KeyError::Crypto)?;
        Ok(hex::encode(signature))
    }
}

/// A public key in the form of ListPublicKeys: DER of a PKCS #1 `RSAPublicKey`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    der: Vec<u8>,
}

impl PublicKey {
    /// Takes DER bytes as they are; whether they are a key shows when they verify something.
    pub fn from_der(der: impl Into<Vec<u8>>) -> Self {
        Self { der: der.into() }
    }

    /// Reads the `Value` of ListPublicKeys.
    pub fn from_base64(value: &str) -> Result<Self, KeyError> {
        let der = STANDARD.decode(value).map_err(|_| KeyError::NotPkcs1)?;
        aws_lc_rs::rsa::PublicKey::from_der(&der).map_err(|_| KeyError::NotPkcs1)?;
        Ok(Self { der })
    }

    /// The DER bytes.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The `Value` of ListPublicKeys.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.der)
    }

    /// MD5 of the DER bytes, by which digests name the key.
    pub fn fingerprint(&self) -> String {
        md5_hex(&self.der)
    }

    /// Whether `signature` (hexadecimal) is this key's for `message`.
    pub(crate) fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let Ok(signature) = hex::decode(signature) else { return false };
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.der).verify(message, &signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_storage_and_signs_the_same() {
        let key = SigningKey::generate().unwrap();
        let again = SigningKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(again.public(), key.public());
        let signature = key.sign_hex(b"text").unwrap();
        assert_eq!(signature.len(), 512);
        assert_eq!(again.sign_hex(b"text").unwrap(), signature);
        assert!(key.public().verifies(b"text", &signature));
        assert!(!key.public().verifies(b"texT", &signature));
        assert!(!key.public().verifies(b"text", "zz"));
    }

    #[test]
    fn public_keys_have_the_form_of_list_public_keys() {
        let public = SigningKey::generate().unwrap().public().clone();
        assert_eq!(public.der().len(), 270);
        assert!(public.to_base64().starts_with("MIIBCgKCAQEA"));
        assert_eq!(PublicKey::from_base64(&public.to_base64()).unwrap(), public);
        assert!(PublicKey::from_base64("MIIB").is_err());
        assert!(SigningKey::from_pkcs8(b"no key").is_err());
    }
}
