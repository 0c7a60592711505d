//! Where Event history is read.

use std::fmt;

use async_trait::async_trait;
use opentrail_lake::{Error, Lookup, Page};
use opentrail_model::AccountId;

/// The history of all accounts. The lake's answers may wait for a disk; whoever implements this knows where.
#[async_trait]
pub trait History: Send + Sync + fmt::Debug {
    /// Answers a question to the history of an account.
    async fn lookup(&self, account: &AccountId, lookup: Lookup) -> Result<Page, Error>;
}
