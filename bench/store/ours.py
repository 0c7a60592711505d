"""`opentrail`: a server, an import, lookups over HTTP and scans by our own reader."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request

from . import measure
from .data import binary

ADDRESS = "127.0.0.1:7478"
OPENTRAIL = os.environ.get("OPENTRAIL_BIN", str(measure.BENCH.parent / "target/release/opentrail"))


class Server:
    """A server of its own data folder; stopped at the end of the `with`, and that stop drains the hot tail into ORC files."""

    def __init__(self, data_dir):
        self.data_dir = data_dir
        self.peak_mib = self.seconds_to_drain = 0

    def __enter__(self):
        command = [OPENTRAIL, "serve", "--listen", ADDRESS, "--log", "warn", "--data-dir", self.data_dir]
        self.process = subprocess.Popen([*command, "--shutdown-grace", "1h"])
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://{ADDRESS}/healthz").read()
                return self
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit(f"`{OPENTRAIL} serve` was not ready in time")
            time.sleep(0.02)

    def resident_mib(self, name="VmRSS"):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith(name))

    def __exit__(self, *_):
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.seconds_to_drain = time.monotonic() - begun
        self.peak_mib, self.cpu = usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime
        if self.process.returncode:
            raise SystemExit(f"`opentrail serve` ended with {self.process.returncode}")


def import_logs(logs, data_dir):
    """All log files: seconds until each record is durable and found, and until each is in an ORC file."""
    shutil.rmtree(data_dir, ignore_errors=True)
    server = Server(data_dir)
    with server:
        begun = time.monotonic()
        # The summary goes to standard output, and is kept out of ours.
        _, client = measure.run([OPENTRAIL, "import", logs, "--data-dir", data_dir])
        durable = time.monotonic() - begun
    return {
        "durable": durable,
        "seconds": durable + server.seconds_to_drain,
        "peak_mib": server.peak_mib,
        "client_mib": client["peak_mib"],
        "cpu": server.cpu + client["cpu"],
    }


def segments(data):
    """A folder with links to the segments of what was imported, without those of the server's own calls."""
    links = data.path("segments")
    shutil.rmtree(links, ignore_errors=True)
    for path in measure.files(data.path("opentrail") / "lake"):
        day = path.parent.name
        if day.startswith("day=") and day < f"day={data.end:%Y-%m-%d}" and path.suffix in (".orc", ".idx"):
            links.mkdir(exist_ok=True)
            os.link(path, links / f"{day}-{path.name}")
    return links


def lookup(data_dir, chosen, end, rounds, folder):
    questions = folder / "questions.json"
    questions.write_text(json.dumps(chosen))
    answer, _ = measure.run([binary("lookup"), ADDRESS, data_dir, questions, str(int(end.timestamp())), str(rounds)])
    return json.loads(answer)


def ask(data_dir, statements, rounds):
    """Statements over the history, by the engine in a process of its own."""
    built = os.environ.get("CARGO_TARGET_DIR", measure.BENCH.parent / "target")
    command = [f"{built}/release/examples/ask", data_dir, str(rounds)]
    asked = "".join(json.dumps(text) + "\n" for text in statements)
    done = subprocess.run(command, input=asked, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"`ask` ended with {done.returncode}: {done.stderr[-2000:]}")
    return {"answers": [json.loads(line) for line in done.stdout.splitlines()]}


def scan(lake, name, middle_millis, rounds):
    answer, usage = measure.run([binary("scan"), "scan", lake, name, str(middle_millis), str(rounds)])
    return {**json.loads(answer), **usage}


def write(lake, out, rows, rounds):
    answer, usage = measure.run([binary("scan"), "write", lake, out, str(rows), str(rounds)])
    return {**json.loads(answer), **usage}
