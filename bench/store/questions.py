"""What every engine is asked, word for word."""

import time

# What LookupEvents finds events by, and the columns that tell it.
ATTRIBUTES = {
    "EventId": "eventID",
    "EventName": "eventName",
    "ReadOnly": "lookupReadOnly",
    "Username": "lookupUsername",
    "ResourceType": "lookupResourceTypes",
    "ResourceName": "lookupResourceNames",
    "EventSource": "eventSource",
    "AccessKeyId": "userIdentity.accessKeyId",
}

# Event history derives these from several members of a record; a table needs them as columns. They are made beforehand
# (`--bin terms`) and cost the peers nothing.
TERMS = {
    "eventID": "VARCHAR",
    "lookupReadOnly": "VARCHAR",
    "lookupUsername": "VARCHAR",
    "lookupResourceTypes": "VARCHAR[]",
    "lookupResourceNames": "VARCHAR[]",
}
LISTS = [name for name, kind in TERMS.items() if kind.endswith("[]")]

# What LookupEvents answers from: the called Region's.
IN_HISTORY = "eventCategory = 'Management' AND awsRegion = 'us-east-1'"

LOOKUP = (
    "SELECT eventID, {time}, eventJson FROM {table} WHERE " + IN_HISTORY + " AND {condition} "
    "ORDER BY eventTime DESC LIMIT 50"
)

SCANS = {
    "3 columns, filter": (
        "SELECT eventName, count(*) FROM {table} WHERE eventTime >= {middle} AND eventSource = 'ec2.amazonaws.com' "
        "GROUP BY eventName ORDER BY eventName"
    ),
    "userIdentity.arn": "SELECT count(*) FROM {table} WHERE userIdentity.arn LIKE '%-delta/%'",
    "GROUP BY eventName": "SELECT eventName, count(*) FROM {table} GROUP BY eventName ORDER BY eventName",
    "all columns": None,
}


def scan(name, table, middle):
    return SCANS[name].format(table=table, middle=middle)


def ask(one, chosen, rounds):
    """Asks each question so many times. The seconds of each time, and what was found the first time: ids and times."""
    answers = []
    for question in chosen:
        seconds, found = [], None
        for _ in range(rounds):
            begun = time.perf_counter()
            rows = one(question)
            seconds.append(time.perf_counter() - begun)
            found = found or [[row[0], int(row[1])] for row in rows]
        answers.append({"seconds": seconds, "found": found or []})
    return {"answers": answers}


def timed(one, rounds):
    """The seconds of each round by the wall and by the CPU, and the answer."""
    seconds, cpu, answer = [], [], None
    for _ in range(rounds):
        begun, cpu_begun = time.perf_counter(), time.process_time()
        answer = one()
        seconds.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - cpu_begun)
    return {"seconds": seconds, "cpu_seconds": cpu, "answer": answer}


def same_events(one, other):
    """Whether both found the newest events. Times of whole seconds tie: of the oldest second any will do."""
    if [time for _, time in one] != [time for _, time in other]:
        return False
    oldest = one[-1][1] if len(one) == 50 else None
    return {id for id, time in one if time != oldest} == {id for id, time in other if time != oldest}


def plain(answer):
    """Counts without those of no name: one engine's null is the other's empty text."""
    return [row for row in answer if row[0] not in (None, "")] if isinstance(answer, list) else answer
