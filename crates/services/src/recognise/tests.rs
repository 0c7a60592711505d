use http::Request;

use super::*;

fn parts(method: &str, uri: &str, headers: &[(&str, &str)]) -> Parts {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).expect("a request").into_parts().0
}

fn told(recognition: &Recognition) -> String {
    match recognition {
        Recognition::Operation(operation) => format!("{} {}", operation.service(), operation.name()),
        Recognition::NeedsBody(_) => "body".to_owned(),
        Recognition::Unknown(unknown) => format!("? {:?} {:?}", unknown.service(), unknown.name()),
    }
}

fn recognise(request: &str, headers: &[(&str, &str)], signing_name: Option<&str>) -> String {
    let (method, uri) = request.split_once(' ').expect("a method and a URI");
    told(&Services::embedded().recognise(&parts(method, uri, headers), signing_name))
}

#[test]
fn targets_name_operations() {
    let target = |target| recognise("POST /", &[("x-amz-target", target)], None);
    assert_eq!(target("DynamoDB_20120810.PutItem"), "dynamodb PutItem");
    assert_eq!(target("Timestream_20181101.WriteRecords"), "timestream-write WriteRecords");
    assert_eq!(target("Timestream_20181101.Query"), "timestream-query Query");
    assert_eq!(target("DynamoDB_20120810.Fly"), "? Some(\"dynamodb\") Some(\"Fly\")");
    assert_eq!(target("DynamoDB_20120810.<b>"), "? Some(\"dynamodb\") None");
}

#[test]
fn cbor_paths_name_operations() {
    let cbor = |path: &str| recognise(&format!("POST {path}"), &[("smithy-protocol", "rpc-v2-cbor")], None);
    assert_eq!(cbor("/service/GraniteServiceVersion20100801/operation/PutMetricData"), "cloudwatch PutMetricData");
    assert_eq!(cbor("/service/Nothing/operation/PutMetricData"), "? Some(\"s3\") None");
}

#[test]
fn forms_name_operations() {
    let form = [("content-type", "application/x-www-form-urlencoded; charset=utf-8")];
    let resolve = |signing: Option<&str>, body: &str| {
        let request = parts("POST", "/", &form);
        let Recognition::NeedsBody(pending) = Services::embedded().recognise(&request, signing) else {
            panic!("the form is needed")
        };
        told(&pending.resolve(body.as_bytes()))
    };
    assert_eq!(resolve(Some("iam"), "Action=CreateUser&Version=2010-05-08"), "iam CreateUser");
    assert_eq!(resolve(Some("ec2"), "Version=2016-11-15&Action=RunInstances"), "ec2 RunInstances");
    let balancers = |version: &str| format!("Action=DescribeLoadBalancers&Version={version}");
    assert_eq!(resolve(Some("elasticloadbalancing"), &balancers("2012-06-01")), "elb DescribeLoadBalancers");
    assert_eq!(resolve(Some("elasticloadbalancing"), &balancers("2015-12-01")), "elbv2 DescribeLoadBalancers");
    assert_eq!(resolve(Some("rds"), "Action=CreateDBInstance&Version=2014-10-31"), "rds CreateDBInstance");
    assert_eq!(resolve(None, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"), "sts AssumeRoleWithWebIdentity");
    assert_eq!(resolve(Some("sqs"), "Action=SendMessage&Version=2012-11-05"), "sqs SendMessage");
    assert_eq!(resolve(Some("iam"), "Action=Fly"), "? Some(\"iam\") Some(\"Fly\")");
    assert_eq!(resolve(Some("iam"), "nothing"), "? Some(\"iam\") None");
    assert_eq!(recognise("GET /?Action=ListUsers&Version=2010-05-08", &[], Some("iam")), "iam ListUsers");
}

#[test]
fn paths_name_operations() {
    let path = |request, signing| recognise(request, &[], Some(signing));
    assert_eq!(path("POST /2015-03-31/functions", "lambda"), "lambda CreateFunction");
    assert_eq!(path("GET /2015-03-31/functions/f/policy", "lambda"), "lambda GetPolicy");
    assert_eq!(path("GET /restapis", "apigateway"), "apigateway GetRestApis");
    assert_eq!(path("GET /v2/apis", "apigateway"), "apigatewayv2 GetApis");
    assert_eq!(path("POST /v2/email/outbound-emails", "ses"), "sesv2 SendEmail");
    assert_eq!(path("POST /model/anthropic.x%3A0/invoke", "bedrock"), "bedrock-runtime InvokeModel");
    assert_eq!(path("GET /2020-05-31/distribution", "cloudfront"), "cloudfront ListDistributions");
    let account = [("x-amz-account-id", "123456789012")];
    let block = recognise("GET /v20180820/configuration/publicAccessBlock", &account, Some("s3"));
    assert_eq!(block, "s3control GetPublicAccessBlock");
    assert_eq!(path("GET /nothing/here", "lambda"), "? Some(\"lambda\") None");
    assert_eq!(path("GET /", "unheard-of"), "? None None");
}

#[test]
fn s3_is_told_by_path_query_and_headers() {
    let s3 = |request| recognise(request, &[("host", "127.0.0.1:9000")], Some("s3"));
    for (request, expected) in [
        ("GET /", "ListBuckets"),
        ("GET /?x-id=ListBuckets", "ListBuckets"),
        ("PUT /b", "CreateBucket"),
        ("HEAD /b/", "HeadBucket"),
        ("GET /b", "ListObjects"),
        ("GET /b/?list-type=2&prefix=a%2F", "ListObjectsV2"),
        ("GET /b?versions", "ListObjectVersions"),
        ("GET /b?uploads", "ListMultipartUploads"),
        ("GET /b?acl", "GetBucketAcl"),
        ("GET /b/k?acl", "GetObjectAcl"),
        ("PUT /b?policy", "PutBucketPolicy"),
        ("GET /b?lifecycle", "GetBucketLifecycleConfiguration"),
        ("GET /b?inventory", "ListBucketInventoryConfigurations"),
        ("GET /b?inventory&id=1", "GetBucketInventoryConfiguration"),
        ("POST /b?delete", "DeleteObjects"),
        ("GET /b/a/b/c", "GetObject"),
        ("GET /b/k?partNumber=1", "GetObject"),
        ("GET /b/k?uploadId=u", "ListParts"),
        ("PUT /b/k", "PutObject"),
        ("PUT /b/k?partNumber=1&uploadId=u", "UploadPart"),
        ("POST /b/k?uploads", "CreateMultipartUpload"),
        ("POST /b/k?uploadId=u", "CompleteMultipartUpload"),
        ("DELETE /b/k?uploadId=u", "AbortMultipartUpload"),
        ("DELETE /b/k?versionId=v", "DeleteObject"),
        ("POST /b/k?select&select-type=2", "SelectObjectContent"),
    ] {
        assert_eq!(s3(request), format!("s3 {expected}"), "{request}");
    }
    let copy = [("host", "127.0.0.1:9000"), ("x-amz-copy-source", "/a/b")];
    assert_eq!(recognise("PUT /b/k", &copy, Some("s3")), "s3 CopyObject");
    assert_eq!(recognise("PUT /b/k?partNumber=1&uploadId=u", &copy, Some("s3")), "s3 UploadPartCopy");
    let host = [("host", "b.s3.us-east-1.amazonaws.com")];
    assert_eq!(recognise("GET /", &host, Some("s3")), "s3 ListObjects");
    assert_eq!(recognise("GET /a/b", &host, Some("s3")), "s3 GetObject");
    assert_eq!(recognise("PUT /", &host, None), "s3 CreateBucket");
    assert_eq!(recognise("GET /b/k", &[("host", "127.0.0.1:9000")], None), "s3 GetObject");
}

#[test]
fn bodies_are_kept_only_where_they_tell_something() {
    let capture = |request: &str, signing| {
        let (method, uri) = request.split_once(' ').expect("a method and a URI");
        match Services::embedded().recognise(&parts(method, uri, &[]), Some(signing)) {
            Recognition::Operation(operation) => operation.capture(),
            other => panic!("{other:?}"),
        }
    };
    let put = capture("PUT /b/k", "s3");
    assert_eq!((put.request_bytes_max, put.response_bytes_max), (0, 0));
    assert_eq!(capture("GET /b/k", "s3").response_bytes_max, 0);
    assert!(capture("PUT /b?tagging", "s3").request_bytes_max > 0);
    assert_eq!(capture("POST /2015-03-31/functions/f/invocations", "lambda").request_bytes_max, 0);
    let create = capture("POST /2015-03-31/functions", "lambda");
    assert!(create.request_bytes_max > 0 && create.response_bytes_max > 0);
}

#[test]
fn a_browsers_form_names_its_object() {
    let kind = ("content-type", "multipart/form-data; boundary=x");
    let form = b"--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--x--";
    let uploaded = |uri: &str, host: &str| {
        let request = parts("POST", uri, &[kind, ("host", host)]);
        let Recognition::NeedsBody(pending) = Services::embedded().recognise(&request, None) else {
            panic!("the form is needed")
        };
        assert!(pending.is_upload() && pending.bytes_max() < FORM_BYTES_MAX);
        told(&pending.resolve(form))
    };
    assert_eq!(uploaded("/b", "127.0.0.1:9000"), "s3 PutObject");
    assert_eq!(uploaded("/b/", "127.0.0.1:9000"), "s3 PutObject");
    assert_eq!(uploaded("/", "b.s3.amazonaws.com"), "s3 PutObject");
    // Forms are sent to buckets only.
    assert_eq!(recognise("POST /", &[kind, ("host", "127.0.0.1:9000")], None), "? Some(\"s3\") None");
    assert_eq!(recognise("POST /b/k", &[kind], Some("s3")), "? Some(\"s3\") None");
}
