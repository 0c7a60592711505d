"""`opentrail query --logs`: SQL over log files of folders and buckets, without a store."""

import csv
import gzip
import io
import json
import os
import pathlib
import subprocess

import pytest

from logs import wait_for_records
from server import BINARY, ROOT, make_trail_bucket

SHARED = pathlib.Path(os.environ.get("OPENTRAIL_SHARED", ROOT.parent / "shared"))


def run(*arguments, env=None, status=0, statement=None):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "OPENTRAIL_"))} | (env or {})
    command = [BINARY, "query", *map(str, arguments)]
    done = subprocess.run(command, input=statement, capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == status, done.stderr
    return done


def rows(*arguments, env=None):
    """Each row as a list of texts; NULL is None, an empty text is one."""
    text = run("--csv", *arguments, env=env).stdout
    # The csv module can't tell nothing from an empty text.
    marked = text.replace('""', '"\0"') if '""' in text and '"""' not in text else text
    found = list(csv.reader(io.StringIO(marked)))
    return [[None if cell == "" else cell.replace("\0", "") for cell in row] for row in found[1:]]


def log_file(path, records):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(json.dumps({"Records": records}).encode()))


def test_a_folder_is_asked(tmp_path):
    for region in ("eu-west-1", "us-east-1"):
        for day in (1, 2):
            key = f"AWSLogs/123456789012/CloudTrail/{region}/2026/11/0{day}/123456789012_CloudTrail_{region}_2026110{day}T0000Z_x.json.gz"
            log_file(tmp_path / key, [{"eventName": name, "userIdentity": {"arn": f"arn:{name}"}} for name in ("A", "B")])
    (tmp_path / "AWSLogs/notes.txt").write_text("no log file")
    statement = "SELECT eventname, useridentity.arn, count(*) AS n FROM cloudtrail_logs WHERE date = '2026/11/01' GROUP BY 1, 2 ORDER BY 1"
    assert rows("--logs", tmp_path, statement) == [["A", "arn:A", "2"], ["B", "arn:B", "2"]]
    shown = run("--logs", tmp_path / "AWSLogs", "--json", "SELECT \"$path\" AS p, region FROM cloudtrail_logs WHERE region LIKE 'eu%' LIMIT 1")
    assert json.loads(shown.stdout)["p"].startswith(f"{tmp_path}/AWSLogs/123456789012/CloudTrail/eu-west-1/2026/11/")
    nothing = run("--logs", tmp_path, "--csv", "SELECT eventname FROM cloudtrail_logs WHERE account = '1'")
    assert nothing.stdout == "eventname\n", "titles without rows"


def test_mistakes_and_damage_are_told(tmp_path):
    log_file(tmp_path / "whole.json.gz", [{"eventName": "A"}])
    (tmp_path / "damaged.json.gz").write_bytes((tmp_path / "whole.json.gz").read_bytes()[:-10])
    count = "SELECT count(*) FROM cloudtrail_logs"
    assert f"{tmp_path}/damaged.json.gz is damaged" in run("--logs", tmp_path, count, status=1).stderr
    skipped = run("--logs", tmp_path, "--csv", "--skip-damaged", count)
    assert skipped.stdout.split()[-1] in ("1", "2") and "damaged.json.gz" in skipped.stderr
    assert "line 1:8: Column 'x' cannot be resolved" in run("--logs", tmp_path, "SELECT x FROM cloudtrail_logs", status=1).stderr
    assert "is no folder" in run("--logs", tmp_path / "none", count, status=2).stderr
    run("--endpoint-url", "http://127.0.0.1:1", count, status=2)


def test_delivered_files_are_asked_in_their_bucket(shared):
    s3, trails = make_trail_bucket(shared, "asked"), shared.boto("cloudtrail")
    trails.create_trail(Name="asked", S3BucketName="asked")
    trails.start_logging(Name="asked")
    trails.describe_trails()
    wait_for_records(s3, "asked", lambda found: any(record["eventName"] == "DescribeTrails" for record in found))
    statement = "SELECT account, region, json_extract_scalar(requestparameters, '$.name') FROM cloudtrail_logs WHERE eventname = 'StartLogging'"
    ours = ["--logs", "s3://asked/AWSLogs/", "--data-dir", shared.data_dir]
    assert rows(*ours, statement) == [["123456789012", "us-east-1", "asked"]]
    theirs = {"AWS_ACCESS_KEY_ID": "wrong", "AWS_SECRET_ACCESS_KEY": "wrong"}
    refused = run("--logs", "s3://asked", "--endpoint-url", shared.endpoint, statement, env=theirs, status=1)
    assert "can't be listed" in refused.stderr


QUERIES = sorted((SHARED / "sql-oracle/athena").glob("*.sql"))


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """Real records as log files."""
    folder = tmp_path_factory.mktemp("real")
    kept = []
    for name in ("invictus", "stratus", "umccr", "grycap", "fullstop", "awsdocs_groovy"):
        for line in gzip.open(SHARED / "data" / f"{name}.ndjson.gz", "rt"):
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict) and "eventName" in record and " " not in record.get("eventTime", " "):
                kept.append(line.rstrip("\n"))
    for number in range(0, len(kept), 300):
        text = '{"Records":[' + ",".join(kept[number : number + 300]) + "]}"
        (folder / f"{number}.json.gz").write_bytes(gzip.compress(text.encode()))
    return folder


def plain(cell, kind):
    """A cell that came as text, as the answers have it; of nested types only whether there is one."""
    if cell is None:
        return None
    if kind in ("bigint", "integer"):
        return int(cell)
    if kind == "double":
        return round(float(cell), 9)
    if kind == "boolean":
        return cell == "true"
    return cell if kind.startswith(("varchar", "decimal", "date", "timestamp")) else ...


@pytest.mark.skipif(not QUERIES, reason="no folder of queries and answers (set OPENTRAIL_SHARED)")
@pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)
def test_answers_are_those_of_other_engines(real, query):
    expected = json.loads(query.with_suffix(".expected.json").read_text())
    shown = run("--logs", real, "--json", "-", statement=query.read_text()).stdout.splitlines()
    titles, kinds = expected["columns"], expected["types"]
    assert len(shown) == expected["count"]
    if "sha256" in expected or len(set(titles)) < len(titles):
        return
    found = [[plain(json.loads(line).get(title), kind) for title, kind in zip(titles, kinds, strict=True)] for line in shown]
    wanted = [[round(c, 9) if k == "double" and c is not None else c if c is None or plain("0", k) is not ... else ... for c, k in zip(row, kinds, strict=True)] for row in expected["rows"]]
    key = lambda row: json.dumps([str(cell) for cell in row])
    if "-- order: yes" not in query.read_text():
        found, wanted = sorted(found, key=key), sorted(wanted, key=key)
    assert found == wanted
