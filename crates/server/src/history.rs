//! Event history for those who ask: the lake's answers, off the threads that serve requests.

use async_trait::async_trait;
use opentrail_api::History;
use opentrail_lake::{Error, Found, Lake, Lookup, Page, Summarize, Summary};
use opentrail_model::{AccountId, Filter};
use opentrail_stdx::Timestamp;

/// The lake, asked on threads that may wait for the disk.
#[derive(Debug, Clone)]
pub(crate) struct LakeHistory(pub(crate) Lake);

impl LakeHistory {
    /// How many records match, over time and by their values; counted until then at most.
    pub(crate) async fn summarize(
        &self,
        account: &AccountId,
        question: Summarize,
        until: Timestamp,
    ) -> Result<Summary, Error> {
        let (lake, account) = (self.0.clone(), account.clone());
        tokio::task::spawn_blocking(move || lake.summarize(&account, &question, until)).await?
    }

    /// The records that arrived after a position, or of all, the first of them first.
    pub(crate) async fn arrivals(
        &self,
        account: &AccountId,
        after: Option<u64>,
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Found>, Error> {
        let (lake, account, filter) = (self.0.clone(), account.clone(), filter.clone());
        tokio::task::spawn_blocking(move || lake.arrivals(&account, after, &filter, limit)).await?
    }
}

#[async_trait]
impl History for LakeHistory {
    async fn lookup(&self, account: &AccountId, lookup: Lookup) -> Result<Page, Error> {
        let (lake, account) = (self.0.clone(), account.clone());
        tokio::task::spawn_blocking(move || lake.lookup(&account, &lookup)).await?
    }
}
