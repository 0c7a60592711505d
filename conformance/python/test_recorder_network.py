"""Network activity: a port that stands for a VPC endpoint, what its policy lets pass, and who gets the events of it."""

import json
import re

import pytest

from conftest import FAST
from logs import document, keys, sealed, wait_until
from recorder import attempt, recorder
from server import ACCOUNT, make_trail_bucket
from test_event_data_stores import store
from test_queries import ask
from upstreams import Moto

pytest.importorskip("moto", reason="SKIPPED: moto is not installed")

ENDPOINT = "vpce-0a1b2c3d"
FOLDER = "CloudTrail-NetworkActivity"
POLICY = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": ["sns:List*", "sqs:List*"], "Resource": "*"}]}
DENIED = "The request was denied due to a VPC endpoint policy"


@pytest.fixture(scope="module")
def moto():
    server = Moto().start()
    yield server
    server.kill()


def endpoint(folder, **settings):
    """A listener's settings as those of an endpoint with [`POLICY`]."""
    (folder / "policy.json").write_text(json.dumps(POLICY))
    settings = {"vpc_endpoint_id": ENDPOINT, "policy": f"{folder}/policy.json"} | settings
    return "\n".join(f'{name} = "{value}"' for name, value in settings.items())


def network_of(source, **more):
    fields = {"eventCategory": "NetworkActivity", "eventSource": source} | more
    return [{"FieldSelectors": [{"Field": name, "Equals": [value]} for name, value in fields.items()]}]


def records(s3, bucket, folder=FOLDER):
    return [record for key in keys(s3, bucket, folder) for record in document(s3, bucket, key)["Records"]]


def test_the_owner_of_an_endpoint_may_be_another_account(tmp_path, moto):
    owner = "210987654321"
    with recorder(tmp_path, moto.endpoint, listener=endpoint(tmp_path, account=owner)) as through:
        sqs = through.boto("sqs")
        sqs.list_queues()
        answer = attempt(sqs.create_queue, QueueName="no")
        assert answer["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
        # The allowed call's own record and the endpoint's, and the denied call's.
        management, network, denied = through.journal()
    assert (management["eventCategory"], management["vpcEndpointId"]) == ("Management", ENDPOINT)
    assert management["vpcEndpointAccountId"] == network["recipientAccountId"] == owner
    assert (network["eventCategory"], network["eventType"]) == ("NetworkActivity", "AwsVpceEvent")
    assert network["sharedEventID"] == management["sharedEventID"]
    assert network["userIdentity"] == {
        "type": "AWSAccount", "principalId": "AIDAALICE0000000000AA", "accountId": ACCOUNT}
    assert (denied["eventName"], denied["errorCode"], denied["errorMessage"]) == (
        "CreateQueue", "VpceAccessDenied", DENIED)


@pytest.fixture(scope="module")
def called(tmp_path_factory, moto):
    """Calls through an endpoint, under trails and event data stores of which some want its events."""
    folder = tmp_path_factory.mktemp("network")
    with recorder(folder, moto.endpoint, *FAST, listener=endpoint(folder)) as through:
        trails = through.server.boto("cloudtrail")
        for name, selectors in (("network", network_of("sqs.amazonaws.com")), ("management", None),
                                ("denials", network_of("sqs.amazonaws.com", errorCode="VpceAccessDenied"))):
            make_trail_bucket(through.server, name)
            trails.create_trail(Name=name, S3BucketName=name, EnableLogFileValidation=True)
            if selectors:
                trails.put_event_selectors(TrailName=name, AdvancedEventSelectors=selectors)
            trails.start_logging(Name=name)
        through.stores = {
            "network": store(trails, AdvancedEventSelectors=network_of("sqs.amazonaws.com")), "management": store(trails)}
        sqs, sns = through.boto("sqs"), through.boto("sns")
        sqs.list_queues()
        through.refused = attempt(sqs.create_queue, QueueName="no")
        # Another source's, which nobody asked for.
        sns.list_topics()
        yield through


def delivered(through, bucket, folder, enough):
    s3 = through.server.boto("s3")
    wait_until(lambda: enough({record["eventName"] for record in records(s3, bucket, folder)}), f"records in {bucket}")
    return records(s3, bucket, folder)


def test_what_the_policy_denies_is_refused(called, moto):
    assert called.refused["ResponseMetadata"]["HTTPStatusCode"] in (400, 403)
    assert called.refused["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
    assert called.boto("sqs").list_queues().get("QueueUrls", []) == [], "the upstream never saw it"


def test_a_trail_that_wants_them_has_a_folder_of_them(called):
    found = delivered(called, "network", FOLDER, {"ListQueues", "CreateQueue"}.issubset)
    allowed = next(record for record in found if record["eventName"] == "ListQueues")
    assert list(allowed) == [
        "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress",
        "requestID", "eventID", "eventType", "recipientAccountId", "sharedEventID", "vpcEndpointId",
        "vpcEndpointAccountId", "eventCategory"]
    assert (allowed["eventType"], allowed["eventCategory"]) == ("AwsVpceEvent", "NetworkActivity")
    assert (allowed["vpcEndpointId"], allowed["vpcEndpointAccountId"]) == (ENDPOINT, ACCOUNT)
    assert allowed["userIdentity"]["userName"] == "alice", "in its own account"
    denied = next(record for record in found if record["eventName"] == "CreateQueue")
    assert (denied["errorCode"], denied["errorMessage"]) == ("VpceAccessDenied", DENIED)
    assert {record["eventSource"] for record in found} == {"sqs.amazonaws.com"}

    s3 = called.server.boto("s3")
    form = rf"AWSLogs/{ACCOUNT}/{FOLDER}/us-east-1/\d{{4}}/\d\d/\d\d/{ACCOUNT}_{FOLDER}_us-east-1_\d{{8}}T\d{{4}}Z_\w{{16}}\.json\.gz"
    assert all(re.fullmatch(form, key) for key in keys(s3, "network", FOLDER))
    assert keys(s3, "network") == [], "it asked for nothing else"
    wait_until(lambda: set(keys(s3, "network", FOLDER)) <= sealed(s3, "network"), "digests that list them")


def test_a_trail_may_want_denials_alone(called):
    found = delivered(called, "denials", FOLDER, {"CreateQueue"}.issubset)
    assert {record["errorCode"] for record in found} == {"VpceAccessDenied"}


def test_a_trail_that_does_not_want_them_has_none(called):
    found = delivered(called, "management", "CloudTrail", {"ListQueues", "ListTopics"}.issubset)
    assert "CreateQueue" not in {record["eventName"] for record in found}, "a denied call has no other record"
    allowed = next(record for record in found if record["eventName"] == "ListQueues")
    assert (allowed["eventCategory"], allowed["vpcEndpointId"]) == ("Management", ENDPOINT)
    assert records(called.server.boto("s3"), "management") == []


def rows(through, name):
    table = through.stores[name].split("/")[-1]
    return ask(through.server.boto("cloudtrail"), f"""
        SELECT eventName AS name, eventCategory AS category, errorCode AS error, vpcEndpointId AS endpoint
        FROM "{table}" WHERE eventSource IN ('sqs.amazonaws.com', 'sns.amazonaws.com')""")


def test_stores_have_them_if_they_want_them(called):
    network = wait_until(lambda: (found := rows(called, "network")) and len(found) >= 2 and found, "rows of both calls")
    about = {"category": "NetworkActivity", "endpoint": ENDPOINT}
    assert {"name": "ListQueues"} | about in network
    assert {"name": "CreateQueue", "error": "VpceAccessDenied"} | about in network
    assert {row["name"] for row in network} == {"ListQueues", "CreateQueue"}
    management = wait_until(lambda: (found := rows(called, "management")) and len(found) >= 2 and found, "rows of both")
    assert {(row["name"], row["category"]) for row in management} == {
        ("ListQueues", "Management"), ("ListTopics", "Management")}


def test_event_history_has_none(called):
    called.find(1, "--event-name", "ListTopics")
    assert called.history("--event-name", "CreateQueue") == []
    assert {record["eventCategory"] for record in called.history("--event-name", "ListQueues")} == {"Management"}
