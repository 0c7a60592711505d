//! From what a caller writes to a trail, and changing it.

use opentrail_catalog::StoredTrail;
use opentrail_model::{Trail, TrailArn, TrailRef};

use crate::{Api, Caller, Error};

/// The first record that a changed trail judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effective {
    /// The next one.
    Now,
    /// The one after the record of this very call: a trail still delivers the record of its own stop.
    AfterThisCall,
}

/// A trail that the caller can't see, shown as most operations show it: by ARN.
pub(crate) fn not_found(caller: &Caller, arn: &TrailArn) -> Error {
    Error::TrailNotFound { shown: arn.to_string(), account: caller.account().clone() }
}

/// Whether a trail shows in the called Region: at home there, or as the shadow of a multi-Region trail.
pub(crate) fn is_visible(trail: &Trail, caller: &Caller) -> bool {
    let is_here = trail.is_multi_region || trail.arn.region == caller.region;
    is_here && trail.arn.account == *caller.account()
}

impl Api {
    /// The trail that a read means. A name means one at home in the called Region; a shadow is read by its ARN.
    pub(crate) async fn find(&self, caller: &Caller, reference: &str) -> Result<StoredTrail, Error> {
        let arn = caller.resolve(TrailRef::parse(reference)?);
        let found = self.catalog.trail_by_arn(&arn).await?;
        found.filter(|stored| is_visible(&stored.trail, caller)).ok_or_else(|| not_found(caller, &arn))
    }

    /// Changes a trail in its home Region and answers it as it is then. A change that changes nothing writes nothing.
    pub(crate) async fn change<F>(
        &self,
        caller: &Caller,
        reference: &str,
        from: Effective,
        change: F,
    ) -> Result<Trail, Error>
    where
        F: Fn(&mut Trail) -> Result<(), Error> + Send + Sync,
    {
        let reference = TrailRef::parse(reference)?;
        match self.try_change(caller, &reference, from, &change).await {
            Err(Error::Conflict) => self.try_change(caller, &reference, from, &change).await,
            done => done,
        }
    }

    async fn try_change<F>(
        &self,
        caller: &Caller,
        reference: &TrailRef,
        from: Effective,
        change: &F,
    ) -> Result<Trail, Error>
    where
        F: Fn(&mut Trail) -> Result<(), Error> + Send + Sync,
    {
        let mut transaction = self.catalog.begin().await?;
        let trails = transaction.trails_of_account(caller.account()).await?;
        let mut stored = at_home(trails, caller, reference)?;
        let before = stored.trail.clone();
        change(&mut stored.trail)?;
        if stored.trail != before {
            transaction.update_trail(&stored, self.effective_from(from)).await?;
            // Commit point: the new settings and the position from which they hold are kept together, or neither is.
            transaction.commit().await?;
        }
        Ok(stored.trail)
    }

    /// Puts a trail, whose id and version are as they were read, in place of what is stored.
    pub(crate) async fn swap(&self, changed: &StoredTrail) -> Result<(), Error> {
        let mut transaction = self.catalog.begin().await?;
        transaction.update_trail(changed, self.effective_from(Effective::Now)).await?;
        // Commit point, as above. Buckets were checked before: a crash here leaves at most marker objects.
        Ok(transaction.commit().await?)
    }

    pub(crate) fn effective_from(&self, from: Effective) -> u64 {
        match from {
            Effective::Now => self.journal.end(),
            Effective::AfterThisCall => self.journal.end() + 1,
        }
    }
}

/// The trail, of all trails of the caller's account, that a change means: it must be at home in the called Region.
pub(crate) fn at_home(trails: Vec<StoredTrail>, caller: &Caller, reference: &TrailRef) -> Result<StoredTrail, Error> {
    let arn = caller.resolve(reference.clone());
    let is_shadow = |trail: &Trail| match reference {
        TrailRef::Name(name) => trail.arn.name == *name && is_visible(trail, caller),
        TrailRef::Arn(_) => false,
    };
    let mut shadow = None;
    for stored in trails {
        if stored.trail.arn == arn && arn.region == caller.region {
            return Ok(stored);
        }
        if stored.trail.arn == arn || is_shadow(&stored.trail) {
            shadow = Some(stored.trail.arn);
        }
    }
    Err(shadow.map_or_else(|| not_found(caller, &arn), |arn| Error::ForeignHome { arn }))
}
