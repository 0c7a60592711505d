"""DuckDB: log files → Parquet (zstd), lookups and scans there and in its own tables."""

import json

import duckdb

from . import questions, schema
from .measure import CORES, serve_verbs, times

# `read_json` itself takes several times as long for files of one large object.
RECORDS = """
    SELECT unnest(from_json(json, '{"Records":["VARCHAR"]}').Records) AS record
    FROM read_json_objects(getvariable('logs'), maximum_object_size = 67108864)"""


def connect(threads=CORES, database=":memory:", **options):
    connection = duckdb.connect(database, **options)
    connection.execute(f"SET threads = {threads}")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    return connection


def import_logs(logs, parquet):
    """All log files to one Parquet file with the Lake's columns, and the text of the record. (Its SHA-256 is made when it is asked for, there as here.)"""
    connection = connect()
    connection.execute("SET VARIABLE logs = $1", [f"{logs}/**/*.json.gz"])
    columns = f"""
        SELECT unnest(t), record AS eventJson
        FROM (SELECT from_json(record, '{json.dumps(schema.duckdb())}') AS t, record FROM ({RECORDS}))"""
    (seconds,) = times(lambda: connection.execute(f"COPY ({columns}) TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)"), 1)
    (rows,) = connection.execute(f"SELECT count(*) FROM '{parquet}'").fetchone()
    return {"seconds": seconds, "rows": rows}


def prepare_lookups(parquet, terms, to, database):
    """The table that lookups ask, in the order of time, with the columns that no record has; as Parquet and as a table."""
    connection = connect(database=database)
    joined = f"""
        SELECT e.*, t.* EXCLUDE (eventID) FROM '{parquet}' e
        LEFT JOIN read_json('{terms}', columns = {json.dumps(questions.TERMS)}) t USING (eventID) ORDER BY eventTime"""
    connection.execute(f"COPY ({joined}) TO '{to}' (FORMAT parquet, COMPRESSION zstd)")
    connection.execute(f"CREATE TABLE events AS SELECT * FROM '{to}' ORDER BY eventTime")
    return {"rows": connection.execute("SELECT count(*) FROM events").fetchone()[0]}


def choose(parquet, each):
    """Values to look up: for each attribute the most frequent ones, and some with at most 50 events."""
    connection = connect()
    chosen = []
    for attribute, column in questions.ATTRIBUTES.items():
        value = f"unnest({column})" if column in questions.LISTS else f"CAST({column} AS VARCHAR)"
        counts = f"""
            SELECT value, count(*) AS events FROM (
                SELECT {value} AS value FROM '{parquet}' WHERE {questions.IN_HISTORY}
            ) WHERE value <> '' GROUP BY value"""
        frequent = f"SELECT value FROM ({counts}) ORDER BY events DESC, value LIMIT {each}"
        rare = f"SELECT value FROM ({counts}) WHERE events <= 50 ORDER BY hash(value) LIMIT {each}"
        kinds = {"rare": rare} if attribute == "EventId" else {"frequent": frequent, "rare": rare}
        for kind, query in kinds.items():
            for (found,) in connection.execute(query).fetchall():
                chosen.append({"attribute": attribute, "kind": kind, "value": found})
    return {"chosen": chosen}


def lookup(table, chosen, rounds, database=":memory:"):
    """Answers all lookups, so many rounds of each."""
    connection = connect(database=database, read_only=database != ":memory:")

    def one(question):
        column = questions.ATTRIBUTES[question["attribute"]]
        condition = f"list_contains({column}, $1)" if column in questions.LISTS else f"{column} = $1"
        query = questions.LOOKUP.format(table=table, time="epoch_ms(eventTime)", condition=condition)
        return connection.execute(query, [question["value"]]).fetchall()

    return questions.ask(one, chosen, rounds)


def scan(parquet, name, middle, rounds):
    """A scan on one core."""
    connection = connect(threads=1)

    def one():
        if name == "all columns":
            reader = connection.sql(f"SELECT * FROM '{parquet}'").to_arrow_reader(8192)
            return sum(batch.num_rows for batch in reader)
        return [list(row) for row in connection.execute(questions.scan(name, f"'{parquet}'", f"TIMESTAMP '{middle}'")).fetchall()]

    return questions.timed(one, rounds)


def pick(parquet, middle):
    """An event, and an access key of some events, for questions that ask for one."""
    connection = connect()
    (event,) = connection.execute(f"SELECT min(eventID) FROM '{parquet}' WHERE eventTime >= TIMESTAMP '{middle}'").fetchone()
    keys = f"SELECT userIdentity.accessKeyId AS key, count(*) AS n FROM '{parquet}' WHERE key <> '' GROUP BY key ORDER BY n, key"
    found = connection.execute(keys).fetchall()
    return {"event": event, "key": found[len(found) // 2][0]}


def ask(statements, rounds):
    """Answers all statements, so many rounds of each."""
    connection = connect()
    return {"answers": [
        questions.timed(lambda: [list(row) for row in connection.execute(text).fetchall()], rounds) for text in statements
    ]}


if __name__ == "__main__":
    serve_verbs({
        "pick": pick, "ask": ask,
        "import": import_logs, "prepare_lookups": prepare_lookups, "choose": choose, "lookup": lookup, "scan": scan,
    })
