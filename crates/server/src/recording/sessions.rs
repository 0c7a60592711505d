//! The sessions that STS handed out while we looked on, in memory and in the catalog.

use std::sync::Arc;

use opentrail_catalog::{Catalog, RecordedSession};
use opentrail_model::UserIdentity;
use opentrail_recorder::{Session, Sessions, learn};
use opentrail_services::Call;
use opentrail_stdx::Clock;

/// Most sessions that are read back after a start.
const SESSIONS_MAX: u32 = 100_000;

/// Sessions that survive a restart.
#[derive(Debug)]
pub(crate) struct LearntSessions {
    catalog: Catalog,
    clock: Arc<dyn Clock>,
    known: Sessions,
}

impl LearntSessions {
    /// Goes on with what the catalog has.
    pub(crate) async fn load(catalog: Catalog, clock: Arc<dyn Clock>) -> Result<Self, opentrail_catalog::Error> {
        let (known, now) = (Sessions::default(), clock.now());
        for stored in catalog.recorded_sessions(now, SESSIONS_MAX).await? {
            let session: Session = serde_json::from_str(&stored.session)
                .map_err(|error| opentrail_catalog::Error::corrupt("recorded_session", error))?;
            known.insert(stored.access_key_id, session, stored.expires_at, now);
        }
        Ok(Self { catalog, clock, known })
    }

    /// Those that are known now.
    pub(crate) fn known(&self) -> &Sessions {
        &self.known
    }

    /// Remembers the credentials that a call handed out, if it did.
    pub(crate) async fn learn_from(&self, call: &Call, caller: &UserIdentity) -> Result<(), opentrail_catalog::Error> {
        let now = self.clock.now();
        let Some((access_key_id, session, expires_at)) = learn(call, caller, now) else { return Ok(()) };
        let text = serde_json::to_string(&session)
            .map_err(|error| opentrail_catalog::Error::corrupt("recorded_session", error))?;
        let stored = RecordedSession { access_key_id: access_key_id.clone(), session: text, expires_at };
        let mut transaction = self.catalog.begin().await?;
        transaction.put_recorded_session(&stored, now).await?;
        transaction.commit().await?;
        self.known.insert(access_key_id, session, expires_at, now);
        Ok(())
    }
}
