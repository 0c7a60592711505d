// Tags, and the public keys of digests.

import assert from "node:assert/strict";
import { createHash, createPublicKey } from "node:crypto";
import { test } from "node:test";
import { ACCOUNT, HOME, arn, call, makeTrail, refused, there } from "./support.mjs";

test("tags are added, replaced, listed and removed", async (t) => {
  const { arn: ResourceId } = await makeTrail(t);
  const tags = async () => (await call("ListTags", { ResourceIdList: [ResourceId] })).ResourceTagList;
  assert.deepEqual(await call("AddTags", { ResourceId, TagsList: [{ Key: "a", Value: "1" }, { Key: "b" }] }), {});
  await call("AddTags", { ResourceId, TagsList: [{ Key: "a", Value: "2" }] });
  assert.deepEqual(await tags(), [{ ResourceId, TagsList: [{ Key: "a", Value: "2" }, { Key: "b" }] }]);
  assert.deepEqual(await call("RemoveTags", { ResourceId, TagsList: [{ Key: "a" }, { Key: "absent" }] }), {});
  assert.deepEqual(await tags(), [{ ResourceId, TagsList: [{ Key: "b" }] }]);
});

test("tags of several trails are listed in one call, at most twenty", async (t) => {
  const trails = [await makeTrail(t, { TagsList: [{ Key: "k", Value: "v" }] }), await makeTrail(t)];
  const { ResourceTagList } = await call("ListTags", { ResourceIdList: trails.map((trail) => trail.arn) });
  assert.deepEqual(ResourceTagList, [
    { ResourceId: trails[0].arn, TagsList: [{ Key: "k", Value: "v" }] },
    { ResourceId: trails[1].arn, TagsList: [] },
  ]);
  await refused("ListTags", { ResourceIdList: Array.from({ length: 21 }, () => trails[0].arn) });
});

test("tags and resources that break a rule are refused", async (t) => {
  const trail = await makeTrail(t, { IsMultiRegionTrail: true });
  const add = async (ResourceId, ...TagsList) => (await refused("AddTags", { ResourceId, TagsList }))[0];
  assert.equal(await add(trail.arn, { Key: "aws:x" }), "InvalidTagParameterException");
  assert.equal(await add(trail.arn, { Key: "x" }, { Key: "x" }), "InvalidTagParameterException");
  const many = Array.from({ length: 51 }, (_, at) => ({ Key: `k${at}` }));
  assert.equal(await add(trail.arn, ...many), "TagsLimitExceededException");
  const resource = (kind) => `arn:aws:cloudtrail:${HOME}:${ACCOUNT}:${kind}/12345678-1234-1234-1234-123456789012`;
  const codes = {
    [arn("missing")]: "ResourceNotFoundException",
    [`arn:aws:cloudtrail:${HOME}:12:trail/abc`]: "CloudTrailARNInvalidException",
    "arn:aws:s3:::bucket": "ResourceTypeNotSupportedException",
    [resource("eventdatastore")]: "EventDataStoreNotFoundException",
    [resource("channel")]: "ChannelNotFoundException",
    [`${resource("eventdatastore")}x`]: "EventDataStoreARNInvalidException",
    [`${resource("channel")}x`]: "ChannelARNInvalidException",
  };
  for (const [ResourceId, code] of Object.entries(codes)) {
    assert.equal(await add(ResourceId, { Key: "x" }), code, ResourceId);
    assert.equal((await refused("RemoveTags", { ResourceId, TagsList: [{ Key: "x" }] }))[0], code, ResourceId);
    // The model gives ListTags no ChannelNotFoundException.
    const [listed] = await refused("ListTags", { ResourceIdList: [ResourceId] });
    assert.ok([code, "ResourceNotFoundException"].includes(listed), `${ResourceId}: ${listed}`);
  }
  const away = { ResourceId: trail.arn, TagsList: [{ Key: "x" }] };
  assert.equal((await refused("AddTags", away, there))[0], "OperationNotPermittedException");
});

/** Asks until the answer isn't empty. */
async function eventually(ask, seconds) {
  for (let attempt = 0; attempt < seconds * 5; attempt += 1) {
    const answer = await ask();
    if (answer.length > 0) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return assert.fail(`nothing after ${seconds} s`);
}

test("public keys are PKCS#1 keys of 2048 bits that live for 30 days", async (t) => {
  const { name } = await makeTrail(t, { EnableLogFileValidation: true });
  await call("StartLogging", { Name: name });
  // A Region has no key before its first digest.
  const PublicKeyList = await eventually(async () => (await call("ListPublicKeys", {})).PublicKeyList, 30);
  assert.equal(PublicKeyList.length, 1);
  const [key] = PublicKeyList;
  assert.equal(key.Value.length, 270);
  const parsed = createPublicKey({ key: Buffer.from(key.Value), format: "der", type: "pkcs1" });
  assert.equal(parsed.asymmetricKeyDetails.modulusLength, 2048);
  assert.equal(key.Fingerprint, createHash("md5").update(key.Value).digest("hex"));
  assert.equal(key.ValidityEndTime - key.ValidityStartTime, 30 * 86400 * 1000);
  assert.equal(key.ValidityStartTime.getMilliseconds(), 0);
  assert.deepEqual((await call("ListPublicKeys", { NextToken: "nonsense" })).PublicKeyList, PublicKeyList);
  const range = (from, to) => ({ StartTime: new Date(from * 1000), EndTime: new Date(to * 1000) });
  assert.deepEqual((await call("ListPublicKeys", range(1, 2))).PublicKeyList, []);
  assert.equal((await refused("ListPublicKeys", range(2_000_000_000, 1_900_000_000)))[0], "InvalidTimeRangeException");
  const elsewhere = (await call("ListPublicKeys", {}, there)).PublicKeyList.map((other) => other.Fingerprint);
  assert.ok(!elsewhere.includes(key.Fingerprint), "keys are of one Region");
});
