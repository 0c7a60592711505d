//! A place behind an S3-compatible endpoint.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, Certificate, ClientOptions, GetResult, ObjectStore, ObjectStoreExt, PutMode, PutPayload,
    RetryConfig,
};
use parking_lot::Mutex;

use crate::{Blob, Error, LIST_KEYS_MAX, Listed, Object, PutOptions};

/// Name of the object that stands for a key ending in `/`, which the client library can't name.
const FOLDER_MARKER: &str = ".opentrail";

/// Where an S3-compatible bucket is and how to speak to it.
#[derive(Clone, Default)]
pub struct S3Target {
    /// The bucket's own name at the endpoint.
    pub bucket: String,
    /// The endpoint's URL; none means Amazon S3 itself.
    pub endpoint: Option<String>,
    /// The Region to sign for.
    pub region: String,
    /// The access key's ID.
    pub access_key_id: String,
    /// The access key's secret.
    pub secret_access_key: String,
    /// The session token of temporary credentials.
    pub session_token: Option<String>,
    /// Whether the bucket's name goes into the host name instead of the path.
    pub virtual_host_style: bool,
}

impl fmt::Debug for S3Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bucket, endpoint, region, access_key_id, virtual_host_style, .. } = self;
        write!(
            f,
            "S3Target {{ {bucket} at {endpoint:?}, {region}, key {access_key_id}, virtual host {virtual_host_style} }}"
        )
    }
}

/// Objects behind an S3-compatible endpoint.
///
/// A request gives up after 30 seconds and isn't repeated: whoever asks has its own back-off. The client library can't
/// name keys that end in `/`; such a marker is written as an object `.opentrail` inside.
#[derive(Debug)]
pub struct S3 {
    target: S3Target,
    client: ClientOptions,
    plain: AmazonS3,
    /// Guards the clients that encrypt, by KMS key.
    encrypting: Mutex<HashMap<String, Arc<AmazonS3>>>,
}

impl S3 {
    /// Prepares a client. Nothing is asked of the endpoint yet.
    pub fn new(target: S3Target) -> Result<Self, Error> {
        Self::trusting(target, b"")
    }

    /// The same, for an endpoint whose certificate these (PEM) vouch for, beside the system's.
    pub fn trusting(target: S3Target, certificates_pem: &[u8]) -> Result<Self, Error> {
        let certificates = Certificate::from_pem_bundle(certificates_pem);
        let certificates = certificates.map_err(|error| convert(error, &target.bucket))?;
        let client = certificates.into_iter().fold(client_options(), ClientOptions::with_root_certificate);
        let plain = builder(&target, &client).build().map_err(|error| convert(error, &target.bucket))?;
        Ok(Self { target, client, plain, encrypting: Mutex::default() })
    }

    /// Asks for an object that need not exist, to learn whether the bucket does.
    pub async fn check(&self) -> Result<(), Error> {
        match self.get("AWSLogs/.opentrail").await {
            Err(error) if error.code == "NoSuchBucket" => Err(error),
            // Credentials that may only write are fine: the first put will tell.
            Err(error) if !error.is_transient() => Ok(()),
            other => other.map(|_| ()),
        }
    }

    async fn put_with(&self, key: &str, body: Bytes, options: &PutOptions, mode: PutMode) -> Result<(), Error> {
        let path = path_of(key)?;
        let request = object_store::PutOptions { mode, attributes: attributes(options), ..Default::default() };
        let payload = PutPayload::from_bytes(body);
        let answer = match &options.kms_key_id {
            None => self.plain.put_opts(&path, payload, request).await,
            Some(kms_key_id) => self.encrypting(kms_key_id)?.put_opts(&path, payload, request).await,
        };
        answer.map(|_| ()).map_err(|error| convert(error, &self.target.bucket))
    }

    fn encrypting(&self, kms_key_id: &str) -> Result<Arc<AmazonS3>, Error> {
        let mut encrypting = self.encrypting.lock();
        if let Some(client) = encrypting.get(kms_key_id) {
            return Ok(Arc::clone(client));
        }
        let client = builder(&self.target, &self.client).with_sse_kms_encryption(kms_key_id).build();
        let client = Arc::new(client.map_err(|error| convert(error, &self.target.bucket))?);
        encrypting.insert(kms_key_id.to_owned(), Arc::clone(&client));
        Ok(client)
    }
}

fn client_options() -> ClientOptions {
    ClientOptions::new().with_timeout(Duration::from_secs(30)).with_connect_timeout(Duration::from_secs(5))
}

fn builder(target: &S3Target, client: &ClientOptions) -> AmazonS3Builder {
    let once = RetryConfig { max_retries: 0, ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&target.bucket)
        .with_region(&target.region)
        .with_access_key_id(&target.access_key_id)
        .with_secret_access_key(&target.secret_access_key)
        .with_virtual_hosted_style_request(target.virtual_host_style)
        .with_client_options(client.clone())
        .with_retry(once);
    if let Some(endpoint) = &target.endpoint {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    if let Some(token) = &target.session_token {
        builder = builder.with_token(token);
    }
    builder
}

fn path_of(key: &str) -> Result<Path, Error> {
    let named = if key.ends_with('/') { format!("{key}{FOLDER_MARKER}") } else { key.to_owned() };
    let path = Path::parse(&named);
    path.map_err(|error| Error::new("InvalidArgument", format!("the key `{key}` can't be sent")).caused_by(error))
}

fn attributes(options: &PutOptions) -> Attributes {
    let mut attributes = Attributes::new();
    attributes.insert(Attribute::ContentType, options.content_type.into());
    if let Some(encoding) = options.content_encoding {
        attributes.insert(Attribute::ContentEncoding, encoding.into());
    }
    for (name, value) in &options.metadata {
        attributes.insert(Attribute::Metadata(name.clone().into()), value.clone().into());
    }
    attributes
}

/// The client library's error with the code that the endpoint gave, or the nearest one.
fn convert(error: object_store::Error, bucket: &str) -> Error {
    use object_store::Error as Store;
    let said = code_in(&error);
    let guess = match &error {
        Store::NotFound { .. } => "NoSuchKey",
        Store::PermissionDenied { .. } => "AccessDenied",
        Store::Unauthenticated { .. } => "InvalidAccessKeyId",
        Store::AlreadyExists { .. } | Store::Precondition { .. } => "PreconditionFailed",
        Store::InvalidPath { .. } | Store::UnknownConfigurationKey { .. } => "InvalidArgument",
        _ => "ServiceUnavailable",
    };
    let code = said.map_or(std::borrow::Cow::Borrowed(guess), std::borrow::Cow::Owned);
    Error {
        code,
        message: format!("the endpoint of bucket `{bucket}` refused, or couldn't be reached"),
        source: Some(Box::new(error)),
    }
}

/// What stands between `<Code>` and `</Code>` in the answer that an error quotes.
fn code_in(error: &object_store::Error) -> Option<String> {
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if let Some((_, rest)) = text.split_once("<Code>")
            && let Some((code, _)) = rest.split_once("</Code>")
        {
            return Some(code.to_owned());
        }
        next = error.source();
    }
    None
}

async fn read(answer: GetResult, bucket: &str) -> Result<Object, Error> {
    let mut object = Object { body: Bytes::new(), content_type: None, content_encoding: None, metadata: Vec::new() };
    for (attribute, value) in &answer.attributes {
        match attribute {
            Attribute::ContentType => object.content_type = Some(value.to_string()),
            Attribute::ContentEncoding => object.content_encoding = Some(value.to_string()),
            Attribute::Metadata(name) => object.metadata.push((name.to_ascii_lowercase(), value.to_string())),
            _ => {}
        }
    }
    object.metadata.sort();
    object.body = answer.bytes().await.map_err(|error| convert(error, bucket))?;
    Ok(object)
}

#[async_trait]
impl Blob for S3 {
    async fn put(&self, key: &str, body: Bytes, options: &PutOptions) -> Result<(), Error> {
        self.put_with(key, body, options, PutMode::Overwrite).await
    }

    async fn put_if_absent(&self, key: &str, body: Bytes, options: &PutOptions) -> Result<bool, Error> {
        match self.put_with(key, body, options, PutMode::Create).await {
            Err(error) if error.code == "PreconditionFailed" => Ok(false),
            other => other.map(|()| true),
        }
    }

    async fn get(&self, key: &str) -> Result<Option<Object>, Error> {
        let answer = self.plain.get(&path_of(key)?).await;
        match answer.map_err(|error| convert(error, &self.target.bucket)) {
            Err(error) if error.code == "NoSuchKey" => Ok(None),
            Err(error) => Err(error),
            Ok(answer) => read(answer, &self.target.bucket).await.map(Some),
        }
    }

    async fn list(&self, prefix: &str, start_after: Option<&str>) -> Result<Vec<Listed>, Error> {
        // The client library lists whole folders only; what lies before or beside the prefix is left out here.
        let folder = prefix.rfind('/').map(|end| Path::from(&prefix[..end]));
        let wanted = |key: &str| key.starts_with(prefix) && start_after.is_none_or(|after| key > after);
        let mut listing = match start_after {
            Some(after) => self.plain.list_with_offset(folder.as_ref(), &Path::from(after)),
            None => self.plain.list(folder.as_ref()),
        };
        let mut found = Vec::new();
        while found.len() < LIST_KEYS_MAX {
            let next = listing.try_next().await.map_err(|error| convert(error, &self.target.bucket))?;
            let Some(meta) = next else { break };
            let key = String::from(meta.location);
            if wanted(&key) {
                found.push(Listed { key, bytes: meta.size });
            } else if key.as_str() > prefix && !key.starts_with(prefix) {
                break;
            }
        }
        Ok(found)
    }
}
