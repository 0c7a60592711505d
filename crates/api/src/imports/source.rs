//! What the source of an import must be like.

use opentrail_blob::split_s3_uri;
use opentrail_catalog::Import;
use opentrail_model::Region;
use opentrail_wire::shapes::S3ImportSource;

use crate::destinations::{check_bucket_name, is_role};
use crate::error::{ImportError, LakeError};
use crate::{Api, Caller, Error};

/// What lies beside log files in a bucket begins so: digests, Insights, aggregated events
const BESIDE: &str = "CloudTrail-";
/// and network activity events, which alone of them can be copied.
const NETWORK: &str = "CloudTrail-NetworkActivity";

/// Checks what can be told without asking the bucket.
pub(crate) fn check_form(caller: &Caller, source: &S3ImportSource) -> Result<(), Error> {
    let uri = &source.s3_location_uri;
    let invalid = |why: &str| Error::from(ImportError::Source { uri: uri.clone(), why: why.to_owned(), source: None });
    let (bucket, prefix) = split_s3_uri(uri).ok_or_else(|| invalid("it must be of the form s3://bucket/prefix"))?;
    check_bucket_name(bucket).map_err(|error| invalid(&error.to_string()))?;
    if prefix.split('/').any(|folder| folder.starts_with(BESIDE) && folder != NETWORK) {
        return Err(invalid(
            "it must be the CloudTrail or CloudTrail-NetworkActivity prefix, or one above or below it",
        ));
    }
    if source.s3_bucket_region.parse::<Region>().is_err() {
        return Err(LakeError::Parameter(format!("{} is not a Region.", source.s3_bucket_region)).into());
    }
    check_role(caller, &source.s3_bucket_access_role_arn)
}

/// A role of another account would lend its rights to the caller.
fn check_role(caller: &Caller, arn: &str) -> Result<(), Error> {
    let is_own = arn.split(':').nth(4) == Some(caller.account().as_str());
    if is_role(arn) && is_own {
        return Ok(());
    }
    Err(LakeError::Parameter(format!("{arn} is not the ARN of a role of the account {}.", caller.account())).into())
}

impl Api {
    /// Asks the bucket.
    pub(crate) async fn check_source(&self, import: &Import) -> Result<(), Error> {
        let Err(source) = self.copies.check(import).await else { return Ok(()) };
        if source.is_transient() {
            let bucket = split_s3_uri(&import.location_uri).map_or("", |(bucket, _)| bucket).to_owned();
            return Err(Error::BucketUnavailable { bucket, source });
        }
        let why = match &*source.code {
            "NoSuchBucket" => "there is no such bucket".to_owned(),
            "AccessDenied" => format!("the role {} may not list the bucket", import.role_arn),
            code => format!("the bucket answered {code}"),
        };
        Err(ImportError::Source { uri: import.location_uri.clone(), why, source: Some(source) }.into())
    }
}
