//! What is there.

use std::collections::BTreeMap;

use futures::StreamExt;
use opentrail_seal::name::{ChainName, DigestName, LogFileName};

use crate::inventory::{Area, Inventory};
use crate::{Error, Place, Progress, Scope};

/// The objects of a place, as their keys tell.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// Digests by chain, the oldest first.
    pub(crate) chains: BTreeMap<ChainName, Vec<DigestName>>,
    /// Log files.
    pub(crate) logs: Inventory,
    /// Digests in another day's folder than their names tell.
    pub(crate) moved: Vec<(ChainName, String)>,
}

impl Survey {
    /// Lists a place.
    pub(crate) async fn of(place: &Place, scope: &Scope, progress: &dyn Progress) -> Result<Self, Error> {
        progress.listing();
        let mut survey = Self::default();
        let mut pages = place.keys();
        while let Some(page) = pages.next().await {
            for key in page? {
                survey.note(key, scope);
            }
            progress.found(survey.logs.len());
        }
        for digests in survey.chains.values_mut() {
            digests.sort_by_key(|name| name.end);
            scope.cut(digests);
        }
        survey.chains.retain(|_, digests| !digests.is_empty());
        Ok(survey)
    }

    fn note(&mut self, key: String, scope: &Scope) {
        if let Some(name) = DigestName::parse(&key) {
            if !scope.has_chain(&name.chain) {
            } else if name.to_string() == key {
                self.chains.entry(name.chain.clone()).or_default().push(name);
            } else {
                self.moved.push((name.chain, key));
            }
        } else if let Some(name) = LogFileName::parse(&key) {
            let account = scope.trail.as_ref().and_then(|trail| trail.account.as_deref());
            if scope.has_region(&name.region)
                && scope.has_time(name.stamp)
                && account.is_none_or(|account| account == name.account)
            {
                self.logs.insert(key, name);
            }
        }
    }
}

/// The area of a chain.
pub(crate) fn area(chain: &ChainName) -> Area {
    Area { root: chain.root.clone(), account: chain.account.clone(), region: chain.region.clone() }
}
