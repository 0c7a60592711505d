"""Event history through stock clients and `opentrail lookup`: what is found, in which order, and what is refused."""

import collections
import datetime
import hashlib
import itertools
import json
import random
import subprocess
import threading
import time

import pytest
from botocore.exceptions import ClientError

from conftest import FAST, running
from logs import aws, call, raw
from server import ACCOUNT, BINARY

NAMES = itertools.count()
HOME, ABROAD = "us-east-1", "eu-west-1"

# What was made up for the large history.
EVENTS = 10_500
BEGIN = datetime.datetime.now(datetime.UTC).replace(microsecond=0) - datetime.timedelta(days=20)


def identity(kind, name, pick):
    account = {"accountId": ACCOUNT}
    if kind == "IAMUser":
        arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
        return {"type": kind, "principalId": "AIDA" + name, "arn": arn, **account, "accessKeyId": "AKIA" + name, "userName": name}
    if kind == "AssumedRole":
        arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/Deploy/{name}"
        return {"type": kind, "principalId": f"AROADEPLOY:{name}", "arn": arn, **account, "accessKeyId": "ASIA" + name}
    if kind == "Root":
        return {"type": kind, "principalId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root", **account, "accessKeyId": ""}
    return {"type": "AWSService", "invokedBy": pick(["lambda.amazonaws.com", "ecs.amazonaws.com"])}


def events(count=EVENTS, seed=7):
    """Records in the shapes of several services, and all of them at different places in a day or two."""
    rng = random.Random(seed)
    for number in range(count):
        name = rng.choice(["alice", "bob", "carol", "dave-of-the-long-name"])
        who = identity(rng.choice(["IAMUser", "IAMUser", "AssumedRole", "Root", "AWSService"]), name, rng.choice)
        at = BEGIN + datetime.timedelta(seconds=rng.randrange(60_000))
        record = {
            "eventVersion": "1.11", "userIdentity": who, "eventTime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "awsRegion": ABROAD if rng.random() < 0.2 else HOME, "sourceIPAddress": f"192.0.2.{rng.randrange(9)}",
            "userAgent": "made \u00fcp", "responseElements": None, "eventID": f"00000000-0000-4000-8000-{number:012}",
            "eventType": "AwsApiCall", "managementEvent": True, "recipientAccountId": ACCOUNT,
            "eventCategory": "Management",
        } | what(rng)
        if rng.random() < 0.1:
            record["errorCode"] = rng.choice(["AccessDenied", "ThrottlingException"])
        if rng.random() < 0.05:
            record |= {"eventCategory": "Data", "managementEvent": False}
        yield record


def what(rng):
    """An operation, with the members that name its resources."""
    which = rng.randrange(4)
    thing = f"thing_{rng.randrange(40)}"
    if which == 0:
        name, source, parameters = "PutBucketPolicy", "s3.amazonaws.com", {"bucketName": thing, "Host": "h"}
    elif which == 1:
        name, source, parameters = "CreateRole", "iam.amazonaws.com", {"roleName": thing, "path": "/"}
    elif which == 2:
        name, source, parameters = "DescribeInstances", "ec2.amazonaws.com", {
            "instancesSet": {"items": [{"instanceId": f"i-{thing}"}, {"instanceId": "i-all"}]}}
    else:
        name, source, parameters = "GetSecretValue", "secretsmanager.amazonaws.com", {"secretId": thing}
    return {"eventName": name, "eventSource": source, "requestParameters": parameters, "readOnly": which > 1}


def values(record, key):
    """What a record is found by, read plainly from the API's definition."""
    who, parameters = record["userIdentity"], record["requestParameters"]
    text = {"EventId": "eventID", "EventName": "eventName", "EventSource": "eventSource"}.get(key)
    if text:
        return [record[text]]
    if key == "ReadOnly":
        return ["true" if record["readOnly"] else "false"]
    if key == "AccessKeyId":
        return [it for it in [who.get("accessKeyId")] if it]
    if key == "Username":
        of = {"Root": "root", "IAMUser": who.get("userName"), "AssumedRole": who.get("arn", "").split("/")[-1]}
        return [it for it in [of.get(who["type"])] if it]
    kinds = {"bucketName": "AWS::S3::Bucket", "roleName": "AWS::IAM::Role", "secretId": "AWS::SecretsManager::Secret"}
    found = [(kind, parameters[name]) for name, kind in kinds.items() if name in parameters]
    items = parameters.get("instancesSet", {}).get("items", [])
    found += [("AWS::EC2::Instance", item["instanceId"]) for item in items]
    return [kind if key == "ResourceType" else name for kind, name in found]


def naive(records, key=None, value=None, region=HOME, category="Management"):
    """The ids of the events that a lookup must find."""
    return {record["eventID"] for record in records
            if record["awsRegion"] == region and record["eventCategory"] == category
            and (key is None or value in values(record, key))}


class History:
    def __init__(self, server, records, texts):
        self.server, self.records, self.texts = server, records, texts
        self.client = server.boto("cloudtrail")

    def pages(self, client=None, **arguments):
        # Only what was made up: the calls of the tests themselves come later.
        arguments = {"EndTime": BEGIN + datetime.timedelta(days=2)} | arguments
        return (client or self.client).get_paginator("lookup_events").paginate(**arguments)

    def ids(self, **arguments):
        found = [event["EventId"] for page in self.pages(**arguments) for event in page["Events"]]
        assert len(set(found)) == len(found)
        return found


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A server into which log files were imported."""
    folder = tmp_path_factory.mktemp("history")
    records = list(events())
    texts = {record["eventID"]: json.dumps(record, ensure_ascii=False, separators=(", ", ":")) for record in records}
    with running(folder / "data", *FAST) as server:
        for part in range(0, len(records), 2_000):
            lines = ",\n".join(texts[record["eventID"]] for record in records[part:part + 2_000])
            bring_in(server, f"part-{part:05}.json", f'{{"Records":[{lines}]}}')
        yield History(server, records, texts)


def attributes(records):
    """Values to look up: of each attribute frequent ones, rare ones and one that isn't there."""
    for key in ["EventId", "EventName", "ReadOnly", "Username", "ResourceType", "ResourceName", "EventSource", "AccessKeyId"]:
        counts = collections.Counter(value for record in records for value in values(record, key))
        frequent, rare = counts.most_common(1)[0][0], counts.most_common()[-1][0]
        yield from {(key, frequent), (key, rare)}
        if key != "ReadOnly":
            yield key, "there-is-none"
            yield key, frequent.upper() if frequent.upper() != frequent else frequent.lower() + " "


def bring_in(server, name, text):
    """Imports a log file."""
    body = text.encode()
    headers = {"X-Amz-Content-Sha256": hashlib.sha256(body).hexdigest(), "X-Opentrail-File-Name": name}
    status, _, answer = raw(server, body, "OpenTrail.ImportLogFile", service="opentrail", headers=headers)
    assert status == 200, answer


def by(key, value):
    return [{"AttributeKey": key, "AttributeValue": value}]


def test_answers_are_those_of_a_naive_filter(history):
    for key, value in attributes(history.records):
        assert set(history.ids(LookupAttributes=by(key, value))) == naive(history.records, key, value), (key, value)
    abroad = history.server.boto("cloudtrail", ABROAD)
    assert set(history.ids(client=abroad)) == naive(history.records, region=ABROAD)


def test_pages_lead_through_all_events_newest_first(history):
    pages = list(history.pages(PaginationConfig={"PageSize": 50}))
    expected = naive(history.records)
    found = [event for page in pages for event in page["Events"]]
    assert len(expected) > 7_500
    assert [event["EventId"] for event in found] == list(dict.fromkeys(event["EventId"] for event in found))
    assert {event["EventId"] for event in found} == expected
    assert all(len(page["Events"]) == 50 for page in pages[:-1]) and "NextToken" not in pages[-1]
    times = [event["EventTime"] for event in found]
    assert times == sorted(times, reverse=True)
    everywhere = history.server.cli("lookup", "--category", "all", "--json", "--until", iso(BEGIN + datetime.timedelta(days=2)))
    assert len(everywhere.stdout.splitlines()) == EVENTS


def iso(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_each_event_is_its_own_record(history):
    for page in itertools.islice(history.pages(), 20):
        for event in page["Events"]:
            text = event["CloudTrailEvent"]
            assert text == history.texts[event["EventId"]]
            record = json.loads(text)
            assert event["EventTime"] == datetime.datetime.fromisoformat(record["eventTime"])
            shown = {key: [event[key]] if key in event else [] for key in ("EventName", "EventSource", "ReadOnly", "Username", "AccessKeyId")}
            assert shown == {key: values(record, key) for key in shown}
            assert [it["ResourceType"] for it in event["Resources"]] == values(record, "ResourceType")
            assert [it["ResourceName"] for it in event["Resources"]] == values(record, "ResourceName")


def test_both_bounds_belong_to_the_range(history):
    times = sorted(record["eventTime"] for record in history.records)
    first, last = times[2_000], times[3_000]
    expected = {record["eventID"] for record in history.records
                if first <= record["eventTime"] <= last and record["eventID"] in naive(history.records)}
    as_time = datetime.datetime.fromisoformat
    assert set(history.ids(StartTime=as_time(first), EndTime=as_time(last))) == expected
    exact = {record["eventID"] for record in history.records if record["eventTime"] == first} & naive(history.records)
    assert set(history.ids(StartTime=as_time(first), EndTime=as_time(first))) == exact
    old = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    assert history.ids(StartTime=old, EndTime=old) == []


def test_the_stock_command_line_pages_through(history):
    until = iso(BEGIN + datetime.timedelta(days=2))
    query = ("--query", "Events[].EventId", "--output", "json")
    out = aws(history.server, "cloudtrail", "lookup-events", "--lookup-attributes",
              "AttributeKey=Username,AttributeValue=alice", "--end-time", until, *query).stdout
    assert set(json.loads(out)) == naive(history.records, "Username", "alice")
    out = aws(history.server, "cloudtrail", "lookup-events", "--max-items", "60", "--end-time", until).stdout
    first = json.loads(out)
    out = aws(history.server, "cloudtrail", "lookup-events", "--max-items", "60", "--end-time", until,
              "--starting-token", first["NextToken"]).stdout
    ids = [event["EventId"] for event in first["Events"] + json.loads(out)["Events"]]
    assert ids == history.ids()[:120]
    out = aws(history.server, "cloudtrail", "lookup-events", "--lookup-attributes",
              "AttributeKey=ResourceType,AttributeValue=Other").stdout
    assert json.loads(out) == {"Events": []}


def test_any_question_of_our_own(history):
    def found(*flags):
        until = ("--until", iso(BEGIN + datetime.timedelta(days=2)))
        out = history.server.cli("lookup", "--json", *until, *flags).stdout
        return [json.loads(line)["eventID"] for line in out.splitlines()]

    def expected(matches, category="Management"):
        return {it["eventID"] for it in history.records if it["eventCategory"] in (category, None) and matches(it)}

    def has(record, key, *wanted):
        return any(value in wanted for value in values(record, key))

    assert set(found("--user", "alice", "--user", "bob", "--event-name", "CreateRole")) == expected(
        lambda it: has(it, "Username", "alice", "bob") and it["eventName"] == "CreateRole")
    assert set(found("--source-ip", "192.0.2.3", "--error-code", "AccessDenied")) == expected(
        lambda it: it["sourceIPAddress"] == "192.0.2.3" and it.get("errorCode") == "AccessDenied")
    assert set(found("--region", ABROAD, "--read-only", "false")) == expected(
        lambda it: it["awsRegion"] == ABROAD and not it["readOnly"])
    assert set(found("--arn", f"arn:aws:iam::{ACCOUNT}:root", "--source", "s3")) == expected(
        lambda it: it["userIdentity"]["type"] == "Root" and it["eventSource"] == "s3.amazonaws.com")
    assert set(found("--category", "data")) == {it["eventID"] for it in history.records if it["eventCategory"] == "Data"}
    assert set(found("--account", ACCOUNT, "--access-key", "AKIAcarol")) == expected(lambda it: has(it, "AccessKeyId", "AKIAcarol"))
    assert found("--account", "999999999999") == []
    assert set(found("--where", "name ^= Get OR name *= Bucket AND NOT error = *")) == expected(
        lambda it: it["eventName"].startswith("Get") or "Bucket" in it["eventName"] and "errorCode" not in it)
    assert set(found("--where", "NOT (user = alice OR resource-name = i-all)", "--where", "read-only = true")) == expected(
        lambda it: not has(it, "Username", "alice") and not has(it, "ResourceName", "i-all") and it["readOnly"])
    newest = found("--limit", "7")
    assert newest == found()[:7]


def test_answers_stay_the_same_after_a_restart(history):
    before = history.ids(LookupAttributes=by("Username", "root"))
    page = history.client.lookup_events(LookupAttributes=by("Username", "bob"), MaxResults=5)
    history.server.stop()
    history.server.start()
    assert history.ids(LookupAttributes=by("Username", "root")) == before
    # A token outlives the process that gave it.
    ids = [event["EventId"] for event in page["Events"]]
    while "NextToken" in page:
        page = history.client.lookup_events(LookupAttributes=by("Username", "bob"), NextToken=page["NextToken"])
        ids += [event["EventId"] for event in page["Events"]]
    assert set(ids) == naive(history.records, "Username", "bob") and len(ids) == len(set(ids))


# Calls of one's own


@pytest.fixture
def name():
    return f"trail-{next(NAMES)}"


def made(server, name, times=1):
    """Calls that are refused, and recorded with a name that nothing else has."""
    for _ in range(times):
        with pytest.raises(ClientError):
            server.boto("cloudtrail").get_trail(Name=name)


def lookup(server, **arguments):
    return server.boto("cloudtrail").lookup_events(**arguments)["Events"]


def found_by_name(server, name, count=1, seconds=1):
    deadline = time.monotonic() + seconds
    while len(found := lookup(server, LookupAttributes=by("ResourceName", name))) < count:
        assert time.monotonic() < deadline, f"{len(found)} of {count} after {seconds} s"
    return found


def test_a_call_is_found_within_a_second(shared, name):
    for count in range(1, 21):
        made(shared, name)
        found_by_name(shared, name, count)


def test_an_event_as_the_wire_has_it(shared, name):
    made(shared, name)
    event = found_by_name(shared, name)[0]
    status, text = call(shared, "LookupEvents", {"LookupAttributes": by("EventId", event["EventId"])})
    record = json.loads(event["CloudTrailEvent"])
    seconds = int(event["EventTime"].timestamp())
    key = shared.client_file()["access_key_id"]
    quoted = json.dumps(event["CloudTrailEvent"], ensure_ascii=False)
    java = f"{seconds / 1e9:.9f}".rstrip("0")
    assert (status, text) == (200, (
        f'{{"Events":[{{"EventId":"{event["EventId"]}","EventName":"GetTrail","ReadOnly":"true","AccessKeyId":"{key}",'
        f'"EventTime":{java}E9,"EventSource":"cloudtrail.amazonaws.com","Username":"root",'
        f'"Resources":[{{"ResourceType":"AWS::CloudTrail::Trail","ResourceName":"{name}"}}],"CloudTrailEvent":{quoted}}}]}}'))
    assert record["errorCode"] == "TrailNotFoundException"
    assert call(shared, "LookupEvents", {"LookupAttributes": by("EventId", "none")}) == (200, '{"Events":[]}')


def test_tokens_hold_while_events_arrive(shared, name):
    made(shared, name, 8)
    found_by_name(shared, name, 8)
    ids, token = [], {}
    for _ in range(4):
        page = shared.boto("cloudtrail").lookup_events(LookupAttributes=by("ResourceName", name), MaxResults=2, **token)
        ids += [event["EventId"] for event in page["Events"]]
        token = {"NextToken": page["NextToken"]} if "NextToken" in page else None
        made(shared, name, 2)
    assert token is None
    assert len(set(ids)) == 8
    assert ids == [event["EventId"] for event in found_by_name(shared, name, 16)][8:]


def test_others_see_their_own_account_only(shared, name):
    made(shared, name)
    found_by_name(shared, name)
    out = shared.cli("key", "create", "--account", "210987654321", "--json").stdout
    made_key = json.loads(out)
    key = (made_key["AccessKeyId"], made_key["SecretAccessKey"], None)
    stranger = shared.boto("cloudtrail", key=key)
    assert stranger.lookup_events(LookupAttributes=by("ResourceName", name))["Events"] == []
    assert shared.cli("lookup", "--resource-name", name, "--json", key=key).stdout == ""
    assert name in shared.cli("lookup", "--resource-name", name, "--json").stdout


def test_users_and_sessions_are_found_by_name(shared):
    for flags, username in [(("--user", "erin"), "erin"), (("--role", "Ops", "--session", "frank"), "frank")]:
        created = json.loads(shared.cli("key", "create", *flags, "--json").stdout)
        key = (created["AccessKeyId"], created["SecretAccessKey"], created.get("SessionToken"))
        shared.boto("cloudtrail", key=key).describe_trails()
        deadline = time.monotonic() + 1
        while not (found := lookup(shared, LookupAttributes=by("Username", username))):
            assert time.monotonic() < deadline
        assert [(it["EventName"], it["AccessKeyId"]) for it in found] == [("DescribeTrails", key[0])]


@pytest.mark.parametrize("body, code, message", [
    ({"LookupAttributes": by("EventName", "a") + by("Username", "b")}, "InvalidLookupAttributesException",
     "You can look up events by one attribute only."),
    ({"LookupAttributes": by("eventName", "a")}, "InvalidLookupAttributesException",
     "1 validation error detected: Value 'eventName' at 'lookupAttributes.1.member.attributeKey' failed to satisfy constraint: "
     "Member must satisfy enum value set: [EventId, EventName, ReadOnly, Username, ResourceType, ResourceName, EventSource, AccessKeyId]"),
    ({"LookupAttributes": by("EventName", "")}, "InvalidLookupAttributesException", None),
    ({"LookupAttributes": by("EventName", "x" * 2001)}, "InvalidLookupAttributesException", None),
    ({"LookupAttributes": by("ReadOnly", "True")}, "InvalidLookupAttributesException",
     "The value of ReadOnly must be true or false."),
    ({"LookupAttributes": by("Username", "a"), "EventCategory": "insight"}, "InvalidLookupAttributesException",
     "Insights events can be looked up by EventId, EventName and EventSource only."),
    ({"StartTime": 2, "EndTime": 1}, "InvalidTimeRangeException", "The start time must not be after the end time."),
    ({"StartTime": 4_000_000_000}, "InvalidTimeRangeException",
     "The start time must not be in the future when no end time is given."),
    ({"MaxResults": 0}, "InvalidMaxResultsException", None),
    ({"MaxResults": 51}, "InvalidMaxResultsException",
     "1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 50"),
    ({"NextToken": "broken"}, "InvalidNextTokenException",
     "The token is not valid. Use it with the parameters of the call that answered it, or call without a token."),
    ({"EventCategory": "management"}, "InvalidEventCategoryException", None),
])
def test_wrong_questions_are_refused(shared, body, code, message):
    status, text = call(shared, "LookupEvents", body)
    answer = json.loads(text)
    assert (status, answer["__type"]) == (400, code)
    assert message in (None, answer["message"])


def test_a_token_is_bound_to_its_question(shared, name):
    made(shared, name, 3)
    found_by_name(shared, name, 3)
    question = {"LookupAttributes": by("ResourceName", name), "MaxResults": 1}
    token = json.loads(call(shared, "LookupEvents", question)[1])["NextToken"]
    assert call(shared, "LookupEvents", question | {"NextToken": token})[0] == 200
    for other in [{"MaxResults": 1}, question | {"StartTime": 1}, {"LookupAttributes": by("EventName", name)}]:
        assert json.loads(call(shared, "LookupEvents", other | {"NextToken": token})[1])["__type"] == "InvalidNextTokenException"
    status, text = call(shared, "LookupEvents", question | {"NextToken": token}, region=ABROAD)
    assert (status, json.loads(text)["__type"]) == (400, "InvalidNextTokenException")


def test_insights_events_are_apart(shared):
    details = {"state": "Start", "eventSource": "ssm.amazonaws.com", "eventName": "UpdateInstanceInformation",
               "insightType": "ApiCallRateInsight", "insightContext": {}}
    record = {"eventVersion": "1.09", "eventTime": iso(BEGIN), "awsRegion": HOME, "eventID": "11111111-0000-4000-8000-000000000000",
              "eventType": "AwsCloudTrailInsight", "recipientAccountId": ACCOUNT, "sharedEventID": "s", "insightDetails": details,
              "eventCategory": "Insight"}
    bring_in(shared, "insight.json", json.dumps({"Records": [record]}))
    asked = {"EventCategory": "insight"}
    for question in [{}, by("EventName", "UpdateInstanceInformation"), by("EventSource", "ssm.amazonaws.com"), by("EventId", record["eventID"])]:
        found = lookup(shared, **asked, **({"LookupAttributes": question} if question else {}))
        assert [it["EventId"] for it in found] == [record["eventID"]]
    assert lookup(shared, **asked, LookupAttributes=by("EventName", "PutParameter")) == []
    assert lookup(shared, LookupAttributes=by("EventId", record["eventID"])) == []
    assert record["eventID"] in shared.cli("lookup", "--category", "insight", "--json").stdout


# Our own command and its service


def test_the_table_and_its_words(shared, name):
    made(shared, name)
    found_by_name(shared, name)
    run = shared.cli("lookup", "--resource-name", name)
    head, row = run.stdout.splitlines()
    assert head.split() == ["TIME", "USER", "EVENT", "SOURCE", "ERROR", "RESOURCES", "REGION", "FROM"]
    assert row.split()[1:] == ["root", "GetTrail", "cloudtrail", "TrailNotFoundException", name, HOME, "127.0.0.1"]
    assert "\x1b" not in run.stdout
    run = shared.cli("lookup", "--resource-name", "there-is-none")
    assert (run.stdout, run.stderr) == ("", "no events found\n")
    assert shared.cli("lookup", "--resource-name", "there-is-none", "--json").stderr == ""


def test_wrong_usage_ends_with_two_and_failure_with_one(shared):
    for flags in [("--where", "user ~ a"), ("--since", "soon"), ("--read-only", "maybe"), ("--follow", "--until", "now")]:
        run = shared.cli("lookup", *flags, check=False)
        assert (run.returncode, run.stdout) == (2, "")
    assert "did you mean `event-name`?" in shared.cli("lookup", "--where", "evnt-name = x", check=False).stderr
    run = shared.cli("lookup", "--category", "dta", check=False)
    assert run.returncode == 1 and "unknown category `dta`" in run.stderr
    nowhere = shared.environment() | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    run = subprocess.run([BINARY, "lookup"], env=nowhere, capture_output=True, text=True)
    assert run.returncode == 1 and "is the server running?" in run.stderr


def test_a_reader_who_has_enough_is_no_failure(shared, name):
    made(shared, name, 30)
    script = f"set -o pipefail; {BINARY} lookup --json | head -n 1 | wc -l"
    run = subprocess.run(["bash", "-c", script], env=shared.environment(), capture_output=True, text=True)
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "1", "")


class Follower:
    """`opentrail lookup --follow`, and the lines that it has printed."""

    def __init__(self, server, *flags):
        self.process = subprocess.Popen(
            [BINARY, "lookup", "--follow", *flags], env=server.environment(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
        self.lines = []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line)

    def wait_for(self, count, seconds=10):
        deadline = time.monotonic() + seconds
        while len(self.lines) < count:
            assert time.monotonic() < deadline and self.process.poll() is None, (self.lines, self.process.poll())
            time.sleep(0.01)
        return self.lines

    def end(self):
        self.process.kill()
        self.process.wait()


def test_following_shows_what_arrives_once_and_in_order(shared, name):
    made(shared, name, 2)
    found_by_name(shared, name, 2)
    follower = Follower(shared, "--resource-name", name, "--json")
    try:
        follower.wait_for(2)
        for count in range(3, 13):
            made(shared, name)
            follower.wait_for(count)
        made(shared, f"{name}-other")
        made(shared, name)
        lines = follower.wait_for(13)
        expected = [it["EventId"] for it in found_by_name(shared, name, 13)][::-1]
        assert [json.loads(line)["eventID"] for line in lines] == expected
    finally:
        follower.end()


def test_following_outlives_a_restart(tmp_path, name):
    with running(tmp_path / "data", *FAST) as server:
        follower = Follower(server, "--resource-name", name, "--json")
        try:
            made(server, name)
            follower.wait_for(1)
            # A stop doesn't wait for followers.
            begun = time.monotonic()
            server.stop()
            assert time.monotonic() - begun < 5
            server.start()
            made(server, name)
            lines = follower.wait_for(2)
            made(server, name)
            follower.wait_for(3)
            assert len({json.loads(line)["eventID"] for line in lines}) == 3
        finally:
            follower.end()


def search(server, body):
    status, headers, text = raw(server, body, "OpenTrail.SearchEvents", service="opentrail")
    return status, headers, text.decode()


def test_searches_are_lines_of_json_and_recorded(shared, name):
    made(shared, name, 3)
    found_by_name(shared, name, 3)
    question = {"Filter": {"is": {"attribute": "resource-name", "value": name}}, "Limit": 2}
    status, headers, text = search(shared, question)
    assert (status, headers["content-type"]) == (200, "application/x-ndjson")
    *lines, end = map(json.loads, text.splitlines())
    assert [set(line) for line in lines] == [{"Time", "Position", "Event"}] * 2
    assert end["End"]["Events"] == 2 and end["End"]["Position"] > max(line["Position"] for line in lines)
    assert search(shared, {"Where": f"resource-name = {name}"})[2].count('"Event"') == 3
    deadline = time.monotonic() + 1
    while not (found := lookup(shared, LookupAttributes=by("EventName", "SearchEvents"))):
        assert time.monotonic() < deadline
    records = [json.loads(it["CloudTrailEvent"]) for it in found]
    assert all((it["eventSource"], it["readOnly"]) == ("opentrail.amazonaws.com", True) for it in records)
    assert {"where": f"resource-name = {name}"} in [it["requestParameters"] for it in records]


@pytest.mark.parametrize("body, problem", [
    ({"Where": "usr = x"}, "there is no attribute `usr`; did you mean `username`? (at character 1)"),
    ({"Filter": {"is": {"attribute": "colour", "value": "x"}}}, "unknown attribute `colour`"),
    ({"Filtre": "all"}, "unknown field `Filtre`"),
    ({"StartTime": 2, "EndTime": 1}, "`StartTime` must be neither after `EndTime` nor in the future"),
    ({"Categories": ["x"]}, "unknown category `x`"),
    (b"[", "the body is not as expected"),
])
def test_searches_that_make_no_sense_are_refused(shared, body, problem):
    status, _, text = search(shared, body)
    answer = json.loads(text)
    assert (status, answer["__type"]) == (400, "ValidationException")
    assert problem in answer["message"]
