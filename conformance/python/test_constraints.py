"""Each constraint of the service model, broken once for every operation that is built: the right code, no 500."""

import json
import subprocess

import pytest

from logs import call
from server import ROOT

BUILT = [
    "CreateTrail", "UpdateTrail", "DeleteTrail", "GetTrail", "DescribeTrails", "ListTrails", "GetTrailStatus",
    "StartLogging", "StopLogging", "PutEventSelectors", "GetEventSelectors", "PutInsightSelectors",
    "GetInsightSelectors", "ListPublicKeys", "AddTags", "RemoveTags", "ListTags",
]


@pytest.fixture(scope="module")
def cases():
    """Broken requests, printed by the crate that knows the model."""
    command = ["cargo", "run", "--quiet", "--package", "opentrail-wire", "--example", "violations", "--", *BUILT]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in printed.splitlines()]


def test_every_constraint_is_kept(shared, cases):
    assert {case["operation"] for case in cases} == set(BUILT)
    wrong = []
    for case in cases:
        status, text = call(shared, case["operation"], case["body"])
        answer = json.loads(text)
        if not case["code"]:
            # The smallest valid request may be refused for what it means, not for its form.
            is_right = status in (200, 400) and answer.get("__type") not in ("ValidationException", "SerializationException")
        else:
            is_right = (status, answer.get("__type")) == (400, case["code"])
        if not is_right:
            wrong.append(f"{case['operation']}, {case['description']}: {status} {text}")
    assert wrong == [], "\n".join(wrong)
    assert shared.get("/readyz")[0] == 200
