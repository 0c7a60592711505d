//! A place in memory.

use std::collections::BTreeMap;
use std::ops::Bound;

use async_trait::async_trait;
use bytes::Bytes;
use parking_lot::Mutex;

use crate::{Blob, Error, LIST_KEYS_MAX, Listed, Object, PutOptions};

/// Objects in memory: for tests, simulations and trials. Nothing survives the process.
#[derive(Debug, Default)]
pub struct Memory {
    /// Guards all objects by key.
    objects: Mutex<BTreeMap<String, Object>>,
}

impl Memory {
    /// An empty place.
    pub fn new() -> Self {
        Self::default()
    }

    /// All keys, sorted.
    pub fn keys(&self) -> Vec<String> {
        self.objects.lock().keys().cloned().collect()
    }

    /// The object as it stands now.
    pub fn object(&self, key: &str) -> Option<Object> {
        self.objects.lock().get(key).cloned()
    }

    /// Puts an object there as it is, past all options: how tests tamper.
    pub fn insert(&self, key: impl Into<String>, object: Object) {
        self.objects.lock().insert(key.into(), object);
    }

    /// Takes an object away.
    pub fn remove(&self, key: &str) -> Option<Object> {
        self.objects.lock().remove(key)
    }
}

impl Object {
    /// What a put with these options leaves to be read.
    pub(crate) fn written(body: Bytes, options: &PutOptions) -> Self {
        Self {
            body,
            content_type: Some(options.content_type.to_owned()),
            content_encoding: options.content_encoding.map(str::to_owned),
            metadata: options.metadata.clone(),
        }
    }
}

#[async_trait]
impl Blob for Memory {
    async fn put(&self, key: &str, body: Bytes, options: &PutOptions) -> Result<(), Error> {
        self.insert(key, Object::written(body, options));
        Ok(())
    }

    async fn put_if_absent(&self, key: &str, body: Bytes, options: &PutOptions) -> Result<bool, Error> {
        let mut objects = self.objects.lock();
        if objects.contains_key(key) {
            return Ok(false);
        }
        objects.insert(key.to_owned(), Object::written(body, options));
        Ok(true)
    }

    async fn get(&self, key: &str) -> Result<Option<Object>, Error> {
        Ok(self.object(key))
    }

    async fn list(&self, prefix: &str, start_after: Option<&str>) -> Result<Vec<Listed>, Error> {
        let start = start_after.unwrap_or_default().max(prefix);
        let from = if start_after.is_some_and(|after| after >= prefix) {
            Bound::Excluded(start)
        } else {
            Bound::Included(start)
        };
        let objects = self.objects.lock();
        let range = objects.range::<str, _>((from, Bound::Unbounded));
        let listed = range.take_while(|(key, _)| key.starts_with(prefix)).take(LIST_KEYS_MAX);
        Ok(listed.map(|(key, object)| Listed { key: key.clone(), bytes: object.body.len() as u64 }).collect())
    }
}
