"""The benches of the store: `store`, `lookup`, `scan`, `query`. Each makes what it needs and isn't there yet."""

import datetime
import os
import shutil
import statistics

from . import asking, ours, questions, spark
from .measure import CORES, cell, child, evict, goal, load, median, percentile, size, table


def store(data, rounds):
    """Import, and the bytes that it leaves."""
    importers = {
        "opentrail": lambda: ours.import_logs(data.logs, data.path("opentrail")),
        "DuckDB → Parquet zstd": lambda: import_parquet(data),
        "chdb → MergeTree": lambda: import_mergetree(data),
    }
    seen = {name: [] for name in importers}
    for _ in range(rounds):
        for name, run in importers.items():
            seen[name].append(run())
    rows = []
    rate = {name: data.events / median([run["seconds"] for run in runs]) for name, runs in seen.items()}
    for name, runs in seen.items():
        durable = [data.events / run["durable"] for run in runs if "durable" in run]
        rows.append([
            name, rate[name], cell(median(durable)) if durable else "", rate["opentrail"] / rate[name],
            median([run["cpu"] for run in runs]) / data.events * 1e6, max(run["peak_mib"] for run in runs),
        ])
    head = ["import", "events/s, all in ORC or its like", "events/s, durable and found", "opentrail ÷ it", "CPU µs/event", "peak MiB"]
    table(f"Import of {data.events:,} events from .json.gz, {CORES} cores, medians of {rounds}, load {load()}", head, rows)
    for name in list(importers)[1:]:
        goal(f"import ≥ 3 × {name}", rate["opentrail"] >= 3 * rate[name], f"{rate['opentrail'] / rate[name]:.2f} ×")
    peak = rows[0][-1]
    goal("serve ≤ 1 GiB resident while importing", peak <= 1024, f"{peak:.0f} MiB (import client {seen['opentrail'][-1]['client_mib']:.0f})")
    stored(data)


def import_parquet(data):
    data.path("events.parquet").unlink(missing_ok=True)
    return child("duck", "import", logs=data.logs, parquet=data.path("events.parquet"))


def import_mergetree(data):
    shutil.rmtree(data.path("chdb"), ignore_errors=True)
    return child("click", "import", logs=data.logs, place=data.path("chdb"))


def stored(data):
    """Bytes per event."""
    lake = ours.segments(data)
    orc, index = size(lake, ".orc"), size(lake, ".idx")
    kinds = {
        "opentrail, .orc": orc,
        "opentrail, .idx": index,
        "opentrail, both": orc + index,
        ".json.gz": size(data.logs, ".gz"),
        "Parquet zstd (DuckDB)": size(data.path("events.parquet")),
        "MergeTree (chdb, LZ4)": child("click", "size", place=data.path("chdb"))["bytes"],
    }
    rows = [[name, bytes / data.events, (orc + index) / bytes] for name, bytes in kinds.items()]
    table("Bytes per event", ["what", "bytes/event", "opentrail, both ÷ it"], rows)
    gzip, parquet = (orc + index) / kinds[".json.gz"], (orc + index) / kinds["Parquet zstd (DuckDB)"]
    goal("bytes ≤ 70 % of .json.gz", gzip <= 0.7, f"{gzip:.0%}")
    goal("bytes ≤ Parquet zstd of the same columns", parquet <= 1, f"{parquet:.0%}; .orc alone {orc / kinds['Parquet zstd (DuckDB)']:.0%}")


def made(data):
    """What lookups and scans are asked of."""
    if not data.path("opentrail").exists():
        ours.import_logs(data.logs, data.path("opentrail"))
    if not data.path("events.parquet").exists():
        import_parquet(data)
    if not data.path("chdb").exists():
        import_mergetree(data)


def lookup(data, rounds, each=20):
    """Newest 50 by rare and frequent values of each attribute."""
    made(data)
    parquet, native, chdb = data.path("lookups.parquet"), data.path("lookups.duckdb"), data.path("chdb")
    if not parquet.exists():
        data.make_terms()
        child("duck", "prepare_lookups", parquet=data.path("events.parquet"), terms=data.terms, to=parquet, database=native)
        child("click", "prepare_lookups", place=chdb, terms=data.terms)
    chosen = child("duck", "choose", parquet=parquet, each=each)["chosen"]
    peers = {
        "DuckDB, Parquet": lambda some, rounds: child("duck", "lookup", table=f"'{parquet}'", chosen=some, rounds=rounds),
        "DuckDB, own table": lambda some, rounds: child("duck", "lookup", table="events", chosen=some, rounds=rounds, database=native),
        "chdb, MergeTree": lambda some, rounds: child("click", "lookup", place=chdb, chosen=some, rounds=rounds),
    }

    def our(some, rounds):
        with ours.Server(data.path("opentrail")):
            return ours.lookup(data.path("opentrail"), some, data.end, rounds, data.folder)

    engines = {"opentrail, HTTP": our, **peers}
    warm, cold, reference = {}, {}, None
    for name, run in engines.items():
        evict(data.folder)
        # Fresh process, empty caches, each question once, then again and again.
        answers = run(chosen, rounds + 1)["answers"]
        cold[name] = [answer["seconds"][0] for answer in answers]
        warm[name] = [answer["seconds"][1:] for answer in answers]
        reference = reference or answers
        check(name, chosen, answers, reference)
    report_lookups(data, chosen, warm, cold, rounds)


def check(name, chosen, answers, reference):
    """Numbers of engines that answer differently say nothing."""
    for question, answer, other in zip(chosen, answers, reference, strict=True):
        if not questions.same_events(answer["found"], other["found"]):
            raise SystemExit(f"void: {name} finds other events than opentrail by {question}: {len(answer['found'])}, {len(other['found'])}")


def report_lookups(data, chosen, warm, cold, rounds):
    groups = sorted({(question["attribute"], question["kind"]) for question in chosen})
    engines = list(warm)
    rows = []
    for group in groups:
        mine = [number for number, question in enumerate(chosen) if (question["attribute"], question["kind"]) == group]
        cells = []
        for engine in engines:
            seconds = [second * 1000 for number in mine for second in warm[engine][number]]
            cells.append(f"{median(seconds):.3g} / {percentile(seconds, 0.99):.3g}")
        rows.append([f"{group[0]}, {group[1]} ({len(mine)})", *cells])
    pooled = {engine: [second * 1000 for seconds in warm[engine] for second in seconds] for engine in engines}
    rows.append(["**all, warm**", *(f"{median(all):.3g} / {percentile(all, 0.99):.3g}" for all in pooled.values())])
    colds = {engine: [second * 1000 for second in cold[engine]] for engine in engines}
    rows.append(["**all, cold**", *(f"{median(all):.3g} / {percentile(all, 0.99):.3g}" for all in colds.values())])
    head = ["newest 50 by (values)", *(f"{engine}: p50 / p99 ms" for engine in engines)]
    table(f"Lookups in {data.events:,} events, {rounds} rounds of each value, load {load()}", head, rows)
    print("\nAll engines found the same events.")
    ours_p99 = percentile(pooled[engines[0]], 0.99)
    goal("lookup p99 < 5 ms, warm", ours_p99 < 5, f"{ours_p99:.2f} ms over HTTP, signed and recorded")
    for engine in engines[1:]:
        theirs = percentile(pooled[engine], 0.99)
        goal(f"lookup p99 < 1/10 of {engine}", ours_p99 < theirs / 10, f"1/{theirs / ours_p99:.1f}")


def scan(data, rounds):
    """Scans by one core, and ORC written by one core."""
    made(data)
    lake, parquet, chdb = ours.segments(data), data.path("events.parquet"), data.path("chdb")
    engines = {
        "opentrail, ORC": lambda middle, **how: ours.scan(lake, middle_millis=data.middle_millis, **how),
        "pyarrow, ORC": lambda **how: child("arrow", "scan", lake=lake, **how),
        "chdb, ORC": lambda **how: child("click", "scan", table=f"file('{lake}/*.orc', ORC)", **how),
        "DuckDB, Parquet": lambda **how: child("duck", "scan", parquet=parquet, **how),
        "chdb, MergeTree": lambda **how: child("click", "scan", table="events", place=chdb, **how),
    }
    rows, warm = [], {name: [] for name in engines}
    for name in questions.SCANS:
        cells, reference = [], None
        for engine, run in engines.items():
            evict(data.folder)
            seen = run(name=name, middle=data.middle, rounds=rounds + 1)
            answer = questions.plain(seen["answer"])
            reference = reference or answer
            if name != "all columns" and answer != reference:
                raise SystemExit(f"void: {engine} answers `{name}` with {str(answer)[:300]}, opentrail with {str(reference)[:300]}")
            warm[engine].append(median(seen["cpu_seconds"][1:]))
            cells.append(" / ".join(cell(1000 * seconds) for seconds in (median(seen["seconds"][1:]), warm[engine][-1], seen["seconds"][0])))
        rows.append([name, *cells])
    head = ["scan", *(f"{engine}: warm / warm CPU / cold ms" for engine in engines)]
    table(f"Scans of {data.events:,} events by one core, medians of {rounds}, load {load()}", head, rows)
    ours_first, *others = warm
    ratios = [
        [name, *(warm[engine][number] / warm[ours_first][number] for engine in others)]
        for number, name in enumerate(questions.SCANS)
    ]
    table("The others' time by opentrail's, warm, by CPU", ["scan", *others], ratios)
    written(data, lake, rounds)


def written(data, lake, rounds):
    """ORC files by one core, of rows in memory."""
    rows, out = min(data.events, 200_000), data.path("written.orc")
    writers = {
        "opentrail": ours.write(lake, out, rows, rounds),
        "pyarrow": child("arrow", "write", lake=lake, out=out, rows=rows, rounds=rounds),
    }
    rates = {name: seen["rows"] / median(seen["cpu_seconds"]) for name, seen in writers.items()}
    head = ["writer", "events/s by CPU", "events/s by the wall", "bytes/event", "opentrail ÷ it"]
    table(f"ORC zstd written by one core, {rows:,} events in memory, load {load()}", head, [
        [name, rates[name], seen["rows"] / median(seen["seconds"]), seen["bytes"] / seen["rows"], rates["opentrail"] / rates[name]]
        for name, seen in writers.items()
    ])


def query(data, rounds):
    """SQL on all cores."""
    made(data)
    lake, parquet = ours.segments(data), data.path("events.parquet")
    moment = "%Y-%m-%d %H:%M:%S"
    middle = data.begin + (data.end - data.begin) / 2
    values = {
        "end": data.end.strftime(moment), "middle": middle.strftime(moment),
        "next": (middle + datetime.timedelta(days=1)).strftime(moment),
        **{name: value for name, value in child("duck", "pick", parquet=parquet, middle=data.middle).items() if name in ("event", "key")},
    }
    engines = {
        "opentrail": ("trino", "$HISTORY", lambda **how: ours.ask(data.path("opentrail"), **how)),
        "DuckDB, Parquet": ("duckdb", f"'{parquet}'", lambda **how: child("duck", "ask", **how)),
        "chdb, MergeTree": ("clickhouse", "events", lambda **how: child("click", "ask", place=data.path("chdb"), **how)),
        "chdb, our ORC": ("clickhouse", f"file('{lake}/*.orc', ORC)", lambda **how: child("click", "ask", **how)),
    }
    if spark.is_there():
        engines["Spark, our ORC"] = ("spark", "events", lambda **how: child("spark", "ask", lake=lake, **how))
    names, seen = list(asking.QUESTIONS), {}
    for engine, (dialect, table_name, run) in engines.items():
        evict(data.folder)
        statements = [asking.statement(name, dialect, table_name, values) for name in names]
        seen[engine] = run(statements=statements, rounds=rounds + 1)["answers"]
        for name, ours_saw, theirs in zip(names, seen["opentrail"], seen[engine], strict=True):
            if not asking.same(ours_saw["answer"], theirs["answer"]):
                raise SystemExit(f"void: {engine} answers `{name}` with {str(theirs['answer'])[:600]}, opentrail with {str(ours_saw['answer'])[:600]}")
    report_queries(data, names, seen, rounds)


def report_queries(data, names, seen, rounds):
    """Milliseconds of each question, and how they compare."""
    warm = {engine: [1000 * median(answer["seconds"][1:]) for answer in answers] for engine, answers in seen.items()}
    cold = {engine: [1000 * answer["seconds"][0] for answer in answers] for engine, answers in seen.items()}
    rows = [
        [name, *(f"{cell(warm[engine][number])} / {cell(cold[engine][number])}" for engine in seen)]
        for number, name in enumerate(names)
    ]
    head = ["question", *(f"{engine}: warm / first ms" for engine in seen)]
    table(f"SQL over {data.events:,} events, {CORES} cores, medians of {rounds}, load {load()}", head, rows)
    others = list(seen)[1:]
    ratios = {engine: [theirs / own for theirs, own in zip(warm[engine], warm["opentrail"], strict=True)] for engine in others}
    rows = [[name, *(ratios[engine][number] for engine in others)] for number, name in enumerate(names)]
    rows.append(["**geometric mean**", *(statistics.geometric_mean(ratios[engine]) for engine in others)])
    table("The others' time by opentrail's, warm", ["question", *others], rows)
    print("\nAll engines gave the same answers.")


STAGES = {"store": store, "lookup": lookup, "scan": scan, "query": query}
