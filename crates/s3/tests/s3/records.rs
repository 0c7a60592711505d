use super::*;
use serde_json::json;

#[tokio::test]
async fn a_put_is_recorded_as_cloudtrail_does() {
    let world = World::new().await;
    world.bucket("trails").await;
    let headers = [("x-amz-acl", "bucket-owner-full-control"), ("host", "trails.s3.us-east-1.amazonaws.com")];
    let tls = Caller { cipher_suite: Some("TLS_AES_128_GCM_SHA256".to_owned()), ..caller(Some(OWNER)) };
    let call = world.send_as(tls, "PUT", "/data/x.bin", &headers, "hello").await.expect(200).call;
    assert_eq!((call.event_name.as_str(), call.is_read_only, call.is_data_event), ("PutObject", false, true));
    assert_eq!(
        call.request_parameters,
        json!({"bucketName": "trails", "Host": "trails.s3.us-east-1.amazonaws.com",
               "x-amz-acl": "bucket-owner-full-control", "key": "data/x.bin"})
    );
    assert_eq!(call.response_elements, json!({"x-amz-server-side-encryption": "AES256"}));
    let data = &call.additional_event_data;
    assert_eq!(data["SignatureVersion"], "SigV4");
    assert_eq!(data["CipherSuite"], "TLS_AES_128_GCM_SHA256");
    assert_eq!((&data["objectSize"], &data["bytesTransferredIn"]), (&json!(5), &json!(5)));
    assert_eq!((&data["SSEApplied"], &data["httpStatusCode"]), (&json!("Default_SSE_S3"), &json!(200)));
    let arns: Vec<_> = call.resources.iter().map(|it| (it.kind, it.arn.as_deref(), it.account.as_deref())).collect();
    assert_eq!(
        arns,
        [
            ("AWS::S3::Bucket", Some("arn:aws:s3:::trails"), Some(OWNER)),
            ("AWS::S3::Object", Some("arn:aws:s3:::trails/data/x.bin"), None),
        ]
    );
    assert_eq!(call.request_id.len(), 16);
}

#[tokio::test]
async fn bucket_calls_are_management_events() {
    let world = World::new().await;
    let made = world.send("PUT", "/trails", &[], "").await.call;
    assert_eq!((made.event_name.as_str(), made.is_data_event, made.resources.len()), ("CreateBucket", false, 0));
    let acl = world.get("/trails?acl").await.call;
    assert_eq!(acl.request_parameters, json!({"bucketName": "trails", "Host": "127.0.0.1:7410", "acl": ""}));
    assert!(acl.is_read_only && acl.response_elements.is_null());
    let missing = world.get("/trails?lifecycle").await.call;
    assert_eq!(missing.event_name, "GetBucketLifecycle");
    let error = missing.error.expect("an error");
    assert_eq!(
        error,
        ("NoSuchLifecycleConfiguration".to_owned(), "The lifecycle configuration does not exist".to_owned())
    );
    let tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>true</Value></Tag></TagSet></Tagging>";
    let put = world.send("PUT", "/trails?tagging", &[], tags).await.call;
    assert_eq!(put.request_parameters["Tagging"], json!({"TagSet": {"Tag": {"Key": "a", "Value": true}}}));
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::trails/*"}]}"#;
    let put = world.send("PUT", "/trails?policy", &[], text).await.call;
    assert_eq!(put.request_parameters["bucketPolicy"]["Version"], "2012-10-17");
    assert_eq!(put.request_parameters["policy"], "");
}

#[tokio::test]
async fn listings_deletions_and_presigned_reads_are_data_events() {
    let world = World::new().await;
    world.bucket("trails").await;
    world.put("a", "x").await;
    let list = world.get("/trails?list-type=2&prefix=a").await.call;
    assert_eq!((list.event_name.as_str(), list.is_data_event), ("ListObjects", true));
    assert_eq!(list.request_parameters["list-type"], "2");
    assert_eq!(list.resources[1].arn_prefix.as_deref(), Some("arn:aws:s3:::trails/a"));
    let wish = "<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>";
    let deleted = world.send("POST", "/trails?delete", &[], wish).await.call;
    assert_eq!((deleted.event_name.as_str(), deleted.followers.len()), ("DeleteObjects", 2));
    assert_eq!(deleted.request_parameters, json!({"bucketName": "trails", "Host": "127.0.0.1:7410", "delete": ""}));
    let follower = &deleted.followers[0];
    assert_eq!((follower.event_name.as_str(), follower.is_service_event), ("DeleteObject", true));
    assert_eq!(follower.request_id, deleted.request_id);
    let presigned = Caller { authentication: Authentication::Query, ..caller(Some(OWNER)) };
    let uri = "/trails/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=c&X-Amz-Date=20260913T171917Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=s";
    let call = world.send_as(presigned, "GET", uri, &[], "").await.expect_error(404, "NoSuchKey").call;
    assert_eq!(call.additional_event_data["AuthenticationMethod"], "QueryString");
    assert_eq!(call.request_parameters["X-Amz-Expires"], "60");
    assert!(call.request_parameters.get("X-Amz-Signature").is_none());
    assert_eq!(call.error.expect("an error").1, "The specified key does not exist.");
}
