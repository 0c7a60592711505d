"""Trails through the API: each operation's success, its defaults, its errors, in CloudTrail's words."""

import itertools
import json
import re

import pytest
from botocore.exceptions import ClientError

from logs import PREFIX_OF_NEW_SDKS, PREFIX_OF_OLD_SDKS, arn, call, keys, raw, wait_until
from server import ACCOUNT, make_trail_bucket, trail_bucket_policy

NAMES = itertools.count()
SECONDS = re.compile(r"^\d\.\d+E9$")


@pytest.fixture(scope="module")
def bucket(shared):
    make_trail_bucket(shared, "trail-logs")
    return "trail-logs"


@pytest.fixture
def trails(shared, bucket):
    client = shared.boto("cloudtrail")
    yield client
    for region in ("us-east-1", "eu-west-1"):
        client = shared.boto("cloudtrail", region)
        for trail in client.describe_trails(includeShadowTrails=False)["trailList"]:
            client.delete_trail(Name=trail["TrailARN"])


@pytest.fixture
def name():
    return f"trail-{next(NAMES)}"


def refused(call, **arguments):
    """The code and the text with which a call is refused."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    answer = error.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    return answer["Error"]["Code"], answer["Error"]["Message"]


def plain(answer):
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


# The wire


def test_both_target_prefixes_are_served(shared):
    for prefix in (PREFIX_OF_OLD_SDKS, PREFIX_OF_NEW_SDKS):
        assert call(shared, "DescribeTrails", {}, prefix=prefix) == (200, '{"trailList":[]}')


@pytest.mark.parametrize("target", [
    "example.CloudTrail_20131101.ListTrails",
    "com.amazonaws.cloudtrail.v20131102.CloudTrail_20131101.ListTrails",
    f"{PREFIX_OF_OLD_SDKS}.NoSuchOperation",
    f"{PREFIX_OF_OLD_SDKS}.ListTrails.More",
    PREFIX_OF_OLD_SDKS,
])
def test_other_targets_are_unknown(shared, target):
    status, headers, body = raw(shared, {}, target)
    assert (status, json.loads(body)["__type"]) == (400, "UnknownOperationException")
    assert headers["content-type"] == "application/x-amz-json-1.1"


def test_headers_of_answers(shared):
    status, headers, body = raw(shared, {}, f"{PREFIX_OF_OLD_SDKS}.DescribeTrails")
    assert status == 200
    assert headers["content-type"] == "application/x-amz-json-1.1"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", headers["x-amzn-requestid"])
    assert int(headers["content-length"]) == len(body)
    assert "date" in headers
    status, headers, body = raw(shared, {"Name": "missing"}, f"{PREFIX_OF_OLD_SDKS}.GetTrail")
    assert status == 400 and headers["connection"].lower() == "close"
    assert body.decode() == (
        '{"__type":"TrailNotFoundException","message":"Unknown trail: missing for the user: %s"}' % ACCOUNT)


def test_operations_not_built_say_so(shared):
    status, body = call(shared, "RegisterOrganizationDelegatedAdmin", {"MemberAccountId": "123456789012"})
    assert (status, json.loads(body)["__type"]) == (400, "UnsupportedOperationException")


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'"x"', b"{", b"\xff"])
def test_bodies_that_are_no_object_are_refused(shared, body):
    status, _, answer = raw(shared, body, f"{PREFIX_OF_OLD_SDKS}.GetTrail")
    assert status == 400
    assert json.loads(answer)["__type"] in ("SerializationException", "ValidationException")


def test_large_and_deep_bodies_are_refused(shared):
    target = f"{PREFIX_OF_OLD_SDKS}.GetTrail"
    status, _, body = raw(shared, b'{"Name":"' + b"x" * 3_000_000 + b'"}', target)
    assert (status, json.loads(body)["__type"]) == (413, "RequestEntityTooLargeException")
    status, _, body = raw(shared, b'{"a":' * 100_000, target)
    assert (status, json.loads(body)["__type"]) == (400, "SerializationException")


def test_services_that_are_not_here_say_so(shared):
    status, _, body = raw(shared, b"Action=DescribeInstances", service="ec2")
    assert status == 400 and b"does not serve `ec2`" in body


# CreateTrail


def test_create_with_defaults(shared, trails, bucket, name):
    expected = (
        '{"Name":"%s","S3BucketName":"%s","IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":false,"TrailARN":"%s",'
        '"LogFileValidationEnabled":false,"IsOrganizationTrail":false,"RecursiveLogging":true}' % (name, bucket, arn(name)))
    assert call(shared, "CreateTrail", {"Name": name, "S3BucketName": bucket}) == (200, expected)
    assert trails.get_trail(Name=name)["Trail"] == {
        "Name": name, "S3BucketName": bucket, "IncludeGlobalServiceEvents": True, "IsMultiRegionTrail": False,
        "HomeRegion": "us-east-1", "TrailARN": arn(name), "LogFileValidationEnabled": False,
        "HasCustomEventSelectors": False, "HasInsightSelectors": False, "IsOrganizationTrail": False,
        "RecursiveLogging": True,
    }
    assert plain(trails.get_event_selectors(TrailName=name)) == {
        "TrailARN": arn(name),
        "EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [],
                            "ExcludeManagementEventSources": []}],
    }
    assert trails.list_tags(ResourceIdList=[arn(name)])["ResourceTagList"] == [{"ResourceId": arn(name), "TagsList": []}]


def test_create_with_everything(shared, trails, bucket, name):
    policy = trail_bucket_policy("prefixed-logs", prefix="some/prefix")
    s3 = shared.boto("s3")
    s3.create_bucket(Bucket="prefixed-logs")
    s3.put_bucket_policy(Bucket="prefixed-logs", Policy=policy)
    created = plain(trails.create_trail(
        Name=name, S3BucketName="prefixed-logs", S3KeyPrefix="some/prefix", IncludeGlobalServiceEvents=True,
        IsMultiRegionTrail=True, EnableLogFileValidation=True, RecursiveLogging=False,
        TagsList=[{"Key": "team", "Value": "audit"}, {"Key": "bare"}],
    ))
    assert created == {
        "Name": name, "S3BucketName": "prefixed-logs", "S3KeyPrefix": "some/prefix", "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True, "TrailARN": arn(name), "LogFileValidationEnabled": True,
        "IsOrganizationTrail": False, "RecursiveLogging": False,
    }
    assert trails.list_tags(ResourceIdList=[arn(name)])["ResourceTagList"][0]["TagsList"] == [
        {"Key": "team", "Value": "audit"}, {"Key": "bare"}]
    markers = [item["Key"] for item in s3.list_objects_v2(Bucket="prefixed-logs")["Contents"]]
    folder = f"some/prefix/AWSLogs/{ACCOUNT}"
    assert markers == [f"{folder}/CloudTrail-Digest/", f"{folder}/CloudTrail/"]
    marker = s3.head_object(Bucket="prefixed-logs", Key=f"{folder}/CloudTrail/")
    assert (marker["ContentLength"], marker["ContentType"], marker["ContentEncoding"]) == (0, "application/json", "gzip")


@pytest.mark.parametrize("bad, message", [
    ("ab", "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters."),
    ("a" * 129, "Trail name too long. Maximum allowed length: 128 characters. Specified name length: 129 characters."),
    ("-abc", "Trail name must starts with a letter or number."),
    ("abc-", "Trail name must ends with a letter or number."),
    ("a b c", "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), "
              "hyphens (-), and underscores (_)."),
    ("my-_trail", None),
    ("192.168.5.4", None),
    ("arn:aws:cloudtrail:us-east-1:123456789012:trail/abc", None),
])
def test_bad_names(trails, bucket, bad, message):
    code, text = refused(trails.create_trail, Name=bad, S3BucketName=bucket)
    assert code == "InvalidTrailNameException"
    assert message is None or text == message


def test_the_same_name_again(trails, bucket, name):
    trails.create_trail(Name=name, S3BucketName=bucket)
    assert refused(trails.create_trail, Name=name, S3BucketName=bucket) == (
        "TrailAlreadyExistsException", f"Trail {name} already exists for customer: {ACCOUNT}")


def test_five_trails_in_a_region(shared, trails, bucket):
    for number in range(5):
        trails.create_trail(Name=f"five-{number}", S3BucketName=bucket)
    assert refused(trails.create_trail, Name="five-5", S3BucketName=bucket) == (
        "MaximumNumberOfTrailsExceededException", f"User: {ACCOUNT} already has 5 trails in us-east-1.")
    shared.boto("cloudtrail", "eu-west-1").create_trail(Name="five-5", S3BucketName=bucket)


def test_shadows_count_in_every_region(shared, trails, bucket):
    west = shared.boto("cloudtrail", "eu-west-1")
    west.create_trail(Name="at-home", S3BucketName=bucket)
    for number in range(4):
        trails.create_trail(Name=f"wide-{number}", S3BucketName=bucket, IsMultiRegionTrail=True)
    assert refused(west.create_trail, Name="one-more", S3BucketName=bucket) == (
        "MaximumNumberOfTrailsExceededException", f"User: {ACCOUNT} already has 5 trails in eu-west-1.")


def test_buckets_are_checked(shared, trails, name):
    assert refused(trails.create_trail, Name=name, S3BucketName="no-such-bucket") == (
        "S3BucketDoesNotExistException", "S3 bucket no-such-bucket does not exist!")
    s3 = shared.boto("s3")
    s3.create_bucket(Bucket="no-policy")
    assert refused(trails.create_trail, Name=name, S3BucketName="no-policy") == (
        "InsufficientS3BucketPolicyException", "Incorrect S3 bucket policy is detected for bucket: no-policy")
    s3.put_bucket_policy(Bucket="no-policy", Policy=trail_bucket_policy("no-policy", account="999999999999"))
    assert refused(trails.create_trail, Name=name, S3BucketName="no-policy")[0] == "InsufficientS3BucketPolicyException"
    statements = json.loads(trail_bucket_policy("no-policy"))
    statements["Statement"][0]["Condition"] = {"StringEquals": {"aws:SourceArn": arn("somebody-else")}}
    s3.put_bucket_policy(Bucket="no-policy", Policy=json.dumps(statements))
    assert refused(trails.create_trail, Name=name, S3BucketName="no-policy")[0] == "InsufficientS3BucketPolicyException"
    statements["Statement"][0]["Condition"] = {"StringEquals": {"aws:SourceArn": arn(name)}}
    statements["Statement"][1]["Condition"]["StringEquals"]["aws:SourceArn"] = arn(name)
    s3.put_bucket_policy(Bucket="no-policy", Policy=json.dumps(statements))
    trails.create_trail(Name=name, S3BucketName="no-policy")


@pytest.mark.parametrize("arguments, code", [
    ({"S3BucketName": "Bad_Bucket!"}, "InvalidS3BucketNameException"),
    ({"S3KeyPrefix": "p" * 201}, "InvalidS3PrefixException"),
    ({"IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": False}, "InvalidParameterCombinationException"),
    ({"SnsTopicName": "bad topic"}, "InvalidSnsTopicNameException"),
    ({"SnsTopicName": "topic.fifo"}, "InvalidSnsTopicNameException"),
    ({"CloudWatchLogsLogGroupArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:g:*"},
     "InvalidCloudWatchLogsRoleArnException"),
    ({"CloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}, "InvalidCloudWatchLogsLogGroupArnException"),
    ({"CloudWatchLogsLogGroupArn": "nonsense", "CloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"},
     "InvalidCloudWatchLogsLogGroupArnException"),
    ({"CloudWatchLogsLogGroupArn": f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:g:*",
      "CloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}, "InvalidCloudWatchLogsLogGroupArnException"),
    ({"SnsTopicName": "no-such-topic"}, "InsufficientSnsTopicPolicyException"),
    ({"KmsKeyId": "alias/no-such-key"}, "InsufficientEncryptionPolicyException"),
    ({"KmsKeyId": "no key!"}, "KmsKeyNotFoundException"),
    ({"IsOrganizationTrail": True}, "OrganizationsNotInUseException"),
    ({"TagsList": [{"Key": "aws:x", "Value": "y"}]}, "InvalidTagParameterException"),
    ({"TagsList": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}, "InvalidTagParameterException"),
    ({"TagsList": [{"Key": f"k{n}", "Value": "v"} for n in range(51)]}, "TagsLimitExceededException"),
])
def test_bad_arguments(trails, bucket, name, arguments, code):
    arguments = {"Name": name, "S3BucketName": bucket} | arguments
    assert refused(trails.create_trail, **arguments)[0] == code
    assert trails.describe_trails(trailNameList=[name])["trailList"] == []


@pytest.mark.parametrize("arguments, message", [
    ({"CloudWatchLogsLogGroupArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:g:*"},
     "You must specify a log group and a role ARN."),
    ({"CloudWatchLogsLogGroupArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:g",
      "CloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}, "CloudTrail cannot validate the specified log group ARN."),
    ({"CloudWatchLogsLogGroupArn": f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:g:*",
      "CloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"},
     "You must specify a log group that is in the current region."),
    ({"CloudWatchLogsLogGroupArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:g:*", "CloudWatchLogsRoleArn": "nonsense"},
     "CloudTrail cannot validate the specified role ARN."),
    ({"IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": False},
     "Multi-Region trail must include global service events."),
    ({"CloudWatchLogsLogGroupArn": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:g:*",
      "CloudWatchLogsRoleArn": f"arn:aws:iam::{ACCOUNT}:role/r"}, None),
    ({"SnsTopicName": "no-such-topic"}, "SNS Topic does not exist or the topic policy is incorrect!"),
    ({"KmsKeyId": "alias/no-such-key"},
     "Insufficient permissions to access S3 bucket trail-logs or KMS key alias/no-such-key"),
])
def test_messages_of_bad_arguments(trails, bucket, name, arguments, message):
    text = refused(trails.create_trail, **({"Name": name, "S3BucketName": bucket} | arguments))[1]
    assert message is None or text == message


# UpdateTrail, DeleteTrail


def test_update_changes_what_is_named(trails, bucket, name):
    trails.create_trail(Name=name, S3BucketName=bucket)
    updated = plain(trails.update_trail(Name=name, IsMultiRegionTrail=True, EnableLogFileValidation=True))
    assert updated == {
        "Name": name, "S3BucketName": bucket, "IncludeGlobalServiceEvents": True, "IsMultiRegionTrail": True,
        "TrailARN": arn(name), "LogFileValidationEnabled": True, "IsOrganizationTrail": False, "RecursiveLogging": True,
    }
    # An update that names nothing changes nothing; multi- to single-Region turns global services off.
    assert plain(trails.update_trail(Name=arn(name))) == updated
    single = plain(trails.update_trail(Name=name, IsMultiRegionTrail=False))
    assert (single["IsMultiRegionTrail"], single["IncludeGlobalServiceEvents"]) == (False, False)
    # Empty strings take away what isn't there, too.
    emptied = trails.update_trail(Name=name, SnsTopicName="", KmsKeyId="", CloudWatchLogsLogGroupArn="")
    assert "KmsKeyId" not in emptied and "CloudWatchLogsLogGroupArn" not in emptied
    assert "SnsTopicName" not in trails.get_trail(Name=name)["Trail"]
    # A refused update changes nothing.
    assert refused(trails.update_trail, Name=name, S3BucketName="no-such-bucket", EnableLogFileValidation=False) == (
        "S3BucketDoesNotExistException", "S3 bucket no-such-bucket does not exist!")
    assert trails.get_trail(Name=name)["Trail"]["LogFileValidationEnabled"] is True


def test_delete(trails, bucket, name, shared):
    trails.create_trail(Name=name, S3BucketName=bucket)
    assert call(shared, "DeleteTrail", {"Name": name}) == (200, "{}")
    assert refused(trails.delete_trail, Name=name)[0] == "TrailNotFoundException"
    assert refused(trails.get_trail, Name=arn(name)) == (
        "TrailNotFoundException", f"Unknown trail: {name} for the user: {ACCOUNT}")


@pytest.mark.parametrize("operation", [
    "get_trail", "get_trail_status", "start_logging", "stop_logging", "delete_trail", "update_trail"])
def test_trails_that_do_not_exist(trails, operation):
    method = getattr(trails, operation)
    assert refused(method, Name="missing")[0] == "TrailNotFoundException"
    assert refused(method, Name=arn("missing"))[0] == "TrailNotFoundException"
    assert refused(method, Name="x")[0] == "InvalidTrailNameException"
    assert refused(method, Name="arn:aws:s3:::bucket")[0] == "CloudTrailARNInvalidException"
    assert refused(method, Name="arn:aws:cloudtrail:us-east-1:12:trail/abc")[0] == "CloudTrailARNInvalidException"


def test_status_names_the_arn_of_a_missing_trail(trails):
    expected = "TrailNotFoundException", f"Unknown trail: {arn('missing')} for the user: {ACCOUNT}"
    assert refused(trails.get_trail_status, Name="missing") == expected
    assert refused(trails.start_logging, Name="missing") == expected


# Regions


def test_shadows(shared, trails, bucket, name):
    there = shared.boto("cloudtrail", "eu-west-1")
    there.describe_trails()
    trails.create_trail(Name=name, S3BucketName=bucket, IsMultiRegionTrail=True)
    trails.create_trail(Name=f"{name}-single", S3BucketName=bucket)
    names = lambda answer: sorted(trail["Name"] for trail in answer["trailList"])  # noqa: E731
    assert names(trails.describe_trails()) == [name, f"{name}-single"]
    assert names(there.describe_trails()) == [name]
    assert there.describe_trails()["trailList"][0]["HomeRegion"] == "us-east-1"
    assert there.describe_trails(includeShadowTrails=False)["trailList"] == []
    assert names(there.describe_trails(trailNameList=[arn(name)])) == [name]
    assert there.describe_trails(trailNameList=[f"{name}-single", "missing"])["trailList"] == []
    assert there.get_trail(Name=arn(name))["Trail"]["TrailARN"] == arn(name)
    assert there.get_trail_status(Name=arn(name))["IsLogging"] is False
    assert there.get_event_selectors(TrailName=arn(name))["TrailARN"] == arn(name)
    for method in (there.start_logging, there.stop_logging, there.update_trail, there.delete_trail):
        assert refused(method, Name=arn(name))[0] == "InvalidHomeRegionException"
    assert refused(there.put_event_selectors, TrailName=arn(name), EventSelectors=[{}])[0] == "InvalidHomeRegionException"
    assert refused(there.add_tags, ResourceId=arn(name), TagsList=[{"Key": "k"}])[0] in (
        "InvalidHomeRegionException", "OperationNotPermittedException", "ResourceNotFoundException",
        "UnsupportedOperationException")
    listed = {(trail["Name"], trail["TrailARN"], trail["HomeRegion"]) for trail in there.list_trails()["Trails"]}
    assert listed >= {(name, arn(name), "us-east-1")}


# Status and logging


def test_status_of_a_new_trail_byte_for_byte(shared, trails, bucket, name):
    trails.create_trail(Name=name, S3BucketName=bucket)
    assert call(shared, "GetTrailStatus", {"Name": name}) == (200, (
        '{"IsLogging":false,"LatestDeliveryAttemptTime":"","LatestNotificationAttemptTime":"",'
        '"LatestNotificationAttemptSucceeded":"","LatestDeliveryAttemptSucceeded":"","TimeLoggingStarted":"",'
        '"TimeLoggingStopped":""}'))


def test_start_and_stop(shared, trails, bucket, name):
    trails.create_trail(Name=name, S3BucketName=bucket)
    assert call(shared, "StopLogging", {"Name": name}) == (200, "{}")
    assert call(shared, "StartLogging", {"Name": arn(name)}) == (200, "{}")
    started = trails.get_trail_status(Name=name)
    assert started["IsLogging"] is True
    assert started["TimeLoggingStarted"] == started["StartLoggingTime"].strftime("%Y-%m-%dT%H:%M:%SZ")
    text = call(shared, "GetTrailStatus", {"Name": name})[1]
    assert SECONDS.match(re.search(r'"StartLoggingTime":([^,}]+)', text).group(1)), text
    trails.start_logging(Name=name)
    trails.stop_logging(Name=name)
    stopped = trails.get_trail_status(Name=name)
    assert stopped["IsLogging"] is False and stopped["StartLoggingTime"] == started["StartLoggingTime"]
    assert stopped["TimeLoggingStopped"] == stopped["StopLoggingTime"].strftime("%Y-%m-%dT%H:%M:%SZ")


# Insights, tags, keys


def test_insight_selectors_are_kept(trails, bucket, name):
    trails.create_trail(Name=name, S3BucketName=bucket)
    assert refused(trails.get_insight_selectors, TrailName=name) == ("InsightNotEnabledException", (
        f"Trail {arn(name)} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the "
        "operation again."))
    put = trails.put_insight_selectors(TrailName=name, InsightSelectors=[{"InsightType": "ApiCallRateInsight"}])
    assert put["TrailARN"] == arn(name)
    got = trails.get_insight_selectors(TrailName=name)["InsightSelectors"]
    assert [selector["InsightType"] for selector in got] == ["ApiCallRateInsight"]
    assert trails.get_trail(Name=name)["Trail"]["HasInsightSelectors"] is True
    trails.put_insight_selectors(TrailName=name, InsightSelectors=[])
    assert refused(trails.get_insight_selectors, TrailName=name)[0] == "InsightNotEnabledException"
    assert refused(trails.put_insight_selectors, InsightSelectors=[])[0] == "InvalidParameterException"
    assert refused(trails.put_insight_selectors, TrailName=name, EventDataStore="a" * 36, InsightSelectors=[])[0] == (
        "InvalidParameterCombinationException")
    trails.put_event_selectors(TrailName=name, EventSelectors=[{"ReadWriteType": "ReadOnly"}])
    assert refused(trails.put_insight_selectors, TrailName=name,
                   InsightSelectors=[{"InsightType": "ApiCallRateInsight"}])[0] == "InvalidInsightSelectorsException"
    trails.put_insight_selectors(TrailName=name, InsightSelectors=[{"InsightType": "ApiErrorRateInsight"}])


def test_tags(shared, trails, bucket, name):
    trails.create_trail(Name=name, S3BucketName=bucket)
    resource = arn(name)
    assert call(shared, "AddTags", {"ResourceId": resource, "TagsList": [{"Key": "a", "Value": "1"}, {"Key": "b"}]}) == (
        200, "{}")
    trails.add_tags(ResourceId=resource, TagsList=[{"Key": "a", "Value": "2"}])
    assert trails.list_tags(ResourceIdList=[resource])["ResourceTagList"] == [
        {"ResourceId": resource, "TagsList": [{"Key": "a", "Value": "2"}, {"Key": "b"}]}]
    trails.remove_tags(ResourceId=resource, TagsList=[{"Key": "a"}, {"Key": "absent"}])
    assert trails.list_tags(ResourceIdList=[resource])["ResourceTagList"][0]["TagsList"] == [{"Key": "b"}]
    add = lambda resource, *tags: refused(trails.add_tags, ResourceId=resource, TagsList=list(tags))[0]  # noqa: E731
    assert add(resource, {"Key": "aws:x"}) == "InvalidTagParameterException"
    assert add(resource, {"Key": "x"}, {"Key": "x"}) == "InvalidTagParameterException"
    assert add(resource, *({"Key": f"k{n}"} for n in range(50))) == "TagsLimitExceededException"
    assert add(arn("missing"), {"Key": "x"}) == "ResourceNotFoundException"
    assert add("arn:aws:cloudtrail:us-east-1:12:trail/abc", {"Key": "x"}) == "CloudTrailARNInvalidException"
    assert add("arn:aws:s3:::bucket", {"Key": "x"}) == "ResourceTypeNotSupportedException"
    assert refused(trails.list_tags, ResourceIdList=[arn("missing")])[0] == "ResourceNotFoundException"


def test_public_keys(shared, trails, bucket, name):
    trails.create_trail(Name=name, S3BucketName=bucket, EnableLogFileValidation=True)
    trails.start_logging(Name=name)
    listed = wait_until(lambda: trails.list_public_keys()["PublicKeyList"], "a key that has signed")
    assert len(listed) == 1
    key = listed[0]
    import hashlib

    assert len(key["Value"]) == 270 and key["Value"][:2] == b"\x30\x82"
    assert key["Fingerprint"] == hashlib.md5(key["Value"]).hexdigest()
    assert (key["ValidityEndTime"] - key["ValidityStartTime"]).total_seconds() == 30 * 86400
    assert key["ValidityStartTime"].microsecond == 0
    assert trails.list_public_keys(NextToken="nonsense")["PublicKeyList"] == listed
    assert refused(trails.list_public_keys, StartTime=2000000000, EndTime=1900000000)[0] == "InvalidTimeRangeException"
    assert trails.list_public_keys(StartTime=1, EndTime=2)["PublicKeyList"] == []
    elsewhere = shared.boto("cloudtrail", "eu-west-1").list_public_keys()["PublicKeyList"]
    assert [other["Fingerprint"] for other in elsewhere] != [key["Fingerprint"]]


def test_nothing_is_delivered_for_a_trail_that_does_not_log(shared, trails, name):
    s3 = make_trail_bucket(shared, "quiet-logs")
    trails.create_trail(Name=name, S3BucketName="quiet-logs")
    for _ in range(10):
        trails.describe_trails()
    import time

    time.sleep(2.5)
    assert keys(s3, "quiet-logs") == []
