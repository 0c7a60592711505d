//! Buckets to bring log files in from.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use futures::TryStreamExt;
use futures::stream::BoxStream;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{Certificate, ClientOptions, ObjectStore, ObjectStoreExt};
use opentrail_blob::{S3, S3Target};
use opentrail_stdx::Timestamp;

use super::ImportArgs;
use crate::connection::Connection;
use crate::verify::Usage;

/// Where buckets are: at an S3-compatible endpoint, or at the server when none is named.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endpoint<'a> {
    /// Its URL.
    pub(crate) url: Option<&'a str>,
    /// The Region to sign for.
    pub(crate) region: Option<&'a str>,
}

impl Endpoint<'_> {
    /// How to speak to a bucket, and the certificates to trust. The `AWS_…` variables are about the endpoint that is named.
    pub(crate) fn target(
        self,
        bucket: &str,
        server: impl FnOnce() -> anyhow::Result<Connection>,
    ) -> anyhow::Result<(S3Target, Option<PathBuf>)> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let region = self.region.map(str::to_owned);
        let region = region.or_else(|| variable("AWS_REGION")).or_else(|| variable("AWS_DEFAULT_REGION"));
        let bucket = bucket.to_owned();
        let Some(endpoint) = self.url else {
            let server = server()?;
            let target = S3Target {
                bucket,
                endpoint: Some(server.endpoint),
                region: region.unwrap_or(server.region),
                access_key_id: server.credentials.access_key_id,
                secret_access_key: server.credentials.secret.expose().to_owned(),
                session_token: server.credentials.session_token,
                ..S3Target::default()
            };
            return Ok((target, server.ca_bundle));
        };
        let (Some(access_key_id), Some(secret_access_key)) =
            (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"))
        else {
            let missing = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for the endpoint of --endpoint-url";
            return Err(Usage(missing.to_owned()).into());
        };
        let target = S3Target {
            bucket,
            endpoint: Some(endpoint.trim_end_matches('/').to_owned()),
            region: region.unwrap_or_else(|| "us-east-1".to_owned()),
            access_key_id,
            secret_access_key,
            session_token: variable("AWS_SESSION_TOKEN"),
            ..S3Target::default()
        };
        Ok((target, variable("AWS_CA_BUNDLE").map(PathBuf::from)))
    }
}

/// The certificates of a bundle, in PEM; none without one.
pub(crate) fn certificates(ca_bundle: Option<&FilePath>) -> anyhow::Result<Option<Vec<u8>>> {
    let read = |path: &FilePath| {
        std::fs::read(path).with_context(|| format!("cannot read the certificates `{}`", path.display()))
    };
    ca_bundle.map(read).transpose()
}

/// A bucket at an S3-compatible endpoint.
#[derive(Debug)]
pub(super) struct Bucket {
    target: S3Target,
    certificates: Option<Vec<u8>>,
    client: AmazonS3,
}

/// An object as a listing tells of it.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) key: String,
    pub(super) bytes: u64,
    pub(super) etag: Option<String>,
    pub(super) written_at: Timestamp,
}

impl Bucket {
    /// A bucket at the endpoint that the arguments name, or at the server.
    pub(super) fn open(args: &ImportArgs, server: &Connection, bucket: &str) -> anyhow::Result<Self> {
        let endpoint = Endpoint { url: args.endpoint_url.as_deref(), region: args.region.as_deref() };
        let (target, ca_bundle) = endpoint.target(bucket, || Ok(server.clone()))?;
        Self::at(target, ca_bundle.as_deref())
    }

    fn at(target: S3Target, ca_bundle: Option<&FilePath>) -> anyhow::Result<Self> {
        let certificates = certificates(ca_bundle)?;
        let mut options =
            ClientOptions::new().with_timeout(Duration::from_secs(600)).with_connect_timeout(Duration::from_secs(10));
        for certificate in Certificate::from_pem_bundle(certificates.as_deref().unwrap_or_default())? {
            options = options.with_root_certificate(certificate);
        }
        let endpoint = target.endpoint.clone().unwrap_or_default();
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&target.bucket)
            .with_region(&target.region)
            .with_access_key_id(&target.access_key_id)
            .with_secret_access_key(&target.secret_access_key)
            .with_client_options(options)
            // After the options, of which it is one.
            .with_allow_http(endpoint.starts_with("http://"))
            .with_endpoint(endpoint);
        if let Some(token) = &target.session_token {
            builder = builder.with_token(token);
        }
        Ok(Self { client: builder.build()?, target, certificates })
    }

    /// The bucket's name.
    pub(super) fn name(&self) -> &str {
        &self.target.bucket
    }

    /// The same bucket, as the verifier reads it.
    pub(super) fn blob(&self) -> anyhow::Result<Arc<S3>> {
        let certificates = self.certificates.as_deref().unwrap_or_default();
        Ok(Arc::new(S3::trusting(self.target.clone(), certificates)?))
    }

    /// The address of an object, which tells it from those of other endpoints.
    pub(super) fn address(&self, key: &str) -> String {
        format!("s3://{}/{key}@{}", self.target.bucket, self.target.endpoint.as_deref().unwrap_or_default())
    }

    /// All objects whose keys begin with `prefix`.
    pub(super) async fn list(&self, prefix: &str) -> anyhow::Result<Vec<Listed>> {
        // The client library lists whole folders only; what lies beside the prefix is left out here.
        let folder = prefix.rfind('/').map(|end| Path::from(&prefix[..end]));
        let mut listing = self.client.list(folder.as_ref());
        let mut found = Vec::new();
        while let Some(meta) = listing.try_next().await? {
            let key = String::from(meta.location);
            if key.starts_with(prefix) {
                let written_at = Timestamp::from_ms(meta.last_modified.timestamp_millis());
                found.push(Listed { key, bytes: meta.size, etag: meta.e_tag, written_at });
            }
        }
        Ok(found)
    }

    /// An object's bytes, as they are stored, while they come.
    pub(super) async fn get(&self, key: &str) -> anyhow::Result<BoxStream<'static, object_store::Result<Bytes>>> {
        Ok(self.client.get(&Path::parse(key)?).await?.into_stream())
    }
}
