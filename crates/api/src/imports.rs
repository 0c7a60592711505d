//! Where imports run, and what their operations have in common.

pub(crate) mod source;
pub(crate) mod view;

use std::fmt;

use async_trait::async_trait;
use opentrail_catalog::Import;
use opentrail_model::{EventDataStore, EventDataStoreCategory};

use crate::error::{ImportError, LakeError};
use crate::{Api, Caller, Error};

/// Copies log files into event data stores; the catalog knows how far each import is.
#[async_trait]
pub trait Copies: Send + Sync + fmt::Debug {
    /// Asks the source of an import whether it can be read.
    async fn check(&self, import: &Import) -> Result<(), opentrail_blob::Error>;

    /// Runs an import that the catalog has as active, when its turn comes, and notes there how far it is.
    fn begin(&self, import: &Import);

    /// Stops an import, if it waits or runs; the catalog has noted that before.
    fn stop(&self, id: &str);
}

impl Api {
    /// The caller's import of this id.
    pub(crate) async fn find_import(&self, caller: &Caller, id: &str) -> Result<Import, Error> {
        let found = self.catalog.import(id).await?;
        let is_visible = |import: &Import| import.account == *caller.account() && import.region == caller.region;
        found.filter(is_visible).ok_or_else(|| ImportError::NotFound(id.to_owned()).into())
    }
}

/// Only stores of CloudTrail's own events take in log files, whether they take in new events or not.
pub(crate) fn check_destination(store: &EventDataStore) -> Result<(), LakeError> {
    let arn = store.arn.clone();
    if store.gone_at.is_some() {
        return Err(LakeError::StoreInactive(arn));
    }
    if store.category() != EventDataStoreCategory::Events {
        return Err(LakeError::StoreCategory { arn, needed: "CloudTrail events" });
    }
    Ok(())
}
