//! The same store as a role sees it that CloudTrail reads log files with.

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::TryStreamExt;
use opentrail_blob::{Error, LIST_KEYS_MAX, Listed, Object, OnBehalf, Reader, Sources};
use opentrail_catalog::Bucket;
use opentrail_catalog::object::{Entry, Listing, Object as Stored};
use opentrail_model::{AccountId, Principal, PrincipalKind};
use opentrail_stdx::Timestamp;

use super::{Act, Asked, EmbeddedBuckets};
use crate::Refusal;
use crate::authorize::{Ask, bucket_arn, conditions, object_arn};

/// What the session is called in which CloudTrail uses a role.
const SESSION: &str = "CloudTrail";

/// How often a read begins again because the object was replaced under its hands.
const READ_TRIES: usize = 5;

/// Who reads, and what policies see of the circumstances.
pub(super) struct Reading {
    /// None may read nothing.
    pub(super) principal: Option<Principal>,
    pub(super) conditions: Vec<(&'static str, String)>,
}

impl Reading {
    /// A role whose session the service is.
    fn of_role(reader: &Reader) -> Self {
        let conditions = vec![
            ("aws:SourceArn", reader.resource_arn.clone()),
            ("aws:SourceAccount", reader.account.clone()),
            ("aws:RequestedRegion", reader.region.clone()),
        ];
        Self { principal: session(reader), conditions }
    }
}

impl EmbeddedBuckets {
    /// The bucket, if its policy lets the reader do this.
    async fn readable(&self, name: &str, act: Act, key: &str, reading: &Reading) -> Result<Bucket, Refusal> {
        let store = self.service.store();
        let bucket = store.catalog.bucket(name).await?.ok_or_else(Refusal::no_such_bucket)?;
        let principal = reading.principal.as_ref().ok_or_else(Refusal::access_denied)?;
        let mut conditions = conditions(Some(principal), store.now());
        let mut set = |key: &str, value: &str| conditions.insert(key.to_owned(), vec![value.to_owned()]);
        set("aws:SecureTransport", "true");
        for (key, value) in &reading.conditions {
            set(key, value);
        }
        if act == Act::List {
            set("s3:prefix", key);
        }
        let ask = Ask { principal: Some(principal), bucket: &bucket, conditions: &conditions };
        match act {
            Act::List => ask.check("s3:ListBucket", &bucket_arn(name))?,
            _ => ask.check("s3:GetObject", &object_arn(name, key))?,
        }
        Ok(bucket)
    }

    pub(super) async fn page(
        &self,
        bucket: &str,
        prefix: &str,
        after: Option<&str>,
        reading: &Reading,
    ) -> Result<Vec<Listed>, Refusal> {
        let bucket = self.readable(bucket, Act::List, prefix, reading).await?;
        let listing = Listing { prefix, after, delimiter: None, count_max: LIST_KEYS_MAX };
        let page = self.service.store().catalog.list_objects(bucket.id, listing).await?;
        let listed = |entry| match entry {
            Entry::Object(object) => Some(Listed { bytes: object.bytes, key: object.key }),
            Entry::Prefix(_) => None,
        };
        Ok(page.entries.into_iter().filter_map(listed).collect())
    }

    pub(super) async fn read(&self, bucket: &str, key: &str, reading: &Reading) -> Result<Option<Object>, Refusal> {
        let store = self.service.store();
        let bucket = self.readable(bucket, Act::Get, key, reading).await?;
        let mut tries = 1;
        loop {
            let Some(object) = store.catalog.object(bucket.id, key).await? else { return Ok(None) };
            match self.bytes(&object).await {
                Ok(body) => return Ok(Some(given(object, body))),
                // It was replaced meanwhile, and its old body removed.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound && tries < READ_TRIES => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn bytes(&self, object: &Stored) -> std::io::Result<Bytes> {
        let bodies = &self.service.store().bodies;
        let stream = bodies.read(object.bodies.clone(), 0, object.bytes).await?;
        let pieces = stream.map_err(std::io::Error::other);
        let body = pieces.try_fold(BytesMut::new(), |mut body, piece| async move {
            body.extend_from_slice(&piece);
            Ok(body)
        });
        Ok(body.await?.freeze())
    }

    /// Records what was asked, as all that is asked of the buckets.
    async fn tell<T>(&self, asked: Asked<'_>, result: Result<T, Refusal>, reader: &Reader) -> Result<T, Error> {
        let on_behalf = OnBehalf {
            trail_arn: reader.resource_arn.clone(),
            account: reader.account.clone(),
            region: reader.region.clone(),
        };
        self.report(asked, result, &on_behalf).await
    }
}

#[async_trait]
impl Sources for EmbeddedBuckets {
    async fn list(
        &self,
        bucket: &str,
        prefix: &str,
        start_after: Option<&str>,
        reader: &Reader,
    ) -> Result<Vec<Listed>, Error> {
        let result = self.page(bucket, prefix, start_after, &Reading::of_role(reader)).await;
        self.tell(Asked { act: Act::List, bucket, key: prefix, bytes: 0 }, result, reader).await
    }

    async fn get(&self, bucket: &str, key: &str, reader: &Reader) -> Result<Option<Object>, Error> {
        let result = self.read(bucket, key, &Reading::of_role(reader)).await;
        let bytes = result.as_ref().ok().and_then(Option::as_ref).map_or(0, |object| object.body.len() as u64);
        self.tell(Asked { act: Act::Get, bucket, key, bytes }, result, reader).await
    }
}

/// The role's session; none when the text is no role's ARN.
fn session(reader: &Reader) -> Option<Principal> {
    let (_, path) = reader.role_arn.split_once(":role/")?;
    let (role_path, role) = match path.rsplit_once('/') {
        Some((folders, role)) => (format!("/{folders}/"), role),
        None => ("/".to_owned(), path),
    };
    let account: AccountId = reader.account.parse().ok()?;
    // OpenTrail keeps no roles, so that this one has no id of its own.
    let (role, role_id, session) = (role.to_owned(), format!("AROA:{role}"), SESSION.to_owned());
    let kind = PrincipalKind::Session { role, role_path, role_id, session, created_at: Timestamp::EPOCH };
    Some(Principal { account, kind })
}

fn given(object: Stored, body: Bytes) -> Object {
    let header = |name: &str| object.attributes.headers.get(name).cloned();
    Object {
        body,
        content_type: header("content-type"),
        content_encoding: header("content-encoding"),
        metadata: object.attributes.metadata.into_iter().collect(),
    }
}
