"""chdb (ClickHouse in the process): log files → its own MergeTree tables, lookups and scans there, scans of our ORC files."""

import json

from chdb import session

from . import questions, schema
from .measure import CORES, serve_verbs, times


def connect(place, threads=CORES):
    connection = session.Session(str(place))
    connection.query(f"SET max_threads = {threads}")
    return connection


def rows(connection, query):
    text = connection.query(query, "JSONCompactEachRow").data()
    return [json.loads(line) for line in text.splitlines()]


def import_logs(logs, place):
    """All log files to a table with the Lake's columns, and the text of the record."""
    connection = connect(place)
    columns = ", ".join(f"`{name}` {schema.clickhouse(kind)}" for name, kind in schema.COLUMNS.items())
    own = "eventJson String"
    connection.query(f"CREATE TABLE events ({columns}, {own}) ENGINE = MergeTree ORDER BY eventTime")
    members = ", ".join(f"tupleElement(t, '{name}')" for name in schema.COLUMNS)
    kind = schema.clickhouse().replace("'", "\\'")
    insert = f"""
        INSERT INTO events SELECT {members}, record FROM (
            SELECT record, JSONExtract(record, '{kind}') AS t FROM (
                SELECT arrayJoin(Records) AS record
                FROM file('{logs}/**/*.json.gz', JSONEachRow, 'Records Array(String)')
            )
        ) SETTINGS input_format_json_read_objects_as_strings = 1, max_insert_threads = {CORES}"""
    (seconds,) = times(lambda: connection.query(insert), 1)
    return {"seconds": seconds, "rows": rows(connection, "SELECT count() FROM events")[0][0]}


def size(place):
    """Bytes of the table's parts, merged as the engine would in time."""
    connection = connect(place)
    connection.query("OPTIMIZE TABLE events FINAL")
    query = "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'events'"
    return {"bytes": int(rows(connection, query)[0][0])}


def prepare_lookups(place, terms):
    """The table that lookups ask: in the order of time, with the columns that no record has."""
    connection = connect(place)
    kinds = {"VARCHAR": "String", "VARCHAR[]": "Array(String)"}
    structure = ", ".join(f"{name} {kinds[kind]}" for name, kind in questions.TERMS.items())
    extra = ", ".join(f"t.{name} AS {name}" for name in questions.TERMS if name != "eventID")
    connection.query(f"""
        CREATE TABLE lookups ENGINE = MergeTree ORDER BY eventTime AS SELECT e.*, {extra} FROM events e
        LEFT ANY JOIN file('{terms}', JSONEachRow, '{structure}') t ON e.eventID = t.eventID""")
    connection.query("OPTIMIZE TABLE lookups FINAL")
    return {"rows": rows(connection, "SELECT count() FROM lookups")[0][0]}


def lookup(place, chosen, rounds):
    """Answers all lookups, so many rounds of each."""
    connection = connect(place)

    def one(question):
        column, value = questions.ATTRIBUTES[question["attribute"]], question["value"].replace("\\", "\\\\").replace("'", "\\'")
        condition = f"has({column}, '{value}')" if column in questions.LISTS else f"{column} = '{value}'"
        query = questions.LOOKUP.format(table="lookups", time="toUnixTimestamp64Milli(eventTime)", condition=condition)
        return rows(connection, query)

    return questions.ask(one, chosen, rounds)


def scan(table, name, middle, rounds, place=":memory:"):
    """A scan on one core, of a table or of files."""
    connection = connect(place, threads=1)

    def one():
        if name == "all columns":
            connection.query(f"SELECT * FROM {table} FORMAT Null")
            return None
        query = questions.scan(name, table, f"toDateTime64('{middle}', 3, 'UTC')")
        return [[int(value) if str(value).isdigit() else value for value in row] for row in rows(connection, query)]

    return questions.timed(one, rounds)


def ask(statements, rounds, place=":memory:"):
    """Answers all statements, so many rounds of each."""
    connection = connect(place)
    return {"answers": [questions.timed(lambda: rows(connection, text), rounds) for text in statements]}


if __name__ == "__main__":
    serve_verbs({
        "ask": ask,
        "import": import_logs, "size": size, "prepare_lookups": prepare_lookups, "lookup": lookup, "scan": scan,
    })
