use async_trait::async_trait;
use opentrail_blob::{Buckets, Objects, OnBehalf, PutOptions};
use opentrail_s3::{CallSink, EmbeddedBuckets, ServiceCall, SinkError};
use parking_lot::Mutex;

use super::*;

#[derive(Debug, Default)]
struct Notes(Mutex<Vec<ServiceCall>>);

#[async_trait]
impl CallSink for Notes {
    async fn record(&self, call: ServiceCall) -> Result<(), SinkError> {
        self.0.lock().push(call);
        Ok(())
    }
}

const ARN: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/t";

/// The policy that CloudTrail's user guide gives.
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Sid":"AWSCloudTrailAclCheck20150319","Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},
     "Action":"s3:GetBucketAcl","Resource":"arn:aws:s3:::trails",
     "Condition":{"StringEquals":{"aws:SourceArn":"arn:aws:cloudtrail:us-east-1:111122223333:trail/t"}}},
    {"Sid":"AWSCloudTrailWrite20150319","Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},
     "Action":"s3:PutObject","Resource":"arn:aws:s3:::trails/AWSLogs/111122223333/*",
     "Condition":{"StringEquals":{"s3:x-amz-acl":"bucket-owner-full-control",
      "aws:SourceArn":"arn:aws:cloudtrail:us-east-1:111122223333:trail/t"}}}]}"#;

#[tokio::test]
async fn deliveries_obey_the_policy_and_are_recorded() {
    let world = World::new().await;
    let notes = Arc::new(Notes::default());
    let buckets = EmbeddedBuckets::new(world.service.clone(), Arc::clone(&notes) as _);
    let on_behalf = OnBehalf { trail_arn: ARN.to_owned(), account: OWNER.to_owned(), region: "us-east-1".to_owned() };
    let other = OnBehalf { trail_arn: format!("{ARN}2"), ..on_behalf.clone() };
    let key = "AWSLogs/111122223333/CloudTrail-Digest/a.json.gz";
    let options =
        PutOptions { metadata: vec![("signature".to_owned(), "00".to_owned())], ..PutOptions::gzipped_json() };
    let put = async |key: &str, on_behalf: &OnBehalf| {
        buckets.put("trails", key, Bytes::from_static(b"digest"), &options, on_behalf).await
    };
    assert_eq!(buckets.get_acl("trails", &on_behalf).await.expect_err("no bucket").code, "NoSuchBucket");
    world.bucket("trails").await;
    assert_eq!(buckets.get_acl("trails", &on_behalf).await.expect_err("no policy").code, "AccessDenied");
    assert_eq!(put(key, &on_behalf).await.expect_err("no policy").code, "AccessDenied");
    world.send("PUT", "/trails?policy", &[], POLICY).await.expect(204);
    buckets.get_acl("trails", &on_behalf).await.expect("allowed");
    put(key, &on_behalf).await.expect("allowed");
    assert_eq!(put(key, &other).await.expect_err("another trail").code, "AccessDenied");
    assert_eq!(put("elsewhere/a", &on_behalf).await.expect_err("another key").code, "AccessDenied");
    let get = world.get(&format!("/trails/{key}")).await.expect(200);
    assert_eq!((get.header("content-type"), get.header("content-encoding")), ("application/json", "gzip"));
    assert_eq!((get.header("x-amz-meta-signature"), get.header("x-amz-server-side-encryption")), ("00", "AES256"));
    let notes = notes.0.lock();
    let names: Vec<_> = notes.iter().map(|it| (it.call.event_name.as_str(), it.call.status)).collect();
    assert_eq!(
        names,
        [
            ("GetBucketAcl", 404),
            ("GetBucketAcl", 403),
            ("PutObject", 403),
            ("GetBucketAcl", 200),
            ("PutObject", 200),
            ("PutObject", 403),
            ("PutObject", 403),
        ]
    );
    assert_eq!(notes[4].call.request_parameters["x-amz-acl"], "bucket-owner-full-control");
    assert_eq!(notes[4].invoked_by, "cloudtrail.amazonaws.com");
}

#[tokio::test]
async fn callers_read_with_their_own_rights_and_are_recorded() {
    let world = World::new().await;
    let notes = Arc::new(Notes::default());
    let buckets = EmbeddedBuckets::new(world.service.clone(), Arc::clone(&notes) as _);
    let region = "us-east-1".parse().expect("a Region");
    let of = |account| buckets.of_caller("trails", &caller(Some(account)).principal.expect("one"), &region);
    let (owner, stranger) = (of(OWNER), of(STRANGER));
    assert_eq!(owner.list("", None).await.expect_err("no bucket").code, "NoSuchBucket");
    world.bucket("trails").await;
    world.put("a/log", "text").await;
    let keys = owner.list("a/", None).await.expect("the owner's account may");
    assert_eq!(keys.iter().map(|listed| (listed.key.as_str(), listed.bytes)).collect::<Vec<_>>(), [("a/log", 4)]);
    assert_eq!(owner.get("a/log").await.expect("allowed").expect("there").body, "text");
    assert_eq!(owner.get("a/none").await.expect("allowed"), None);
    assert_eq!(stranger.list("a/", None).await.expect_err("not theirs").code, "AccessDenied");
    assert_eq!(stranger.get("a/log").await.expect_err("not theirs").code, "AccessDenied");
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[
            {{"Effect":"Allow","Principal":{{"AWS":"{STRANGER}"}},"Action":"s3:*","Resource":"arn:aws:s3:::trails/a/*",
              "Condition":{{"Bool":{{"aws:ViaAWSService":"true"}}}}}},
            {{"Effect":"Deny","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::trails",
              "Condition":{{"StringNotEquals":{{"s3:prefix":"a/"}}}}}}]}}"#
    );
    world.send("PUT", "/trails?policy", &[], policy).await.expect(204);
    assert_eq!(stranger.get("a/log").await.expect("allowed").expect("there").body, "text");
    assert_eq!(stranger.list("a/", None).await.expect_err("not allowed").code, "AccessDenied");
    assert_eq!(owner.list("", None).await.expect_err("denied").code, "AccessDenied");
    let notes = notes.0.lock();
    let told = |at: usize| (notes[at].call.event_name.as_str(), notes[at].call.status, notes[at].call.bytes_out);
    assert_eq!((told(2), told(5)), (("GetObject", 200, 4), ("GetObject", 403, 0)));
    assert!(notes.iter().all(|it| it.caller.is_some() && it.invoked_by == "cloudtrail.amazonaws.com"));
    assert_eq!(notes[5].caller.as_ref().map(|caller| caller.account.as_str()), Some(STRANGER));
}
