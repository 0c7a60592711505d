//! Buckets that fail on command.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use opentrail_stdx::{Entropy, SeededEntropy};
use parking_lot::Mutex;

use crate::{Buckets, Error, OnBehalf, PutOptions};

/// How a put fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutFault {
    /// Nothing is written.
    Refused(&'static str),
    /// The object is written, and the answer is an error all the same.
    AnswerLost,
}

/// Which puts fail.
pub trait PutFaults: Send + Sync + fmt::Debug {
    /// Decides about the put with this number (counted from 0).
    fn fault(&self, number: u64, bucket: &str, key: &str) -> Option<PutFault>;
}

/// One put fails, all others don't.
#[derive(Debug, Clone, Copy)]
pub struct NthPut {
    /// The number of the put, counted from 0.
    pub number: u64,
    /// How it fails.
    pub fault: PutFault,
}

impl PutFaults for NthPut {
    fn fault(&self, number: u64, _bucket: &str, _key: &str) -> Option<PutFault> {
        (number == self.number).then_some(self.fault)
    }
}

/// Buckets that refuse everything until told otherwise.
#[derive(Debug, Default)]
pub struct Outages {
    /// Guards the code that each broken bucket answers.
    broken: Mutex<BTreeMap<String, &'static str>>,
}

impl Outages {
    /// From now on the bucket answers this code.
    pub fn begin(&self, bucket: impl Into<String>, code: &'static str) {
        self.broken.lock().insert(bucket.into(), code);
    }

    /// From now on the bucket works.
    pub fn end(&self, bucket: &str) {
        self.broken.lock().remove(bucket);
    }
}

impl PutFaults for Outages {
    fn fault(&self, _number: u64, bucket: &str, _key: &str) -> Option<PutFault> {
        self.broken.lock().get(bucket).map(|code| PutFault::Refused(code))
    }
}

/// Puts that fail by chance; one seed always chooses the same ones.
#[derive(Debug)]
pub struct SeededPutFaults {
    entropy: SeededEntropy,
    per_mille: u64,
}

impl SeededPutFaults {
    /// Fails this many of a thousand puts.
    pub fn new(seed: u64, per_mille: u64) -> Self {
        Self { entropy: SeededEntropy::new(seed), per_mille }
    }
}

impl PutFaults for SeededPutFaults {
    fn fault(&self, _number: u64, _bucket: &str, _key: &str) -> Option<PutFault> {
        let entropy: &dyn Entropy = &self.entropy;
        if entropy.below(1000) >= self.per_mille {
            return None;
        }
        Some(match entropy.below(4) {
            0 => PutFault::Refused("AccessDenied"),
            1 => PutFault::Refused("NoSuchBucket"),
            2 => PutFault::Refused("SlowDown"),
            _ => PutFault::AnswerLost,
        })
    }
}

/// Buckets whose puts fail as a plan says.
#[derive(Debug)]
pub struct FaultyBuckets {
    inner: Arc<dyn Buckets>,
    faults: Arc<dyn PutFaults>,
    puts: AtomicU64,
}

impl FaultyBuckets {
    /// `inner`, failing as `faults` says.
    pub fn new(inner: Arc<dyn Buckets>, faults: Arc<dyn PutFaults>) -> Self {
        Self { inner, faults, puts: AtomicU64::new(0) }
    }

    /// How many puts were asked for so far.
    pub fn puts(&self) -> u64 {
        self.puts.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Buckets for FaultyBuckets {
    async fn get_acl(&self, bucket: &str, on_behalf: &OnBehalf) -> Result<(), Error> {
        self.inner.get_acl(bucket, on_behalf).await
    }

    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Bytes,
        options: &PutOptions,
        on_behalf: &OnBehalf,
    ) -> Result<(), Error> {
        let number = self.puts.fetch_add(1, Ordering::SeqCst);
        match self.faults.fault(number, bucket, key) {
            Some(PutFault::Refused(code)) => Err(Error::new(code, "a planned fault")),
            Some(PutFault::AnswerLost) => {
                self.inner.put(bucket, key, body, options, on_behalf).await?;
                Err(Error::unavailable("a planned fault after the object was written"))
            }
            None => self.inner.put(bucket, key, body, options, on_behalf).await,
        }
    }
}
