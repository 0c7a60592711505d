"""What the web console asks beside CloudTrail's own API, and the files that it is made of."""

import collections
import datetime
import gzip
import http.client
import itertools
import json
import random
import urllib.parse

import pytest

from conftest import FAST, running
from logs import arn, call, keys, raw, wait_until, wait_until_sealed
from server import ACCOUNT, trail_bucket_policy

NAMES = itertools.count()
NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
BEGIN = NOW.replace(minute=0, second=0) - datetime.timedelta(hours=30)


def ask(server, operation, body, **how):
    status, _, text = raw(server, body, f"OpenTrail.{operation}", service="opentrail", **how)
    return status, json.loads(text)


def answered(server, operation, body, **how):
    status, answer = ask(server, operation, body, **how)
    assert status == 200, answer
    return answer


def iso(time):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def records(count=3000, seed=11):
    """Events over a day, in no order."""
    rng = random.Random(seed)
    for number in range(count):
        user, second = rng.choice(["ann", "bob", "cy", "dora"]), rng.randrange(24 * 3600)
        record = {
            "eventVersion": "1.11", "eventTime": (BEGIN + datetime.timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "userIdentity": {"type": "IAMUser", "userName": user, "accountId": ACCOUNT, "accessKeyId": "AKIA" + user,
                             "arn": f"arn:aws:iam::{ACCOUNT}:user/{user}"},
            "eventSource": rng.choice(["s3.amazonaws.com", "iam.amazonaws.com"]), "eventName": f"Do{rng.randrange(30)}",
            "awsRegion": rng.choice(["us-east-1", "us-east-1", "eu-west-1"]), "sourceIPAddress": f"192.0.2.{rng.randrange(250)}",
            "eventID": f"00000000-0000-4000-9000-{number:012}", "eventType": "AwsApiCall", "managementEvent": True,
            "recipientAccountId": ACCOUNT, "eventCategory": "Management", "readOnly": rng.random() < 0.5,
        }
        if rng.random() < 0.1:
            record["errorCode"] = rng.choice(["AccessDenied", "ThrottlingException"])
        yield record


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A server whose events lie in several segments and in memory."""
    made = list(records())
    with running(tmp_path_factory.mktemp("history") / "data", "--lake-flush-records", "700") as server:
        server.made = made
        for part, lines in enumerate(made[at:at + 500] for at in range(0, len(made), 500)):
            file = server.data_dir.with_name(f"part{part}.json.gz")
            file.write_bytes(gzip.compress(json.dumps({"Records": lines}).encode()))
            server.cli("import", str(file))
        wait_until(lambda: summary(server)["Total"] == len(made), "all imported events")
        yield server


# Only what was made up: the calls of the tests themselves come later.
RANGE = {"StartTime": iso(BEGIN), "EndTime": iso(BEGIN + datetime.timedelta(hours=24))}


def summary(server, **question):
    return answered(server, "SummarizeEvents", RANGE | question)


def test_a_summary_counts_what_a_search_finds(history):
    question = {"Where": "error-code = * AND NOT user = bob AND event-name ^= Do1", "Regions": ["us-east-1"]}
    found = [it for it in history.made if "errorCode" in it and it["userIdentity"]["userName"] != "bob"
             and it["eventName"].startswith("Do1") and it["awsRegion"] == "us-east-1"]
    assert len(found) > 20
    facets = {"username": lambda it: it["userIdentity"]["userName"], "event-name": lambda it: it["eventName"],
              "error-code": lambda it: it["errorCode"], "source-ip": lambda it: it["sourceIPAddress"]}
    answer = summary(history, **question, Facets=list(facets), Top=3)
    assert (answer["Total"], answer["IsExact"]) == (len(found), True)
    assert (answer["StartTime"], answer["EndTime"]) == (RANGE["StartTime"], RANGE["EndTime"])
    for facet, (name, value) in zip(answer["Facets"], facets.items()):
        counts = collections.Counter(map(value, found))
        top = sorted(counts.items(), key=lambda it: (-it[1], it[0]))[:3]
        assert facet == {"Attribute": name, "Values": [{"Value": value, "Count": count} for value, count in top],
                         "Distinct": len(counts), "Others": len(found) - sum(count for _, count in top)}


def test_a_histogram_has_every_bucket_and_its_errors(history):
    answer = summary(history, Buckets=25)
    assert answer["BucketSeconds"] == 3600
    hours = collections.Counter(it["eventTime"][:13] for it in history.made)
    errors = collections.Counter(it["eventTime"][:13] for it in history.made if "errorCode" in it)
    starts = [iso(BEGIN + datetime.timedelta(hours=hour)) for hour in range(25)]
    assert answer["Histogram"] == [
        {"Start": start, "Count": hours[start[:13]], "Errors": errors[start[:13]]} for start in starts]
    assert answer["Total"] == len(history.made) and answer["Facets"] == []


def test_without_a_start_the_oldest_event_is_the_first(history):
    answer = answered(history, "SummarizeEvents", {})
    assert answer["StartTime"][:19] + "Z" == min(it["eventTime"] for it in history.made)
    # The calls of these tests are in it, too.
    assert answer["Total"] > len(history.made) and answer["IsExact"]


@pytest.mark.parametrize("body, problem", [
    ({"Buckets": 501}, "`Buckets` must be from 1 to 500"),
    ({"Top": 0}, "`Top` must be from 1 to 100"),
    ({"Facets": ["event-id"]}, "every event has an event-id of its own"),
    ({"Facets": ["colour"]}, "unknown attribute `colour`"),
    ({"Where": "usr = x"}, "there is no attribute `usr`"),
    ({"Limit": 1}, "unknown field `Limit`"),
])
def test_summaries_that_make_no_sense_are_refused(history, body, problem):
    status, answer = ask(history, "SummarizeEvents", body)
    assert (status, answer["__type"]) == (400, "ValidationException")
    assert problem in answer["message"]


def search(server, body):
    status, _, text = raw(server, RANGE | body, "OpenTrail.SearchEvents", service="opentrail")
    assert status == 200, text
    *events, end = map(json.loads, text.splitlines())
    return [json.loads(it["Event"])["eventID"] for it in events], end["End"]


def test_pages_of_a_search_follow_one_another(history):
    question = {"Where": "user = ann AND event-source = s3.amazonaws.com"}
    everything, end = search(history, question)
    assert "NextToken" not in end
    found, token = [], {}
    while True:
        page, end = search(history, question | {"Limit": 70} | token)
        found += page
        if "NextToken" not in end:
            break
        assert len(page) == end["Events"] == 70
        token = {"NextToken": end["NextToken"]}
    assert found == everything and len(found) > 300
    status, answer = ask(history, "SearchEvents", RANGE | token | {"Where": "user = bob"})
    assert (status, answer["message"]) == (400, "`NextToken` is not that of an answer to this question")


def test_a_preview_counts_what_selectors_take(history):
    everything = answered(history, "PreviewSelectors", {"EventSelectors": [{"ReadWriteType": "All"}], "Hours": 48})
    writes = answered(history, "PreviewSelectors", {"Hours": 48, "AdvancedEventSelectors": [{"FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Management"]}, {"Field": "readOnly", "Equals": ["false"]}]}]})
    assert everything["IsExact"] and everything["Matched"] == everything["Examined"] >= len(history.made)
    assert writes["Matched"] >= sum(not it["readOnly"] for it in history.made)
    assert writes["Matched"] < writes["Examined"]
    last_hour = answered(history, "PreviewSelectors", {"EventSelectors": [{"ReadWriteType": "All"}]})
    assert 0 < last_hour["Examined"] < len(history.made)


@pytest.mark.parametrize("body, code", [
    ({}, "InvalidEventSelectorsException"),
    ({"EventSelectors": [{"ReadWriteType": "Some"}]}, None),
    ({"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "colour", "Equals": ["red"]}]}]}, "InvalidEventSelectorsException"),
    ({"EventSelectors": [], "Hours": 0}, "ValidationException"),
])
def test_a_preview_refuses_what_a_trail_would(history, body, code):
    status, answer = ask(history, "PreviewSelectors", body)
    assert status == 400
    if code is None:
        _, text = call(history, "PutEventSelectors", {"TrailName": "preview"} | body)
        assert answer == json.loads(text)
    else:
        assert answer["__type"] == code, answer


@pytest.fixture
def name(request):
    return f"console-{next(NAMES)}"


def logins(server):
    found = server.boto("cloudtrail").lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ConsoleLogin"}])["Events"]
    return [json.loads(it["CloudTrailEvent"]) for it in found]


def test_sign_ins_are_recorded_whether_they_succeed_or_not(fresh):
    key = answered(fresh, "CreateKey", {"UserName": "alice"})
    pair = key["AccessKeyId"], key["SecretAccessKey"]
    answer = answered(fresh, "SignIn", {}, key=pair, headers={"x-opentrail-console": "1"})
    assert answer == {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/alice", "UserName": "alice",
                      "PrincipalType": "IAMUser", "Region": "us-east-1"}
    assert answered(fresh, "SignIn", {})["PrincipalType"] == "Root"
    _, answer = ask(fresh, "SignIn", {}, key=(pair[0], "wrong"))
    assert answer["__type"] == "SignatureDoesNotMatch"
    _, answer = ask(fresh, "SignIn", {}, key=("AKIAUNKNOWN", "wrong"))
    assert answer["__type"] == "UnrecognizedClientException"
    wait_until(lambda: len(logins(fresh)) == 3, "three sign-ins")
    failed, root, alice = logins(fresh)
    shape = {"eventSource": "signin.amazonaws.com", "eventType": "AwsConsoleSignIn", "readOnly": False,
             "managementEvent": True, "requestParameters": None, "eventCategory": "Management"}
    for record in (failed, root, alice):
        assert shape.items() <= record.items() and "requestID" not in record and "errorCode" not in record
        assert record["additionalEventData"] == {
            "LoginTo": f"{fresh.endpoint}/console/", "MobileVersion": "No", "MFAUsed": "No"}
    assert alice["responseElements"] == root["responseElements"] == {"ConsoleLogin": "Success"}
    assert failed["responseElements"] == {"ConsoleLogin": "Failure"}
    assert failed["errorMessage"] == "Failed authentication" and "errorMessage" not in alice
    assert failed["userIdentity"]["accessKeyId"] == "" and "arn" not in failed["userIdentity"]
    assert "accessKeyId" not in alice["userIdentity"] and root["userIdentity"]["arn"].endswith(":root")
    everything = fresh.boto("cloudtrail").lookup_events()["Events"]
    assert "SignIn" not in {it["EventName"] for it in everything}


def test_calls_of_the_console_bear_its_mark(shared, name):
    for headers in ({"x-opentrail-console": "1"}, {"x-opentrail-console": "0"}, {}):
        raw(shared, {"Name": name + headers.get("x-opentrail-console", "")}, "CloudTrail_20131101.GetTrail", headers=headers)

    def marks():
        found = shared.boto("cloudtrail").lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "GetTrail"}])["Events"]
        records = [json.loads(it["CloudTrailEvent"]) for it in found]
        of = {it["requestParameters"]["name"]: it.get("sessionCredentialFromConsole") for it in records}
        return of if len([it for it in of if it.startswith(name)]) == 3 else None

    of = wait_until(marks, "three records")
    assert (of[name + "1"], of[name + "0"], of[name]) == ("true", None, None)


def test_health_tells_of_products_and_stores(shared, name):
    health = answered(shared, "GetHealth", {})
    assert [it["Name"] for it in health["Products"]] == ["journal", "delivery", "digests", "lake"]
    assert {it["State"] for it in health["Products"]} == {"ok"}
    assert health["Version"].count(".") == 2 and health["StartedAt"].endswith("Z")
    assert all(it["Count"] == 0 for it in health["Quarantine"])
    client = shared.boto("cloudtrail")
    store = client.create_event_data_store(Name=name)["EventDataStoreArn"]
    client.list_trails()

    def of_store():
        found = [it for it in answered(shared, "GetHealth", {})["Stores"] if store.endswith(it["Id"])]
        return found[0] if found and found[0]["Events"] else None

    kept = wait_until(of_store, "events in the store")
    assert (kept["Name"], kept["Kind"], kept["Damaged"]) == (name, "event-data-store", 0)
    history = answered(shared, "GetHealth", {})["Stores"][0]
    assert (history["Id"], history["Kind"]) == ("history", "history") and history["Events"] > 1
    assert history["OldestTime"] <= history["NewestTime"]
    client.update_event_data_store(EventDataStore=store, TerminationProtectionEnabled=False)
    client.delete_event_data_store(EventDataStore=store)


def test_health_tells_what_was_put_aside_and_when(fresh):
    one = next(records())
    for number, record in enumerate([one, one | {"eventName": "Another"}]):
        file = fresh.data_dir.with_name(f"twin{number}.json")
        file.write_text(json.dumps({"Records": [record]}))
        fresh.cli("import", str(file))

    def colliding():
        rows = {it["Name"]: it for it in answered(fresh, "GetHealth", {})["Quarantine"]}
        row = rows.pop("imported events whose id another one has")
        assert all(it["Count"] == 0 and "Newest" not in it for it in rows.values())
        return row if row["Count"] else None

    row = wait_until(colliding, "the second event is counted")
    assert row["Count"] == 1 and iso(NOW) <= row["Newest"] <= iso(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=1))


def test_a_trail_without_its_bucket_is_failing(fresh, name):
    s3, client = fresh.boto("s3"), fresh.boto("cloudtrail")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_policy(Bucket=name, Policy=trail_bucket_policy(name))
    client.create_trail(Name=name, S3BucketName=name)
    client.start_logging(Name=name)
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{name}/*"}]}))
    fresh.announced = ["log file", "deliver"]

    def failing():
        delivery = answered(fresh, "GetHealth", {})["Products"][1]
        return delivery if delivery["State"] == "failing" else None

    delivery = wait_until(failing, "delivery fails")
    assert name in delivery["Message"] and "AccessDenied" in delivery["Message"]


def test_verifying_a_trail_tells_its_hours(fresh, name):
    s3, client = fresh.boto("s3"), fresh.boto("cloudtrail")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_policy(Bucket=name, Policy=trail_bucket_policy(name, prefix="p"))
    client.create_trail(Name=name, S3BucketName=name, S3KeyPrefix="p", EnableLogFileValidation=True)
    client.start_logging(Name=name)
    wait_until(lambda: keys(s3, name, "CloudTrail-Digest"), "the first digest")
    client.list_trails()
    wait_until(lambda: keys(s3, name), "a log file")
    client.stop_logging(Name=name)
    wait_until_sealed(s3, name)

    answer = answered(fresh, "VerifyTrail", {"TrailArn": arn(name)})
    assert answer["Digests"]["Valid"] >= 2 and answer["Digests"]["Invalid"] == 0
    assert answer["LogFiles"] == {"Valid": len(keys(s3, name)), "Invalid": 0}
    assert len(answer["Hours"]) == 25
    assert sum(hour["LogFiles"] for hour in answer["Hours"]) == len(keys(s3, name))
    assert {hour["Status"] for hour in answer["Hours"][:-2]} == {"unverified"}
    assert "verified" in {hour["Status"] for hour in answer["Hours"][-2:]}

    key = keys(s3, name)[0]
    s3.put_object(Bucket=name, Key=key, Body=gzip.compress(b'{"Records":[]}'))
    answer = answered(fresh, "VerifyTrail", {"TrailArn": arn(name)})
    assert answer["LogFiles"]["Invalid"] == 1
    broken = [hour for hour in answer["Hours"] if hour["Status"] == "broken"]
    assert [hour["Problems"] for hour in broken] == [[f"{key}: hash value doesn't match"]]


@pytest.mark.parametrize("body, code", [
    ({"TrailArn": arn("nowhere")}, "TrailNotFoundException"),
    ({"TrailArn": arn("nowhere", account="210987654321")}, "TrailNotFoundException"),
    ({"TrailArn": "nowhere"}, "TrailNotFoundException"),
    ({"TrailArn": arn("nowhere"), "StartTime": 0}, "ValidationException"),
    ({}, "ValidationException"),
])
def test_verifying_refuses_what_it_cannot(shared, body, code):
    status, answer = ask(shared, "VerifyTrail", body)
    assert (status, answer["__type"]) == (400, code), answer


def page(server, path, method="GET", **headers):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.endpoint).netloc, timeout=30)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def test_the_console_is_served_with_its_guards(shared):
    status, headers, plain = page(shared, "/console/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == policy["form-action"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-cache" and b"<script>" not in plain
    status, packed, body = page(shared, "/console/any/where?a=b", accept_encoding="gzip")
    assert (status, packed["content-encoding"]) == (200, "gzip") and gzip.decompress(body) == plain
    status, headers, body = page(shared, "/console/", if_none_match=headers["etag"])
    assert (status, body) == (304, b"")
    status, head, body = page(shared, "/console/", method="HEAD")
    assert (status, head["content-length"], body) == (200, str(len(plain)), b"")
    status, headers, _ = page(shared, "/console")
    assert (status, headers["location"]) == (308, "/console/")
    assert page(shared, "/console/assets/nothing.js")[0] == 404


def test_files_that_are_named_by_their_hash_are_kept_for_ever(shared):
    _, _, index = page(shared, "/console/")
    assets = [part.split(b'"')[0].decode() for part in index.split(b'"/console/')[1:]]
    if not assets:
        pytest.skip("the console is not in this binary")
    for asset in assets:
        status, headers, _ = page(shared, f"/console/{asset}", accept_encoding="gzip")
        assert status == 200
        if asset.startswith("assets/"):
            assert headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_bucket_of_that_name_is_reached_by_signed_requests(shared):
    s3 = shared.boto("s3")
    s3.create_bucket(Bucket="console")
    s3.put_object(Bucket="console", Key="index.html", Body=b"an object")
    assert s3.get_object(Bucket="console", Key="index.html")["Body"].read() == b"an object"
    link = s3.generate_presigned_url("get_object", Params={"Bucket": "console", "Key": "index.html"})
    status, _, body = page(shared, link.removeprefix(shared.endpoint))
    assert (status, body) == (200, b"an object")
    assert s3.list_objects_v2(Bucket="console")["KeyCount"] == 1
    s3.delete_object(Bucket="console", Key="index.html")
    s3.delete_bucket(Bucket="console")
