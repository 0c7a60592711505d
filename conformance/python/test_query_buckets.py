"""StartQuery over log files: a bucket is a table, beside event data stores, with the rights of the caller."""

import gzip
import json

import pytest

from conftest import FAST, running
from logs import wait_for_records
from server import make_trail_bucket
from test_event_data_stores import refused
from test_queries import ask, ended, filled, start
from test_query_logs import rows

OTHER = "210987654321"


def put_log(s3, bucket, region, day, names):
    key = f"AWSLogs/123456789012/CloudTrail/{region}/{day}/123456789012_CloudTrail_{region}_{day.replace('/', '')}T0000Z_x.json.gz"
    body = gzip.compress(json.dumps({"Records": [{"eventName": name, "awsRegion": region} for name in names]}).encode())
    s3.put_object(Bucket=bucket, Key=key, Body=body)
    return len(body)


@pytest.fixture
def other(shared):
    """A client of another account."""
    made = json.loads(shared.cli("key", "create", "--account", OTHER, "--json").stdout)
    key = (made["AccessKeyId"], made["SecretAccessKey"], None)
    return lambda service: shared.boto(service, key=key)


def test_a_trails_own_files_are_joined_with_a_store(shared):
    s3, lake = make_trail_bucket(shared, "joined"), shared.boto("cloudtrail")
    _, table = filled(lake)
    lake.create_trail(Name="joined", S3BucketName="joined")
    lake.start_logging(Name="joined")
    for _ in range(3):
        lake.list_trails()
    wait_for_records(s3, "joined", lambda found: sum(record["eventName"] == "ListTrails" for record in found) == 3)
    both = f"""SELECT l.eventname, count(*) AS n, count(DISTINCT e.eventID) AS ids, min(l.region) AS region
        FROM "s3://joined/AWSLogs/" AS l JOIN {table} AS e ON e.eventID = l.eventid AND e.eventTime = l.eventtime
        WHERE l.eventname = 'ListTrails' GROUP BY 1"""
    expected = {"eventname": "ListTrails", "n": "3", "ids": "3", "region": "us-east-1"}
    assert ask(lake, both) == [expected]
    union = f"""SELECT eventName AS name FROM {table} WHERE eventName = 'ListTrails'
        UNION ALL SELECT eventname FROM "s3://joined".cloudtrail_logs WHERE cloudtrail_logs.eventname = 'ListTrails'"""
    assert ask(lake, union) == [{"name": "ListTrails"}] * 6
    statement = f"SELECT count(*) FROM cloudtrail_logs l JOIN {table} e ON e.eventID = l.eventid WHERE l.eventname = 'ListTrails'"
    assert rows("--bucket", "s3://joined/AWSLogs/", "--data-dir", shared.data_dir, statement) == [["3"]]


def test_conditions_on_keys_leave_files_unread(shared):
    s3, lake = shared.boto("s3"), shared.boto("cloudtrail")
    s3.create_bucket(Bucket="pruned")
    first = put_log(s3, "pruned", "eu-west-1", "2026/11/01", ["A", "B"])
    second = put_log(s3, "pruned", "us-east-1", "2026/11/02", ["A", "B", "C"])
    s3.put_object(Bucket="pruned", Key="AWSLogs/notes.txt", Body=b"no log file")
    for condition, count, size in [("true", 5, first + second), ("region = 'eu-west-1'", 2, first), ("date > '2026/11/01'", 3, second),
                                   ("eventname = 'C'", 1, first + second), ("account = '1'", 0, 0)]:
        query = start(lake, f'SELECT count(*) AS n FROM "s3://pruned/AWSLogs/" WHERE {condition}')
        cost = ended(lake, query)["QueryStatistics"]
        assert lake.get_query_results(QueryId=query)["QueryResultRows"] == [[{"n": str(count)}]], condition
        assert cost["BytesScanned"] == size, condition
        assert cost["EventsScanned"] == (5 if size == first + second else count), condition
        assert cost["EventsMatched"] == count, condition


def test_what_the_caller_may_not_read_is_refused(shared, other):
    s3, lake = shared.boto("s3"), shared.boto("cloudtrail")
    s3.create_bucket(Bucket="guarded")
    put_log(s3, "guarded", "us-east-1", "2026/11/01", ["A"])
    statement = 'SELECT eventname FROM "s3://guarded/AWSLogs/"'
    assert ask(lake, statement) == [{"eventname": "A"}]
    theirs, code = other("cloudtrail"), "InvalidQueryStatementException"
    text = refused(theirs.start_query, code, QueryStatement=statement)
    assert "Files of s3://guarded/AWSLogs/ can't be listed: AccessDenied: User: arn:aws:iam::210987654321:root is not authorized" in text
    resources = {"s3:ListBucket": "arn:aws:s3:::guarded", "s3:GetObject": "arn:aws:s3:::guarded/*"}
    allow = [{"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": action, "Resource": resource} for action, resource in resources.items()]
    s3.put_bucket_policy(Bucket="guarded", Policy=json.dumps({"Version": "2012-10-17", "Statement": allow[:1]}))
    failed = ended(theirs, start(theirs, statement), "FAILED")
    assert "can't be read: AccessDenied: User: arn:aws:iam::210987654321:root is not authorized to perform: s3:GetObject" in failed["ErrorMessage"]
    s3.put_bucket_policy(Bucket="guarded", Policy=json.dumps({"Version": "2012-10-17", "Statement": allow}))
    assert ask(theirs, statement) == [{"eventname": "A"}]
    assert "NoSuchBucket" in refused(lake.start_query, code, QueryStatement='SELECT 1 FROM "s3://nowhere-at-all/x"')
    assert "does not exist" in refused(lake.start_query, code, QueryStatement='SELECT 1 FROM "file:///etc/passwd"')
    assert "does not exist" in refused(lake.start_query, code, QueryStatement="SELECT 1 FROM cloudtrail_logs")


def test_damage_fails_the_query(shared):
    s3, lake = shared.boto("s3"), shared.boto("cloudtrail")
    s3.create_bucket(Bucket="damaged")
    s3.put_object(Bucket="damaged", Key="a.json.gz", Body=gzip.compress(b'{"Records":[{"eventName":"A"}]}')[:-9])
    failed = ended(lake, start(lake, 'SELECT count(*) FROM "s3://damaged"'), "FAILED")
    assert "s3://damaged/a.json.gz is damaged at record" in failed["ErrorMessage"]


def test_reading_is_recorded_as_the_callers(shared, other):
    s3, lake = make_trail_bucket(shared, "readings"), shared.boto("cloudtrail")
    s3.create_bucket(Bucket="watched")
    put_log(s3, "watched", "us-east-1", "2026/11/01", ["A"])
    lake.create_trail(Name="readings", S3BucketName="readings")
    lake.put_event_selectors(TrailName="readings", EventSelectors=[{
        "ReadWriteType": "All", "IncludeManagementEvents": False,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::watched/"]}]}])
    lake.start_logging(Name="readings")
    assert ask(lake, 'SELECT count(*) AS n FROM "s3://watched"') == [{"n": "1"}]
    found = wait_for_records(s3, "readings", lambda found: any(record["eventName"] == "GetObject" for record in found))
    (record,) = [record for record in found if record["eventName"] == "GetObject"]
    assert record["userIdentity"]["type"] == "Root" and record["userIdentity"]["invokedBy"] == "cloudtrail.amazonaws.com"
    assert record["sourceIPAddress"] == "cloudtrail.amazonaws.com"


def test_configured_buckets_are_read_by_the_servers_account(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.json").write_text('{"Records":[{"eventName":"A"}]}')
    (tmp_path / "outside.json").write_text('{"Records":[{"eventName":"B"}]}')
    (tmp_path / "config.toml").write_text(f'[[bucket]]\nname = "kept"\nurl = "file://{folder}"\n')
    with running(tmp_path / "data", *FAST, "--config", str(tmp_path / "config.toml")) as server:
        lake, statement = server.boto("cloudtrail"), 'SELECT eventname, "$path" AS path FROM "s3://kept"'
        assert ask(lake, statement) == [{"eventname": "A", "path": "s3://kept/a.json"}]
        made = json.loads(server.cli("key", "create", "--account", OTHER, "--json").stdout)
        theirs = server.boto("cloudtrail", key=(made["AccessKeyId"], made["SecretAccessKey"], None))
        code = "InvalidQueryStatementException"
        assert "only its account may read it" in refused(theirs.start_query, code, QueryStatement=statement)
        for outside in ("../", "../data/", "/etc/", "x/../../"):
            assert "can't be listed" in refused(lake.start_query, code, QueryStatement=f'TABLE "s3://kept/{outside}"')
