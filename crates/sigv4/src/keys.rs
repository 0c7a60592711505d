//! Secrets, and the keys that are derived from them.

use std::fmt;

use aws_lc_rs::{constant_time, digest, hmac};
use zeroize::Zeroizing;

use crate::scope::Scope;

/// The secret half of an access key. It prints as a placeholder and is wiped from memory when dropped.
#[derive(Clone)]
pub struct SecretKey(Zeroizing<String>);

impl SecretKey {
    /// Takes the secret over.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(Zeroizing::new(secret.into()))
    }

    /// The one door to the secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// What a client needs to sign.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// `AKIA…` or, with a session token, `ASIA…`.
    pub access_key_id: String,
    /// The secret half.
    pub secret: SecretKey,
    /// Sent as `X-Amz-Security-Token` when present.
    pub session_token: Option<String>,
}

/// The key that signs everything within one scope (AWS Signature Version 4, "Calculate the signature").
#[derive(Clone)]
pub(crate) struct SigningKey(hmac::Key);

impl SigningKey {
    pub(crate) fn derive(secret: &SecretKey, scope: &Scope) -> Self {
        let seed = Zeroizing::new(format!("AWS4{}", secret.expose()));
        let date = hmac_key(&hmac::Key::new(hmac::HMAC_SHA256, seed.as_bytes()), &scope.date);
        let region = hmac_key(&date, &scope.region);
        let service = hmac_key(&region, &scope.service);
        Self(hmac_key(&service, "aws4_request"))
    }

    /// The signature of `string_to_sign` in lower-case hex.
    pub(crate) fn sign(&self, string_to_sign: &str) -> String {
        hex::encode(hmac::sign(&self.0, string_to_sign.as_bytes()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

fn hmac_key(key: &hmac::Key, message: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(key, message.as_bytes()).as_ref())
}

/// Compares in a time that tells nothing about where the texts differ.
pub(crate) fn equal(ours: &str, theirs: &str) -> bool {
    constant_time::verify_slices_are_equal(ours.as_bytes(), theirs.as_bytes()).is_ok()
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(sha256(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_key_is_derived() {
        // AWS General Reference, "Examples of how to derive a signing key".
        let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        let scope = Scope { date: "20120215".into(), region: "us-east-1".into(), service: "iam".into() };
        let seed = hmac::Key::new(hmac::HMAC_SHA256, format!("AWS4{}", secret.expose()).as_bytes());
        let key = ["20120215", "us-east-1", "iam"].iter().fold(seed, |key, part| hmac_key(&key, part));
        assert_eq!(
            hex::encode(hmac::sign(&key, b"aws4_request")),
            "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d"
        );
        let direct = hmac::sign(&hmac_key(&key, "aws4_request"), b"text");
        assert_eq!(SigningKey::derive(&secret, &scope).sign("text"), hex::encode(direct));
    }

    #[test]
    fn secrets_do_not_print() {
        assert_eq!(format!("{:?}", SecretKey::new("swordfish")), "SecretKey(…)");
    }
}
