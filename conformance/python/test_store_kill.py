"""`kill -9` while Event history is flushed, merged and expired, again and again: nothing lost, nothing twice. And files that
are damaged on disk: made again, or named while the others answer.

OPENTRAIL_STORE_KILLS sets how often (60 by default), OPENTRAIL_SEED repeats the moments of the kills.
"""

import collections
import datetime
import hashlib
import itertools
import json
import os
import random
import threading
import time

from botocore.exceptions import BotoCoreError, ClientError

from conftest import FAST, running
from logs import raw, wait_until
from server import ACCOUNT, Server

KILLS = int(os.environ.get("OPENTRAIL_STORE_KILLS", "60"))
SEED = int(os.environ.get("OPENTRAIL_SEED", str(random.randrange(1 << 32))))
# Imported events are kept for a day, so that some of them expire while the test runs.
SMALL = (*FAST, "--lake-flush-records", "60", "--lake-flush-age", "300ms", "--imported-days", "1")
THREADS = 3


def now():
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def event(id, at):
    """An event to import, with spaces and an escape that nothing may tidy."""
    return (
        f'{{"eventVersion":"1.11", "eventTime":"{at:%Y-%m-%dT%H:%M:%SZ}","eventSource":"ec2.amazonaws.com","eventName":"RunInstances",'
        f'"awsRegion":"us-east-1","eventID":"{id}","eventCategory":"Management","managementEvent":true,'
        f'"recipientAccountId":"{ACCOUNT}","requestParameters":{{"a":1.0,"b":"\\u00e9"  }}}}'
    )


def bring_in(server, name, events):
    body = ('{"Records":[' + ",".join(events) + "]}").encode()
    headers = {"x-opentrail-file-name": name, "x-amz-content-sha256": hashlib.sha256(body).hexdigest()}
    return raw(server, body, "OpenTrail.ImportLogFile", service="opentrail", headers=headers)[0]


def history(server):
    """All of Event history, newest first, each record's own text."""
    return server.cli("lookup", "--category", "all", "--json").stdout.splitlines()


class Load:
    """Threads that call and import without end, and note what was acknowledged."""

    def __init__(self, server):
        self.server = server
        self.is_over = threading.Event()
        self.lock = threading.Lock()
        self.calls, self.imports, self.unexpected = set(), {}, []
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(THREADS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def work(self, number):
        chance = random.Random(SEED + number)
        trails = self.server.boto("cloudtrail", connect_timeout=1, read_timeout=10)
        for count in itertools.count():
            if self.is_over.is_set():
                return
            try:
                if chance.random() < 0.2:
                    self.bring_in(chance, f"{number}-{count}")
                else:
                    id = trails.describe_trails()["ResponseMetadata"]["RequestId"]
                    with self.lock:
                        self.calls.add(id)
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] != 503:
                    self.unexpected.append(error)
            except (BotoCoreError, OSError):
                time.sleep(0.005)
            except Exception as error:  # An answer that was cut off.
                if type(error).__module__ != "http.client":
                    raise
                time.sleep(0.005)

    def bring_in(self, chance, name):
        """Imports events of today, and some that are past their time in seconds, in two files that share half of them."""
        at = now() - datetime.timedelta(minutes=chance.randrange(600))
        dying = now() - datetime.timedelta(days=1) + datetime.timedelta(seconds=chance.randrange(3, 9))
        events = {f"{name}-{index}": event(f"{name}-{index}", at) for index in range(6)}
        gone = [event(f"{name}-gone-{index}", dying) for index in range(2)]
        texts = list(events.values())
        for part, file in (("a", texts[:4] + gone), ("b", texts[2:])):
            if bring_in(self.server, f"{name}-{part}.json", file) != 200:
                return
        with self.lock:
            self.imports |= events


def test_kill_nine_of_the_store(tmp_path):
    print(f"OPENTRAIL_SEED={SEED} OPENTRAIL_STORE_KILLS={KILLS}")
    chance = random.Random(SEED)
    server = Server(tmp_path / "data", *SMALL).start()
    done = collections.Counter()
    with Load(server) as load:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.0, 0.9))
            for what in ("flushes", "merges", "expired_segments"):
                done[what] += server.metric(f"opentrail_lake_{what}")
            time.sleep(chance.uniform(0.0, 0.1))
            server.kill()
            server.start()
            assert server.metric("opentrail_lake_damaged_segments") == 0
    print(f"{len(load.calls)} calls and {len(load.imports)} imports acknowledged over {KILLS} kills: {dict(done)}")
    assert load.unexpected == []
    assert len(load.calls) > KILLS and len(load.imports) > KILLS / 4, "the load did not load"
    assert done["flushes"] > KILLS / 4 and done["merges"] > 0, done
    check(server, load)
    # And all of it from segments.
    server.stop()
    server.start()
    check(server, load)
    server.stop()


def check(server, load):
    lines = history(server)
    records = [json.loads(line) for line in lines]
    times = [record["eventTime"] for record in records]
    assert times == sorted(times, reverse=True)
    twice = [id for id, count in collections.Counter(record["eventID"] for record in records).items() if count > 1]
    assert not twice, f"{len(twice)} events are found twice: {twice[:5]}"
    requests = collections.Counter(record.get("requestID") for record in records)
    lost = [id for id in load.calls if requests[id] != 1]
    assert not lost, f"{len(lost)} of {len(load.calls)} acknowledged calls are not found once: {lost[:5]}"
    texts = {record["eventID"]: line for record, line in zip(records, lines)}
    lost = [id for id, text in load.imports.items() if texts.get(id) != text]
    assert not lost, f"{len(lost)} of {len(load.imports)} imported events are not found as they were: {lost[:5]}"
    before = f"{now() - datetime.timedelta(days=1, seconds=5):%Y-%m-%dT%H:%M:%SZ}"
    late = [record["eventID"] for record in records if "gone" in record["eventID"] and record["eventTime"] < before]
    assert not late, f"{len(late)} events are past their time and found: {late[:5]}"


def calls(server, count):
    trails = server.boto("cloudtrail")
    return {trails.describe_trails()["ResponseMetadata"]["RequestId"] for _ in range(count)}


def found(server):
    return {json.loads(line).get("requestID") for line in history(server)}


def files(server, ending):
    return sorted((server.data_dir / "lake").glob(f"history-{ACCOUNT}/day=*/*.{ending}"))


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)


def settled(server, what, value):
    wait_until(lambda: server.metric(f"opentrail_lake_{what}") == value, f"{what} = {value}")


def test_damaged_files_are_made_again(tmp_path):
    flush_soon = ("--lake-flush-age", "300ms")
    with running(tmp_path / "data", *FAST, *flush_soon, announced=("a segment was damaged",)) as server:
        # While it runs: both files from the journal, which still has these records.
        expected = calls(server, 20)
        settled(server, "tail_records", 0)
        flip(files(server, "orc")[0])
        wait_until(lambda: expected <= found(server), "all events again")
        assert server.metric("opentrail_lake_repaired_segments") == 1
        server.stop()
        # At a start: the index from its ORC file.
        flip(files(server, "idx")[0])
        server.start()
        settled(server, "repaired_segments", 1)
        assert expected <= found(server)
        server.stop()
        assert sum("a segment was damaged" in str(line) for line in server.complaints()) == 2


def test_a_lost_segment_is_named_and_the_others_answer(tmp_path):
    with running(tmp_path / "data", *FAST, announced=("a segment is damaged",)) as server:
        lost = calls(server, 10)
        server.stop()
        path = files(server, "orc")[0]
        server.start()
        kept = calls(server, 10)
        journal = server.data_dir / "journal"
        wait_until(lambda: len(list(journal.glob("*.journal"))) == 1, "the journal to forget what is in segments")
        server.stop()
        whole = path.read_bytes()
        flip(path)
        server.start()
        settled(server, "damaged_segments", 1)
        name = f"{path.parent.parent.name}/{path.parent.name}/{path.stem}"
        assert f'opentrail_lake_damaged{{segment="{name}"}} 1' in server.get("/metrics")[1]
        assert kept <= found(server) and not lost & found(server)
        server.stop()
        assert [line for line in server.complaints() if name in str(line)], server.complaints()
        # Somebody puts the file back.
        path.write_bytes(whole)
        server.start()
        settled(server, "damaged_segments", 0)
        assert kept | lost <= found(server)
