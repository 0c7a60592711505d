"""Queries over event data stores through boto3: their life, their results in pages and in buckets, their refusals."""

import csv
import datetime
import gzip
import hashlib
import io
import itertools
import json
import re

import pytest
import rsa

from logs import wait_until
from test_event_data_stores import refused, store

NAMES = itertools.count()
NOWHERE = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.fixture
def lake(shared):
    return shared.boto("cloudtrail", f"query-region-{next(NAMES)}", parameter_validation=False)


def start(lake, statement, **settings):
    return lake.start_query(QueryStatement=statement, **settings)["QueryId"]


def ended(lake, query, status="FINISHED"):
    def check():
        described = lake.describe_query(QueryId=query)
        return described if described["QueryStatus"] not in ("QUEUED", "RUNNING") else None

    described = wait_until(check, "the end of the query")
    assert described["QueryStatus"] == status, described
    return described


def ask(lake, statement):
    """All rows, as dictionaries; NULL is left out."""
    query = start(lake, statement)
    ended(lake, query)
    return [{name: text for cell in row for name, text in cell.items()} for row in pages(lake, query)]


def pages(lake, query, size=1000):
    arguments, rows = {"QueryId": query, "MaxQueryResults": size}, []
    while True:
        page = lake.get_query_results(**arguments)
        assert page["QueryStatistics"]["ResultsCount"] == len(page["QueryResultRows"]) <= size
        rows += page["QueryResultRows"]
        if "NextToken" not in page:
            assert page["QueryStatistics"]["TotalResultsCount"] == len(rows)
            return rows
        arguments["NextToken"] = page["NextToken"]


def filled(lake):
    """The id of a store with some calls in it."""
    arn = store(lake)
    for _ in range(5):
        lake.describe_trails()
    return arn, arn.split("/")[1]


def test_calls_are_found_at_once(lake):
    arn, table = filled(lake)
    statement = f"SELECT eventName, count(*) AS n FROM {table} WHERE eventName = 'DescribeTrails' GROUP BY eventName"
    assert ask(lake, statement) == [{"eventName": "DescribeTrails", "n": "5"}]
    rows = ask(lake, f"SELECT userIdentity.type, errorCode, eventJson, count(*) OVER () FROM {table} LIMIT 1")
    assert set(rows[0]) == {"type", "eventJson", "_col3"}
    assert json.loads(rows[0]["eventJson"])["userIdentity"]["type"] == rows[0]["type"]


def test_a_query_is_described_and_listed(lake):
    arn, table = filled(lake)
    statement = f"SELECT eventID FROM {table}"
    first, second = start(lake, statement), start(lake, f"{statement};")
    described = ended(lake, first)
    assert described["QueryString"] == statement
    statistics = described["QueryStatistics"]
    assert statistics["EventsScanned"] >= 5 and statistics["BytesScanned"] > 0
    ended(lake, second)
    counted = ended(lake, start(lake, f"SELECT count(*) FROM {table}"))["QueryStatistics"]
    assert counted["EventsScanned"] == counted["EventsMatched"] >= statistics["EventsScanned"], counted
    listed = [query["QueryId"] for query in lake.list_queries(EventDataStore=arn)["Queries"]]
    assert listed[1:] == [second, first]
    assert [row for row in pages(lake, first, 2)] == pages(lake, first)


def test_failures_tell_why(lake):
    _, table = filled(lake)
    query = start(lake, f"SELECT CAST(eventName AS bigint) FROM {table}")
    assert re.fullmatch(r"Cannot cast '\w+' to BIGINT", ended(lake, query, "FAILED")["ErrorMessage"])
    assert lake.get_query_results(QueryId=query)["QueryResultRows"] == []
    refused(lake.cancel_query, "InactiveQueryException", QueryId=query)


@pytest.mark.parametrize("statement, words", [
    ("SELECT eventNam FROM {}", "line 1:8: Column 'eventnam' cannot be resolved"),
    ("SELECT eventName, FROM {}", "line 1:19: mismatched input 'FROM'"),
    ("DELETE FROM {}", "line 1:1: Only queries"),
    ("SELECT 1 FROM events", "does not exist"),
])
def test_statements_are_refused_at_their_place(lake, statement, words):
    _, table = filled(lake)
    message = refused(lake.start_query, "InvalidQueryStatementException", QueryStatement=statement.format(table))
    assert words.lower() in message.lower()


def test_refusals(lake):
    arn, table = filled(lake)
    good = f"SELECT 1 FROM {table}"
    refused(lake.start_query, "EventDataStoreNotFoundException", QueryStatement=f"SELECT 1 FROM {NOWHERE}")
    refused(lake.start_query, "S3BucketDoesNotExistException", QueryStatement=good, DeliveryS3Uri="s3://no-such-bucket")
    refused(lake.start_query, "InvalidParameterException")
    refused(lake.describe_query, "QueryIdNotFoundException", QueryId=NOWHERE)
    refused(lake.describe_query, "InvalidParameterException")
    refused(lake.list_queries, "InvalidDateRangeException", EventDataStore=arn, StartTime=2, EndTime=1)
    refused(lake.list_queries, "InvalidQueryStatusException", EventDataStore=arn, QueryStatus="DONE")


def test_a_query_is_cancelled(lake):
    _, table = filled(lake)
    numbers = "UNNEST(sequence(1, 10000))"
    endless = f"SELECT count(*) FROM {table}, {numbers} AS a (x), {numbers} AS b (y), {numbers} AS c (z)"
    query = start(lake, endless)
    wait_until(lambda: lake.describe_query(QueryId=query)["QueryStatus"] == "RUNNING", "the run")
    assert lake.cancel_query(QueryId=query)["QueryStatus"] == "CANCELLED"
    ended(lake, query, "CANCELLED")
    refused(lake.cancel_query, "InactiveQueryException", QueryId=query)
    assert ask(lake, f"SELECT 1 AS one FROM {table} LIMIT 1") == [{"one": "1"}]


def test_results_are_delivered_and_signed(shared, lake):
    _, table = filled(lake)
    bucket = f"results-{next(NAMES)}-{NOWHERE[:8]}"
    s3 = shared.boto("s3")
    s3.create_bucket(Bucket=bucket)
    principal = {"Service": "cloudtrail.amazonaws.com"}
    resources = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    allow = {"Effect": "Allow", "Principal": principal, "Action": ["s3:GetBucketAcl", "s3:PutObject*"], "Resource": resources}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
    statement = f"SELECT eventID, errorCode, 'a,\"b\"' AS quoted FROM {table} ORDER BY eventID"
    query = start(lake, statement, DeliveryS3Uri=f"s3://{bucket}/some/prefix")
    ended(lake, query)
    wait_until(lambda: lake.describe_query(QueryId=query)["DeliveryStatus"] == "SUCCESS", "the delivery")
    names = sorted(item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"])
    assert [name.rsplit("/", 1)[1] for name in names] == ["result_1.csv.gz", "result_sign.json"]
    folder = names[0].rsplit("/", 1)[0]
    assert folder.startswith("some/prefix/AWSLogs/") and folder.endswith(query)
    body = s3.get_object(Bucket=bucket, Key=names[0])["Body"].read()
    text = gzip.decompress(body).decode()
    lines = list(csv.reader(io.StringIO(text)))
    assert text.startswith("#") and lines[1] == ["eventID", "errorCode", "quoted"]
    assert lines[2:] == [[row[0]["eventID"], "", 'a,"b"'] for row in pages(lake, query)]
    verify_sign_file(lake, json.loads(s3.get_object(Bucket=bucket, Key=names[1])["Body"].read()), {"result_1.csv.gz": body})


def verify_sign_file(lake, sign, files):
    """As the second AWS CLI's `cloudtrail verify-query-results` goes about it: the files' hashes, the key, the signature."""
    assert [file["fileName"] for file in sign["files"]] == list(files)
    hashes = [file["fileHashValue"] for file in sign["files"]]
    assert hashes == [hashlib.sha256(body).hexdigest() for body in files.values()]
    assert (sign["version"], sign["hashAlgorithm"], sign["signatureAlgorithm"]) == ("1.0", "SHA-256", "SHA256withRSA")
    assert sign["region"] == lake.meta.region_name
    completed = datetime.datetime.fromisoformat(sign["queryCompleteTime"])
    listed = lake.list_public_keys(StartTime=completed, EndTime=completed + datetime.timedelta(days=20))
    key = next(key for key in listed["PublicKeyList"] if key["Fingerprint"] == sign["publicKeyFingerprint"])
    public = rsa.PublicKey.load_pkcs1(key["Value"], "DER")
    signature = bytes.fromhex(sign["hashSignature"])
    assert rsa.verify(" ".join(hashes).encode(), signature, public) == "SHA-256"
    with pytest.raises(rsa.VerificationError):
        rsa.verify("".join(reversed(hashes[0])).encode(), signature, public)
