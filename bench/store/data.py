"""What all engines are given, made once for a work folder: log files, and what the peers' tables need besides."""

import datetime
import os
import pathlib

from . import measure

DAYS = 10


class Data:
    """The work folder, and the events in it."""

    def __init__(self, folder, events):
        self.folder, self.events = pathlib.Path(folder), events
        self.logs, self.terms = self.folder / "logs", self.folder / "terms.ndjson"
        # The begin of the day on which the folder was made: what the server records of itself is later.
        kept = self.folder / "end"
        if not kept.exists():
            kept.write_text(datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT00:00:00+00:00"))
        self.end = end = datetime.datetime.fromisoformat(kept.read_text())
        self.begin = end - datetime.timedelta(days=DAYS)
        middle = end - datetime.timedelta(days=DAYS / 2)
        self.middle, self.middle_millis = middle.strftime("%Y-%m-%d %H:%M:%S"), int(middle.timestamp()) * 1000

    def make(self):
        """The log files; made again only when they are gone."""
        if self.logs.exists():
            return
        root, moment = measure.BENCH.parent, "%Y-%m-%dT%H:%M:%SZ"
        measure.run([
            "cargo", "run", "--quiet", "--release", "--manifest-path", root / "Cargo.toml", "--package", "xtask", "--", "gen",
            "--events", str(self.events), "--seed", "1", "--from", self.begin.strftime(moment),
            "--to", self.end.strftime(moment), "--out", self.logs,
        ])

    def make_terms(self):
        if not self.terms.exists():
            with open(self.terms, "w") as out:
                measure.run([binary("terms"), self.logs], stdout=out)

    def path(self, name):
        return self.folder / name


def binary(name):
    """A bench of this workspace, built before."""
    target = os.environ.get("CARGO_TARGET_DIR", measure.BENCH / "target")
    return pathlib.Path(target) / "release" / name
