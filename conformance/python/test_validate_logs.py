"""The stock AWS CLI makes a trail, works, and validates what was delivered; then it finds each kind of damage, and
`opentrail verify` agrees."""

import concurrent.futures
import json
import re

import pytest
from botocore.exceptions import ClientError

from conftest import FAST, running
from logs import arn, aws, document, keys, wait_until_sealed
from server import ACCOUNT, trail_bucket_policy

REGIONS = ("us-east-1", "eu-west-1")
BUCKET = "sealed-logs"
TRAIL = arn("everything")


def work(server):
    """Some hundred calls in two Regions, good and bad ones."""
    def calls(region):
        client = server.boto("cloudtrail", region)
        for number in range(60):
            client.describe_trails()
            client.list_trails()
            with pytest.raises(ClientError):
                client.get_trail(Name=f"missing-{number}")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(calls, REGIONS * 2))


@pytest.fixture(scope="module")
def sealed_server(tmp_path_factory):
    """A server whose trail has stopped, with everything delivered and sealed."""
    folder = tmp_path_factory.mktemp("sealed")
    policy = folder / "policy.json"
    policy.write_text(trail_bucket_policy(BUCKET))
    with running(folder / "data", *FAST) as server:
        aws(server, "s3", "mb", f"s3://{BUCKET}")
        aws(server, "s3api", "put-bucket-policy", "--bucket", BUCKET, "--policy", f"file://{policy}")
        aws(server, "cloudtrail", "create-trail", "--name", "everything", "--s3-bucket-name", BUCKET,
            "--is-multi-region-trail", "--enable-log-file-validation")
        aws(server, "cloudtrail", "start-logging", "--name", "everything")
        assert aws(server, "cloudtrail", "get-trail", "--name", "nothing", check=False).returncode != 0
        work(server)
        s3 = server.boto("s3")
        wait_until_sealed(s3, BUCKET)
        work(server)
        aws(server, "cloudtrail", "stop-logging", "--name", "everything")
        wait_until_sealed(s3, BUCKET)
        yield server


def validate(server, region="us-east-1"):
    """Runs validate-logs; answers the exit code, what it says of each object, and its closing lines."""
    run = aws(server, "cloudtrail", "validate-logs", "--trail-arn", TRAIL, "--start-time", "2020-01-01T00:00:00Z",
              "--verbose", "--region", region, check=False)
    text = run.stdout + run.stderr
    lines = text.splitlines()
    verdicts = {}
    for line in lines:
        match = re.match(r"(?:\(backfill\) )?(Digest|Log) file\ts3://[^/]+/(\S+)\t(.+)", line)
        if match:
            verdicts[match[2]] = match[3]
    summary = [line for line in lines if re.match(r"\d+/\d+ ", line)]
    return run.returncode, verdicts, summary, text


def verify(server):
    """Runs `opentrail verify` on the trail; answers the exit code and its report."""
    run = server.cli("verify", "--trail-arn", TRAIL, "--json", check=False)
    return run.returncode, run.stdout + run.stderr


def of_region(found, region):
    return [key for key in found if f"/{region}/" in key]


@pytest.mark.parametrize("region", REGIONS)
def test_all_is_valid(sealed_server, region):
    s3 = sealed_server.boto("s3")
    code, verdicts, summary, text = validate(sealed_server, region)
    assert code == 0, text
    assert set(verdicts.values()) == {"valid"}
    assert set(of_region(keys(s3, BUCKET), region)) <= set(verdicts), text
    digests = of_region(keys(s3, BUCKET, "CloudTrail-Digest"), region)
    assert set(digests) <= set(verdicts)
    assert summary[0] == f"{len(digests)}/{len(digests)} digest files valid", text


def test_verify_agrees_that_all_is_valid(sealed_server):
    code, text = verify(sealed_server)
    assert code == 0, text


def test_each_call_is_there_once(sealed_server):
    s3 = sealed_server.boto("s3")
    found = [record for key in keys(s3, BUCKET) for record in document(s3, BUCKET, key)["Records"]]
    ids = [record["eventID"] for record in found]
    assert len(ids) == len(set(ids))
    for region in REGIONS:
        here = [record for record in found if record["awsRegion"] == region]
        assert sum(record["eventName"] == "ListTrails" for record in here) == 4 * 60
        missing = [record for record in here if record.get("errorCode") == "TrailNotFoundException"]
        assert len([record for record in missing if "missing-" in record["errorMessage"]]) == 4 * 60
    assert [record["eventName"] for record in found].count("StopLogging") == 1


def test_digests_have_the_form_of_real_ones(sealed_server):
    s3 = sealed_server.boto("s3")
    digests = of_region(keys(s3, BUCKET, "CloudTrail-Digest"), "us-east-1")
    first, second = (document(s3, BUCKET, key) for key in digests[:2])
    assert list(first) == [
        "awsAccountId", "digestStartTime", "digestEndTime", "digestS3Bucket", "digestS3Object",
        "digestPublicKeyFingerprint", "digestSignatureAlgorithm", "newestEventTime", "oldestEventTime",
        "previousDigestS3Bucket", "previousDigestS3Object", "previousDigestHashValue", "previousDigestHashAlgorithm",
        "previousDigestSignature", "logFiles"]
    assert first["logFiles"] == [] and first["previousDigestSignature"] is None
    assert second["previousDigestS3Object"] == digests[0] == first["digestS3Object"]
    assert second["digestStartTime"] == first["digestEndTime"]
    head = s3.head_object(Bucket=BUCKET, Key=digests[1])
    assert (head["ContentType"], head["ContentEncoding"]) == ("application/json", "gzip")
    assert set(head["Metadata"]) == {"signature", "signature-algorithm"}
    assert re.fullmatch(r"[0-9a-f]{512}", head["Metadata"]["signature"])
    pattern = rf"AWSLogs/{ACCOUNT}/CloudTrail-Digest/us-east-1/\d{{4}}/\d\d/\d\d/{ACCOUNT}_CloudTrail-Digest_us-east-1_" \
              r"everything_us-east-1_\d{8}T\d{6}Z\.json\.gz"
    assert all(re.fullmatch(pattern, key) for key in digests)


def test_log_files_have_the_form_of_real_ones(sealed_server):
    s3 = sealed_server.boto("s3")
    pattern = rf"AWSLogs/{ACCOUNT}/CloudTrail/([a-z0-9-]+)/\d{{4}}/\d\d/\d\d/{ACCOUNT}_CloudTrail_\1_\d{{8}}T\d{{4}}Z_" \
              r"[A-Za-z0-9]{16}\.json\.gz"
    for key in keys(s3, BUCKET):
        assert re.fullmatch(pattern, key), key
        head = s3.head_object(Bucket=BUCKET, Key=key)
        assert (head["ContentType"], head["ContentEncoding"], head["Metadata"]) == ("application/json", "gzip", {})
        import gzip

        text = gzip.decompress(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())
        assert text.startswith(b'{"Records":[{"eventVersion":"1.11",') and text.endswith(b"}]}")


@pytest.fixture
def damage(sealed_server):
    """Lets a test replace or delete one object, and puts it back afterwards."""
    s3 = sealed_server.boto("s3")
    saved = {}

    def apply(key, change):
        original = s3.get_object(Bucket=BUCKET, Key=key)
        saved[key] = body = original["Body"].read()
        saved[key] = (body, original)
        changed = change(body)
        if changed is None:
            s3.delete_object(Bucket=BUCKET, Key=key)
        else:
            put(key, changed, original)

    def put(key, body, original):
        s3.put_object(Bucket=BUCKET, Key=key, Body=body, ContentType=original["ContentType"],
                      ContentEncoding=original["ContentEncoding"], Metadata=original["Metadata"])

    yield apply
    for key, (body, original) in saved.items():
        put(key, body, original)


def one_byte_changed(body):
    """Changes one byte of the text and packs it again, as somebody would who has something to hide."""
    import gzip

    text = bytearray(gzip.decompress(body))
    place = text.index(b'"eventTime":"20') + len(b'"eventTime":"2')
    text[place] ^= 1
    return gzip.compress(bytes(text))


def middle(found):
    """An object that is neither the first nor the last."""
    assert len(found) >= 3, found
    return found[len(found) // 2]


def only(verdicts):
    return {key: verdict for key, verdict in verdicts.items() if verdict != "valid"}


def test_a_changed_log_file_is_found(sealed_server, damage):
    key = of_region(keys(sealed_server.boto("s3"), BUCKET), "us-east-1")[0]
    damage(key, one_byte_changed)
    code, verdicts, summary, text = validate(sealed_server)
    assert (code, only(verdicts)) == (1, {key: "INVALID: hash value doesn't match"}), text
    assert any("log files INVALID" in line for line in summary), text
    code, report = verify(sealed_server)
    assert code == 1 and key in report, report


def test_a_deleted_log_file_is_found(sealed_server, damage):
    key = of_region(keys(sealed_server.boto("s3"), BUCKET), "us-east-1")[0]
    damage(key, lambda body: None)
    code, verdicts, _, text = validate(sealed_server)
    assert (code, only(verdicts)) == (1, {key: "INVALID: not found"}), text
    code, report = verify(sealed_server)
    assert code == 1 and key in report, report


def test_a_deleted_digest_is_found(sealed_server, damage):
    key = middle(of_region(keys(sealed_server.boto("s3"), BUCKET, "CloudTrail-Digest"), "us-east-1"))
    damage(key, lambda body: None)
    code, verdicts, _, text = validate(sealed_server)
    assert (code, only(verdicts)) == (1, {key: "INVALID: not found"}), text
    code, report = verify(sealed_server)
    assert code == 1 and key in report, report


def test_bytes_after_the_end_are_found(sealed_server, damage):
    key = of_region(keys(sealed_server.boto("s3"), BUCKET), "us-east-1")[0]
    damage(key, lambda body: body + b"more")
    code, verdicts, _, text = validate(sealed_server)
    assert (code, only(verdicts)) == (1, {key: "INVALID: unexpected data after end of compressed stream"}), text
    code, report = verify(sealed_server)
    assert code == 1 and key in report, report


def test_a_changed_digest_is_found(sealed_server, damage):
    key = middle(of_region(keys(sealed_server.boto("s3"), BUCKET, "CloudTrail-Digest"), "us-east-1"))

    def forge(body):
        import gzip

        digest = json.loads(gzip.decompress(body))
        digest["logFiles"] = digest["logFiles"][1:]
        digest["newestEventTime"] = "2001-01-01T00:00:00Z"
        return gzip.compress(json.dumps(digest, separators=(",", ":")).encode())

    damage(key, forge)
    code, verdicts, _, text = validate(sealed_server)
    assert (code, only(verdicts)) == (1, {key: "INVALID: signature verification failed"}), text
    code, report = verify(sealed_server)
    assert code == 1 and key in report, report


def test_all_is_valid_again(sealed_server):
    code, verdicts, _, text = validate(sealed_server)
    assert code == 0 and set(verdicts.values()) == {"valid"}, text
