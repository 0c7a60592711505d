"""A trail that delivers into another S3: moto's server stands in for it, goes away, and comes back."""

import gzip
import json
import time

import pytest

from conftest import FAST, running
from logs import arn, aws, keys, wait_until
from upstreams import Moto

BUCKET = "remote-logs"


@pytest.fixture
def moto():
    pytest.importorskip("moto", reason="SKIPPED: moto is not installed")
    server = Moto().start()
    yield server
    server.kill()


@pytest.fixture
def server(tmp_path, moto):
    config = tmp_path / "opentrail.toml"
    config.write_text(f"""
[[bucket]]
name = "{BUCKET}"
url = "s3://{BUCKET}"
endpoint = "{moto.endpoint}"
region = "us-east-1"
access_key_id = "moto"
secret_access_key = "moto"
""")
    with running(tmp_path / "data", *FAST, "--config", str(config)) as server:
        yield server


def read(s3):
    """The log files' records, by key."""
    found = {}
    for key in keys(s3, BUCKET):
        body = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        found[key] = json.loads(gzip.decompress(body))["Records"]
    return found


def describe(trails, count):
    return {trails.describe_trails()["ResponseMetadata"]["RequestId"] for _ in range(count)}


def ids(files):
    return [record["requestID"] for records in files.values() for record in records if "requestID" in record]


def test_delivery_into_another_store(server, moto):
    s3 = moto.s3()
    s3.create_bucket(Bucket=BUCKET)
    trails = server.boto("cloudtrail")
    trails.create_trail(Name="remote", S3BucketName=BUCKET, EnableLogFileValidation=True)
    trails.start_logging(Name="remote")
    made = describe(trails, 20)
    wait_until(lambda: made <= set(ids(read(s3))), "records in the other store")
    head = s3.head_object(Bucket=BUCKET, Key=keys(s3, BUCKET)[0])
    assert (head["ContentType"], head["ContentEncoding"]) == ("application/json", "gzip")
    digests = wait_until(lambda: keys(s3, BUCKET, "CloudTrail-Digest"), "digests in the other store")
    assert set(s3.head_object(Bucket=BUCKET, Key=digests[0])["Metadata"]) == {"signature", "signature-algorithm"}
    assert "LatestDeliveryError" not in trails.get_trail_status(Name="remote")


def test_a_broken_bucket_loses_nothing_and_doubles_nothing(server, moto):
    server.announced = ["deliver", "digest"]
    s3 = moto.s3()
    s3.create_bucket(Bucket=BUCKET)
    trails = server.boto("cloudtrail")
    trails.create_trail(Name="remote", S3BucketName=BUCKET, EnableLogFileValidation=True)
    trails.start_logging(Name="remote")
    status = lambda: trails.get_trail_status(Name="remote")  # noqa: E731
    made = describe(trails, 20)
    wait_until(lambda: made <= set(ids(read(s3))), "records before the break")
    before = read(s3)
    delivered_at = status()["LatestDeliveryTime"]

    moto.kill()
    made |= describe(trails, 20)
    wait_until(lambda: status().get("LatestDeliveryError"), "an error in the status")
    assert status()["LatestDeliveryTime"] >= delivered_at
    made |= describe(trails, 20)
    moto.start()
    wait_until(lambda: status().get("LatestDeliveryError") == "NoSuchBucket", "the store's own error code", 90)
    s3.create_bucket(Bucket=BUCKET)

    wait_until(lambda: made <= set(ids(before | read(s3))), "records after the break", 120)
    wait_until(lambda: "LatestDeliveryError" not in status(), "an error that is cleared", 60)
    time.sleep(3)
    found = ids(before | read(s3))
    assert len(found) == len(set(found))
    assert made <= set(found)


def test_a_break_is_healed_by_digests_that_validate(tmp_path):
    """The same with the embedded bucket, whose policy is taken away: what is late is sealed by backfill digests."""
    from logs import document, wait_until_sealed
    from server import make_trail_bucket, trail_bucket_policy

    with running(tmp_path / "data", *FAST, announced=["deliver", "digest"]) as server:
        s3 = make_trail_bucket(server, "broken-logs")
        trails = server.boto("cloudtrail")
        trails.create_trail(Name="broken", S3BucketName="broken-logs", EnableLogFileValidation=True)
        trails.start_logging(Name="broken")
        made = describe(trails, 10)
        status = lambda: trails.get_trail_status(Name="broken")  # noqa: E731
        wait_until(lambda: status().get("LatestDigestDeliveryTime"), "a digest")
        s3.delete_bucket_policy(Bucket="broken-logs")
        made |= describe(trails, 10)
        wait_until(lambda: status().get("LatestDeliveryError") == "AccessDenied", "AccessDenied in the status")
        time.sleep(4)
        s3.put_bucket_policy(Bucket="broken-logs", Policy=trail_bucket_policy("broken-logs"))
        found = lambda: [record.get("requestID") for key in keys(s3, "broken-logs")  # noqa: E731
                         for record in document(s3, "broken-logs", key)["Records"]]
        wait_until(lambda: made <= set(found()), "records after the break", 120)
        trails.stop_logging(Name="broken")
        wait_until_sealed(s3, "broken-logs", 120)
        assert len(found()) == len(set(found()))
        run = aws(server, "cloudtrail", "validate-logs", "--trail-arn", arn("broken"), "--start-time",
                  "2020-01-01T00:00:00Z", "--verbose", check=False)
        assert run.returncode == 0, run.stdout + run.stderr
        for key in keys(s3, "broken-logs"):
            assert f"{key}\tvalid" in run.stdout, run.stdout
