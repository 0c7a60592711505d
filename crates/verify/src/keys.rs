//! Public keys by Region: a Region's digests are signed with its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use opentrail_seal::verify::PublicKeys;
use opentrail_stdx::Timestamp;

use crate::Error;

/// Where keys come from.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// The keys for digests of these times, by Region.
    async fn load(&self, times: &BTreeMap<String, (Timestamp, Timestamp)>) -> Result<RegionKeys, Error>;
}

/// Keys by Region.
#[derive(Debug, Clone, Default)]
pub struct RegionKeys {
    by_region: BTreeMap<String, Arc<PublicKeys>>,
    everywhere: Arc<PublicKeys>,
}

impl RegionKeys {
    /// Keys that count in any Region that has none of its own.
    pub fn everywhere(keys: PublicKeys) -> Self {
        Self { by_region: BTreeMap::new(), everywhere: Arc::new(keys) }
    }

    /// Adds a Region's own keys.
    #[must_use]
    pub fn with(mut self, region: &str, keys: PublicKeys) -> Self {
        self.by_region.insert(region.to_owned(), Arc::new(keys));
        self
    }

    /// The keys that may sign a Region's digests.
    pub fn of(&self, region: &str) -> Arc<PublicKeys> {
        Arc::clone(self.by_region.get(region).unwrap_or(&self.everywhere))
    }
}

/// Keys that are at hand.
#[async_trait]
impl KeySource for RegionKeys {
    async fn load(&self, _times: &BTreeMap<String, (Timestamp, Timestamp)>) -> Result<RegionKeys, Error> {
        Ok(self.clone())
    }
}
