use std::sync::Arc;

use bytes::Bytes;
use opentrail_stdx::SystemDisk;

use crate::faulty::{FaultyBuckets, NthPut, Outages, PutFault};
use crate::{Blob, Buckets, Error, Folder, Memory, ObjectStoreBuckets, OnBehalf, PutOptions, S3, S3Target};

fn digest_options() -> PutOptions {
    PutOptions { metadata: vec![("signature".into(), "00ff".into())], ..PutOptions::gzipped_json() }
}

fn somebody() -> OnBehalf {
    OnBehalf {
        trail_arn: "arn:aws:cloudtrail:us-east-1:123456789012:trail/t".into(),
        account: "123456789012".into(),
        region: "us-east-1".into(),
    }
}

async fn behaves_like_a_bucket(blob: &dyn Blob) {
    let key = "AWSLogs/123456789012/CloudTrail/us-east-1/2026/11/22/a.json.gz";
    assert_eq!(blob.get(key).await.unwrap(), None);
    blob.put("AWSLogs/123456789012/CloudTrail/", Bytes::new(), &PutOptions::gzipped_json()).await.unwrap();
    blob.put(key, Bytes::from_static(b"one"), &digest_options()).await.unwrap();
    blob.put(key, Bytes::from_static(b"two"), &digest_options()).await.unwrap();
    assert!(!blob.put_if_absent(key, Bytes::from_static(b"three"), &digest_options()).await.unwrap());
    assert!(blob.put_if_absent("AWSLogs/b", Bytes::from_static(b"b"), &PutOptions::gzipped_json()).await.unwrap());
    let object = blob.get(key).await.unwrap().unwrap();
    assert_eq!(object.body, "two");
    assert_eq!(object.content_type.as_deref(), Some("application/json"));
    assert_eq!(object.content_encoding.as_deref(), Some("gzip"));
    assert_eq!(object.metadata("signature"), Some("00ff"));
    let keys = |listed: Vec<crate::Listed>| {
        listed
            .into_iter()
            .map(|l| l.key)
            .filter(|k| !k.ends_with('/') && !k.ends_with(".opentrail"))
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(blob.list("AWSLogs/123456789012/Cloud", None).await.unwrap()), [key]);
    assert_eq!(keys(blob.list("", None).await.unwrap()), [key, "AWSLogs/b"]);
    assert_eq!(keys(blob.list("AWSLogs/", Some(key)).await.unwrap()), ["AWSLogs/b"]);
    assert!(blob.list("nothing/", None).await.unwrap().is_empty());
}

#[tokio::test]
async fn memory_behaves_like_a_bucket() {
    behaves_like_a_bucket(&Memory::new()).await;
}

#[tokio::test]
async fn a_folder_behaves_like_a_bucket() {
    let dir = tempfile::tempdir().unwrap();
    behaves_like_a_bucket(&Folder::new(Arc::new(SystemDisk), dir.path().join("bucket"))).await;
}

/// Where there is a second process to test against, such as `moto_server`, and a bucket in it.
#[tokio::test]
async fn an_endpoint_behaves_like_a_bucket() {
    let (endpoint, bucket) = ("OPENTRAIL_TEST_S3_ENDPOINT", "OPENTRAIL_TEST_S3_BUCKET");
    let (Ok(endpoint), Ok(bucket)) = (std::env::var(endpoint), std::env::var(bucket)) else {
        eprintln!("SKIPPED: set {endpoint} and {bucket} to an empty bucket of an S3-compatible store");
        return;
    };
    let target = S3Target {
        bucket,
        endpoint: Some(endpoint),
        region: "us-east-1".into(),
        access_key_id: "test".into(),
        secret_access_key: "test".into(),
        ..S3Target::default()
    };
    let absent = S3::new(S3Target { bucket: "no-such-bucket-here".into(), ..target.clone() }).unwrap();
    assert_eq!(absent.check().await.unwrap_err().code, "NoSuchBucket");
    let put = absent.put("k", Bytes::new(), &PutOptions::gzipped_json()).await;
    assert_eq!(put.unwrap_err().code, "NoSuchBucket");
    let there = S3::new(target).unwrap();
    there.check().await.unwrap();
    behaves_like_a_bucket(&there).await;
}

#[tokio::test]
async fn a_folder_lists_page_by_page_in_the_order_of_keys() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(Arc::new(SystemDisk), dir.path());
    let memory = Memory::new();
    for number in 0..crate::LIST_KEYS_MAX {
        let key = format!("a/{}/{number}", number % 3);
        std::fs::create_dir_all(dir.path().join(format!("a/{}", number % 3))).unwrap();
        std::fs::write(dir.path().join(&key), "x").unwrap();
        memory.put(&key, Bytes::from_static(b"x"), &PutOptions::gzipped_json()).await.unwrap();
    }
    // Slashes come before digits, and after hyphens and dots.
    for key in ["a", "a-b/c", "a.b", "a0", "b/c/d", "b/c.d"].map(|key| format!("x/{key}")) {
        folder.put(&format!("{key}.json"), Bytes::new(), &PutOptions::gzipped_json()).await.unwrap();
        memory.put(&format!("{key}.json"), Bytes::new(), &PutOptions::gzipped_json()).await.unwrap();
    }
    for prefix in ["", "a/", "a/1/", "a/1/2", "x/a", "x/b/c", "y"] {
        let mut after: Option<String> = None;
        loop {
            let page = folder.list(prefix, after.as_deref()).await.unwrap();
            assert_eq!(page, memory.list(prefix, after.as_deref()).await.unwrap(), "{prefix} after {after:?}");
            let Some(last) = page.last() else { break };
            after = Some(last.key.clone());
        }
    }
}

#[tokio::test]
async fn a_folder_refuses_keys_that_lead_out_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(Arc::new(SystemDisk), dir.path());
    for key in ["../x", "a/../../x", "/x", "a//b", "./x", "a/x.meta.json", "a\0b", &"x".repeat(250)] {
        let refused = folder.put(key, Bytes::new(), &PutOptions::gzipped_json()).await.unwrap_err();
        assert_eq!(refused.code, "InvalidArgument", "{key}");
    }
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_unavailable() {
    let target = S3Target {
        bucket: "b".into(),
        endpoint: Some("http://127.0.0.1:1".into()),
        region: "us-east-1".into(),
        access_key_id: "A".into(),
        secret_access_key: "S".into(),
        ..S3Target::default()
    };
    let buckets = ObjectStoreBuckets::new().with_s3("b", S3::new(target).unwrap());
    let error = buckets.put("b", "k", Bytes::new(), &PutOptions::gzipped_json(), &somebody()).await.unwrap_err();
    assert_eq!(error.code, "ServiceUnavailable");
    assert!(error.is_transient());
    assert_eq!(buckets.get_acl("other", &somebody()).await.unwrap_err().code, "NoSuchBucket");
}

#[tokio::test]
async fn planned_faults_happen_as_planned() {
    let memory = Arc::new(Memory::new());
    let inner: Arc<dyn Buckets> = Arc::new(ObjectStoreBuckets::new().with("b", Arc::clone(&memory) as Arc<dyn Blob>));
    let put = async |buckets: &dyn Buckets, key: &str| -> Result<(), Error> {
        buckets.put("b", key, Bytes::new(), &PutOptions::gzipped_json(), &somebody()).await
    };
    let lost = FaultyBuckets::new(Arc::clone(&inner), Arc::new(NthPut { number: 1, fault: PutFault::AnswerLost }));
    assert!(put(&lost, "0").await.is_ok());
    assert!(put(&lost, "1").await.is_err());
    assert_eq!(memory.keys(), ["0", "1"]);

    let outages = Arc::new(Outages::default());
    let broken = FaultyBuckets::new(inner, Arc::clone(&outages) as _);
    outages.begin("b", "NoSuchBucket");
    assert_eq!(put(&broken, "2").await.unwrap_err().code, "NoSuchBucket");
    outages.end("b");
    assert!(put(&broken, "2").await.is_ok());
}
