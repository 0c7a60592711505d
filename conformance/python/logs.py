"""Reading what a trail has delivered, and calling the server without a client's help."""

import gzip
import http.client
import json
import subprocess
import sys
import time
import urllib.parse

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from server import ACCOUNT

PREFIX_OF_OLD_SDKS = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"
PREFIX_OF_NEW_SDKS = "CloudTrail_20131101"


def keys(s3, bucket, folder="CloudTrail"):
    """The keys of log files (or digests), oldest first."""
    found = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for item in page.get("Contents", []):
            if f"/{folder}/" in item["Key"] and item["Key"].endswith(".json.gz"):
                found.append(item["Key"])
    return sorted(found, key=lambda key: key.split("/")[-1].split("_")[-2 if folder == "CloudTrail" else -1])


def document(s3, bucket, key):
    return json.loads(gzip.decompress(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))


def records(s3, bucket):
    """All records of all log files."""
    return [record for key in keys(s3, bucket) for record in document(s3, bucket, key)["Records"]]


def wait_until(check, what, seconds=60):
    """Polls until `check()` answers something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"{what}: not after {seconds} s"
        time.sleep(0.1)


def wait_for_records(s3, bucket, enough, seconds=60):
    """Waits until `enough(records)` holds for the records of the log files."""
    found = []

    def check():
        found[:] = records(s3, bucket)
        return enough(found)

    wait_until(check, f"records in {bucket}", seconds)
    return found


def sealed(s3, bucket):
    """The keys of log files that some digest names."""
    return {file["s3Object"] for key in keys(s3, bucket, "CloudTrail-Digest")
            for file in document(s3, bucket, key)["logFiles"]}


def wait_until_sealed(s3, bucket, seconds=60):
    """Waits until every log file is named by a digest, and stays so while we look."""
    wait_until(lambda: set(keys(s3, bucket)) == sealed(s3, bucket), "all log files sealed", seconds)


def aws(server, *arguments, region="us-east-1", check=True):
    """Runs the stock AWS CLI."""
    return subprocess.run(
        [sys.executable, "-m", "awscli", *arguments], env=server.environment(region), capture_output=True, text=True,
        check=check, timeout=120,
    )


def raw(server, body, target=None, service="cloudtrail", region="us-east-1", headers=None, method="POST", path="/",
        key=None):
    """Sends a request, signed with the root key or `(id, secret)`; answers status, headers (names in lower case) and the
    body's bytes."""
    file = server.client_file()
    key = key or (file["access_key_id"], file["secret_access_key"])
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Content-Type": "application/x-amz-json-1.1"} | ({"X-Amz-Target": target} if target else {}) | (headers or {})
    request = AWSRequest(method=method, url=server.endpoint + path, data=payload, headers=sent)
    credentials = Credentials(*key)
    SigV4Auth(credentials, service, region).add_auth(request)
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.endpoint).netloc, timeout=30)
    connection.request(method, path, body=payload, headers=dict(request.headers))
    answer = connection.getresponse()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return answer.status, headers, answer.read()


def call(server, operation, body, region="us-east-1", prefix=PREFIX_OF_OLD_SDKS):
    """Calls a CloudTrail operation; answers status and the body's text."""
    status, _, text = raw(server, body, f"{prefix}.{operation}", region=region)
    return status, text.decode()


def arn(name, region="us-east-1", account=ACCOUNT):
    return f"arn:aws:cloudtrail:{region}:{account}:trail/{name}"
