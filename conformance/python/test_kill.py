"""`kill -9` under load, again and again: no acknowledged call is lost, none is recorded twice, all of it validates.

OPENTRAIL_KILLS sets how often (200 by default), OPENTRAIL_SEED repeats the moments of the kills.
"""

import os
import random
import signal
import subprocess
import threading
import time

from botocore.exceptions import BotoCoreError, ClientError

from conftest import FAST
from logs import arn, aws, keys, document, wait_until, wait_until_sealed
from server import BINARY, Server, make_trail_bucket

KILLS = int(os.environ.get("OPENTRAIL_KILLS", "200"))
SEED = int(os.environ.get("OPENTRAIL_SEED", str(random.randrange(1 << 32))))
LOGS, DATA = "kill-logs", "kill-data"
THREADS = 4
READY_SECONDS_MAX = 5


class Register:
    """A value that one thread writes: what it may be, given which writes were acknowledged."""

    def __init__(self, value):
        self.possible = {value}

    def write(self, value, call):
        self.possible.add(value)
        answer = call()
        self.possible = {value}
        return answer


class Load:
    """Threads that call without end, and note what was acknowledged."""

    def __init__(self, server):
        self.server = server
        self.is_over = threading.Event()
        self.lock = threading.Lock()
        self.acknowledged = set()
        self.bodies = {}
        self.selectors = [Register("All") for _ in range(THREADS)]
        self.overwritten = [Register(None) for _ in range(THREADS)]
        self.unexpected = []
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(THREADS)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def finish(self):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def work(self, number):
        chance = random.Random(SEED + number)
        patience = {"connect_timeout": 1, "read_timeout": 10}
        trails, s3 = self.server.boto("cloudtrail", **patience), self.server.boto("s3", **patience)
        west = self.server.boto("cloudtrail", "eu-west-1", **patience)
        count = 0
        while not self.is_over.is_set():
            count += 1
            key, body = f"{number}/{count}", os.urandom(chance.choice((0, 10, 5000)))
            overwritten = {"Bucket": DATA, "Key": f"overwritten-{number}"}
            kind = chance.choice(("All", "ReadOnly", "WriteOnly"))
            calls = [
                lambda: trails.get_trail(Name="killed"),
                lambda: west.list_trails(),
                lambda: self.selectors[number].write(kind, lambda: trails.put_event_selectors(
                    TrailName=f"changed-{number}", EventSelectors=[{"ReadWriteType": kind}])),
                lambda: self.note_body(key, body, s3.put_object(Bucket=DATA, Key=key, Body=body)),
                lambda: self.overwritten[number].write(body, lambda: s3.put_object(**overwritten, Body=body)),
                lambda: self.overwritten[number].write(None, lambda: s3.delete_object(**overwritten)),
            ]
            self.attempt(chance.choice(calls))

    def note_body(self, key, body, answer):
        with self.lock:
            self.bodies[key] = body
        return answer

    def attempt(self, call):
        try:
            id = call()["ResponseMetadata"]["RequestId"]
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 503:
                self.unexpected.append(error)
            return
        except BotoCoreError:
            time.sleep(0.005)
            return
        with self.lock:
            self.acknowledged.add(id)


def kill_before_ready(server, chance):
    """Starts the server and kills it while it is still reading what the last one left."""
    command = [BINARY, "serve", "--data-dir", str(server.data_dir), "--listen", f"127.0.0.1:{server.port}", *FAST]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(chance.uniform(0, 0.05))
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_kill_nine(tmp_path):
    print(f"OPENTRAIL_SEED={SEED} OPENTRAIL_KILLS={KILLS}")
    chance = random.Random(SEED)
    server = Server(tmp_path / "data", *FAST).start()
    s3 = make_trail_bucket(server, LOGS)
    s3.create_bucket(Bucket=DATA)
    trails = server.boto("cloudtrail")
    trails.create_trail(Name="killed", S3BucketName=LOGS, IsMultiRegionTrail=True, EnableLogFileValidation=True)
    for number in range(THREADS):
        trails.create_trail(Name=f"changed-{number}", S3BucketName=LOGS)
    trails.put_event_selectors(TrailName="killed", EventSelectors=[
        {"DataResources": [{"Type": "AWS::S3::Object", "Values": [f"arn:aws:s3:::{DATA}/"]}]}])
    trails.start_logging(Name="killed")
    load = Load(server)
    load.start()
    slowest = 0.0
    try:
        for number in range(KILLS):
            time.sleep(chance.uniform(0.0, 0.3))
            server.kill()
            if chance.random() < 0.1:
                kill_before_ready(server, chance)
            begun = time.monotonic()
            server.start()
            slowest = max(slowest, time.monotonic() - begun)
    finally:
        load.finish()
    print(f"{len(load.acknowledged)} calls acknowledged over {KILLS} kills; slowest start {slowest:.3f} s")
    assert load.unexpected == []
    assert slowest < READY_SECONDS_MAX
    assert len(load.acknowledged) > KILLS, "the load did not load"
    check(server, load)
    server.stop()


def check(server, load):
    s3, trails = server.boto("s3"), server.boto("cloudtrail")
    last = trails.describe_trails()["ResponseMetadata"]["RequestId"]
    seen = Seen(s3)
    wait_until(lambda: last in seen.look().requests, "the last call in a log file", 120)
    trails.stop_logging(Name="killed")
    wait_until_sealed(s3, LOGS, 120)
    seen.look()
    lost = load.acknowledged - set(seen.requests)
    assert not lost, f"{len(lost)} of {len(load.acknowledged)} acknowledged calls are in no log file: {sorted(lost)[:5]}"
    assert len(seen.requests) == len(set(seen.requests)), "a call is in the log files twice"
    assert len(seen.events) == len(set(seen.events)), "a record is in the log files twice"
    for key, body in load.bodies.items():
        assert read(s3, key) == body, key
    for number in range(THREADS):
        selectors = trails.get_event_selectors(TrailName=f"changed-{number}")["EventSelectors"]
        assert selectors[0]["ReadWriteType"] in load.selectors[number].possible
        assert read(s3, f"overwritten-{number}") in load.overwritten[number].possible
    for region in ("us-east-1", "eu-west-1"):
        run = aws(server, "cloudtrail", "validate-logs", "--trail-arn", arn("killed"), "--start-time",
                  "2020-01-01T00:00:00Z", "--region", region, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
        print(run.stdout)


def read(s3, key):
    try:
        return s3.get_object(Bucket=DATA, Key=key)["Body"].read()
    except ClientError as error:
        assert error.response["Error"]["Code"] == "NoSuchKey"
        return None


class Seen:
    """What the log files hold, each file read once."""

    def __init__(self, s3):
        self.s3, self.files, self.requests, self.events = s3, set(), [], []

    def look(self):
        for key in keys(self.s3, LOGS):
            if key not in self.files:
                self.files.add(key)
                for record in document(self.s3, LOGS, key)["Records"]:
                    self.events.append(record["eventID"])
                    if "requestID" in record:
                        self.requests.append(record["requestID"])
        return self
