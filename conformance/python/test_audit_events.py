"""PutAuditEvents through boto3: what a channel takes, what it refuses, and that an event which comes again is kept once."""

import base64
import datetime
import hashlib
import itertools
import json

import pytest
from botocore.exceptions import ClientError

from conftest import FAST, running
from logs import wait_until
from server import ACCOUNT

NAMES = itertools.count()
NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)


def make_store(lake):
    selectors = [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["ActivityAuditLog"]}]}]
    return lake.create_event_data_store(
        Name=f"outside-{next(NAMES)}", AdvancedEventSelectors=selectors, MultiRegionEnabled=False,
        TerminationProtectionEnabled=False)["EventDataStoreArn"]


def make_channel(lake, *stores):
    destinations = [{"Type": "EVENT_DATA_STORE", "Location": store} for store in stores]
    return lake.create_channel(Name=f"way-{next(NAMES)}", Source="Custom", Destinations=destinations)["ChannelArn"]


@pytest.fixture
def lake(shared):
    """A Region of its own: a source has one channel there."""
    return shared.boto("cloudtrail", f"test-region-{next(NAMES)}")


@pytest.fixture
def put(shared, lake):
    """Puts events through a new channel into a new store."""
    arn = make_channel(lake, make_store(lake))
    client = shared.boto("cloudtrail-data", lake.meta.region_name)
    call = lambda *events, **more: client.put_audit_events(**({"channelArn": arn, "auditEvents": list(events)} | more))
    call.arn = arn
    return call


def event(id, checksum=True, text=None, **changes):
    data = {"version": "1", "userIdentity": {"type": "Custom", "principalId": "me", "details": {"team": "blue"}},
            "eventSource": "app.example.com", "eventName": "Login", "eventTime": f"{NOW:%Y-%m-%dT%H:%M:%SZ}", "UID": f"uid-{id}",
            "recipientAccountId": ACCOUNT} | changes
    data = json.dumps({name: value for name, value in data.items() if value is not None}) if text is None else text
    entry = {"id": id, "eventData": data}
    if checksum:
        entry["eventDataChecksum"] = base64.b64encode(hashlib.sha256(data.encode()).digest()).decode()
    return entry


def test_events_are_taken_and_told(lake, put):
    answer = put(event("a"), event("b", checksum=False))
    assert answer["failed"] == [] and [entry["id"] for entry in answer["successful"]] == ["a", "b"]
    told = lake.get_channel(Channel=put.arn)["IngestionStatus"]
    assert told["LatestIngestionSuccessEventID"] == answer["successful"][1]["eventID"]
    assert "LatestIngestionErrorCode" not in told


def test_each_event_is_refused_for_itself(lake, put):
    wrong = event("checksum") | {"eventDataChecksum": base64.b64encode(b"x" * 32).decode()}
    answer = put(
        event("good"), wrong, event("text", text="no JSON"), event("list", text="[]"), event("none", UID=None),
        event("long", eventName="x" * 1025), event("other", recipientAccountId="210987654321"),
        event("time", eventTime="today"), event("big", text=json.dumps({"x": "y" * 262_144})))
    assert [entry["id"] for entry in answer["successful"]] == ["good"]
    assert {entry["id"]: entry["errorCode"] for entry in answer["failed"]} == {
        "checksum": "InvalidChecksum", "text": "InvalidData", "list": "InvalidData", "none": "FieldNotFound",
        "long": "FieldTooLong", "other": "InvalidRecipient", "time": "InvalidData", "big": "InvalidData"}
    assert lake.get_channel(Channel=put.arn)["IngestionStatus"]["LatestIngestionErrorCode"] == "InvalidData"


def refused(code, call, *arguments, **more):
    with pytest.raises(ClientError) as error:
        call(*arguments, **more)
    assert error.value.response["Error"]["Code"] == code
    return error.value.response["Error"]["Message"]


def test_whole_requests_are_refused(shared, lake, put):
    refused("DuplicatedAuditEventId", put, event("a"), event("a", eventName="Logout"))
    refused("InvalidChannelARN", put, event("a"), channelArn="arn:aws:cloudtrail:us-east-1:1:trail/x")
    nowhere = put.arn.rsplit("/", 1)[0] + "/01234567-89ab-cdef-0123-456789abcdef"
    refused("ChannelNotFound", put, event("a"), channelArn=nowhere)
    elsewhere = shared.boto("cloudtrail-data", f"test-region-{next(NAMES)}").put_audit_events
    refused("ChannelNotFound", elsewhere, channelArn=put.arn, auditEvents=[event("a")])


def test_a_policy_decides(lake, put):
    def policy(effect, **condition):
        statement = {"Sid": "one", "Effect": effect, "Principal": {"AWS": [ACCOUNT]}, "Action": "cloudtrail-data:PutAuditEvents",
                     "Resource": put.arn}
        text = {"Version": "2012-10-17", "Statement": [statement | condition]}
        lake.put_resource_policy(ResourceArn=put.arn, ResourcePolicy=json.dumps(text))

    policy("Allow", Condition={"StringEquals": {"cloudtrail:ExternalId": "secret-1"}})
    assert put(event("a"), externalId="secret-1")["failed"] == []
    policy("Deny")
    assert put.arn in refused("ChannelInsufficientPermission", put, event("b"))


def test_an_event_that_comes_again_is_kept_once(tmp_path):
    with running(tmp_path / "data", *FAST) as server:
        lake = server.boto("cloudtrail")
        arn = make_channel(lake, make_store(lake))
        entries = [event(f"e{number}") for number in range(20)]
        put = lambda server: server.boto("cloudtrail-data").put_audit_events(channelArn=arn, auditEvents=entries)
        first = put(server)
        server.kill()
    with running(tmp_path / "data", *FAST) as server:
        again = put(server)
        assert again == first | {"ResponseMetadata": again["ResponseMetadata"]}
        wait_until(lambda: server.metric("opentrail_lake_duplicates") == 20, "the store knows all of them")
