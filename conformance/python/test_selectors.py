"""PutEventSelectors and GetEventSelectors, in CloudTrail's words."""

import json

import pytest
from botocore.exceptions import ClientError

from logs import arn, call
from server import make_trail_bucket


@pytest.fixture(scope="module")
def trails(shared):
    make_trail_bucket(shared, "selector-logs")
    client = shared.boto("cloudtrail")
    client.create_trail(Name="selected", S3BucketName="selector-logs")
    return client


def refused(server, **body):
    status, text = call(server, "PutEventSelectors", {"TrailName": "selected"} | body)
    answer = json.loads(text)
    assert status == 400, text
    return answer["__type"], answer["message"]


def field(name, **operators):
    return {"Field": name} | operators


def advanced(*fields):
    return [{"FieldSelectors": [field("eventCategory", Equals=["Data"]), *fields]}]


INVALID = "InvalidEventSelectorsException"
S3 = field("resources.type", Equals=["AWS::S3::Object"])


@pytest.mark.parametrize("body, message", [
    ({"EventSelectors": [{}], "AdvancedEventSelectors": advanced(S3)},
     "You can select events by using either EventSelectors or AdvancedEventSelectors, but not both."),
    ({}, "Specify a valid number of selectors (1 to 5) for your trail"),
    ({"EventSelectors": []}, "Specify a valid number of selectors (1 to 5) for your trail"),
    ({"EventSelectors": [{}] * 6}, "Specify a valid number of selectors (1 to 5) for your trail"),
    ({"AdvancedEventSelectors": []}, "Specify between 1 and 500 selectors for your trail."),
    ({"EventSelectors": [{"ReadWriteType": "Sometimes"}]}, "Value Sometimes for ReadWriteType is invalid."),
    ({"EventSelectors": [{"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::bucket"]}]}]},
     "Value arn:aws:s3:::bucket for DataResources.Values is invalid."),
    ({"EventSelectors": [{"IncludeManagementEvents": False}]},
     "Invalid combination of parameters in EventSelectors. When includeManagementEvents is false, DataResources must not "
     "be empty"),
    ({"EventSelectors": [{"DataResources": [
        {"Type": "AWS::S3::Object", "Values": [f"arn:aws:s3:::bucket{n}/" for n in range(251)]}]}]},
     "Specify a valid number of DataResources.Values (0 to 250) for all your selectors"),
    ({"AdvancedEventSelectors": [{"FieldSelectors": [field("readOnly", Equals=["true"])]}]},
     "The following fields are required: [eventCategory]."),
    ({"AdvancedEventSelectors": advanced(field("resources.type", Equals=["AWS::IAM::Role"]))},
     "The resources.type field value is not valid."),
    ({"AdvancedEventSelectors": advanced(S3, field("resources.ARN", Equals=["arn:aws:s3:::bucket"]))},
     "The specified ARN arn:aws:s3:::bucket is not valid. Verify that the ARN is properly formatted."),
    ({"AdvancedEventSelectors": advanced(field("resources.type", Equals=["AWS::Lambda::Function"]), field(
        "resources.ARN", NotEquals=["arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST"]))},
     "The specified ARN arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST is not valid. Verify that the ARN is "
     "properly formatted."),
])
def test_invalid_selectors(shared, trails, body, message):
    assert refused(shared, **body) == (INVALID, message)


def test_five_hundred_values(shared, trails):
    fields = field("resources.ARN", StartsWith=[f"arn:aws:s3:::bucket/{n}" for n in range(499)])
    assert refused(shared, AdvancedEventSelectors=advanced(S3, fields))[0] == INVALID
    fields["StartsWith"] = fields["StartsWith"][:498]
    trails.put_event_selectors(TrailName="selected", AdvancedEventSelectors=advanced(S3, fields))


def test_basic_defaults_are_echoed_and_read_back(shared, trails):
    filled = {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": [],
              "ExcludeManagementEventSources": []}
    expected = '{"TrailARN":"%s","EventSelectors":[%s]}' % (
        arn("selected"), json.dumps(filled, separators=(",", ":")))
    body = {"TrailName": "selected", "EventSelectors": [{"ReadWriteType": "WriteOnly"}]}
    assert call(shared, "PutEventSelectors", body) == (200, expected)
    assert call(shared, "GetEventSelectors", {"TrailName": arn("selected")}) == (200, expected)
    assert trails.get_trail(Name="selected")["Trail"]["HasCustomEventSelectors"] is True
    trails.put_event_selectors(TrailName="selected", EventSelectors=[{}])
    assert trails.get_trail(Name="selected")["Trail"]["HasCustomEventSelectors"] is False


def test_put_echoes_the_order_and_get_sorts_it(trails):
    names = ["resources.type", "resources.ARN", "readOnly", "eventName", "eventCategory"]
    operators = [{"Equals": ["AWS::S3::Object"]}, {"StartsWith": ["arn:aws:s3:::b/"], "NotEndsWith": [".tmp"]},
                 {"Equals": ["false"]}, {"NotEquals": ["DeleteObject"]}, {"Equals": ["Data"]}]
    selectors = [{"Name": "mine", "FieldSelectors": [field(n, **o) for n, o in zip(names, operators)]}]
    put = trails.put_event_selectors(TrailName="selected", AdvancedEventSelectors=selectors)
    assert put["AdvancedEventSelectors"] == selectors and "EventSelectors" not in put
    got = trails.get_event_selectors(TrailName="selected")
    assert "EventSelectors" not in got
    assert [f["Field"] for f in got["AdvancedEventSelectors"][0]["FieldSelectors"]] == sorted(names)
    assert sorted(got["AdvancedEventSelectors"][0]["FieldSelectors"], key=str) == sorted(
        selectors[0]["FieldSelectors"], key=str)
    # The other family takes its place.
    trails.put_event_selectors(TrailName="selected", EventSelectors=[{"ReadWriteType": "ReadOnly"}])
    assert "AdvancedEventSelectors" not in trails.get_event_selectors(TrailName="selected")


def test_trails_that_do_not_exist(trails):
    for method, arguments in ((trails.get_event_selectors, {}), (trails.put_event_selectors, {"EventSelectors": [{}]})):
        for name, code in (("missing", "TrailNotFoundException"), ("x", "InvalidTrailNameException"),
                           ("arn:aws:s3:::b", "CloudTrailARNInvalidException")):
            with pytest.raises(ClientError) as error:
                method(TrailName=name, **arguments)
            assert error.value.response["Error"]["Code"] == code
