//! Commits and puts that fail when the driver says so, and buckets that remember what was put.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use opentrail_blob::faulty::{PutFault, PutFaults};
use opentrail_blob::{Blob, Buckets, Error, Memory, OnBehalf, PutOptions};
use opentrail_catalog::CommitFaults;
use opentrail_stdx::{Entropy, SeededEntropy};
use parking_lot::Mutex;

/// One commit fails: the one after so many others, before or after it took effect.
#[derive(Debug, Default)]
pub struct Commits(Mutex<Option<PlannedCommit>>);

#[derive(Debug, Clone, Copy)]
struct PlannedCommit {
    others_before: u64,
    is_kept: bool,
}

impl Commits {
    /// Plans a failure; `is_kept` when the change stays in spite of it.
    pub fn plan(&self, others_before: u64, is_kept: bool) {
        *self.0.lock() = Some(PlannedCommit { others_before, is_kept });
    }

    /// Forgets the plan.
    pub fn clear(&self) {
        *self.0.lock() = None;
    }

    fn strike(&self, is_after: bool) -> io::Result<()> {
        let mut plan = self.0.lock();
        match &mut *plan {
            Some(planned) if planned.others_before == 0 && planned.is_kept == is_after => {
                *plan = None;
                Err(io::Error::other("a planned fault"))
            }
            Some(planned) if is_after => {
                planned.others_before = planned.others_before.saturating_sub(1);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl CommitFaults for Commits {
    fn before_commit(&self) -> io::Result<()> {
        self.strike(false)
    }

    fn after_commit(&self) -> io::Result<()> {
        self.strike(true)
    }
}

/// Buckets that are broken for a while, and puts that fail by chance.
#[derive(Debug)]
pub struct Puts {
    entropy: SeededEntropy,
    state: Mutex<PutState>,
}

#[derive(Debug, Default)]
struct PutState {
    broken: BTreeMap<String, &'static str>,
    per_mille: u64,
}

impl Puts {
    /// All is well at first.
    pub fn new(seed: u64) -> Self {
        Self { entropy: SeededEntropy::new(seed), state: Mutex::default() }
    }

    /// From now on a bucket answers this code.
    pub fn set_broken(&self, bucket: &str, code: &'static str) {
        self.state.lock().broken.insert(bucket.to_owned(), code);
    }

    /// From now on this many of a thousand puts fail, some of them though the object was written.
    pub fn set_per_mille(&self, per_mille: u64) {
        self.state.lock().per_mille = per_mille;
    }

    /// All is well again.
    pub fn clear(&self) {
        *self.state.lock() = PutState::default();
    }
}

impl PutFaults for Puts {
    fn fault(&self, _number: u64, bucket: &str, _key: &str) -> Option<PutFault> {
        let state = self.state.lock();
        if let Some(code) = state.broken.get(bucket) {
            return Some(PutFault::Refused(code));
        }
        let entropy: &dyn Entropy = &self.entropy;
        if state.per_mille == 0 || entropy.below(1000) >= state.per_mille {
            return None;
        }
        Some(if entropy.below(3) == 0 { PutFault::AnswerLost } else { PutFault::Refused("SlowDown") })
    }
}

/// One memory for each bucket. An object that is put again must be the same to the byte.
#[derive(Debug)]
pub struct Places(pub BTreeMap<&'static str, Arc<Memory>>);

#[async_trait]
impl Buckets for Places {
    async fn get_acl(&self, _bucket: &str, _on_behalf: &OnBehalf) -> Result<(), Error> {
        Ok(())
    }

    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Bytes,
        options: &PutOptions,
        _on_behalf: &OnBehalf,
    ) -> Result<(), Error> {
        let place = self.0.get(bucket).ok_or_else(|| Error::new("NoSuchBucket", "no such bucket"))?;
        if let Some(before) = place.object(key) {
            let is_same = before.body == body && before.metadata == options.metadata;
            assert!(is_same, "{bucket}/{key} is put again with other bytes");
        }
        place.put(key, body, options).await
    }
}
