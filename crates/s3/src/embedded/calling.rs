//! A bucket as somebody sees it who asks CloudTrail to read it: with his own rights, as if he read it himself.

use async_trait::async_trait;
use opentrail_blob::{Error, Listed, Object, Objects, OnBehalf};
use opentrail_model::{Principal, PrincipalKind, Region};

use super::reading::Reading;
use super::{Act, Asked, CLOUDTRAIL, EmbeddedBuckets};
use crate::Refusal;

/// A bucket, read with a caller's rights. Each reading is recorded as the caller's, made through CloudTrail.
#[derive(Debug)]
pub struct CallerBucket {
    buckets: EmbeddedBuckets,
    bucket: String,
    caller: Principal,
    region: Region,
}

impl EmbeddedBuckets {
    /// The bucket as a caller may read it. Whether there is one is found out by reading.
    pub fn of_caller(&self, bucket: &str, caller: &Principal, region: &Region) -> CallerBucket {
        CallerBucket {
            buckets: self.clone(),
            bucket: bucket.to_owned(),
            caller: caller.clone(),
            region: region.clone(),
        }
    }
}

impl CallerBucket {
    /// What policies see of calls that a service makes with its caller's rights (IAM user guide, "AWS global condition context keys").
    fn reading(&self) -> Reading {
        let is_service = matches!(self.caller.kind, PrincipalKind::Service { .. });
        let mut conditions = vec![
            ("aws:PrincipalIsAWSService", is_service.to_string()),
            ("aws:ViaAWSService", (!is_service).to_string()),
            ("aws:RequestedRegion", self.region.to_string()),
        ];
        if is_service {
            conditions.push(("aws:SourceAccount", self.caller.account.to_string()));
        } else {
            let via = ["aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast"];
            conditions.extend(via.map(|key| (key, CLOUDTRAIL.to_owned())));
        }
        Reading { principal: Some(self.caller.clone()), conditions }
    }

    async fn tell<T>(&self, act: Act, key: &str, bytes: u64, result: Result<T, Refusal>) -> Result<T, Error> {
        let on_behalf = OnBehalf {
            trail_arn: String::new(),
            account: self.caller.account.to_string(),
            region: self.region.to_string(),
        };
        let asked = Asked { act, bucket: &self.bucket, key, bytes };
        self.buckets.report_for(asked, result, &on_behalf, Some(&self.caller)).await
    }
}

#[async_trait]
impl Objects for CallerBucket {
    async fn list(&self, prefix: &str, start_after: Option<&str>) -> Result<Vec<Listed>, Error> {
        let result = self.buckets.page(&self.bucket, prefix, start_after, &self.reading()).await;
        self.tell(Act::List, prefix, 0, result).await
    }

    async fn get(&self, key: &str) -> Result<Option<Object>, Error> {
        let result = self.buckets.read(&self.bucket, key, &self.reading()).await;
        let bytes = result.as_ref().ok().and_then(Option::as_ref).map_or(0, |object| object.body.len() as u64);
        self.tell(Act::Get, key, bytes, result).await
    }
}
