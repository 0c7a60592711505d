// Event history: what was done is found, by each attribute, page by page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { paginateLookupEvents } from "@aws-sdk/client-cloudtrail";
import { call, credentials, HOME, refused, there, trailClient } from "./support.mjs";

const by = (AttributeKey, AttributeValue) => ({ LookupAttributes: [{ AttributeKey, AttributeValue }] });

/** A call that nobody else makes, found in the history within a second. */
async function made(name) {
  await refused("GetTrail", { Name: name });
  const deadline = Date.now() + 1000;
  for (;;) {
    const { Events } = await call("LookupEvents", by("ResourceName", name));
    if (Events.length > 0) return Events;
    assert.ok(Date.now() < deadline, "not found within a second");
  }
}

test("a call is found by each attribute", async () => {
  const name = `looked-up-${process.pid}`;
  const [event, ...more] = await made(name);
  assert.deepEqual(more, []);
  assert.deepEqual(event.Resources, [{ ResourceType: "AWS::CloudTrail::Trail", ResourceName: name }]);
  assert.equal(event.AccessKeyId, credentials.accessKeyId);
  assert.ok(event.EventTime instanceof Date);
  const record = JSON.parse(event.CloudTrailEvent);
  assert.deepEqual([record.eventID, record.errorCode], [event.EventId, "TrailNotFoundException"]);
  for (const [key, value] of [
    ["EventId", event.EventId],
    ["EventName", "GetTrail"],
    ["ReadOnly", "true"],
    ["Username", event.Username],
    ["ResourceType", "AWS::CloudTrail::Trail"],
    ["EventSource", "cloudtrail.amazonaws.com"],
    ["AccessKeyId", event.AccessKeyId],
  ]) {
    const { Events } = await call("LookupEvents", by(key, value));
    assert.ok(Events.some((found) => found.EventId === event.EventId), key);
  }
  assert.deepEqual((await call("LookupEvents", by("EventId", event.EventId), there)).Events, []);
});

test("the paginator comes to the end while events arrive", async () => {
  const name = `paged-${process.pid}`;
  for (let n = 0; n < 7; n += 1) await refused("GetTrail", { Name: name });
  await made(name);
  const ids = [];
  const client = trailClient(HOME);
  const question = { ...by("ResourceName", name), EndTime: new Date() };
  for await (const page of paginateLookupEvents({ client, pageSize: 3 }, question)) {
    assert.ok(page.Events.length <= 3);
    ids.push(...page.Events.map((event) => event.EventId));
    await refused("GetTrail", { Name: name });
  }
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length >= 8, `${ids.length}`);
});

test("wrong questions are refused", async () => {
  const two = { LookupAttributes: [...by("EventName", "a").LookupAttributes, ...by("Username", "b").LookupAttributes] };
  for (const [input, code] of [
    [two, "InvalidLookupAttributesException"],
    [by("ReadOnly", "True"), "InvalidLookupAttributesException"],
    [{ StartTime: new Date(2000), EndTime: new Date(1000) }, "InvalidTimeRangeException"],
    [{ StartTime: new Date(4e12) }, "InvalidTimeRangeException"],
    [{ MaxResults: 51 }, "InvalidMaxResultsException"],
    [{ NextToken: "broken" }, "InvalidNextTokenException"],
    [{ EventCategory: "management" }, "InvalidEventCategoryException"],
  ]) {
    assert.equal((await refused("LookupEvents", input))[0], code);
  }
});
