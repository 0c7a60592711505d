"""Calls that were made are found in the log files, as CloudTrail records them."""

import re
import socket
import threading
import time

import pytest
from botocore.exceptions import ClientError

from conftest import FAST, running
from logs import arn, wait_for_records
from server import ACCOUNT, make_trail_bucket

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LOGS, OTHER, DATA = "record-logs", "other-logs", "data"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Makes calls under a trail that wants everything, and answers the records by request id."""
    with running(tmp_path_factory.mktemp("records") / "data", *FAST) as server:
        s3 = make_trail_bucket(server, LOGS)
        make_trail_bucket(server, OTHER)
        s3.create_bucket(Bucket=DATA)
        trails = server.boto("cloudtrail")
        trails.create_trail(Name="all", S3BucketName=LOGS, IsMultiRegionTrail=True)
        trails.put_event_selectors(TrailName="all", AdvancedEventSelectors=[
            {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
            {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]},
                                {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                                {"Field": "resources.ARN", "StartsWith": [f"arn:aws:s3:::{DATA}/"]}]},
        ])
        trails.start_logging(Name="all")
        ids = make_calls(server, s3, trails)
        wanted = {id for label, id in ids.items() if not label.startswith("unwanted")}
        found = wait_for_records(
            server.boto("s3"), LOGS, lambda records: wanted <= {record.get("requestID") for record in records})
        by_id = {}
        for record in found:
            assert record.get("requestID") not in by_id, record
            by_id[record.get("requestID")] = record
        yield Recorded(server, ids, by_id, found)


class Recorded:
    def __init__(self, server, ids, by_id, all):
        self.server, self.ids, self.by_id, self.all = server, ids, by_id, all

    def __getitem__(self, label):
        return self.by_id[self.ids[label]]


def make_calls(server, s3, trails):
    ids = {}

    def made(label, method, **arguments):
        try:
            answer = method(**arguments)
        except ClientError as error:
            answer = error.response
        ids[label] = answer["ResponseMetadata"]["RequestId"]
        return answer

    made("create", trails.create_trail, Name="other", S3BucketName=OTHER, TagsList=[{"Key": "a", "Value": "b"}])
    made("get", trails.get_trail, Name="other")
    made("describe", trails.describe_trails, trailNameList=["other"])
    made("missing", trails.get_trail, Name="nothing")
    made("selectors", trails.put_event_selectors, TrailName="other", AdvancedEventSelectors=[
        {"Name": "n", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}])
    made("start", trails.start_logging, Name="other")
    made("stop", trails.stop_logging, Name="other")
    made("delete", trails.delete_trail, Name="other")
    made("refused", trails.create_trail, Name="no", S3BucketName=LOGS)
    made("west", server.boto("cloudtrail", "eu-west-1").list_trails)
    made("unbuilt", trails.register_organization_delegated_admin, MemberAccountId="210987654321")
    made("identity", server.boto("sts").get_caller_identity)
    made("put", s3.put_object, Bucket=DATA, Key="a/b.txt", Body=b"hello", ACL="bucket-owner-full-control")
    made("read", s3.get_object, Bucket=DATA, Key="a/b.txt")
    made("head", s3.head_object, Bucket=DATA, Key="a/b.txt")
    made("absent", s3.get_object, Bucket=DATA, Key="absent")
    made("list", s3.list_objects_v2, Bucket=DATA, Prefix="a/")
    made("remove", s3.delete_object, Bucket=DATA, Key="a/b.txt")
    made("mb", s3.create_bucket, Bucket="made-later")
    made("policy", s3.get_bucket_policy, Bucket="made-later")
    made("buckets", s3.list_buckets)
    s3.put_object(Bucket="made-later", Key="k", Body=b"")
    made("unwanted-data", s3.get_object, Bucket="made-later", Key="k")
    return ids


def test_a_write(recorded):
    record = recorded["create"]
    assert list(record) == [
        "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress",
        "userAgent", "requestParameters", "responseElements", "requestID", "eventID", "readOnly", "eventType",
        "managementEvent", "recipientAccountId", "eventCategory"]
    key = recorded.server.client_file()["access_key_id"]
    assert record["userIdentity"] == {"type": "Root", "principalId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root",
                                      "accountId": ACCOUNT, "accessKeyId": key}
    assert TIME.fullmatch(record["eventTime"]) and UUID.fullmatch(record["eventID"])
    assert record["userAgent"].startswith("Boto3/") and not record["userAgent"].startswith("[")
    expected = {
        "eventVersion": "1.11", "eventSource": "cloudtrail.amazonaws.com", "eventName": "CreateTrail",
        "awsRegion": "us-east-1", "sourceIPAddress": "127.0.0.1", "readOnly": False, "eventType": "AwsApiCall",
        "managementEvent": True, "recipientAccountId": ACCOUNT, "eventCategory": "Management",
        "requestParameters": {"name": "other", "s3BucketName": OTHER, "tagsList": [{"key": "a", "value": "b"}]},
        "responseElements": {
            "name": "other", "s3BucketName": OTHER, "includeGlobalServiceEvents": True, "isMultiRegionTrail": False,
            "trailARN": arn("other"), "logFileValidationEnabled": False, "isOrganizationTrail": False,
            "recursiveLogging": True},
    }
    assert {name: record[name] for name in expected} == expected


def test_reads_change_nothing(recorded):
    for label, parameters in (("get", {"name": "other"}), ("describe", {"trailNameList": ["other"]})):
        record = recorded[label]
        assert record["readOnly"] is True and record["responseElements"] is None
        assert record["requestParameters"] == parameters
    assert recorded["west"]["awsRegion"] == "eu-west-1"
    assert recorded["west"]["requestParameters"] in (None, {})


@pytest.mark.parametrize("label", ["start", "stop", "delete"])
def test_writes_that_return_nothing(recorded, label):
    record = recorded[label]
    assert record["requestParameters"] == {"name": "other"}
    assert record["responseElements"] is None and record["readOnly"] is False


def test_errors(recorded):
    record = recorded["missing"]
    assert record["errorCode"] == "TrailNotFoundException"
    assert record["errorMessage"] == f"Unknown trail: nothing for the user: {ACCOUNT}"
    assert record["requestParameters"] == {"name": "nothing"} and record["responseElements"] is None
    assert list(record).index("errorCode") == list(record).index("userAgent") + 1
    assert recorded["refused"]["errorCode"] == "InvalidTrailNameException"
    assert recorded["refused"]["responseElements"] is None
    assert recorded["unbuilt"]["errorCode"] == "UnsupportedOperationException"


def test_nested_parameters_are_lower_camel(recorded):
    selectors = [{"name": "n", "fieldSelectors": [{"field": "eventCategory", "equals": ["Management"]}]}]
    record = recorded["selectors"]
    assert record["requestParameters"] == {"trailName": "other", "advancedEventSelectors": selectors}
    assert record["responseElements"] == {"trailARN": arn("other"), "advancedEventSelectors": selectors}


def test_sts(recorded):
    record = recorded["identity"]
    assert (record["eventSource"], record["eventName"], record["readOnly"]) == ("sts.amazonaws.com", "GetCallerIdentity", True)
    assert record["responseElements"] is None


def check_data(record, name, read_only, key):
    assert (record["eventSource"], record["eventName"], record["readOnly"]) == ("s3.amazonaws.com", name, read_only)
    assert (record["managementEvent"], record["eventCategory"]) == (False, "Data")
    assert record["userAgent"].startswith("[") and record["userAgent"].endswith("]")
    assert record["requestParameters"]["bucketName"] == DATA and record["requestParameters"]["key"] == key
    assert record["requestParameters"]["Host"]
    assert {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{DATA}/{key}"} in record["resources"]
    assert {"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{DATA}"} in record["resources"]
    assert re.fullmatch(r"[0-9A-Z]{16}", record["requestID"])
    more = record["additionalEventData"]
    assert more["SignatureVersion"] == "SigV4" and more["AuthenticationMethod"] == "AuthHeader"
    assert isinstance(more["bytesTransferredIn"], int) and isinstance(more["bytesTransferredOut"], int)
    assert more["x-amz-id-2"]


def test_object_calls(recorded):
    put = recorded["put"]
    check_data(put, "PutObject", False, "a/b.txt")
    assert put["requestParameters"]["x-amz-acl"] == "bucket-owner-full-control"
    check_data(recorded["read"], "GetObject", True, "a/b.txt")
    assert recorded["read"]["additionalEventData"]["bytesTransferredOut"] == 5
    check_data(recorded["head"], "HeadObject", True, "a/b.txt")
    check_data(recorded["remove"], "DeleteObject", False, "a/b.txt")
    check_data(recorded["absent"], "GetObject", True, "absent")
    assert recorded["absent"]["errorCode"] == "NoSuchKey"
    assert recorded["absent"]["errorMessage"] == "The specified key does not exist."


def test_listing_is_a_data_event_of_a_prefix(recorded):
    record = recorded["list"]
    assert (record["eventName"], record["readOnly"], record["eventCategory"]) == ("ListObjects", True, "Data")
    assert record["requestParameters"]["prefix"] == "a/" and record["requestParameters"]["bucketName"] == DATA
    assert any("ARNPrefix" in resource for resource in record["resources"])


def test_bucket_calls_are_management(recorded):
    record = recorded["mb"]
    assert (record["eventName"], record["eventCategory"], record["readOnly"]) == ("CreateBucket", "Management", False)
    assert record["requestParameters"]["bucketName"] == "made-later"
    assert recorded["buckets"]["eventName"] == "ListBuckets" and recorded["buckets"]["readOnly"] is True
    assert recorded["policy"]["errorCode"] == "NoSuchBucketPolicy"


def test_what_the_selectors_leave_out_is_left_out(recorded):
    assert recorded.ids["unwanted-data"] not in recorded.by_id
    assert not any(f"arn:aws:s3:::{LOGS}/" in str(record.get("resources")) for record in recorded.all)


def test_no_connection_without_tls_claims_tls(recorded):
    assert not any("tlsDetails" in record for record in recorded.all)


def test_secrets_are_nowhere(recorded):
    secret = recorded.server.client_file()["secret_access_key"]
    assert not any(secret in str(record) for record in recorded.all)
    assert secret not in recorded.server.log_text()


def test_a_wrong_signature_of_a_known_key_is_recorded(tmp_path):
    with running(tmp_path / "data", *FAST) as server:
        s3 = make_trail_bucket(server, LOGS)
        trails = server.boto("cloudtrail")
        trails.create_trail(Name="all", S3BucketName=LOGS)
        trails.start_logging(Name="all")
        key = server.client_file()["access_key_id"]
        with pytest.raises(ClientError) as error:
            server.boto("cloudtrail", key=(key, "wrong", None)).list_trails()
        id = error.value.response["ResponseMetadata"]["RequestId"]
        found = wait_for_records(s3, LOGS, lambda records: any(record.get("requestID") == id for record in records))
        record = next(record for record in found if record.get("requestID") == id)
        assert record["errorCode"] and record["eventName"] == "ListTrails"
        assert record["userIdentity"]["accessKeyId"] == key


def test_a_trail_logs_its_own_deliveries_unless_told_not_to(tmp_path):
    with running(tmp_path / "data", *FAST) as server:
        trails = server.boto("cloudtrail")
        for name, recursive in (("plain", False), ("recursive", True)):
            s3 = make_trail_bucket(server, name)
            trails.create_trail(Name=name, S3BucketName=name, RecursiveLogging=recursive)
            trails.put_event_selectors(TrailName=name, EventSelectors=[
                {"DataResources": [{"Type": "AWS::S3::Object", "Values": [f"arn:aws:s3:::{name}/"]}]}])
            trails.start_logging(Name=name)
        is_delivery = lambda record: (  # noqa: E731
            record["eventName"] == "PutObject" and record["userIdentity"].get("invokedBy") == "cloudtrail.amazonaws.com")
        found = wait_for_records(s3, "recursive", lambda records: any(map(is_delivery, records)))
        record = next(filter(is_delivery, found))
        assert record["userIdentity"] == {"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"}
        assert record["sourceIPAddress"] == record["userAgent"] == "cloudtrail.amazonaws.com"
        assert record["requestParameters"]["x-amz-acl"] == "bucket-owner-full-control"
        assert (record["eventCategory"], record["recipientAccountId"]) == ("Data", ACCOUNT)
        found = wait_for_records(s3, "plain", lambda records: any(r["eventName"] == "StartLogging" for r in records))
        assert not any(map(is_delivery, found))


def test_a_caller_that_hangs_up_is_recorded_all_the_same(tmp_path):
    with running(tmp_path / "data", *FAST) as server:
        s3 = make_trail_bucket(server, LOGS)
        trails = server.boto("cloudtrail")
        trails.create_trail(Name="all", S3BucketName=LOGS)
        trails.start_logging(Name="all")
        signer = server.boto("s3", signature_version="s3v4")
        for number in range(60):
            url = signer.generate_presigned_url("create_bucket", Params={"Bucket": f"hung-up-{number}"})
            path = url.removeprefix(server.endpoint)
            with socket.create_connection(("127.0.0.1", server.port)) as line:
                line.sendall(f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 0\r\n\r\n".encode())
                time.sleep(number / 10_000)
        time.sleep(1)
        made = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"] if bucket["Name"].startswith("hung-up-")}
        assert made
        is_new = lambda record: record["eventName"] == "CreateBucket" and "errorCode" not in record  # noqa: E731
        names = lambda found: {r["requestParameters"]["bucketName"] for r in filter(is_new, found)}  # noqa: E731
        wait_for_records(s3, LOGS, lambda found: made <= names(found))


def test_the_call_that_ends_logging_is_the_last_of_it(tmp_path):
    """However many others call at the same time."""
    with running(tmp_path / "data", *FAST) as server:
        s3 = make_trail_bucket(server, LOGS)
        trails = server.boto("cloudtrail")
        is_over = threading.Event()

        def call():
            client = server.boto("cloudtrail")
            while not is_over.is_set():
                client.describe_trails()

        threads = [threading.Thread(target=call) for _ in range(3)]
        for thread in threads:
            thread.start()
        ends = set()
        for number in range(10):
            trails.create_trail(Name="all", S3BucketName=LOGS)
            trails.start_logging(Name="all")
            ends.add(trails.stop_logging(Name="all")["ResponseMetadata"]["RequestId"])
            trails.start_logging(Name="all")
            ends.add(trails.delete_trail(Name="all")["ResponseMetadata"]["RequestId"])
        is_over.set()
        for thread in threads:
            thread.join()
        wait_for_records(s3, LOGS, lambda found: ends <= {record.get("requestID") for record in found}, 20)
