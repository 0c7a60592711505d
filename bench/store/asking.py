"""SQL: what analysts ask, of OpenTrail and its peers; each question once, with the words in which the dialects differ."""

# Pieces of each dialect. `{0}` is the argument.
DIALECTS = {
    "trino": {
        "hour": "date_format(eventTime, '%Y-%m-%d %H')",
        "param": "element_at(requestParameters, '{0}')",
        "resources": "CROSS JOIN UNNEST(resources) AS r (account, kind, name, prefix)",
        "kind": "kind",
        "time": "timestamp '{0}'",
    },
    "duckdb": {
        "hour": "strftime(eventTime, '%Y-%m-%d %H')",
        "param": "requestParameters['{0}']",
        "resources": ", unnest(resources) AS u (r)",
        "kind": "r.type",
        "time": "timestamp '{0}'",
    },
    "clickhouse": {
        "hour": "formatDateTime(eventTime, '%Y-%m-%d %H')",
        "param": "requestParameters['{0}']",
        "resources": "ARRAY JOIN resources AS r",
        "kind": "r.type",
        "time": "toDateTime64('{0}', 3, 'UTC')",
    },
    "spark": {
        "hour": "date_format(eventTime, 'yyyy-MM-dd HH')",
        "param": "requestParameters['{0}']",
        "resources": "LATERAL VIEW explode(resources) AS r",
        "kind": "r.type",
        "time": "timestamp '{0}'",
    },
}

# The answer of each has one order.
QUESTIONS = {
    "count": "SELECT count(*) AS n FROM {table} WHERE {all}",
    "calls by name": (
        "SELECT eventSource, eventName, count(*) AS n FROM {table} WHERE {all} GROUP BY eventSource, eventName "
        "ORDER BY n DESC, eventSource, eventName LIMIT 20"
    ),
    "errors by code": (
        "SELECT errorCode, count(*) AS n FROM {table} WHERE {all} AND errorCode <> '' GROUP BY errorCode ORDER BY n DESC, errorCode"
    ),
    "calls by hour": "SELECT {hour} AS h, count(*) AS n FROM {table} WHERE {all} GROUP BY {hour} ORDER BY h",
    "who is denied": (
        "SELECT userIdentity.arn AS who, count(*) AS n, min(eventTime) < max(eventTime) AS again FROM {table} "
        "WHERE {all} AND errorCode LIKE '%Denied%' AND userIdentity.arn <> '' GROUP BY userIdentity.arn ORDER BY n DESC, who LIMIT 20"
    ),
    "users by service": (
        "SELECT eventSource, count(DISTINCT userIdentity.arn) AS users FROM {table} WHERE {all} AND userIdentity.arn <> '' "
        "GROUP BY eventSource ORDER BY users DESC, eventSource"
    ),
    "addresses by user": (
        "SELECT userIdentity.arn AS who, count(DISTINCT sourceIPAddress) AS places FROM {table} WHERE {all} AND userIdentity.arn <> '' "
        "GROUP BY userIdentity.arn HAVING count(DISTINCT sourceIPAddress) > 1 ORDER BY places DESC, who LIMIT 20"
    ),
    "one event": "SELECT eventName, eventJson FROM {table} WHERE eventID = '{event}'",
    "newest by key": (
        "SELECT eventID, eventName, eventSource FROM {table} WHERE {all} AND userIdentity.accessKeyId = '{key}' "
        "ORDER BY eventTime DESC, eventID LIMIT 50"
    ),
    "newest writes, whole": (
        "SELECT eventID, eventJson FROM {table} WHERE {all} AND readOnly = false ORDER BY eventTime DESC, eventID LIMIT 100"
    ),
    "buckets": (
        "SELECT {bucket} AS b, count(*) AS n FROM {table} WHERE {all} AND eventSource = 's3.amazonaws.com' AND {bucket} <> '' "
        "GROUP BY {bucket} ORDER BY n DESC, b LIMIT 20"
    ),
    "resources by type": (
        "SELECT {kind} AS k, count(*) AS n FROM {table} {resources} WHERE {all} AND {kind} <> '' GROUP BY {kind} ORDER BY n DESC, k LIMIT 20"
    ),
    "agents like": "SELECT count(*) AS n FROM {table} WHERE {all} AND userAgent LIKE '%oto3%'",
    "one day": (
        "SELECT eventName, count(*) AS n FROM {table} WHERE eventTime >= {middle} AND eventTime < {next} "
        "GROUP BY eventName ORDER BY n DESC, eventName LIMIT 20"
    ),
    "share of errors": (
        "SELECT a.who AS who, e.n AS errors, a.n AS calls FROM "
        "(SELECT userIdentity.arn AS who, count(*) AS n FROM {table} WHERE {all} GROUP BY userIdentity.arn) a JOIN "
        "(SELECT userIdentity.arn AS who, count(*) AS n FROM {table} WHERE {all} AND errorCode <> '' GROUP BY userIdentity.arn) e "
        "ON a.who = e.who WHERE a.who <> '' ORDER BY errors DESC, who LIMIT 20"
    ),
    "first call of each user": (
        "SELECT who, eventID FROM (SELECT userIdentity.arn AS who, eventID, row_number() OVER "
        "(PARTITION BY userIdentity.arn ORDER BY eventTime, eventID) AS place FROM {table} WHERE {all} AND userIdentity.arn <> '') t "
        "WHERE place = 1 ORDER BY who LIMIT 50"
    ),
}


def statement(name, dialect, table, values):
    """A question as an engine understands it. `values`: `end`, `middle` and `next` as texts of times, `event` and `key`."""
    words = DIALECTS[dialect]
    times = {name: words["time"].format(values[name]) for name in ("end", "middle", "next")}
    return QUESTIONS[name].format(
        table=table, all=f"eventTime < {times['end']}", hour=words["hour"], bucket=words["param"].format("bucketName"),
        resources=words["resources"], kind=words["kind"], event=values["event"], key=values["key"], middle=times["middle"],
        next=times["next"],
    )


def same(one, other):
    """Whether two answers are, each cell as text."""
    return texts(one) == texts(other)


def texts(answer):
    def text(cell):
        return str(cell).lower() if isinstance(cell, bool) else "" if cell is None else str(cell)

    # ClickHouse answers comparisons with numbers, others with truth values.
    truth = {"true": "1", "false": "0"}
    return [[truth.get(text(cell), text(cell)) for cell in row] for row in answer]
