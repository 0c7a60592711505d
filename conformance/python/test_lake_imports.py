"""Imports into event data stores through boto3: what is copied from a bucket, what fails and is tried again, stops, kills, and
`opentrail import` into the stores that want the records.
"""

import gzip
import itertools
import json

import pytest

from conftest import FAST, running
from logs import wait_until
from server import ACCOUNT, Server, make_trail_bucket
from test_event_data_stores import MANAGEMENT, plain, refused, store
from test_import import log, records
from test_queries import ask
from test_second_store import moto  # noqa: F401  (a fixture)

OTHER = "210987654321"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reader"
ROOT = f"AWSLogs/{ACCOUNT}"
BUCKETS = itertools.count()


@pytest.fixture
def bucket(shared):
    name = f"lake-imports-{next(BUCKETS)}"
    shared.boto("s3").create_bucket(Bucket=name)
    return name


@pytest.fixture
def lake(shared):
    """A client in a Region of its own: one import at a time is all that a Region may have."""
    return shared.boto("cloudtrail", f"import-region-{next(BUCKETS)}")


def key(day, number, service="CloudTrail", hour=12):
    name = f"{ACCOUNT}_{service}_us-east-1_202603{day:02}T{hour:02}{number % 60:02}Z_{number:016}.json.gz"
    return f"{ROOT}/{service}/us-east-1/2026/03/{day:02}/{name}"


def put(s3, bucket, files):
    for name, body in files.items():
        s3.put_object(Bucket=bucket, Key=name, Body=body)


def cut(texts, size, day=1):
    """Log files of `size` records each, by key."""
    starts = range(0, len(texts), size)
    return {key(day, number): gzip.compress(log(texts[at:at + size])) for number, at in enumerate(starts)}


def source(bucket, prefix=f"{ROOT}/CloudTrail/"):
    return {"S3": {"S3LocationUri": f"s3://{bucket}/{prefix}", "S3BucketRegion": "us-east-1",
                   "S3BucketAccessRoleArn": ROLE}}


def start(lake, arn, bucket, prefix=f"{ROOT}/CloudTrail/", **settings):
    return lake.start_import(Destinations=[arn], ImportSource=source(bucket, prefix), **settings)["ImportId"]


def ended(lake, id, status="COMPLETED"):
    def check():
        shown = lake.get_import(ImportId=id)
        return shown if shown["ImportStatus"] not in ("INITIALIZING", "IN_PROGRESS") else None

    shown = wait_until(check, "the end of the import")
    assert shown["ImportStatus"] == status, (shown, failures(lake, id))
    return shown["ImportStatistics"]


def failures(lake, id):
    pages = lake.get_paginator("list_import_failures").paginate(ImportId=id)
    found = [failure for page in pages for failure in page["Failures"]]
    return {failure["Location"].split("/")[-1]: (failure["Status"], failure["ErrorType"]) for failure in found}


def ids(lake, arn):
    """The ids of the made-up records that a store has, twice if it has them twice."""
    table = arn.split("/")[1]
    rows = ask(lake, f"SELECT eventID FROM {table} WHERE recipientAccountId = '111122223333'")
    return sorted(row["eventID"] for row in rows)


def expected(texts):
    return sorted(json.loads(text)["eventID"] for text in texts)


def statistics(prefixes, files, events, failed=0):
    return {"PrefixesFound": prefixes, "PrefixesCompleted": prefixes, "FilesCompleted": files,
            "EventsCompleted": events, "FailedEntries": failed}


def test_log_files_are_copied_once_whatever_the_selectors_say(shared, lake, bucket):
    texts = records(900)
    files = cut(texts[:500], 50) | cut(texts[500:], 100, day=2)
    # Neither digests nor Insights nor another service's logs, nor what stands for a folder.
    strange = gzip.compress(log(records(5, seed=9)))
    beside = {key(1, 1, service=service): strange for service in ("CloudTrail-Insight", "CloudTrail-Digest", "vpcflowlogs")}
    put(shared.boto("s3"), bucket, files | beside | {f"{ROOT}/CloudTrail/": b""})
    arn = store(lake, AdvancedEventSelectors=MANAGEMENT, MultiRegionEnabled=False)
    lake.stop_event_data_store_ingestion(EventDataStore=arn)
    id = start(lake, arn, bucket)
    assert ended(lake, id) == statistics(2, 14, 900)
    assert ids(lake, arn) == expected(texts)
    shown = plain(lake.get_import(ImportId=id))
    assert shown["Destinations"] == [arn] and shown["ImportSource"] == source(bucket)
    assert failures(lake, id) == {}
    # The whole bucket is the same, and nothing comes twice; a store of its own gets all of it again.
    assert ended(lake, start(lake, arn, bucket, "")) == statistics(2, 14, 900)
    assert ids(lake, arn) == expected(texts)
    other = store(lake)
    assert ended(lake, start(lake, other, bucket, "AWSLogs/")) == statistics(2, 14, 900)
    assert ids(lake, other) == expected(texts)
    listed = lake.get_paginator("list_imports").paginate(Destination=other)
    assert [item["ImportStatus"] for page in listed for item in page["Imports"]] == ["COMPLETED"]
    # An explicit prefix outside of the services' folders is taken as it is.
    put(shared.boto("s3"), bucket, {"mine/a.json.gz": strange})
    assert ended(lake, start(lake, other, bucket, "mine/")) == statistics(1, 1, 5)
    text = next(row["eventJson"] for row in ask(lake, f"SELECT eventJson FROM {arn.split('/')[1]} WHERE eventID = '{ids(lake, arn)[7]}'"))
    assert text in texts


def test_network_activity_is_copied_where_it_is_named(shared, lake, bucket):
    texts = [text.replace('"Management"', '"NetworkActivity"').replace('"Data"', '"NetworkActivity"') for text in records(20)]
    network = "CloudTrail-NetworkActivity"
    beside = {key(1, 1): gzip.compress(log(records(5, seed=3))),
              key(1, 1, service="CloudTrail-Insight"): gzip.compress(log(records(5, seed=4)))}
    put(shared.boto("s3"), bucket, {key(1, 1, service=network): gzip.compress(log(texts))} | beside)
    arn = store(lake)
    assert ended(lake, start(lake, arn, bucket, f"{ROOT}/{network}/")) == statistics(1, 1, 20)
    assert ids(lake, arn) == expected(texts)
    assert ended(lake, start(lake, arn, bucket, f"{ROOT}/")) == statistics(1, 1, 5)
    refused(lake.start_import, "InvalidImportSourceException", Destinations=[arn],
            ImportSource=source(bucket, f"{ROOT}/CloudTrail-Insight/"))


def test_files_out_of_the_range_and_records_past_their_time_stay_out(shared, lake, bucket):
    texts = records(60)
    files = {key(day, day): gzip.compress(log(texts[day * 10:day * 10 + 10])) for day in range(1, 6)}
    old = [text.replace("2026-03-01", "2020-03-01") for text in texts[:3]]
    put(shared.boto("s3"), bucket, files | {key(3, 30): gzip.compress(log(old + texts[:1]))})
    arn = store(lake)
    id = start(lake, arn, bucket, StartEventTime="2026-03-02T00:00:00Z", EndEventTime="2026-03-04T12:03:59Z")
    assert ended(lake, id) == statistics(2, 3, 21)
    assert ids(lake, arn) == expected(texts[20:40] + texts[:1])


def test_what_fails_is_named_and_tried_again(shared, lake, bucket):
    s3, texts = shared.boto("s3"), records(400)
    files = cut(texts, 100)
    names = sorted(files)
    whole = dict(files)
    files[names[0]] = gzip.decompress(files[names[0]])
    files[names[1]] = files[names[1]][:-20]
    files[names[2]] = gzip.compress(log(texts[200:250] + ['{"a":1}'] + texts[250:300]))
    put(s3, bucket, files)
    deny = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": {"AWS": ROLE}, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/{names[3]}"},
    ]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(deny))
    arn = store(lake)
    id = start(lake, arn, bucket)
    assert ended(lake, id, "FAILED") == statistics(1, 0, 0, 4)
    name = [each.split("/")[-1] for each in names]
    kinds = {name[0]: "InvalidFormat", name[1]: "InvalidEvent", name[2]: "InvalidEvent", name[3]: "AccessDenied"}
    assert failures(lake, id) == {each: ("FAILED", kind) for each, kind in kinds.items()}
    assert 100 < len(ids(lake, arn)) < 300
    s3.delete_bucket_policy(Bucket=bucket)
    put(s3, bucket, {each: whole[each] for each in names[:2]})
    lake.start_import(ImportId=id)
    assert ended(lake, id, "FAILED") == statistics(1, 3, 300, 1)
    now = failures(lake, id)
    assert now.pop(name[2]) == ("FAILED", "InvalidEvent")
    assert now == {each: ("SUCCEEDED", kind) for each, kind in kinds.items() if each != name[2]}
    assert ids(lake, arn) == expected(texts)
    s3.delete_object(Bucket=bucket, Key=names[2])
    lake.start_import(ImportId=id)
    ended(lake, id, "FAILED")
    assert failures(lake, id)[name[2]] == ("FAILED", "NoSuchKey")
    put(s3, bucket, {names[2]: whole[names[2]]})
    lake.start_import(ImportId=id)
    assert ended(lake, id) == statistics(1, 4, 400)
    refused(lake.start_import, "InvalidParameterException", ImportId=id)


def test_sources_that_cannot_be_read_are_refused(shared, lake, bucket):
    arn = store(lake)
    deny = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": {"AWS": ROLE}, "Action": "s3:ListBucket", "Resource": f"arn:aws:s3:::{bucket}"},
    ]}
    shared.boto("s3").put_bucket_policy(Bucket=bucket, Policy=json.dumps(deny))
    for place in (bucket, "no-such-bucket"):
        refused(lake.start_import, "InvalidImportSourceException", Destinations=[arn], ImportSource=source(place))
    assert lake.list_imports()["Imports"] == []


def test_an_import_is_stopped_and_goes_on_where_it_was(shared, lake, bucket):
    texts = records(6000)
    put(shared.boto("s3"), bucket, cut(texts, 6))
    arn = store(lake)
    id = start(lake, arn, bucket)
    refused(lake.start_import, "AccountHasOngoingImportException", Destinations=[arn], ImportSource=source(bucket))
    refused(lake.start_import, "AccountHasOngoingImportException", ImportId=id)
    refused(lake.delete_event_data_store, "EventDataStoreHasOngoingImportException", EventDataStore=arn)
    refused(lake.update_event_data_store, "EventDataStoreHasOngoingImportException", EventDataStore=arn, Name="other")
    stopped = lake.stop_import(ImportId=id)
    assert stopped["ImportStatus"] == "STOPPED"
    done = stopped["ImportStatistics"]["FilesCompleted"]
    assert done < 1000
    refused(lake.stop_import, "InvalidParameterException", ImportId=id)
    lake.update_event_data_store(EventDataStore=arn, Name="other")
    lake.start_import(ImportId=id)
    assert ended(lake, id) == statistics(1, 1000, 6000)
    assert ids(lake, arn) == expected(texts)


def test_a_kill_leaves_an_import_to_the_next_start(tmp_path):
    texts = records(8000)
    server = Server(tmp_path / "data", *FAST).start()
    s3, lake = server.boto("s3"), server.boto("cloudtrail")
    s3.create_bucket(Bucket="killed")
    put(s3, "killed", cut(texts, 20))
    arn = store(lake)
    id = start(lake, arn, "killed")
    for files in (60, 150, 250):
        # A kill before the import has begun, or after its end, would tell nothing: the next one does.
        wait_until(lambda: lake.get_import(ImportId=id)["ImportStatistics"]["FilesCompleted"] >= files, "some files", 30)
        server.kill()
        server.start()
    assert ended(lake, id) == statistics(1, 400, 8000)
    assert ids(lake, arn) == expected(texts)
    # A stop in peace is no end either.
    again = start(lake, store(lake), "killed")
    server.stop()
    server.start()
    assert ended(lake, again) == statistics(1, 400, 8000)
    assert server.complaints() == []
    server.stop()


def test_another_s3_is_a_source(tmp_path, moto):  # noqa: F811
    texts = records(300)
    remote = moto.s3()
    remote.create_bucket(Bucket="far")
    put(remote, "far", cut(texts, 50))
    config = tmp_path / "opentrail.toml"
    config.write_text(f"""
[[bucket]]
name = "archive"
url = "s3://far"
endpoint = "{moto.endpoint}"
region = "us-east-1"
access_key_id = "moto"
secret_access_key = "moto"
""")
    with running(tmp_path / "data", *FAST, "--config", str(config)) as server:
        lake = server.boto("cloudtrail")
        arn = store(lake)
        assert ended(lake, start(lake, arn, "archive")) == statistics(1, 6, 300)
        assert ids(lake, arn) == expected(texts)
        refused(lake.start_import, "InvalidImportSourceException", Destinations=[arn], ImportSource=source("far"))


def test_a_configured_bucket_is_its_own_accounts_alone(tmp_path):
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "a.json.gz").write_bytes(gzip.compress(log(records(10))))
    config = tmp_path / "opentrail.toml"
    config.write_text(f'[[bucket]]\nname = "archive"\nurl = "file://{tmp_path}/archive"\n')
    with running(tmp_path / "data", *FAST, "--config", str(config)) as server:
        made = json.loads(server.cli("key", "create", "--account", OTHER, "--json").stdout)
        theirs = server.boto("cloudtrail", key=(made["AccessKeyId"], made["SecretAccessKey"], None))
        role = {"S3": source("archive", "a")["S3"] | {"S3BucketAccessRoleArn": f"arn:aws:iam::{OTHER}:role/reader"}}
        said = refused(theirs.start_import, "InvalidImportSourceException", Destinations=[store(theirs)], ImportSource=role)
        assert f"the role arn:aws:iam::{OTHER}:role/reader may not list the bucket" in said
        assert theirs.list_imports()["Imports"] == []
        lake = server.boto("cloudtrail")
        assert ended(lake, start(lake, store(lake), "archive", "a")) == statistics(1, 1, 10)


def test_a_trails_own_files_fill_a_store_that_is_made_later(fresh):
    lake, s3 = fresh.boto("cloudtrail"), fresh.boto("s3")
    make_trail_bucket(fresh, "own")
    lake.create_trail(Name="own", S3BucketName="own", EnableLogFileValidation=True)
    lake.start_logging(Name="own")
    for _ in range(7):
        lake.list_public_keys()
    lake.stop_logging(Name="own")

    def delivered():
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket="own", Prefix=f"{ROOT}/CloudTrail/")
        bodies = [s3.get_object(Bucket="own", Key=item["Key"])["Body"].read() for page in pages
                  for item in page.get("Contents", []) if item["Size"] > 0]
        found = [record for body in bodies for record in json.loads(gzip.decompress(body))["Records"]]
        return found if any(record["eventName"] == "StopLogging" for record in found) else None

    found = wait_until(delivered, "the trail's files")
    arn = store(lake)
    assert ended(lake, start(lake, arn, "own"))["EventsCompleted"] == len(found)
    table = arn.split("/")[1]
    assert ask(lake, f"SELECT count(*) AS n FROM {table} WHERE eventName = 'ListPublicKeys'") == [{"n": "7"}]


def test_files_that_are_sent_go_to_the_stores_that_want_them(fresh, tmp_path):
    lake, texts = fresh.boto("cloudtrail"), records(500)
    wanted = [text for text in texts if json.loads(text)["eventCategory"] == "Management"]
    arn = store(lake, AdvancedEventSelectors=MANAGEMENT)
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "a.json.gz").write_bytes(gzip.compress(log(texts)))
    for _ in range(2):
        fresh.cli("import", str(folder))
        assert ids(lake, arn) == expected(wanted)
    # A store that is made later gets them when the file is read anew; nobody else gets them twice.
    later = store(lake, AdvancedEventSelectors=MANAGEMENT)
    fresh.cli("import", str(folder))
    assert ids(lake, later) == []
    report = json.loads(fresh.cli("import", "--json", "--again", str(folder)).stdout)
    assert ids(lake, later) == ids(lake, arn) == expected(wanted), report
