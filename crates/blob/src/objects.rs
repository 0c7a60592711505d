//! One place that is only read.

use std::fmt;

use async_trait::async_trait;

use crate::{Blob, Error, Listed, Object};

/// The objects of one place, for those who only read: any [`Blob`], or a bucket as somebody sees it.
#[async_trait]
pub trait Objects: Send + Sync + fmt::Debug {
    /// A page of objects, as [`Blob::list`] gives it.
    async fn list(&self, prefix: &str, start_after: Option<&str>) -> Result<Vec<Listed>, Error>;

    /// Reads an object; `None` when there is none.
    async fn get(&self, key: &str) -> Result<Option<Object>, Error>;
}

#[async_trait]
impl<B: Blob> Objects for B {
    async fn list(&self, prefix: &str, start_after: Option<&str>) -> Result<Vec<Listed>, Error> {
        Blob::list(self, prefix, start_after).await
    }

    async fn get(&self, key: &str) -> Result<Option<Object>, Error> {
        Blob::get(self, key).await
    }
}
