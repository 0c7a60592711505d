//! What the server tells of buckets and trails.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use async_trait::async_trait;
use opentrail_blob::{S3, S3Target};
use opentrail_model::trail::TrailArn;
use opentrail_seal::name::root_folder;
use opentrail_sigv4::{Credentials, SecretKey};
use opentrail_stdx::Timestamp;
use opentrail_verify::{Deliveries, Error, Place, Scope, TrailScope};
use serde_json::{Value, json};

use super::Usage;
use crate::connection::{Connection, ConnectionArgs, ServiceError};

const TARGET: &str = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";

/// The bucket of `BUCKET[/PREFIX]`: at the server, or at Amazon S3 when the environment has credentials but no endpoint.
pub(crate) fn bucket(args: &ConnectionArgs, place: &str) -> anyhow::Result<Place> {
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    if bucket.is_empty() {
        return Err(Usage("`s3://` needs the name of a bucket behind it".to_owned()).into());
    }
    let (target, ca_bundle) =
        match (&args.data_dir, variable("AWS_ENDPOINT_URL_S3").or_else(|| variable("AWS_ENDPOINT_URL"))) {
            (None, endpoint) if endpoint.is_some() || variable("AWS_ACCESS_KEY_ID").is_some() => {
                let (Some(access_key_id), Some(secret)) =
                    (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"))
                else {
                    return Err(Usage("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned()).into());
                };
                let credentials = Credentials {
                    access_key_id,
                    secret: SecretKey::new(secret),
                    session_token: variable("AWS_SESSION_TOKEN"),
                };
                let region = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"));
                let region = region.unwrap_or_else(|| "us-east-1".to_owned());
                (target(bucket, endpoint, region, &credentials), variable("AWS_CA_BUNDLE").map(PathBuf::from))
            }
            _ => of_connection(bucket, &args.connect()?),
        };
    Ok(Place::bucket(bucket, prefix, Arc::new(Arc::new(client(target, ca_bundle.as_deref())?))))
}

/// The bucket of a trail; the scope becomes the trail's.
pub(crate) async fn trail(connection: &Connection, arn: &str, scope: &mut Scope) -> anyhow::Result<Place> {
    let parsed: TrailArn = arn.parse().map_err(|_| Usage(format!("`{arn}` is not the ARN of a trail")))?;
    let http = connection.http()?;
    let home = parsed.region.to_string();
    let target = format!("{TARGET}.DescribeTrails");
    let answer = connection.call(&http, "cloudtrail", &home, &target, &json!({ "trailNameList": [arn] })).await?;
    let Some(found) =
        answer["trailList"].as_array().and_then(|list| list.iter().find(|trail| trail["TrailARN"] == arn))
    else {
        bail!("the server knows no trail `{arn}`");
    };
    let bucket = found["S3BucketName"].as_str().context("the trail names no bucket")?;
    let prefix = found["S3KeyPrefix"].as_str();
    let is_organization = found["IsOrganizationTrail"] == true;
    let account = (!is_organization).then(|| parsed.account.to_string());

    scope.trail = Some(TrailScope {
        arn: arn.to_owned(),
        name: parsed.name.to_string(),
        home_region: home,
        account: account.clone(),
        deliveries: Arc::new(Server { connection: connection.clone(), arn: arn.to_owned() }),
    });
    let under = format!("{}{}", root_folder(prefix), account.unwrap_or_default());
    let (target, ca_bundle) = of_connection(bucket, connection);
    Ok(Place::bucket(bucket, &under, Arc::new(Arc::new(client(target, ca_bundle.as_deref())?))))
}

/// The server that has the trail.
#[derive(Debug)]
struct Server {
    connection: Connection,
    arn: String,
}

#[async_trait]
impl Deliveries for Server {
    async fn delivered_by(&self, regions: BTreeSet<String>) -> Result<BTreeMap<String, Timestamp>, Error> {
        delivered_by(&self.connection, &self.arn, regions).await.map_err(|error| Error::Untold(error.into()))
    }
}

/// By Region: when the server delivered the newest digest. It is asked of each Region apart.
async fn delivered_by(
    connection: &Connection,
    arn: &str,
    regions: BTreeSet<String>,
) -> anyhow::Result<BTreeMap<String, Timestamp>> {
    let http = connection.http()?;
    let target = format!("{TARGET}.GetTrailStatus");
    let mut delivered_by = BTreeMap::new();
    for region in regions {
        match connection.call(&http, "cloudtrail", &region, &target, &json!({ "Name": arn })).await {
            Ok(status) => delivered_by.extend(delivered(&status).map(|at| (region, at))),
            // A trail of one Region is unknown in the others.
            Err(error) if error.is::<ServiceError>() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(delivered_by)
}

/// By when the status says that digests were delivered: those of all windows that ended by then.
fn delivered(status: &Value) -> Option<Timestamp> {
    let time = |name: &str| status[name].as_f64().map(|seconds| Timestamp::from_ms((seconds * 1000.0) as i64));
    let latest = time("LatestDigestDeliveryTime")?;
    match (status["IsLogging"].as_bool(), time("StopLoggingTime")) {
        // Digests of late log files may come after the chain's end.
        (Some(false), Some(stopped)) => Some(latest.min(stopped)),
        _ => Some(latest),
    }
}

fn of_connection(bucket: &str, connection: &Connection) -> (S3Target, Option<PathBuf>) {
    let endpoint = Some(connection.endpoint.clone());
    (target(bucket, endpoint, connection.region.clone(), &connection.credentials), connection.ca_bundle.clone())
}

fn client(target: S3Target, ca_bundle: Option<&Path>) -> anyhow::Result<S3> {
    let Some(path) = ca_bundle else { return Ok(S3::new(target)?) };
    let pem = std::fs::read(path).with_context(|| format!("cannot read the certificates `{}`", path.display()))?;
    Ok(S3::trusting(target, &pem)?)
}

fn target(bucket: &str, endpoint: Option<String>, region: String, credentials: &Credentials) -> S3Target {
    S3Target {
        bucket: bucket.to_owned(),
        endpoint,
        region,
        access_key_id: credentials.access_key_id.clone(),
        secret_access_key: credentials.secret.expose().to_owned(),
        session_token: credentials.session_token.clone(),
        ..S3Target::default()
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_tells_until_when_digests_must_exist() {
        let logging = json!({ "IsLogging": true, "LatestDigestDeliveryTime": 1.7893195385e9 });
        assert_eq!(delivered(&logging), Some(Timestamp::from_ms(1_789_319_538_500)));
        let stopped = json!({ "IsLogging": false, "StopLoggingTime": 100.0, "LatestDigestDeliveryTime": 200.0 });
        assert_eq!(delivered(&stopped), Some(Timestamp::from_secs(100)));
        assert_eq!(delivered(&json!({ "IsLogging": true })), None);
    }
}
