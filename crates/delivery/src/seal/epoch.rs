//! Epochs: the stretches of time in which a trail logs with validation on. Each has chains of its own.

use opentrail_catalog::TrailRevision;
use opentrail_catalog::log_file::ChainPlace;
use opentrail_model::{AccountId, Region, Trail};
use opentrail_seal::name::root_folder;
use opentrail_stdx::Timestamp;

use super::Target;

/// A stretch of time in which a trail logs with validation on.
#[derive(Debug, Clone)]
pub(super) struct Epoch {
    pub(super) trail_id: i64,
    /// The trail's `chain_started_at`.
    pub(super) started_at: Timestamp,
    /// The trail as it was last set in this epoch.
    pub(super) trail: Trail,
    /// The position from which it was set so.
    pub(super) set_at: u64,
    /// How it ended, if it has.
    pub(super) ended: Option<End>,
    /// Regions that the trail covers now, its home first.
    pub(super) regions: Vec<String>,
}

/// How an epoch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// Records from here on belong to no digest of it.
    pub(super) position: u64,
    /// When logging was stopped; none when the trail was deleted or validation disabled, whose time isn't kept.
    pub(super) at: Option<Timestamp>,
}

impl Epoch {
    pub(super) fn target(&self) -> Target {
        Target {
            bucket: self.trail.bucket.clone(),
            root: root_folder(self.trail.prefix.as_deref()),
            kms_key_id: self.trail.kms_key_id.clone(),
        }
    }

    pub(super) fn place(&self, region: &str) -> ChainPlace {
        ChainPlace {
            trail_arn: self.trail.arn.to_string(),
            account: self.trail.arn.account.to_string(),
            region: region.to_owned(),
        }
    }
}

impl End {
    /// What a revision that has another epoch, or none, tells of the end of the one before.
    pub(super) fn by(revision: &TrailRevision) -> Self {
        let stopped = revision.trail.as_ref().filter(|trail| !trail.is_logging).and_then(|trail| trail.stopped_at);
        Self { position: revision.effective_from, at: stopped }
    }
}

/// The epochs that the revisions tell of, by trail and age.
pub(super) fn epochs(revisions: &[TrailRevision], regions: &[(AccountId, Region)]) -> Vec<Epoch> {
    let mut epochs: Vec<Epoch> = Vec::new();
    for revision in revisions {
        let started_at = revision.trail.as_ref().and_then(|trail| trail.chain_started_at);
        let open = epochs.last_mut().filter(|last| last.trail_id == revision.trail_id && last.ended.is_none());
        let is_same = open.as_ref().is_some_and(|last| Some(last.started_at) == started_at);
        if let Some(last) = open
            && !is_same
        {
            last.ended = Some(End::by(revision));
        }
        let (Some(trail), Some(started_at)) = (&revision.trail, started_at) else { continue };
        let regions = covered(trail, regions);
        let epoch = Epoch {
            trail_id: revision.trail_id,
            started_at,
            trail: trail.clone(),
            set_at: revision.effective_from,
            ended: None,
            regions,
        };
        match epochs.last_mut() {
            Some(last) if is_same => *last = epoch,
            _ => epochs.push(epoch),
        }
    }
    epochs
}

/// The Regions that a trail covers: its home, and, if it is a multi-Region trail, all that its account has used.
fn covered(trail: &Trail, seen: &[(AccountId, Region)]) -> Vec<String> {
    let mut covered = vec![trail.arn.region.to_string()];
    if trail.is_multi_region {
        let used = seen.iter().filter(|(account, region)| *account == trail.arn.account && *region != trail.arn.region);
        covered.extend(used.map(|(_, region)| region.to_string()));
    }
    covered
}
