"""A federated store's table, made in Spark by the definition that lies beside its files: the same answers as ours."""

import os
import pathlib
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "conformance/python"))

# Ours and Spark's; `{}` is the table.
QUESTIONS = {
    "all": ("SELECT count(*) AS n FROM {}",) * 2,
    "names": ("SELECT eventName, count(*) AS n, min(eventTime) AS first FROM {} GROUP BY eventName ORDER BY eventName",) * 2,
    "structs and maps": (
        "SELECT userIdentity.type, element_at(requestParameters, 'name') AS name, readOnly FROM {} "
        "WHERE eventName = 'GetTrail' ORDER BY 2",
        "SELECT userIdentity.type, requestParameters['name'] AS name, readOnly FROM {} "
        "WHERE eventName = 'GetTrail' ORDER BY name",
    ),
    "text": ("SELECT eventID, eventJson FROM {} WHERE readOnly ORDER BY eventID",) * 2,
    "by bloom filter": ("SELECT count(*) AS n FROM {} WHERE eventName = 'DescribeTrails' AND errorCode IS NULL",) * 2,
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A server whose store has segments and whose queue is empty, and the id of that store."""
    pytest.importorskip("boto3")
    if "OPENTRAIL_BIN" not in os.environ:
        pytest.skip("set OPENTRAIL_BIN to a built server")
    from server import Server

    server = Server(tmp_path_factory.mktemp("server") / "data", "--lake-flush-age", "300ms").start()
    try:
        lake = server.boto("cloudtrail")
        arn = lake.create_event_data_store(Name="federated", TerminationProtectionEnabled=False)["EventDataStoreArn"]
        for number in range(30):
            lake.describe_trails()
            with pytest.raises(lake.exceptions.TrailNotFoundException):
                lake.get_trail(Name=f"no-trail-{number}")
        lake.enable_federation(EventDataStore=arn, FederationRoleArn="arn:aws:iam::123456789012:role/federated")
        lake.stop_event_data_store_ingestion(EventDataStore=arn)
        yield server, lake, arn
    finally:
        server.stop()


def ask(lake, statement):
    query = lake.start_query(QueryStatement=statement)["QueryId"]
    while (described := lake.describe_query(QueryId=query))["QueryStatus"] in ("QUEUED", "RUNNING"):
        time.sleep(0.05)
    assert described["QueryStatus"] == "FINISHED", described
    page = lake.get_query_results(QueryId=query)
    assert "NextToken" not in page
    return [{name: text for cell in row for name, text in cell.items()} for row in page["QueryResultRows"]]


def text(value):
    """A value of Spark's as our answers have it."""
    if isinstance(value, bool):
        return str(value).lower()
    if hasattr(value, "isoformat"):
        return value.isoformat(" ", "milliseconds")
    return str(value)


def test_spark_gives_the_same_answers(spark, store):
    server, lake, arn = store
    name = arn.split("/")[1]
    folder = server.data_dir / "lake" / f"eds-{name}"
    records = int(ask(lake, f"SELECT count(*) AS n FROM {name}")[0]["n"])
    deadline = time.monotonic() + 30
    definition = (folder / "_create_table.sql").read_text()
    table = f"eds_{name.replace('-', '_')}"
    create, repair = [statement.strip() for statement in definition.split(";\n")[:2]]
    spark.sql(create)
    while True:
        # What is in memory yet comes to the files within the flush's age.
        spark.sql(repair)
        spark.sql(f"REFRESH TABLE {table}")
        seen = spark.sql(f"SELECT count(*) FROM {table}").collect()[0][0]
        if seen == records:
            break
        assert time.monotonic() < deadline, f"{seen} of {records} records are in files"
        time.sleep(0.3)
    for what, (ours, theirs) in QUESTIONS.items():
        expected = ask(lake, ours.format(name))
        found = [
            {key: text(value) for key, value in row.asDict().items() if value is not None}
            for row in spark.sql(theirs.format(table)).collect()
        ]
        assert len(found) == len(expected) > 0, what
        assert found == expected, what
    lake.disable_federation(EventDataStore=arn)
    assert not (folder / "_create_table.sql").exists()
