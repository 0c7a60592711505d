//! What is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use opentrail_seal::name::{ChainName, DigestName};
use opentrail_stdx::Timestamp;

use crate::Error;

/// Which chains to look at, and which of their time.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The trail, if it is one alone.
    pub trail: Option<TrailScope>,
    /// These Regions; none means all.
    pub regions: Vec<String>,
    /// From this time on.
    pub start: Option<Timestamp>,
    /// Up to this time.
    pub end: Option<Timestamp>,
    /// Whether valid objects are told, too.
    pub is_verbose: bool,
    /// Objects to look at at a time.
    pub jobs: usize,
}

/// A trail, as its server tells.
#[derive(Debug, Clone)]
pub struct TrailScope {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Where it was made.
    pub home_region: String,
    /// Its owner, unless it speaks for an organization.
    pub account: Option<String>,
    /// Who tells when its newest digests were delivered.
    pub deliveries: Arc<dyn Deliveries>,
}

/// Who tells when a trail's newest digests were delivered.
#[async_trait]
pub trait Deliveries: Send + Sync + std::fmt::Debug {
    /// By Region: until when digests must exist. Regions without any are left out.
    async fn delivered_by(&self, regions: BTreeSet<String>) -> Result<BTreeMap<String, Timestamp>, Error>;
}

impl TrailScope {
    /// By Region: when the newest digest was delivered.
    pub(crate) async fn delivered_by(
        &self,
        mut regions: BTreeSet<String>,
    ) -> Result<BTreeMap<String, Timestamp>, Error> {
        regions.insert(self.home_region.clone());
        self.deliveries.delivered_by(regions).await
    }
}

impl Default for Scope {
    fn default() -> Self {
        Self { trail: None, regions: Vec::new(), start: None, end: None, is_verbose: false, jobs: 8 }
    }
}

impl Scope {
    /// Whether the Region is asked for.
    pub(crate) fn has_region(&self, region: &str) -> bool {
        self.regions.is_empty() || self.regions.iter().any(|wanted| wanted == region)
    }

    /// Whether the chain is asked for.
    pub(crate) fn has_chain(&self, chain: &ChainName) -> bool {
        let is_trails = self.trail.as_ref().is_none_or(|trail| {
            trail.name == chain.trail
                && trail.home_region == chain.home_region
                && trail.account.as_ref().is_none_or(|account| *account == chain.account)
        });
        is_trails && self.has_region(&chain.region)
    }

    /// Whether an instant is asked for.
    pub(crate) fn has_time(&self, at: Timestamp) -> bool {
        self.start.is_none_or(|start| start <= at) && self.end.is_none_or(|end| at <= end)
    }

    /// Leaves those of a chain's digests, sorted by time, whose windows touch the time asked for.
    pub(crate) fn cut(&self, digests: &mut Vec<DigestName>) {
        digests.retain(|name| self.start.is_none_or(|start| start <= name.end));
        if let Some(end) = self.end {
            // The first that ends later begins before: its window holds the end.
            let within = digests.partition_point(|name| name.end < end);
            digests.truncate(within + 1);
        }
    }
}
