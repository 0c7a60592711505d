//! What is asked for.

use std::collections::{BTreeMap, BTreeSet};

use opentrail_seal::name::{ChainName, DigestName};
use opentrail_stdx::Timestamp;

use super::ask;
use crate::connection::Connection;

/// Which chains to look at, and which of their time.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    /// The trail, if it is one alone.
    pub(crate) trail: Option<TrailScope>,
    /// These Regions; none means all.
    pub(crate) regions: Vec<String>,
    /// From this time on.
    pub(crate) start: Option<Timestamp>,
    /// Up to this time.
    pub(crate) end: Option<Timestamp>,
    /// Whether valid objects are told, too.
    pub(crate) is_verbose: bool,
    /// Objects to look at at a time.
    pub(crate) jobs: usize,
}

/// A trail, as its server tells.
#[derive(Debug, Clone)]
pub(crate) struct TrailScope {
    /// Its ARN.
    pub(crate) arn: String,
    /// Its name.
    pub(crate) name: String,
    /// Where it was made.
    pub(crate) home_region: String,
    /// Its owner, unless it speaks for an organization.
    pub(crate) account: Option<String>,
    /// Who tells when its newest digests were delivered.
    pub(crate) statuses: Statuses,
}

/// Who tells, by Region, when a trail's newest digests were delivered.
#[derive(Debug, Clone)]
pub(crate) enum Statuses {
    /// Its server.
    Server(Box<Connection>),
    /// Told already.
    #[cfg(test)]
    Told(BTreeMap<String, Timestamp>),
}

impl TrailScope {
    /// By Region: when the newest digest was delivered.
    pub(crate) async fn delivered_by(
        &self,
        mut regions: BTreeSet<String>,
    ) -> anyhow::Result<BTreeMap<String, Timestamp>> {
        regions.insert(self.home_region.clone());
        match &self.statuses {
            Statuses::Server(connection) => ask::delivered_by(connection, &self.arn, regions).await,
            #[cfg(test)]
            Statuses::Told(told) => Ok(told.clone()),
        }
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
