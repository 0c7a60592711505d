"""Trails over their life: stopped and started, moved, deleted and made anew, beside those of other accounts, across
restarts. Whatever happens, what is delivered validates, and each record is where it belongs, once."""

import json

import pytest
from botocore.exceptions import ClientError

from conftest import FAST, running
from logs import arn, aws, document, keys, records, wait_for_records, wait_until, wait_until_sealed
from server import ACCOUNT, make_trail_bucket, trail_bucket_policy


def validate(server, name, *more):
    run = aws(server, "cloudtrail", "validate-logs", "--trail-arn", arn(name), "--start-time", "2020-01-01T00:00:00Z",
              "--verbose", *more, check=False)
    text = run.stdout + run.stderr
    assert run.returncode == 0 and "INVALID" not in text, text
    return text


def describe(trails, count=5):
    return {trails.describe_trails()["ResponseMetadata"]["RequestId"] for _ in range(count)}


def ids(s3, bucket):
    return [record["requestID"] for record in records(s3, bucket) if "requestID" in record]


def chain(s3, bucket):
    """The digests, oldest first."""
    return [document(s3, bucket, key) for key in keys(s3, bucket, "CloudTrail-Digest") if "_backfill" not in key]


def test_stop_and_start_make_a_new_chain(fresh):
    s3 = make_trail_bucket(fresh, "paused")
    trails = fresh.boto("cloudtrail")
    trails.create_trail(Name="paused", S3BucketName="paused", EnableLogFileValidation=True)
    trails.start_logging(Name="paused")
    logged = describe(trails)
    stop = trails.stop_logging(Name="paused")["ResponseMetadata"]["RequestId"]
    unlogged = describe(trails)
    wait_for_records(s3, "paused", lambda found: stop in {record.get("requestID") for record in found})
    wait_until_sealed(s3, "paused")
    trails.start_logging(Name="paused")
    logged |= describe(trails)
    wait_until(lambda: logged <= set(ids(s3, "paused")), "the calls after the second start")
    trails.stop_logging(Name="paused")
    wait_until_sealed(s3, "paused")
    found = ids(s3, "paused")
    assert len(found) == len(set(found)) and not unlogged & set(found)
    digests = chain(s3, "paused")
    starts = [digest for digest in digests if digest["previousDigestSignature"] is None]
    assert len(starts) == 2 and all(digest["logFiles"] == [] for digest in starts)
    validate(fresh, "paused")


def test_validation_off_and_on_again(fresh):
    s3 = make_trail_bucket(fresh, "switched")
    trails = fresh.boto("cloudtrail")
    trails.create_trail(Name="switched", S3BucketName="switched", EnableLogFileValidation=True)
    trails.start_logging(Name="switched")
    made = describe(trails)
    wait_until(lambda: made <= set(ids(s3, "switched")), "the first calls")
    wait_until_sealed(s3, "switched")
    trails.update_trail(Name="switched", EnableLogFileValidation=False)
    made |= describe(trails)
    wait_until(lambda: made <= set(ids(s3, "switched")), "calls while it is off")
    trails.update_trail(Name="switched", EnableLogFileValidation=True)
    made |= describe(trails)
    wait_until(lambda: made <= set(ids(s3, "switched")), "calls after it")
    trails.stop_logging(Name="switched")
    wait_until(lambda: "LatestDigestDeliveryTime" in trails.get_trail_status(Name="switched"), "digests")
    validate(fresh, "switched")
    found = ids(s3, "switched")
    assert len(found) == len(set(found))


def test_a_trail_moves_to_another_bucket(fresh):
    here, there = make_trail_bucket(fresh, "moved-from"), make_trail_bucket(fresh, "moved-to")
    there.put_bucket_policy(Bucket="moved-to", Policy=trail_bucket_policy("moved-to", prefix="below"))
    trails = fresh.boto("cloudtrail")
    trails.create_trail(Name="moved", S3BucketName="moved-from", EnableLogFileValidation=True)
    trails.start_logging(Name="moved")
    before = describe(trails)
    wait_until(lambda: before <= set(ids(here, "moved-from")), "calls in the first bucket")
    trails.update_trail(Name="moved", S3BucketName="moved-to", S3KeyPrefix="below")
    after = describe(trails)
    wait_until(lambda: after <= set(ids(there, "moved-to")), "calls in the second bucket")
    assert all(key.startswith("below/AWSLogs/") for key in keys(there, "moved-to"))
    found = ids(here, "moved-from") + ids(there, "moved-to")
    assert len(found) == len(set(found))
    wait_until(lambda: keys(there, "moved-to", "CloudTrail-Digest"), "a digest in the second bucket")
    validate(fresh, "moved")


def test_deleted_and_made_anew(fresh):
    s3 = make_trail_bucket(fresh, "reborn")
    trails = fresh.boto("cloudtrail")
    made = set()
    for _ in range(2):
        trails.create_trail(Name="reborn", S3BucketName="reborn", EnableLogFileValidation=True)
        trails.start_logging(Name="reborn")
        made |= describe(trails)
        made.add(trails.delete_trail(Name="reborn")["ResponseMetadata"]["RequestId"])
    wait_until(lambda: made <= set(ids(s3, "reborn")), "calls of both lives")
    wait_until_sealed(s3, "reborn")
    found = ids(s3, "reborn")
    assert len(found) == len(set(found))
    text = validate(fresh, "reborn", "--s3-bucket", "reborn")
    assert all(f"{key}\tvalid" in text for key in keys(s3, "reborn")), text


def test_accounts_do_not_see_each_other(fresh):
    other = "210987654321"
    created = json.loads(fresh.cli("key", "create", "--json", "--account", other).stdout)
    key = created["AccessKeyId"], created["SecretAccessKey"], None
    s3 = make_trail_bucket(fresh, "ours")
    theirs = fresh.boto("s3", key=key)
    theirs.create_bucket(Bucket="theirs")
    theirs.put_bucket_policy(Bucket="theirs", Policy=trail_bucket_policy("theirs", account=other))
    mine, yours = fresh.boto("cloudtrail"), fresh.boto("cloudtrail", key=key)
    mine.create_trail(Name="same", S3BucketName="ours")
    yours.create_trail(Name="same", S3BucketName="theirs")
    mine.start_logging(Name="same")
    yours.start_logging(Name="same")
    our_calls, their_calls = describe(mine), describe(yours)
    wait_until(lambda: our_calls <= set(ids(s3, "ours")), "our calls")
    wait_until(lambda: their_calls <= set(ids(theirs, "theirs")), "their calls")
    assert not their_calls & set(ids(s3, "ours")) and not our_calls & set(ids(theirs, "theirs"))
    assert {record["recipientAccountId"] for record in records(theirs, "theirs")} == {other}
    assert [trail["TrailARN"] for trail in yours.describe_trails()["trailList"]] == [arn("same", account=other)]
    with pytest.raises(ClientError) as error:
        yours.get_trail(Name=arn("same"))
    assert error.value.response["Error"]["Code"] in ("TrailNotFoundException", "CloudTrailARNInvalidException")
    with pytest.raises(ClientError) as error:
        yours.delete_trail(Name=arn("same"))
    assert mine.get_trail(Name="same")["Trail"]["TrailARN"] == arn("same")
    # Buckets: neither lists, reads nor takes over what is the other's.
    assert [bucket["Name"] for bucket in theirs.list_buckets()["Buckets"]] == ["theirs"]
    for method, arguments in ((theirs.list_objects_v2, {}), (theirs.get_object, {"Key": "k"}),
                              (theirs.put_object, {"Key": "k", "Body": b""}), (theirs.delete_bucket, {})):
        with pytest.raises(ClientError) as error:
            method(Bucket="ours", **arguments)
        assert error.value.response["Error"]["Code"] == "AccessDenied", method
    with pytest.raises(ClientError) as error:
        theirs.create_bucket(Bucket="ours")
    assert error.value.response["Error"]["Code"] == "BucketAlreadyExists"


def test_all_survives_a_restart(tmp_path):
    with running(tmp_path / "data", *FAST) as server:
        s3 = make_trail_bucket(server, "lasting")
        trails = server.boto("cloudtrail")
        trails.create_trail(Name="lasting", S3BucketName="lasting", EnableLogFileValidation=True, IsMultiRegionTrail=True,
                            TagsList=[{"Key": "a", "Value": "b"}])
        trails.put_event_selectors(TrailName="lasting", AdvancedEventSelectors=[
            {"Name": "n", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}])
        trails.put_insight_selectors(TrailName="lasting", InsightSelectors=[{"InsightType": "ApiErrorRateInsight"}])
        trails.start_logging(Name="lasting")
        s3.put_object(Bucket="lasting", Key="mine", Body=b"x" * 100_000, Metadata={"m": "1"})
        upload = s3.create_multipart_upload(Bucket="lasting", Key="parts")["UploadId"]
        etag = s3.upload_part(Bucket="lasting", Key="parts", UploadId=upload, PartNumber=1, Body=b"part")["ETag"]
        made = describe(trails)
        ask = lambda: [  # noqa: E731
            {name: value for name, value in answer.items() if name != "ResponseMetadata"} for answer in (
                trails.get_trail(Name="lasting"), trails.get_event_selectors(TrailName="lasting"),
                trails.get_insight_selectors(TrailName="lasting"), trails.list_tags(ResourceIdList=[arn("lasting")]))]
        before = ask()
        for _ in range(3):
            server.stop()
            server.start()
            made |= describe(trails)
        assert ask() == before
        assert trails.get_trail_status(Name="lasting")["IsLogging"] is True
        head = s3.head_object(Bucket="lasting", Key="mine")
        assert (head["ContentLength"], head["Metadata"]) == (100_000, {"m": "1"})
        s3.complete_multipart_upload(Bucket="lasting", Key="parts", UploadId=upload, MultipartUpload={
            "Parts": [{"PartNumber": 1, "ETag": etag}]})
        wait_until(lambda: made <= set(ids(s3, "lasting")), "calls of all runs")
        trails.stop_logging(Name="lasting")
        wait_until_sealed(s3, "lasting")
        found = ids(s3, "lasting")
        assert len(found) == len(set(found))
        # One chain through all restarts.
        starts = [digest for digest in chain(s3, "lasting") if digest["previousDigestSignature"] is None]
        assert len(starts) == 1
        validate(server, "lasting")


def test_global_services_and_single_regions(fresh):
    """A single-Region trail gets the calls of its Region only."""
    s3 = make_trail_bucket(fresh, "single")
    west = fresh.boto("cloudtrail", "eu-west-1")
    west.create_trail(Name="single", S3BucketName="single")
    west.start_logging(Name="single")
    here, there = describe(west), describe(fresh.boto("cloudtrail"))
    wait_until(lambda: here <= set(ids(s3, "single")), "calls in the trail's Region")
    assert not there & set(ids(s3, "single"))
    assert {record["awsRegion"] for record in records(s3, "single")} == {"eu-west-1"}
    assert all(f"/{ACCOUNT}/CloudTrail/eu-west-1/" in f"/{key}" for key in keys(s3, "single"))
