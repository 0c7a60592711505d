//! The access keys that may sign, held in memory: the catalog has one writer of keys, and that is this.

use std::collections::HashMap;
use std::sync::Arc;

use opentrail_catalog::{AccessKey, Catalog, Vault};
use parking_lot::RwLock;

/// All access keys, by id.
#[derive(Debug)]
pub(crate) struct Keys {
    catalog: Catalog,
    vault: Vault,
    /// Mirrors the catalog; changed only after a commit.
    by_id: RwLock<HashMap<String, Arc<AccessKey>>>,
}

impl Keys {
    /// Loads the keys of `catalog`.
    pub(crate) async fn load(catalog: Catalog, vault: Vault) -> Result<Self, opentrail_catalog::Error> {
        let keys = catalog.access_keys(&vault).await?;
        let by_id = keys.into_iter().map(|key| (key.id.clone(), Arc::new(key))).collect();
        Ok(Self { catalog, vault, by_id: RwLock::new(by_id) })
    }

    /// The key with this id.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<AccessKey>> {
        self.by_id.read().get(id).cloned()
    }

    /// All keys, by id.
    pub(crate) fn list(&self) -> Vec<Arc<AccessKey>> {
        let mut keys: Vec<_> = self.by_id.read().values().cloned().collect();
        keys.sort_by(|a, b| a.id.cmp(&b.id));
        keys
    }

    /// Adds a key.
    pub(crate) async fn insert(&self, key: AccessKey) -> Result<(), opentrail_catalog::Error> {
        let mut transaction = self.catalog.begin().await?;
        transaction.insert_access_key(&key, &self.vault).await?;
        transaction.commit().await?;
        self.by_id.write().insert(key.id.clone(), Arc::new(key));
        Ok(())
    }

    /// Removes a key; answers whether there was one.
    pub(crate) async fn delete(&self, id: &str) -> Result<bool, opentrail_catalog::Error> {
        let mut transaction = self.catalog.begin().await?;
        let existed = transaction.delete_access_key(id).await?;
        transaction.commit().await?;
        self.by_id.write().remove(id);
        Ok(existed)
    }
}
