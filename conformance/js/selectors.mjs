// Selectors of events and Insights.

import assert from "node:assert/strict";
import { test } from "node:test";
import { arn, call, makeTrail, refused } from "./support.mjs";

const field = (Field, operators) => ({ Field, ...operators });
const DATA = field("eventCategory", { Equals: ["Data"] });
const OBJECTS = field("resources.type", { Equals: ["AWS::S3::Object"] });
const advanced = (...fields) => [{ FieldSelectors: fields }];

const REFUSED = [
  [
    { EventSelectors: [{}], AdvancedEventSelectors: advanced(DATA, OBJECTS) },
    "You can select events by using either EventSelectors or AdvancedEventSelectors, but not both.",
  ],
  [{ EventSelectors: [] }, "Specify a valid number of selectors (1 to 5) for your trail"],
  [{ EventSelectors: [{}, {}, {}, {}, {}, {}] }, "Specify a valid number of selectors (1 to 5) for your trail"],
  [{ AdvancedEventSelectors: [] }, "Specify between 1 and 500 selectors for your trail."],
  [{ EventSelectors: [{ ReadWriteType: "Sometimes" }] }, "Value Sometimes for ReadWriteType is invalid."],
  [
    { EventSelectors: [{ DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3:::bucket"] }] }] },
    "Value arn:aws:s3:::bucket for DataResources.Values is invalid.",
  ],
  [
    { EventSelectors: [{ IncludeManagementEvents: false }] },
    "Invalid combination of parameters in EventSelectors. When includeManagementEvents is false, DataResources must not be empty",
  ],
  [
    { AdvancedEventSelectors: advanced(field("readOnly", { Equals: ["true"] })) },
    "The following fields are required: [eventCategory].",
  ],
  [
    { AdvancedEventSelectors: advanced(DATA, field("resources.type", { Equals: ["AWS::IAM::Role"] })) },
    "The resources.type field value is not valid.",
  ],
  [
    { AdvancedEventSelectors: advanced(DATA, OBJECTS, field("resources.ARN", { Equals: ["arn:aws:s3:::bucket"] })) },
    "The specified ARN arn:aws:s3:::bucket is not valid. Verify that the ARN is properly formatted.",
  ],
];

test("PutEventSelectors says what is wrong and changes nothing", async (t) => {
  const { name } = await makeTrail(t);
  const before = await call("GetEventSelectors", { TrailName: name });
  for (const [selectors, message] of REFUSED) {
    const got = await refused("PutEventSelectors", { TrailName: name, ...selectors });
    assert.deepEqual(got, ["InvalidEventSelectorsException", message]);
  }
  assert.deepEqual(await call("GetEventSelectors", { TrailName: name }), before);
  const values = Array.from({ length: 501 }, (_, at) => `arn:aws:s3:::bucket/${at}`);
  const many = advanced(DATA, OBJECTS, field("resources.ARN", { StartsWith: values }));
  const [code] = await refused("PutEventSelectors", { TrailName: name, AdvancedEventSelectors: many });
  assert.equal(code, "InvalidEventSelectorsException");
});

test("PutEventSelectors fills in the defaults of basic selectors", async (t) => {
  const { name } = await makeTrail(t);
  const Values = ["arn:aws:s3:::bucket/", "arn:aws:s3:::other/prefix"];
  const EventSelectors = [{ ReadWriteType: "WriteOnly", DataResources: [{ Type: "AWS::S3::Object", Values }] }, {}];
  const put = await call("PutEventSelectors", { TrailName: name, EventSelectors });
  const filled = { IncludeManagementEvents: true, ExcludeManagementEventSources: [] };
  const expected = [
    { ReadWriteType: "WriteOnly", ...filled, DataResources: [{ Type: "AWS::S3::Object", Values }] },
    { ReadWriteType: "All", ...filled, DataResources: [] },
  ];
  assert.deepEqual(put, { TrailARN: arn(name), EventSelectors: expected });
  assert.deepEqual(await call("GetEventSelectors", { TrailName: arn(name) }), put);
  assert.equal((await call("GetTrail", { Name: name })).Trail.HasCustomEventSelectors, true);
});

test("advanced selectors replace basic ones, are echoed in order and shown sorted", async (t) => {
  const { name } = await makeTrail(t);
  const ARN = field("resources.ARN", { StartsWith: ["arn:aws:s3:::bucket/"], NotEndsWith: [".tmp"] });
  const AdvancedEventSelectors = [{ Name: "objects", FieldSelectors: [OBJECTS, DATA, ARN] }];
  const put = await call("PutEventSelectors", { TrailName: name, AdvancedEventSelectors });
  assert.deepEqual(put, { TrailARN: arn(name), AdvancedEventSelectors });
  const got = await call("GetEventSelectors", { TrailName: name });
  const sorted = [{ Name: "objects", FieldSelectors: [DATA, ARN, OBJECTS] }];
  assert.deepEqual(got, { TrailARN: arn(name), AdvancedEventSelectors: sorted });
  await call("PutEventSelectors", { TrailName: name, EventSelectors: [{}] });
  assert.equal((await call("GetEventSelectors", { TrailName: name })).AdvancedEventSelectors, undefined);
});

test("Insights selectors are kept, shown and removed", async (t) => {
  const { name } = await makeTrail(t);
  const disabled = [
    "InsightNotEnabledException",
    `Trail ${arn(name)} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again.`,
  ];
  assert.deepEqual(await refused("GetInsightSelectors", { TrailName: name }), disabled);
  const InsightSelectors = [
    { InsightType: "ApiCallRateInsight", EventCategories: ["Management"] },
    { InsightType: "ApiErrorRateInsight", EventCategories: ["Management"] },
  ];
  const put = await call("PutInsightSelectors", { TrailName: name, InsightSelectors });
  assert.deepEqual(put, { TrailARN: arn(name), InsightSelectors });
  assert.deepEqual(await call("GetInsightSelectors", { TrailName: arn(name) }), put);
  assert.equal((await call("GetTrail", { Name: name })).Trail.HasInsightSelectors, true);
  await call("PutInsightSelectors", { TrailName: name, InsightSelectors: [] });
  assert.deepEqual(await refused("GetInsightSelectors", { TrailName: name }), disabled);
  await call("PutEventSelectors", { TrailName: name, EventSelectors: [{ ReadWriteType: "ReadOnly" }] });
  const rate = { TrailName: name, InsightSelectors: [{ InsightType: "ApiCallRateInsight" }] };
  assert.equal((await refused("PutInsightSelectors", rate))[0], "InvalidInsightSelectorsException");
});

test("Insights selectors are asked for by trail or by event data store", async (t) => {
  const { name } = await makeTrail(t);
  const EventDataStore = "12345678-1234-1234-1234-123456789012";
  const code = async (operation, input) => (await refused(operation, input))[0];
  assert.equal(await code("GetInsightSelectors", {}), "InvalidParameterException");
  assert.equal(await code("GetInsightSelectors", { TrailName: name, EventDataStore }), "InvalidParameterCombinationException");
  assert.equal(await code("PutInsightSelectors", { InsightSelectors: [] }), "InvalidParameterException");
  const both = { TrailName: name, EventDataStore, InsightSelectors: [] };
  assert.equal(await code("PutInsightSelectors", both), "InvalidParameterCombinationException");
});
