"""What a query may take, and what becomes of queries when the server dies."""

import pytest

from logs import wait_until
from server import Server
from test_event_data_stores import refused
from test_queries import ask, ended, filled, pages, start

ENDLESS = "SELECT count(*) FROM {0}, {1} AS a (x), {1} AS b (y), {1} AS c (z)"
MANY = "UNNEST(sequence(1, 10000))"


@pytest.fixture
def narrow(tmp_path):
    """Starts servers on one folder; what is asked of them one by one."""
    servers = []

    def serve(*flags):
        servers.append(Server(tmp_path / "narrow", *flags).start())
        return servers[-1]

    yield serve
    for server in servers:
        if server.process.poll() is None:
            server.stop()


def is_running(lake, query):
    return lake.describe_query(QueryId=query)["QueryStatus"] == "RUNNING"


def test_queries_wait_for_their_turn(narrow):
    lake = narrow("--query-concurrency", "1").boto("cloudtrail")
    _, table = filled(lake)
    endless = start(lake, ENDLESS.format(table, MANY))
    wait_until(lambda: is_running(lake, endless), "the run")
    waiting = [start(lake, f"SELECT {number} AS number FROM {table} LIMIT 1") for number in range(9)]
    refused(lake.start_query, "MaxConcurrentQueriesException", QueryStatement=f"SELECT 1 FROM {table}")
    assert {lake.describe_query(QueryId=query)["QueryStatus"] for query in waiting} == {"QUEUED"}
    lake.cancel_query(QueryId=waiting.pop())
    lake.cancel_query(QueryId=endless)
    for number, query in enumerate(waiting):
        ended(lake, query)
        assert pages(lake, query) == [[{"number": str(number)}]]


def test_a_query_is_cut_off_when_its_time_is_up(narrow):
    lake = narrow("--query-timeout", "1s").boto("cloudtrail")
    _, table = filled(lake)
    rows = f"SELECT a.x, b.y, c.z FROM {MANY} AS a (x), {MANY} AS b (y), {MANY} AS c (z), (SELECT 1 FROM {table} LIMIT 1)"
    query = start(lake, f"SELECT * FROM ({rows}) WHERE x + y + z < 0")
    ended(lake, query, "TIMED_OUT")
    assert pages(lake, query) == []


def test_what_does_not_fit_into_memory_goes_to_disk(narrow):
    lake = narrow("--query-memory-bytes", str(16 << 20)).boto("cloudtrail")
    _, table = filled(lake)
    pairs = f"SELECT a.x, b.y FROM UNNEST(sequence(1, 1000)) AS a (x), UNNEST(sequence(1, 600)) AS b (y), (SELECT 1 FROM {table} LIMIT 1)"
    assert ask(lake, f"SELECT count(*) AS n, sum(x) AS s FROM (SELECT x, y FROM ({pairs}) GROUP BY x, y)") == [
        {"n": "600000", "s": str(600 * 1000 * 1001 // 2)}
    ]
    first = ask(lake, f"SELECT x, y FROM ({pairs}) ORDER BY y DESC, x OFFSET 1000 LIMIT 2")
    assert first == [{"x": "1", "y": "599"}, {"x": "2", "y": "599"}]


def test_a_query_without_room_fails_alone(narrow):
    lake = narrow("--query-memory-bytes", str(16 << 20), "--query-spill-bytes", "100000").boto("cloudtrail")
    _, table = filled(lake)
    pairs = f"UNNEST(sequence(1, 1000)) AS a (x), UNNEST(sequence(1, 1000)) AS b (y), (SELECT 1 FROM {table} LIMIT 1)"
    query = start(lake, f"SELECT count(*) FROM (SELECT x, y FROM {pairs} GROUP BY x, y)")
    assert ended(lake, query, "FAILED")["ErrorMessage"] == "Query exhausted resources at this scale factor"
    assert ask(lake, f"SELECT count(*) > 0 AS ok FROM {table}") == [{"ok": "true"}]


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_an_end_of_the_server_fails_what_had_not_ended_and_keeps_what_had(narrow, how):
    server = narrow("--query-concurrency", "1")
    lake = server.boto("cloudtrail")
    _, table = filled(lake)
    whole = start(lake, f"SELECT 'kept' AS word FROM {table} LIMIT 1")
    ended(lake, whole)
    running = start(lake, ENDLESS.format(table, MANY))
    wait_until(lambda: is_running(lake, running), "the run")
    queued = start(lake, f"SELECT 1 FROM {table}")
    getattr(server, how)()
    assert server.complaints() == []
    lake = narrow().boto("cloudtrail")
    assert pages(lake, whole) == [[{"word": "kept"}]]
    for query in (running, queued):
        described = lake.describe_query(QueryId=query)
        assert described["QueryStatus"] == "FAILED"
        assert described["ErrorMessage"].startswith("The service was stopped before the query had ended.")
        assert lake.get_query_results(QueryId=query)["QueryResultRows"] == []
        refused(lake.cancel_query, "InactiveQueryException", QueryId=query)
    assert ask(lake, f"SELECT 1 AS one FROM {table} LIMIT 1") == [{"one": "1"}]
