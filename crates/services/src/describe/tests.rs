use http::{HeaderMap, Request, StatusCode};
use opentrail_model::EventCategory;
use serde_json::json;

use super::*;
use crate::{Body, Recognition, Response, Services, Transfer};

/// A call as a test tells it.
struct Told<'t> {
    request: &'t str,
    headers: &'t [(&'t str, &'t str)],
    signing: &'t str,
    body: &'t [u8],
    status: u16,
    answer_headers: &'t [(&'t str, &'t str)],
    answer: &'t [u8],
}

impl Default for Told<'_> {
    fn default() -> Self {
        Self { request: "POST /", headers: &[], signing: "", body: b"", status: 200, answer_headers: &[], answer: b"" }
    }
}

const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];

impl Told<'_> {
    fn describe(&self) -> Call {
        let (method, uri) = self.request.split_once(' ').expect("a method and a URI");
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in self.headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).expect("a request").into_parts().0;
        let operation = match Services::embedded().recognise(&request, Some(self.signing)) {
            Recognition::NeedsBody(pending) => pending.resolve(self.body),
            other => other,
        };
        let Recognition::Operation(operation) = operation else { panic!("{operation:?}") };
        let mut headers = HeaderMap::new();
        for (name, value) in self.answer_headers {
            headers.insert(http::HeaderName::try_from(*name).expect("a name"), value.parse().expect("a value"));
        }
        let whole = |bytes| Body { bytes, is_whole: true };
        let status = StatusCode::from_u16(self.status).expect("a status");
        describe(&Exchange {
            operation: &operation,
            request: &request,
            request_body: whole(self.body),
            response: Some(Response { status, headers: &headers, body: whole(self.answer) }),
            account: "123456789012",
            region: "eu-west-1",
            partition: "aws",
            transfer: Transfer::default(),
        })
    }
}

#[test]
fn query() {
    let call = Told {
        headers: FORM,
        signing: "iam",
        body: b"Action=CreateUser&Version=2010-05-08&UserName=ann&Tags.member.1.Key=a&Tags.member.1.Value=b%20c",
        answer: b"<CreateUserResponse xmlns=\"u\"><CreateUserResult><User><UserName>ann</UserName>\
            <CreateDate>2023-07-10T12:07:59Z</CreateDate></User></CreateUserResult>\
            <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></CreateUserResponse>",
        ..Told::default()
    }
    .describe();
    assert_eq!(call.request_parameters, Some(json!({"userName": "ann", "tags": [{"key": "a", "value": "b c"}]})));
    let user = json!({"user": {"userName": "ann", "createDate": "Jul 10, 2023 12:07:59 PM"}});
    assert_eq!((call.response_elements, call.request_id.as_deref()), (Some(user), Some("r-1")));
    assert_eq!((call.event_source.as_str(), call.aws_region.as_str()), ("iam.amazonaws.com", "us-east-1"));
    assert!(!call.read_only && call.error.is_none());
}

#[test]
fn query_errors_have_the_exceptions_name() {
    let call = Told {
        headers: FORM,
        signing: "iam",
        body: b"Action=GetRole&RoleName=r",
        status: 404,
        answer: b"<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>gone</Message></Error>\
            <RequestId>r-2</RequestId></ErrorResponse>",
        ..Told::default()
    }
    .describe();
    let error = CallError { code: "NoSuchEntityException".to_owned(), message: Some("gone".to_owned()) };
    assert_eq!((call.error, call.request_id.as_deref()), (Some(error), Some("r-2")));
    assert!(call.read_only && call.response_elements.is_none());
}

#[test]
fn secrets_are_not_told() {
    let call = Told {
        headers: FORM,
        signing: "iam",
        body: b"Action=CreateAccessKey&UserName=u",
        answer:
            b"<R><CreateAccessKeyResult><AccessKey><AccessKeyId>AKIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
            </AccessKey></CreateAccessKeyResult></R>",
        ..Told::default()
    }
    .describe();
    assert_eq!(call.response_elements, Some(json!({"accessKey": {"accessKeyId": "AKIA"}})));
    let call = Told {
        headers: &[("x-amz-target", "AmazonSSM.PutParameter")],
        body: br#"{"Name":"n","Value":"v","Type":"SecureString","Overwrite":false,"Unheard":1}"#,
        answer: br#"{"Version":1,"Tier":"Standard"}"#,
        ..Told::default()
    }
    .describe();
    let shown =
        json!({"name": "n", "value": "HIDDEN_DUE_TO_SECURITY_REASONS", "type": "SecureString", "overwrite": false});
    assert_eq!(call.request_parameters, Some(shown));
    assert_eq!(call.response_elements, Some(json!({"version": 1, "tier": "Standard"})));
}

#[test]
fn json_errors_and_refusals() {
    let call = |kind: &str, message: &str| {
        Told {
            headers: &[("x-amz-target", "AWSGlue.GetTables")],
            body: br#"{"DatabaseName":"d"}"#,
            status: 400,
            answer: format!(r#"{{"__type":"com.amazon#{kind}","Message":"{message}"}}"#).as_bytes(),
            answer_headers: &[("x-amzn-requestid", "r-3")],
            ..Told::default()
        }
        .describe()
    };
    let refused = call("AccessDeniedException", "u is not authorized to perform: glue:GetTables");
    assert_eq!(refused.error.map(|error| error.code).as_deref(), Some("AccessDenied"));
    assert_eq!((refused.request_parameters, refused.request_id.as_deref()), (None, Some("r-3")));
    let failed = call("EntityNotFoundException", "no d");
    assert_eq!(failed.error.map(|error| error.code).as_deref(), Some("EntityNotFoundException"));
    assert_eq!(failed.request_parameters, Some(json!({"databaseName": "d"})));
}

#[test]
fn rest_json() {
    let call = Told {
        request: "POST /2015-03-31/functions",
        signing: "lambda",
        body: br#"{"FunctionName":"f","Code":{"ZipFile":"UEsDBA==","S3Bucket":"b"},"Environment":{"Variables":{"A":"1"}}}"#,
        status: 201,
        answer: br#"{"FunctionName":"f","CodeSize":4,"Environment":{"Variables":{"A":"1"}}}"#,
        ..Told::default()
    }
    .describe();
    assert_eq!(call.event_name, "CreateFunction20150331");
    let asked = json!({"functionName": "f", "code": {"s3Bucket": "b"}, "environment": {}});
    assert_eq!(call.request_parameters, Some(asked));
    assert_eq!(call.response_elements, Some(json!({"functionName": "f", "environment": {}, "codeSize": 4})));
    let call =
        Told { request: "GET /2015-03-31/functions/f/versions?MaxItems=5", signing: "lambda", ..Told::default() };
    assert_eq!(call.describe().request_parameters, Some(json!({"functionName": "f", "maxItems": 5})));
}

#[test]
fn rest_xml() {
    let call = Told {
        request: "POST /2013-04-01/hostedzone",
        signing: "route53",
        body: b"<CreateHostedZoneRequest xmlns=\"u\"><Name>a.org</Name><CallerReference>c</CallerReference>\
            <HostedZoneConfig><PrivateZone>false</PrivateZone></HostedZoneConfig></CreateHostedZoneRequest>",
        status: 201,
        answer:
            b"<CreateHostedZoneResponse><ChangeInfo><Id>/change/C</Id><SubmittedAt>2023-07-10T12:07:59Z</SubmittedAt>\
            </ChangeInfo></CreateHostedZoneResponse>",
        ..Told::default()
    }
    .describe();
    let asked = json!({"name": "a.org", "callerReference": "c", "hostedZoneConfig": {"privateZone": false}});
    assert_eq!(call.request_parameters, Some(asked));
    let answered = json!({"changeInfo": {"id": "/change/C", "submittedAt": "Jul 10, 2023, 12:07:59 PM"}});
    assert_eq!((call.response_elements, call.api_version.as_deref()), (Some(answered), Some("2013-04-01")));
}

#[test]
fn cbor() {
    // {"AlarmNames": ["a"]}
    let call = Told {
        request: "POST /service/GraniteServiceVersion20100801/operation/DeleteAlarms",
        headers: &[("smithy-protocol", "rpc-v2-cbor")],
        body: b"\xa1\x6aAlarmNames\x81\x61a",
        ..Told::default()
    }
    .describe();
    assert_eq!((call.event_source.as_str(), call.event_name.as_str()), ("monitoring.amazonaws.com", "DeleteAlarms"));
    assert_eq!(call.request_parameters, Some(json!({"alarmNames": ["a"]})));
}

#[test]
fn ec2_in_its_first_form() {
    let call = Told {
        headers: FORM,
        signing: "ec2",
        body: b"Action=StopInstances&Version=2016-11-15&InstanceId.1=i-1&InstanceId.2=i-2&Force=false",
        answer: b"<StopInstancesResponse><requestId>r</requestId><instancesSet><item><instanceId>i-1</instanceId>\
            <currentState><code>64</code><name>stopping</name></currentState></item></instancesSet></StopInstancesResponse>",
        ..Told::default()
    }
    .describe();
    let asked = json!({"instancesSet": {"items": [{"instanceId": "i-1"}, {"instanceId": "i-2"}]}, "force": false});
    assert_eq!(call.request_parameters, Some(asked));
    let item = json!({"instanceId": "i-1", "currentState": {"code": 64, "name": "stopping"}});
    assert_eq!(call.response_elements, Some(json!({"requestId": "r", "instancesSet": {"items": [item]}})));
    let filter = b"Action=DescribeVpcs&Filter.1.Name=state&Filter.1.Value.1=available";
    let call = Told { headers: FORM, signing: "ec2", body: filter, ..Told::default() }.describe();
    let filter = json!({"items": [{"name": "state", "valueSet": {"items": [{"value": "available"}]}}]});
    assert_eq!(call.request_parameters, Some(json!({"vpcSet": {}, "filterSet": filter})));
}

#[test]
fn ec2_in_its_second_form() {
    let call = Told {
        headers: FORM,
        signing: "ec2",
        body: b"Action=CreateNatGateway&Version=2016-11-15&SubnetId=s&TagSpecification.1.ResourceType=natgateway\
            &TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.1.Value=true&TagSpecification.1.Tag.2.Key=b",
        answer: b"<CreateNatGatewayResponse xmlns=\"u\"><natGateway><state>pending</state></natGateway></CreateNatGatewayResponse>",
        ..Told::default()
    }
    .describe();
    let tags = json!([{"Key": "a", "Value": true, "tag": 1}, {"Key": "b", "tag": 2}]);
    let asked = json!({"SubnetId": "s", "TagSpecification": {"ResourceType": "natgateway", "Tag": tags, "tag": 1}});
    assert_eq!(call.request_parameters, Some(json!({"CreateNatGatewayRequest": asked})));
    let answered = json!({"CreateNatGatewayResponse": {"xmlns": "u", "natGateway": {"state": "pending"}}});
    assert_eq!(call.response_elements, Some(answered));
    let refused =
        b"<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";
    let call = Told {
        headers: FORM,
        signing: "ec2",
        body: b"Action=CreateNatGateway",
        status: 403,
        answer: refused,
        ..Told::default()
    };
    assert_eq!(call.describe().error.map(|error| error.code).as_deref(), Some("Client.UnauthorizedOperation"));
}

#[test]
fn streams_are_about_what_they_come_from() {
    let consumer = "arn:aws:kinesis:eu-west-1:123456789012:stream/s/consumer/c:1";
    let body = json!({"ConsumerARN": consumer, "ShardId": "0"}).to_string();
    let headers = &[("x-amz-target", "Kinesis_20131202.SubscribeToShard")];
    let consumed = Told { headers, body: body.as_bytes(), ..Told::default() }.describe().resources;
    assert_eq!(
        (consumed[0].kind.as_deref(), consumed[0].arn.as_deref()),
        (Some("AWS::Kinesis::StreamConsumer"), Some(consumer))
    );
    let request = "POST /model/amazon.nova-sonic-v1%3A0/invoke-with-bidirectional-stream";
    let talked = Told { request, signing: "bedrock", ..Told::default() }.describe().resources;
    let arn = "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-sonic-v1:0";
    assert_eq!((talked[0].kind.as_deref(), talked[0].arn.as_deref()), (Some("AWS::Bedrock::Model"), Some(arn)));
}

/// A call of DynamoDB: its parameters, and the ARNs of its resources.
fn dynamodb(operation: &str, body: &Value, answer: &Value) -> (Value, Vec<String>) {
    let target = format!("DynamoDB_20120810.{operation}");
    let call = Told {
        headers: &[("x-amz-target", target.as_str())],
        body: body.to_string().as_bytes(),
        answer: answer.to_string().as_bytes(),
        ..Told::default()
    }
    .describe();
    assert_eq!((call.category, call.response_elements), (EventCategory::Data, None), "data is never answered");
    let arns = call.resources.into_iter().map(|resource| resource.arn.expect("an ARN")).collect();
    (call.request_parameters.expect("parameters"), arns)
}

const TABLES: &str = "arn:aws:dynamodb:eu-west-1:123456789012:table/";

#[test]
fn batches_of_items() {
    let item = json!({"Artist": {"S": "secret"}, "Year": {"N": "1"}});
    let (asked, arns) = dynamodb(
        "BatchWriteItem",
        &json!({"RequestItems": {
            "Music": [{"PutRequest": {"Item": item}}],
            "Books": [{"DeleteRequest": {"Key": {"Isbn": {"S": "1"}}}}],
        }}),
        &json!({"UnprocessedItems": {"Music": [{"PutRequest": {"Item": item}}]}}),
    );
    let music = json!([{"putRequest": {"item": ["Artist", "Year"]}}]);
    let books = json!([{"deleteRequest": {"key": {"Isbn": "1"}}}]);
    assert_eq!(asked, json!({"requestItems": {"Music": music, "Books": books}}));
    assert_eq!(arns, [format!("{TABLES}Music"), format!("{TABLES}Books")]);

    let other = "arn:aws:dynamodb:eu-west-1:210987654321:table/Theirs";
    let (asked, arns) = dynamodb(
        "BatchGetItem",
        &json!({"RequestItems": {other: {"Keys": [{"Id": {"S": "a"}}, {"Id": {"S": "b"}}]}}}),
        &json!({"Responses": {other: [item]}}),
    );
    assert_eq!(asked, json!({"requestItems": {other: {"keys": [{"Id": "a"}, {"Id": "b"}]}}}));
    assert_eq!(arns, [other]);
}

#[test]
fn transactions_of_items() {
    let key = json!({"Artist": {"S": "ann"}});
    let (asked, arns) = dynamodb(
        "TransactWriteItems",
        &json!({
            "TransactItems": [
                {"Put": {"TableName": "Music", "Item": {"Artist": {"S": "ann"}, "Year": {"N": "1"}},
                    "ConditionExpression": "#Y = :y", "ExpressionAttributeValues": {":y": {"N": "1"}}}},
                {"ConditionCheck": {"TableName": "Books", "Key": key, "ConditionExpression": "attribute_exists(a)"}},
                {"Delete": {"TableName": "Music", "Key": key}},
            ],
            "ReturnConsumedCapacity": "TOTAL",
        }),
        &json!({}),
    );
    let key = json!({"Artist": "ann"});
    let items = json!([
        {"operation": "Put", "items": ["Artist", "Year"], "tableName": "Music", "conditionExpression": "#Y = :y"},
        {"operation": "ConditionCheck", "key": key, "tableName": "Books", "conditionExpression": "attribute_exists(a)"},
        {"operation": "Delete", "key": key, "tableName": "Music"},
    ]);
    assert_eq!(asked, json!({"requestItems": items, "returnConsumedCapacity": "TOTAL"}));
    assert_eq!(arns, [format!("{TABLES}Music"), format!("{TABLES}Books")], "each once");

    let get = json!({"Get": {"TableName": "Music", "Key": {"Artist": {"S": "ann"}}}});
    let (asked, arns) = dynamodb("TransactGetItems", &json!({"TransactItems": [get]}), &json!({"Responses": []}));
    assert_eq!(asked, json!({"requestItems": [{"operation": "Get", "key": key, "tableName": "Music"}]}));
    assert_eq!(arns, [format!("{TABLES}Music")]);
}

#[test]
fn statements() {
    let answer = json!({"Items": [{"Artist": {"S": "secret"}}]});
    let select =
        json!({"Statement": "SELECT * FROM \"Music\".\"ByYear\" WHERE Artist = ?", "Parameters": [{"S": "secret"}]});
    let (asked, arns) = dynamodb("ExecuteStatement", &select, &answer);
    assert_eq!(asked, json!({"statement": select["Statement"]}));
    assert_eq!(arns, [format!("{TABLES}Music")]);

    let update = json!({"Statement": "UPDATE Music SET Album = 'secret' WHERE Artist = 'x'"});
    let insert = json!({"Statement": "INSERT INTO Books VALUE {'Isbn' : 'secret'}"});
    let shown = json!([
        {"statement": "UPDATE Music SET Album = ***(Redacted) WHERE Artist = ***(Redacted)"},
        {"statement": "INSERT INTO Books VALUE {'Isbn' : ***(Redacted)}"},
    ]);
    for (operation, member) in [("BatchExecuteStatement", "Statements"), ("ExecuteTransaction", "TransactStatements")] {
        let (asked, arns) = dynamodb(operation, &json!({member: [update, insert]}), &json!({"Responses": []}));
        assert_eq!(asked, json!({"requestItems": shown}), "{operation}");
        assert_eq!(arns, [format!("{TABLES}Music"), format!("{TABLES}Books")], "{operation}");
    }
}

#[test]
fn s3() {
    let call = Told {
        request: "PUT /b/a%20b?x-id=PutObject",
        headers: &[
            ("host", "s3.example.com"),
            ("x-amz-acl", "private"),
            ("x-amz-security-token", "t"),
            ("content-length", "5"),
        ],
        signing: "s3",
        answer_headers: &[("x-amz-request-id", "R"), ("x-amz-id-2", "I"), ("x-amz-server-side-encryption", "AES256")],
        ..Told::default()
    }
    .describe();
    let asked = json!({"bucketName": "b", "Host": "s3.example.com", "x-amz-acl": "private", "key": "a b"});
    assert_eq!(call.request_parameters, Some(asked));
    assert_eq!(call.response_elements, Some(json!({"x-amz-server-side-encryption": "AES256"})));
    let arns: Vec<_> = call.resources.iter().filter_map(|resource| resource.arn.as_deref()).collect();
    assert_eq!(arns, ["arn:aws:s3:::b/a b", "arn:aws:s3:::b"]);
    let additional = call.additional_event_data.expect("S3 tells of transfers");
    assert_eq!((&additional["SSEApplied"], &additional["objectSize"]), (&json!("Default_SSE_S3"), &json!(5)));
    assert_eq!((&additional["x-amz-id-2"], &additional["httpStatusCode"]), (&json!("I"), &json!(200)));
    assert_eq!((call.category, call.request_id.as_deref()), (opentrail_model::EventCategory::Data, Some("R")));

    let call = Told {
        request: "PUT /b?tagging",
        headers: &[("host", "h")],
        signing: "s3",
        body: b"<Tagging><TagSet><Tag><Key>k</Key><Value>true</Value></Tag></TagSet></Tagging>",
        ..Told::default()
    }
    .describe();
    let tagging = json!({"TagSet": {"Tag": {"Key": "k", "Value": true}}});
    assert_eq!(
        call.request_parameters,
        Some(json!({"Tagging": tagging, "bucketName": "b", "Host": "h", "tagging": ""}))
    );

    let call = Told { request: "HEAD /b/k", headers: &[("host", "h")], signing: "s3", status: 404, ..Told::default() };
    assert_eq!(call.describe().error.map(|error| error.code).as_deref(), Some("NoSuchKey"));
}

#[test]
fn a_browsers_upload_is_a_put() {
    let form = "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na/${filename}\r\n\
        --x\r\nContent-Disposition: form-data; name=\"acl\"\r\n\r\nprivate\r\n\
        --x\r\nContent-Disposition: form-data; name=\"X-Amz-Signature\"\r\n\r\nsecret\r\n\
        --x\r\nContent-Disposition: form-data; name=\"Policy\"\r\n\r\nsecret\r\n\
        --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.txt\"\r\n\r\nhello\r\n--x--\r\n";
    for (status, error) in [(204, None), (303, None), (403, Some("AccessDenied"))] {
        let call = Told {
            request: "POST /b",
            headers: &[("host", "h"), ("content-type", "multipart/form-data; boundary=x"), ("content-length", "999")],
            signing: "s3",
            body: form.as_bytes(),
            status,
            ..Told::default()
        }
        .describe();
        assert_eq!((call.event_name.as_str(), call.category), ("PutObject", EventCategory::Data));
        assert_eq!(call.error.as_ref().map(|error| error.code.as_str()), error);
        let asked = json!({"bucketName": "b", "Host": "h", "x-amz-acl": "private", "key": "a/f.txt"});
        assert_eq!(call.request_parameters, Some(asked));
        assert_eq!(call.resources[0].arn.as_deref(), Some("arn:aws:s3:::b/a/f.txt"));
        assert_eq!(call.additional_event_data.expect("S3's")["objectSize"], Value::Null, "it isn't the form's");
    }
}

#[test]
fn each_key_that_is_deleted_is_told() {
    let call = Told {
        request: "POST /b?delete",
        headers: &[("host", "h")],
        signing: "s3",
        body: b"<Delete><Object><Key>a</Key></Object><Object><Key>b c</Key></Object></Delete>",
        answer: b"<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b c</Key><Code>AccessDenied</Code>\
            <Message>Access Denied</Message></Error></DeleteResult>",
        ..Told::default()
    }
    .describe();
    assert_eq!((call.event_name.as_str(), call.error), ("DeleteObjects", None));
    assert_eq!(call.request_parameters, Some(json!({"bucketName": "b", "Host": "h", "delete": ""})));
    let [first, second] = &call.followers[..] else { panic!("two keys") };
    assert_eq!(first.request_parameters, Some(json!({"bucketName": "b", "Host": "h", "key": "a"})));
    assert_eq!((first.event_name.as_str(), &first.error), ("DeleteObject", &None));
    assert_eq!(second.error.as_ref().map(|error| error.code.as_str()), Some("AccessDenied"));
    assert_eq!(second.resources[0].arn.as_deref(), Some("arn:aws:s3:::b/b c"));
}

#[test]
fn hostile_bodies_describe_nothing() {
    let deep = [vec![b'['; 500_000], vec![b']'; 500_000]].concat();
    let wide = format!("Action=RunInstances&{}", "Filter.1.".repeat(100_000));
    for body in [&deep[..], b"{", b"\xff\xfe", wide.as_bytes()] {
        let call =
            Told { headers: &[("x-amz-target", "AmazonSSM.PutParameter")], body, answer: body, ..Told::default() }
                .describe();
        assert_eq!((call.request_parameters, call.response_elements), (None, None));
    }
    let call = Told { headers: FORM, signing: "ec2", body: wide.as_bytes(), ..Told::default() }.describe();
    assert!(call.request_parameters.is_some_and(|it| it.to_string().len() < 1000));
}

#[test]
fn packed_bodies_are_unpacked_within_bounds() {
    use std::io::Write as _;
    let pack = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).expect("packed");
        packer.finish().expect("packed")
    };
    let headers = &[("x-amz-target", "AmazonSSM.DeleteParameter"), ("content-encoding", "gzip")];
    let call = Told { headers, body: &pack(br#"{"Name":"n"}"#), ..Told::default() }.describe();
    assert_eq!(call.request_parameters, Some(json!({"name": "n"})));
    let bomb = pack(&vec![b' '; 64 << 20]);
    let call = Told { headers, body: &bomb, ..Told::default() }.describe();
    assert_eq!(call.request_parameters, None);
}
