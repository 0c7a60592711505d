"""Every constraint of the service model, broken once over a real socket: the right error code, and the server lives."""

import http.client
import json
import subprocess

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from server import ROOT, Server

PREFIXES = ("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", "CloudTrail_20131101")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("constraints") / "data").start()
    yield server
    server.stop()


def cases():
    """What the model's own tables make of each constraint; see `opentrail_wire::violations`."""
    command = ["cargo", "run", "--quiet", "--package", "opentrail-wire", "--example", "violations"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in printed.splitlines()]


def call(server, target, body):
    """One signed call with exactly this body, which no SDK would send: (status, parsed answer)."""
    file = server.client_file()
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
    request = AWSRequest("POST", server.endpoint + "/", headers=headers, data=body)
    credentials = Credentials(file["access_key_id"], file["secret_access_key"])
    SigV4Auth(credentials, "cloudtrail", "us-east-1").add_auth(request)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request("POST", "/", body=body, headers=dict(request.headers))
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_each_constraint_is_answered_its_code(server):
    broken = [case for case in cases() if case["code"]]
    assert len(broken) > 900
    wrong = []
    for index, case in enumerate(broken):
        target = f"{PREFIXES[index % 2]}.{case['operation']}"
        status, answer = call(server, target, json.dumps(case["body"]))
        if (status, answer.get("__type")) != (400, case["code"]):
            wrong.append((case["description"], status, answer))
    assert wrong == []
    assert server.complaints() == []


def test_the_smallest_valid_requests_pass_the_model(server):
    for case in cases():
        if case["code"]:
            continue
        status, answer = call(server, f"{PREFIXES[0]}.{case['operation']}", json.dumps(case["body"]))
        assert status in (200, 400), (case, answer)
        assert answer.get("__type") not in ("ValidationException", "SerializationException"), (case, answer)


@pytest.mark.parametrize("body", ["{", "[]", "null", "\"x\"", "{}x", "[" * 100_000, "{\"a\":" * 5000])
def test_a_body_that_is_no_json_object(server, body):
    status, answer = call(server, f"{PREFIXES[0]}.GetTrail", body)
    assert (status, answer["__type"]) == (400, "SerializationException")


@pytest.mark.parametrize(
    "target",
    [
        "CloudTrail_20131101.NoSuchThing",
        "CloudTrail_20131101.",
        "CloudTrail_20131101",
        "CloudTrail_20131101.GetTrail.x",
        "CloudTrail_20131101.PutAuditEvents",
        "example.CloudTrail_20131101.GetTrail",
        "com.amazonaws.cloudtrail.v20131102.CloudTrail_20131101.GetTrail",
    ],
)
def test_an_unknown_target(server, target):
    status, answer = call(server, target, "{}")
    assert (status, answer["__type"]) == (400, "UnknownOperationException")
