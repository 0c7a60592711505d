//! From a claim to evidence.

use std::time::Duration;

use http::request::Parts;
use opentrail_stdx::Timestamp;

use crate::canonical::{self, is_s3};
use crate::chunked::{Decoder, Plan, Seed};
use crate::error::{AuthError, Mismatch};
use crate::keys::{SecretKey, SigningKey, equal, sha256};
use crate::presented::{Kind, Payload, Presented, Streaming};
use crate::scope::Scope;
use crate::version_two;

/// How far the clocks of caller and server may be apart.
pub(crate) const SKEW_MAX: Duration = Duration::from_secs(15 * 60);

/// What the server knows of the body when it verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyHash {
    /// The SHA-256 of the whole body as it arrived.
    Sha256([u8; 32]),
    /// Not read yet. Enough wherever [`Presented::needs_body`] says no; [`Verified::check_body`] or
    /// [`Verified::decoder`] then watch the body as it comes in. Elsewhere no signature matches it.
    Pending,
}

impl BodyHash {
    /// Hashes a whole body.
    pub fn of(body: &[u8]) -> Self {
        Self::Sha256(sha256(body))
    }
}

/// Evidence that the holder of a key signed a request. Only [`Presented::verify`] makes one.
#[derive(Debug, Clone)]
pub struct Verified {
    access_key_id: String,
    scope: Scope,
    signed_at: Timestamp,
    payload: Payload,
    key: SigningKey,
    signature: String,
}

impl Presented {
    /// Checks the signature with the secret of the claimed key.
    ///
    /// # Errors
    /// The request is too old or too new, the signature isn't the one we calculate, or the body isn't the signed one.
    pub fn verify(
        &self,
        parts: &Parts,
        secret: &SecretKey,
        body: BodyHash,
        now: Timestamp,
    ) -> Result<Verified, AuthError> {
        self.check_time(now)?;
        let key = SigningKey::derive(secret, &self.scope);
        match self.kind {
            Kind::PresignedVersionTwo { expires_at } => self.check_version_two(parts, secret, expires_at)?,
            Kind::Header | Kind::Presigned { .. } => self.check_signature(parts, &key, body)?,
        }
        let verified = Verified {
            access_key_id: self.access_key_id.clone(),
            scope: self.scope.clone(),
            signed_at: self.signed_at,
            payload: self.payload.clone(),
            key,
            signature: self.signature.clone(),
        };
        if let BodyHash::Sha256(hash) = body {
            verified.check_body(&hash)?;
        }
        Ok(verified)
    }

    /// Checks the session token against the one that belongs to the key, `None` for keys of users and roots.
    ///
    /// # Errors
    /// A token where none belongs, another one, or none where one belongs.
    pub fn check_token(&self, expected: Option<&str>) -> Result<(), AuthError> {
        match (expected, &self.security_token) {
            (None, None) => Ok(()),
            (Some(expected), Some(token)) if equal(expected, token) => Ok(()),
            (Some(_), None) => Err(AuthError::UnknownAccessKey { access_key_id: self.access_key_id.clone() }),
            _ => Err(AuthError::InvalidToken),
        }
    }

    fn check_time(&self, now: Timestamp) -> Result<(), AuthError> {
        let signed_at = self.signed_at;
        match self.kind {
            Kind::Header if signed_at < now.minus(SKEW_MAX) || signed_at > now.plus(SKEW_MAX) => {
                Err(AuthError::Skewed { signed_at, now })
            }
            Kind::Presigned { .. } if signed_at > now.plus(SKEW_MAX) => Err(AuthError::NotYetValid { signed_at, now }),
            Kind::Presigned { expires } if now > signed_at.plus(expires) => {
                let expires_s = u32::try_from(expires.as_secs()).ok();
                Err(AuthError::Expired { expired_at: signed_at.plus(expires), expires_s, now })
            }
            Kind::PresignedVersionTwo { expires_at } if now > expires_at => {
                Err(AuthError::Expired { expired_at: expires_at, expires_s: None, now })
            }
            _ => Ok(()),
        }
    }

    fn check_version_two(&self, parts: &Parts, secret: &SecretKey, expires_at: Timestamp) -> Result<(), AuthError> {
        if version_two::matches(parts, expires_at, secret, &self.signature) {
            return Ok(());
        }
        Err(AuthError::SignatureMismatch(Box::new(Mismatch {
            access_key_id: self.access_key_id.clone(),
            string_to_sign: version_two::string_to_sign(parts, expires_at, parts.uri.path()),
            signature_provided: self.signature.clone(),
            canonical_request: String::new(),
        })))
    }

    fn check_signature(&self, parts: &Parts, key: &SigningKey, body: BodyHash) -> Result<(), AuthError> {
        let line = match (self.payload.line(), body) {
            (Some(line), _) => line.to_owned(),
            (None, BodyHash::Sha256(hash)) => hex::encode(hash),
            (None, BodyHash::Pending) => String::new(),
        };
        let canonical_request = canonical::request(parts, &self.scope.service, &self.signed_headers, &line);
        let string_to_sign = canonical::string_to_sign(self.signed_at, &self.scope, &canonical_request);
        if !line.is_empty() && equal(&key.sign(&string_to_sign), &self.signature) {
            return Ok(());
        }
        Err(AuthError::SignatureMismatch(Box::new(Mismatch {
            access_key_id: self.access_key_id.clone(),
            string_to_sign,
            signature_provided: self.signature.clone(),
            canonical_request: String::from_utf8_lossy(&canonical_request).into_owned(),
        })))
    }
}

impl Verified {
    /// The key that signed.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The scope that it signed for.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Compares the hash of the body as it arrived with the signed one; nothing to compare where bodies are unsigned or
    /// chunked.
    ///
    /// # Errors
    /// [`AuthError::BodyMismatch`].
    pub fn check_body(&self, sha256: &[u8; 32]) -> Result<(), AuthError> {
        let computed = hex::encode(sha256);
        match &self.payload {
            Payload::Sha256(claimed)
                if is_s3(&self.scope.service) && !equal(&claimed.to_ascii_lowercase(), &computed) =>
            {
                Err(AuthError::BodyMismatch { claimed: claimed.clone(), computed })
            }
            _ => Ok(()),
        }
    }

    /// The decoder for the body, where it comes in signed or trailed chunks; `None` where it comes as it is.
    ///
    /// # Errors
    /// [`AuthError::DecodedLength`].
    pub fn decoder(&self, parts: &Parts) -> Result<Option<Decoder>, AuthError> {
        let Payload::Streaming(form) = self.payload else { return Ok(None) };
        let seed = Seed {
            key: self.key.clone(),
            signed_at: self.signed_at.basic(),
            scope: self.scope.to_string(),
            signature: self.signature.clone(),
        };
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let decoded_bytes = text("x-amz-decoded-content-length").and_then(|length| length.parse().ok());
        let trailers =
            text("x-amz-trailer").unwrap_or_default().split(',').map(|name| name.trim().to_ascii_lowercase());
        let plan = Plan {
            decoded_bytes: decoded_bytes.ok_or(AuthError::DecodedLength)?,
            trailers: trailers.filter(|name| !name.is_empty()).collect(),
            trailed: form != Streaming::Signed,
            seed: (form != Streaming::UnsignedTrailer).then_some(seed),
        };
        Ok(Some(Decoder::new(plan)))
    }
}
