"""The recorder under load and under stress: large objects, data events, Terraform, and a disk that takes no records."""

import hashlib
import os
import re
import resource

import boto3.s3.transfer
import botocore.exceptions
import pytest

from conftest import FAST
from logs import wait_for_records, wait_until
from recorder import attempt, recorder
from server import make_trail_bucket
from test_terraform import Terraform, mirror
from upstreams import Moto

pytest.importorskip("moto", reason="SKIPPED: moto is not installed")

# 1024 for the whole of it; the gate sends less.
MEGABYTES = int(os.environ.get("OPENTRAIL_RECORDER_MEGABYTES", "128"))


@pytest.fixture
def moto():
    server = Moto().start()
    yield server
    server.kill()


def memory(server, field):
    """Bytes of memory that the process has (`VmRSS`), or has had at most (`VmHWM`)."""
    with open(f"/proc/{server.process.pid}/status") as status:
        return int(re.search(rf"{field}:\s+(\d+) kB", status.read()).group(1)) * 1024


def test_large_objects_pass_whole_in_little_memory(tmp_path, moto):
    path, back = tmp_path / "large", tmp_path / "back"
    with open(path, "wb") as file:
        for number in range(MEGABYTES):
            file.write(hashlib.sha256(b"%d" % number).digest() * (1 << 15))
    with recorder(tmp_path, moto.endpoint) as through:
        s3 = through.boto("s3")
        s3.create_bucket(Bucket="large")
        before = memory(through.server, "VmRSS")
        parts = boto3.s3.transfer.TransferConfig(multipart_chunksize=16 << 20, max_concurrency=4)
        s3.upload_file(str(path), "large", "object", Config=parts)
        s3.download_file("large", "object", str(back), Config=parts)
        grown = memory(through.server, "VmHWM") - before
        assert path.read_bytes() == back.read_bytes()
        assert grown < 48 << 20, f"{grown >> 20} MiB more for {MEGABYTES} MiB there and back"


DATA_OF_S3 = [{"Name": "objects", "FieldSelectors": [
    {"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}]}]


def test_data_events_reach_the_trails_that_want_them(tmp_path, moto):
    with recorder(tmp_path, moto.endpoint, *FAST) as through:
        server, trails = through.server, through.server.boto("cloudtrail")
        logs = make_trail_bucket(server, "logs")
        trails.create_trail(Name="data", S3BucketName="logs")
        trails.put_event_selectors(TrailName="data", AdvancedEventSelectors=DATA_OF_S3)
        trails.start_logging(Name="data")
        s3 = through.boto("s3")
        s3.create_bucket(Bucket="things")
        s3.put_object(Bucket="things", Key="a/k", Body=b"x" * 1000)
        s3.get_object(Bucket="things", Key="a/k", Range="bytes=0-99")["Body"].read()
        attempt(s3.get_object, Bucket="things", Key="absent")
        s3.list_objects_v2(Bucket="things")
        of_things = lambda found: [r for r in found if (r["requestParameters"] or {}).get("bucketName") == "things"]
        found = of_things(wait_for_records(logs, "logs", lambda found: len(of_things(found)) >= 4))
    put, get, absent, listing = sorted(found, key=lambda r: r["additionalEventData"]["startTime"])
    assert [r["eventName"] for r in (put, get, absent, listing)] == ["PutObject", "GetObject", "GetObject", "ListObjects"]
    assert put["resources"][1]["ARN"] == "arn:aws:s3:::things/a/k" or put["resources"][0]["ARN"] == "arn:aws:s3:::things/a/k"
    assert put["additionalEventData"]["bytesTransferredIn"] >= 1000
    assert get["additionalEventData"]["bytesTransferredOut"] == 100
    assert put["additionalEventData"]["SignatureVersion"] == "SigV4"
    assert absent["errorCode"] == "NoSuchKey"
    assert all(r["eventCategory"] == "Data" and r["managementEvent"] is False for r in found)
    assert put["userAgent"].startswith("[")


MAIN = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region                  = "us-east-1"
  skip_metadata_api_check = true
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_sns_topic" "news" {
  name = "news"
}
%s
"""


@pytest.mark.skipif(mirror() is None, reason="SKIPPED: no mirror of Terraform's provider for AWS")
def test_terraform(tmp_path, moto):
    with recorder(tmp_path, moto.endpoint) as through:
        terraform = Terraform(tmp_path, through, mirror())
        (tmp_path / "main.tf").write_text(MAIN % "")
        terraform.run("init")
        terraform.run("apply", "-auto-approve")
        terraform.run("plan", "-detailed-exitcode")
        terraform.run("destroy", "-auto-approve")
        names = [record["eventName"] for record in through.find(4, "--read-only", "false", "--user", "alice")]
        for name in ("CreateQueue", "CreateTopic", "DeleteQueue", "DeleteTopic"):
            assert names.count(name) == 1, names


def full(server):
    """From now on the disk takes nothing; returns how to make it take things again."""
    pid, kind = server.process.pid, resource.RLIMIT_FSIZE
    unlimited = resource.prlimit(pid, kind)
    resource.prlimit(pid, kind, (0, unlimited[1]))

    def emptied():
        resource.prlimit(pid, kind, unlimited)
        wait_until(lambda: server.get("/readyz")[0] == 200, "the disk is used again")

    return emptied


# What the server itself says while its disk takes nothing.
COMPLAINTS = ["journal", "lake", "recorded", "withheld", "is cut", "deliver", "catalog", "without a record"]


def queues(moto):
    client = boto3.client("sqs", endpoint_url=moto.endpoint, region_name="us-east-1", aws_access_key_id="a",
                          aws_secret_access_key="b")
    return [url.rsplit("/")[-1] for url in client.list_queues().get("QueueUrls", [])]


def test_closed_what_cannot_be_recorded_is_not_answered(tmp_path, moto):
    with recorder(tmp_path, moto.endpoint, announced=COMPLAINTS, shell_prefix="trap '' XFSZ") as through:
        sqs, s3 = through.boto("sqs"), through.boto("s3")
        s3.create_bucket(Bucket="bucket")
        s3.put_object(Bucket="bucket", Key="long", Body=b"x" * (1 << 20))
        emptied = full(through.server)
        with pytest.raises((botocore.exceptions.ResponseStreamingError, botocore.exceptions.HTTPClientError,
                            botocore.exceptions.IncompleteReadError)):
            s3.get_object(Bucket="bucket", Key="long")["Body"].read()
        answer = attempt(sqs.create_queue, QueueName="unrecorded")
        assert (answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]) == (503, "ServiceUnavailable")
        assert queues(moto) == [], "it was refused before it was done"
        emptied()
        sqs.create_queue(QueueName="recorded")
        assert queues(moto) == ["recorded"]
        assert len(through.find(1, "--event-name", "CreateQueue")) == 1


def test_open_it_passes_and_is_counted(tmp_path, moto):
    flags = ("--recorder-fail", "open")
    with recorder(tmp_path, moto.endpoint, *flags, announced=COMPLAINTS, shell_prefix="trap '' XFSZ") as through:
        sqs = through.boto("sqs")
        emptied = full(through.server)
        sqs.create_queue(QueueName="one")
        sqs.create_queue(QueueName="two")
        assert sorted(queues(moto)) == ["one", "two"]
        assert through.server.metric("opentrail_unrecorded_calls") == 2
        emptied()
        sqs.create_queue(QueueName="three")
        assert len(through.find(1, "--event-name", "CreateQueue")) == 1
