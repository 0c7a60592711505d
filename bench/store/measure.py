"""Children that measure, caches that are emptied, and tables that people read."""

import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

BENCH = pathlib.Path(__file__).resolve().parent.parent
CORES = os.cpu_count()


def child(module, verb, **arguments):
    """Runs `verb` of a peer in a process of its own. What it answers, with the most memory that it held and its CPU time."""
    command = [sys.executable, "-m", f"store.{module}", verb, json.dumps(arguments, default=str)]
    answer, usage = run(command)
    return {**json.loads(answer.splitlines()[-1]), **usage}


def run(command, stdout=subprocess.PIPE):
    """Runs a command to its end: its standard output, and what it took."""
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=BENCH, stdout=stdout, text=True)
    answer = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"`{' '.join(map(str, command))[:300]}` ended with {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return answer, {"wall": time.monotonic() - begun, "cpu": cpu, "peak_mib": usage.ru_maxrss / 1024}


def serve_verbs(verbs):
    """The other side of `child`: does the verb that the command line names, and prints its answer."""
    print(json.dumps(verbs[sys.argv[1]](**json.loads(sys.argv[2])), default=str))


def times(work, rounds):
    """Seconds of each round."""
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return seconds


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


median = statistics.median


def evict(place):
    """Drops all files there from the page cache, so that whoever comes next reads the disk. Other programs keep their caches."""
    os.sync()
    for path in files(place):
        with open(path, "rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def files(*places):
    """All files there."""
    for place in map(pathlib.Path, places):
        yield from [place] if place.is_file() else (path for path in sorted(place.rglob("*")) if path.is_file())


def size(place, suffix=""):
    return sum(path.stat().st_size for path in files(place) if path.name.endswith(suffix))


def machine():
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    versions = (BENCH / "requirements.txt").read_text().split()
    return (
        f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC, {CORES} × {names[0]}, Linux {platform.release()}, "
        f"load {load()}, Python {platform.python_version()}, {', '.join(versions)}"
    )


def load():
    return f"{os.getloadavg()[0]:.1f}"


def table(title, head, rows):
    """A table as Markdown, to be read here and pasted there."""
    print(f"\n### {title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print("| " + " | ".join(map(cell, row)) + " |")
    sys.stdout.flush()


def cell(value):
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 1000 else f"{value:,.1f}" if value >= 10 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def goal(what, is_met, seen):
    print(f"\n{'met' if is_met else '**MISSED**'}: {what}: {seen}")
