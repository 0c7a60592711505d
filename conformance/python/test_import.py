"""`opentrail import`: log files in every form, damaged ones, the same ones again, from folders and buckets, through kills."""

import collections
import gzip
import hashlib
import json
import os
import pathlib
import random
import re
import subprocess
import time

import pytest

from conftest import FAST, running
from logs import arn, aws, keys, wait_until_sealed
from server import BINARY, ROOT, make_trail_bucket
from test_second_store import moto  # noqa: F401  (a fixture)

SHARED = pathlib.Path(os.environ.get("OPENTRAIL_SHARED", ROOT.parent / "shared")) / "data"
# Some of the real records are older than what is kept unless told otherwise.
FLAGS = (*FAST, "--imported-days", "20000", "--account-id", "999900001111")
LAYOUT = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/01"


def bring_in(server, *places, code=0, env=None):
    """Runs `opentrail import --json`; answers its report."""
    run = subprocess.run([BINARY, "import", "--json", *map(str, places)], env=env or server.environment(),
                         capture_output=True, text=True, timeout=300)
    assert run.returncode == code, run.stdout + run.stderr
    return json.loads(run.stdout)


def history(server):
    """The texts of all that was brought in, as a lookup prints them; the server's own records are left out."""
    out = server.cli("lookup", "--json", "--category", "all").stdout
    return [line for line in out.split("\n") if line and not is_own(json.loads(line))]


def is_own(record):
    return record.get("recipientAccountId") == "999900001111"


def identity(text):
    """What makes two records the same: their id, or else their text, and what they say."""
    record = json.loads(text)
    event = record.get("eventID") or record.get("eventId") or hashlib.sha256(text.encode()).hexdigest()
    return event, json.dumps(record, sort_keys=True)


def records(count, seed=0):
    """Made-up records, as CloudTrail prints them."""
    chance = random.Random(seed)
    return [json.dumps({
        "eventVersion": "1.08",
        "userIdentity": {"type": "IAMUser", "accountId": "111122223333", "userName": f"user-{chance.randrange(9)}"},
        "eventTime": f"2026-03-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z",
        "eventSource": "ec2.amazonaws.com",
        "eventName": chance.choice(("RunInstances", "StopInstances", "DescribeInstances")),
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.7",
        "requestParameters": {"note": "é \" \\ {[" * chance.randrange(4), "n": 1.50},
        "eventID": f"{seed:08x}-0000-4000-8000-{number:012x}",
        "eventCategory": chance.choice(("Management", "Data")),
        "recipientAccountId": "111122223333",
    }, separators=(",", ":")) for number in range(count)]


def log(texts):
    return ('{"Records":[' + ",".join(texts) + "]}").encode()


FORMS = {
    "log.json.gz": lambda texts: gzip.compress(log(texts)),
    "log.json": log,
    "array.json": lambda texts: ("[" + ",\n".join(texts) + "]").encode(),
    "lines.ndjson": lambda texts: ("\n".join(texts) + "\n").encode(),
    "lines.jsonl.gz": lambda texts: gzip.compress("\r\n".join(texts).encode()),
    "mark.json": lambda texts: b"\xef\xbb\xbf" + log(texts),
    "members.ndjson.gz": lambda texts: b"".join(gzip.compress(text.encode() + b"\n") for text in texts),
    "joined.json": lambda texts: "".join(texts).encode(),
    "more.json": lambda texts: ('{ "owner" : {"Records": 1}, "Records" : [ ' + " , ".join(texts)
                                + ' ] , "next":"]}" }\n').encode(),
}


def write(folder, name, body):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def spread(folder, texts, size=100):
    """Writes records to files of all forms in turn."""
    for number, start in enumerate(range(0, len(texts), size)):
        name, form = list(FORMS.items())[number % len(FORMS)]
        write(folder, f"{number:04}-{name}", form(texts[start:start + size]))


@pytest.fixture
def server(tmp_path):
    with running(tmp_path / "data", *FLAGS) as server:
        yield server


def test_real_records_of_all_versions_come_back_unchanged(server, tmp_path):
    if not SHARED.is_dir():
        pytest.skip(f"SKIPPED: no real records in {SHARED}")
    source = tmp_path / "logs"
    sources = []
    for path in sorted(SHARED.glob("*.ndjson.gz")):
        texts = gzip.decompress(path.read_bytes()).decode().splitlines()
        spread(source / path.stem, texts)
        sources += texts
    report = bring_in(server, source)
    assert (report["records"], report["rejected"]) == (len(sources), 0)
    wanted = collections.defaultdict(set)
    for text in sources:
        wanted[identity(text)].add(text)
    found = history(server)
    assert collections.Counter(map(identity, found)) == collections.Counter(list(wanted)), "each once"
    assert all(text in wanted[identity(text)] for text in found), "byte for byte"
    assert report["imported"] == len(wanted) and report["duplicates"] == len(sources) - len(wanted)
    for naive in (lambda it: it.get("eventName"), lambda it: it.get("errorCode"),
                  lambda it: (it.get("userIdentity") or {}).get("userName")):
        ours = collections.Counter(naive(json.loads(text)) for text in found)
        assert ours == collections.Counter(naive(json.loads(text)) for _, text in wanted)


def test_every_form_and_the_same_again(server, tmp_path):
    texts = records(900)
    source = tmp_path / "logs"
    spread(source, texts)
    report = bring_in(server, source)
    assert (report["importedFiles"], report["imported"], report["duplicates"]) == (9, 900, 0)
    assert sorted(history(server)) == sorted(texts)
    again = bring_in(server, source)
    assert (again["knownFiles"], again["importedFiles"], again["records"]) == (9, 0, 0)
    # Read anew, and in other files: nothing is new.
    assert bring_in(server, source, "--again")["duplicates"] == 900
    write(tmp_path, "other/all.ndjson", "\n".join(reversed(texts)).encode())
    other = bring_in(server, tmp_path / "other")
    assert (other["imported"], other["duplicates"]) == (0, 900)
    run = subprocess.run([BINARY, "import", "--json", "-"], env=server.environment(), input=log(texts[:10]),
                         capture_output=True, timeout=60)
    assert run.returncode == 0 and json.loads(run.stdout)["duplicates"] == 10
    # The same event with other content is another record.
    changed = texts[0].replace("192.0.2.7", "192.0.2.8")
    write(tmp_path, "changed/one.json", changed.encode())
    assert bring_in(server, tmp_path / "changed")["imported"] == 1
    assert sorted(history(server)) == sorted([*texts, changed])


def test_two_files_with_the_same_events_at_once(server, tmp_path):
    texts = records(4000)
    for number in range(4):
        chance = random.Random(number)
        write(tmp_path, f"logs/{number}.json.gz", gzip.compress(log(chance.sample(texts, len(texts)))))
    report = bring_in(server, tmp_path / "logs")
    assert (report["records"], report["imported"]) == (16_000, 4000)
    assert sorted(history(server)) == sorted(texts)


def test_what_is_damaged_is_told_and_the_rest_is_brought_in(server, tmp_path):
    texts = records(60)
    source = tmp_path / "logs"
    good, bad = log(texts[:10]), log([*texts[10:15], '{"eventVersion":tru}', *texts[15:20], "nonsense", '{"a":1}'])
    write(source, f"{LAYOUT}/111122223333_CloudTrail_us-east-1_20260301T0000Z_abcdefghijklmnop.json", good)
    write(source, f"{LAYOUT.replace('CloudTrail', 'CloudTrail-Digest')}/digest.json.gz", gzip.compress(b"{}"))
    write(source, "bad.json", bad)
    write(source, "cut.json", log(texts[20:30])[:-2 - len(texts[29]) // 2])
    whole = gzip.compress(log(texts[30:40]), mtime=0)
    write(source, "cut.json.gz", whole[:-4])
    write(source, "lines.ndjson", "\n".join([*texts[40:45], texts[45][:80], *texts[46:50]]).encode())
    write(source, "picture.log", bytes(range(256)))
    write(source, "empty.json", b"")
    write(source, "notes.txt", b"no log file")
    (source / "gone.json").symlink_to(source / "nowhere.json")
    report = bring_in(server, source, code=1)
    assert report["leftOut"] == {"digests": 1, "empty": 1, "others": 1}
    assert [failed["file"].endswith("gone.json") for failed in report["failed"]] == [True]
    places = {flawed["file"].rsplit("/", 1)[1]: [(it["index"], it["offset"]) for it in flawed["rejections"]]
              for flawed in report["flawed"]}
    assert [index for index, _ in places["bad.json"]] == [5, 11, 12]
    assert all(bad[offset:offset + 8] in (b'{"eventV', b"nonsense", b'{"a":1}]') for _, offset in places["bad.json"])
    assert len(places["cut.json"]) == len(places["cut.json.gz"]) == len(places["lines.ndjson"]) == 1
    assert len(places["picture.log"]) >= 1
    expected = [*texts[:20], *texts[20:29], *texts[30:45], *texts[46:50]]
    assert sorted(history(server)) == sorted(expected)


def test_wrong_usage(server, tmp_path):
    for arguments in (["/no/such/place"], ["s3://"], [], ["--jobs", "0", str(tmp_path)],
                      ["s3://b", "--endpoint-url", "http://127.0.0.1:1", "--data-dir", str(server.data_dir)]):
        env = {name: value for name, value in server.environment().items() if not name.startswith("AWS_ACCESS")}
        env = env if "s3://b" in arguments else server.environment()
        run = subprocess.run([BINARY, "import", *arguments], env=env, capture_output=True, text=True, timeout=60)
        assert run.returncode == 2, (arguments, run.stderr)


def generated(folder, events):
    """Realistic events from the project's generator."""
    subprocess.run(["cargo", "run", "-q", "-p", "xtask", "--", "gen", "--events", str(events), "--from", "2026-03-01",
                    "--to", "2026-03-03", "--out", str(folder)], cwd=ROOT, check=True, capture_output=True, timeout=600)
    texts = []
    for path in folder.rglob("*.json.gz"):
        text = gzip.decompress(path.read_bytes()).decode()
        texts += re.split(r',(?=\{"eventVersion":)', text.removeprefix('{"Records":[').removesuffix("]}"))
    return texts


@pytest.mark.parametrize("victim", ["server", "client"])
def test_kill_nine_while_importing(tmp_path, victim):
    texts = generated(tmp_path / "logs", 12_000)
    chance = random.Random(7)
    server_dir = tmp_path / "data"
    with running(server_dir, *FLAGS, "--lake-flush-records", "2000",
                 announced=["could not be brought in", "could not be received"]) as server:
        for _ in range(6):
            client = subprocess.Popen([BINARY, "import", "--json", str(tmp_path / "logs")], env=server.environment(),
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.05, 0.8))
            if victim == "server":
                server.kill()
                server.start()
            client.kill()
            client.wait()
        bring_in(server, tmp_path / "logs")
        found = history(server)
        assert len(found) == len(texts), "complete, and nothing twice"
        assert sorted(found) == sorted(texts)
        server.kill()
        server.start()
        assert sorted(history(server)) == sorted(texts)


def test_from_the_servers_own_bucket(server, tmp_path):
    s3 = server.boto("s3")
    s3.create_bucket(Bucket="old-logs")
    texts = records(50)
    for number in range(5):
        key = f"p/{LAYOUT}/111122223333_CloudTrail_us-east-1_20260301T000{number}Z_abcdefghijklmno{number}.json.gz"
        s3.put_object(Bucket="old-logs", Key=key, Body=gzip.compress(log(texts[number * 10:number * 10 + 10])))
    report = bring_in(server, "s3://old-logs/p/AWSLogs/")
    assert (report["files"], report["imported"]) == (5, 50)
    assert bring_in(server, "s3://old-logs")["knownFiles"] == 5
    assert sorted(history(server)) == sorted(texts)


def test_from_another_endpoint(server, moto):  # noqa: F811
    s3 = moto.s3()
    s3.create_bucket(Bucket="far-logs")
    texts = records(30, seed=3)
    for number, name in enumerate(("a.json.gz", "b.ndjson", "c.txt")):
        s3.put_object(Bucket="far-logs", Key=f"x/{name}", Body=list(FORMS.values())[[0, 3, 3][number]](texts[number * 10:][:10]))
    env = server.environment() | {"AWS_ACCESS_KEY_ID": "moto", "AWS_SECRET_ACCESS_KEY": "moto"}
    arguments = ("s3://far-logs/x", "--endpoint-url", moto.endpoint, "--data-dir", server.data_dir)
    report = bring_in(server, *arguments, env=env)
    assert (report["imported"], report["leftOut"]["others"]) == (20, 1)
    assert bring_in(server, *arguments, env=env)["knownFiles"] == 2
    assert sorted(history(server)) == sorted(texts[:20])


def test_digests_are_checked_first(tmp_path):
    with running(tmp_path / "first", *FAST) as first:
        s3 = make_trail_bucket(first, "sealed")
        trails = first.boto("cloudtrail")
        trails.create_trail(Name="sealed", S3BucketName="sealed", EnableLogFileValidation=True)
        trails.start_logging(Name="sealed")
        for _ in range(3):
            trails.list_trails()
            time.sleep(1.2)
        aws(first, "cloudtrail", "stop-logging", "--name", "sealed")
        wait_until_sealed(s3, "sealed")
        assert arn("sealed")
        logs = [key for key in keys(s3, "sealed") if "CloudTrail-Digest" not in key and key.endswith(".gz")]
        good = bring_in(first, "s3://sealed", "--verify-digests")
        assert (good["importedFiles"], good["refused"]) == (len(logs), [])
        assert good["leftOut"]["digests"] > 0
        bodies = {key: gzip.decompress(s3.get_object(Bucket="sealed", Key=key)["Body"].read()) for key in logs}
        changed = next(key for key, body in bodies.items() if b"ListTrails" in body)
        s3.put_object(Bucket="sealed", Key=changed, Body=gzip.compress(bodies[changed].replace(b"ListTrails", b"HideTrails")),
                      ContentType="application/json", ContentEncoding="gzip")
        report = bring_in(first, "s3://sealed", "--verify-digests", "--again", code=1)
        assert [refused["file"].rsplit("/", 1)[1] for refused in report["refused"]] == [changed.rsplit("/", 1)[1]]
        assert report["importedFiles"] == len(logs) - 1
        assert not any('"eventName":"HideTrails"' in text for text in first.cli("lookup", "--json").stdout.split("\n"))
