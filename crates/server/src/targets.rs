//! Buckets that live elsewhere: a local folder, or any S3-compatible store.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use async_trait::async_trait;
use bytes::Bytes;
use opentrail_api::Caller;
use opentrail_blob::{
    Buckets, Error, Folder, Listed, Object, ObjectStoreBuckets, Objects, OnBehalf, PutOptions, Reader, S3, S3Target,
    Sources,
};
use opentrail_model::{AccountId, PrincipalKind};
use opentrail_s3::EmbeddedBuckets;
use opentrail_stdx::Disk;
use serde::Deserialize;

/// A `[[bucket]]` of the configuration file.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// What trails call the bucket.
    pub name: String,
    /// `file:///folder` or `s3://bucket`.
    pub url: String,
    /// The store's base URL; none is AWS.
    pub endpoint: Option<String>,
    /// The store's Region.
    pub region: Option<String>,
    /// Key for the store.
    pub access_key_id: Option<String>,
    /// Secret for the store.
    pub secret_access_key: Option<String>,
    /// Session token for the store.
    pub session_token: Option<String>,
    /// Whether the bucket is part of the host name instead of the path.
    #[serde(default)]
    pub virtual_host_style: bool,
}

impl Target {
    /// One line for people, without secrets.
    pub fn describe(&self) -> String {
        match &self.endpoint {
            Some(endpoint) => format!("{} = {} at {endpoint}", self.name, self.url),
            None => format!("{} = {}", self.name, self.url),
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({})", self.describe())
    }
}

/// Opens the configured buckets.
pub(crate) fn open(targets: &[Target], disk: &Arc<dyn Disk>) -> anyhow::Result<ObjectStoreBuckets> {
    let mut buckets = ObjectStoreBuckets::new();
    for target in targets {
        let context = || format!("bucket `{}` of the configuration", target.name);
        if let Some(folder) = target.url.strip_prefix("file://") {
            buckets = buckets.with(&target.name, Arc::new(Folder::new(Arc::clone(disk), PathBuf::from(folder))));
        } else if let Some(bucket) = target.url.strip_prefix("s3://") {
            let endpoint = S3::new(s3_target(target, bucket.trim_end_matches('/'))?).with_context(context)?;
            buckets = buckets.with_s3(&target.name, endpoint);
        } else {
            return Err(anyhow::anyhow!("`url` must begin with `file://` or `s3://`, not `{}`", target.url))
                .with_context(context);
        }
    }
    Ok(buckets)
}

fn s3_target(target: &Target, bucket: &str) -> anyhow::Result<S3Target> {
    let (Some(access_key_id), Some(secret_access_key)) = (&target.access_key_id, &target.secret_access_key) else {
        bail!("bucket `{}` needs `access_key_id` and `secret_access_key`", target.name);
    };
    Ok(S3Target {
        bucket: bucket.to_owned(),
        endpoint: target.endpoint.clone(),
        region: target.region.clone().unwrap_or_else(|| "us-east-1".to_owned()),
        access_key_id: access_key_id.clone(),
        secret_access_key: secret_access_key.clone(),
        session_token: target.session_token.clone(),
        virtual_host_style: target.virtual_host_style,
    })
}

/// The configured buckets first, then the embedded ones.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) configured: ObjectStoreBuckets,
    pub(crate) embedded: EmbeddedBuckets,
    /// The server's own account, whose principals may read the configured buckets.
    pub(crate) owner: AccountId,
}

impl Chain {
    fn holder(&self, bucket: &str) -> &dyn Buckets {
        if self.configured.contains(bucket) { &self.configured } else { &self.embedded }
    }

    /// A bucket as a caller may read it: an embedded one by its policy, a configured one as the server's own account.
    pub(crate) fn of_caller(&self, bucket: &str, caller: &Caller) -> Arc<dyn Objects> {
        let Some(objects) = self.configured.objects(bucket) else {
            return Arc::new(self.embedded.of_caller(bucket, &caller.principal, &caller.region));
        };
        let is_service = matches!(caller.principal.kind, PrincipalKind::Service { .. });
        if is_service || *caller.account() != self.owner { Arc::new(Closed(bucket.to_owned())) } else { objects }
    }

    /// A configured bucket has no policy that could let in another account's role.
    fn admit(&self, bucket: &str, reader: &Reader) -> Result<(), Error> {
        let is_closed = self.configured.contains(bucket) && reader.account != self.owner.as_str();
        if is_closed { Err(Closed(bucket.to_owned()).refusal()) } else { Ok(()) }
    }

    fn source(&self, bucket: &str) -> &dyn Sources {
        if self.configured.contains(bucket) { &self.configured } else { &self.embedded }
    }
}

#[async_trait]
impl Buckets for Chain {
    async fn get_acl(&self, bucket: &str, on_behalf: &OnBehalf) -> Result<(), Error> {
        self.holder(bucket).get_acl(bucket, on_behalf).await
    }

    async fn put(
        &self,
        bucket: &str,
        key: &str,
        body: Bytes,
        options: &PutOptions,
        on_behalf: &OnBehalf,
    ) -> Result<(), Error> {
        self.holder(bucket).put(bucket, key, body, options, on_behalf).await
    }
}

#[async_trait]
impl Sources for Chain {
    async fn list(
        &self,
        bucket: &str,
        prefix: &str,
        start_after: Option<&str>,
        reader: &Reader,
    ) -> Result<Vec<Listed>, Error> {
        self.source(bucket).list(bucket, prefix, start_after, reader).await
    }

    async fn get(&self, bucket: &str, key: &str, reader: &Reader) -> Result<Option<Object>, Error> {
        self.source(bucket).get(bucket, key, reader).await
    }
}

/// The buckets as imports may read them: an embedded one by its policy, a configured one for the server's own account.
#[derive(Debug)]
pub(crate) struct ImportSources(pub(crate) Arc<Chain>);

#[async_trait]
impl Sources for ImportSources {
    async fn list(
        &self,
        bucket: &str,
        prefix: &str,
        start_after: Option<&str>,
        reader: &Reader,
    ) -> Result<Vec<Listed>, Error> {
        self.0.admit(bucket, reader)?;
        self.0.list(bucket, prefix, start_after, reader).await
    }

    async fn get(&self, bucket: &str, key: &str, reader: &Reader) -> Result<Option<Object>, Error> {
        self.0.admit(bucket, reader)?;
        self.0.get(bucket, key, reader).await
    }
}

/// A configured bucket before others than the server's own account.
#[derive(Debug)]
struct Closed(String);

impl Closed {
    fn refusal(&self) -> Error {
        Error::access_denied(format!("the bucket `{}` is the server's own; only its account may read it", self.0))
    }
}

#[async_trait]
impl Objects for Closed {
    async fn list(&self, _prefix: &str, _start_after: Option<&str>) -> Result<Vec<Listed>, Error> {
        Err(self.refusal())
    }

    async fn get(&self, _key: &str) -> Result<Option<Object>, Error> {
        Err(self.refusal())
    }
}
