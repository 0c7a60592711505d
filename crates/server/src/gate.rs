//! The gate: a request's signature becomes the caller, or an error in AWS's words.
//!
//! [`Authenticated`] has private fields: whoever holds one knows that the holder of the key signed the request.

use std::sync::Arc;

use http::request::Parts;
use opentrail_catalog::AccessKey;
use opentrail_model::Region;
use opentrail_sigv4::{AuthError, BodyHash, Claim, Kind, Presented, SecretKey, Verified};

use crate::app::App;

/// Evidence of who calls: made by this module only.
#[derive(Debug, Clone)]
pub(crate) struct Authenticated {
    key: Arc<AccessKey>,
    region: Region,
    verified: Verified,
    kind: Kind,
}

impl Authenticated {
    /// The key that signed, and whom it belongs to.
    pub(crate) fn key(&self) -> &AccessKey {
        &self.key
    }

    /// The same key, to hold on to.
    pub(crate) fn shared_key(&self) -> Arc<AccessKey> {
        Arc::clone(&self.key)
    }

    /// The Region that was addressed.
    pub(crate) fn region(&self) -> &Region {
        &self.region
    }

    /// The signing name of the service that was addressed.
    pub(crate) fn service(&self) -> &str {
        &self.verified.scope().service
    }

    /// Where the signature was.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The evidence that watches a body which is still to come.
    pub(crate) fn verified(&self) -> &Verified {
        &self.verified
    }
}

/// A caller whose signature doesn't hold, though the key is known: the call is refused and recorded.
#[derive(Debug, Clone)]
pub(crate) struct Suspect {
    /// The key that was claimed.
    pub(crate) key: Arc<AccessKey>,
    /// The Region that was addressed.
    pub(crate) region: Region,
    /// The signing name of the service that was addressed.
    pub(crate) service: String,
}

/// Verifies the signature; `None` when there is none. `body` is the hash of the whole body, or pending where the
/// signature covers the body otherwise.
pub(crate) fn authenticate(app: &App, parts: &Parts, body: BodyHash) -> Result<Option<Authenticated>, AuthError> {
    let Some(presented) = Presented::from_request(parts)? else { return Ok(None) };
    let unknown = || AuthError::UnknownAccessKey { access_key_id: presented.access_key_id.clone() };
    let key = app.keys.get(&presented.access_key_id).ok_or_else(unknown)?;
    presented.check_token(key.session_token.as_ref().map(opentrail_catalog::Secret::expose))?;
    let secret = SecretKey::new(key.secret.expose());
    let verified = presented.verify(parts, &secret, body, app.clock.now())?;
    let region = presented.scope.region.parse().map_err(|_| AuthError::Credential {
        found: format!("{}/{}", presented.access_key_id, presented.scope),
        presigned: presented.kind != Kind::Header,
    })?;
    Ok(Some(Authenticated { key, region, verified, kind: presented.kind }))
}

/// Whom a refused request claims to come from, if we know that key.
pub(crate) fn suspect(app: &App, parts: &Parts) -> Option<Suspect> {
    let claim = Claim::of(parts)?;
    let scope = claim.scope?;
    let region = scope.region.parse().ok()?;
    Some(Suspect { key: app.keys.get(&claim.access_key_id)?, region, service: scope.service })
}
