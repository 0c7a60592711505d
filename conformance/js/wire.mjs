// What holds for every operation: the model's constraints, signatures, and the truth about what isn't built.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { ACCOUNT, HOME, call, called, credentials, endpoint, refused, sts, trailClient } from "./support.mjs";

/** The smallest valid request of each operation, from the model's constraints. */
const minimal = JSON.parse(await readFile(new URL("minimal.json", import.meta.url), "utf8"));
const compat = await readFile(new URL("../../COMPAT.md", import.meta.url), "utf8");
export const built = [...compat.matchAll(/^\| \[(\w+)\]\(#\w+\) \| `cloudtrail` \| built/gm)].map((match) => match[1]);

for (const operation of Object.keys(minimal).filter((name) => !built.includes(name))) {
  test(`${operation} says that it isn't built`, async () => {
    const [code, message] = await refused(operation, minimal[operation]);
    assert.equal(code, "UnsupportedOperationException");
    assert.match(message, /not built in OpenTrail yet/);
  });
}

test("what a model requires must be there", async () => {
  const required = { CreateTrail: "S3BucketName", GetTrail: "Name", PutEventSelectors: "TrailName", AddTags: "TagsList" };
  for (const [operation, member] of Object.entries(required)) {
    const { [member]: _, ...input } = minimal[operation];
    const [code, message] = await refused(operation, input);
    assert.ok(["ValidationException", "SerializationException"].includes(code), `${operation}: ${code}`);
    assert.ok(message.toLowerCase().includes(member.toLowerCase()), message);
  }
});

test("a wrong secret, an unknown key and a wrong clock are refused", async () => {
  const attempt = async (options) => {
    const client = trailClient(HOME, options);
    const error = await client.send(new (await import("@aws-sdk/client-cloudtrail")).ListTrailsCommand({})).catch((error) => error);
    return [error.$metadata?.httpStatusCode, error.name];
  };
  const wrong = { credentials: { ...credentials, secretAccessKey: "wrong" } };
  assert.deepEqual(await attempt(wrong), [403, "SignatureDoesNotMatch"]);
  const unknown = { credentials: { ...credentials, accessKeyId: "AKIAUNKNOWNUNKNOWN00" } };
  assert.deepEqual((await attempt(unknown))[1], "UnrecognizedClientException");
  const [status, code] = await attempt({ systemClockOffset: -20 * 60 * 1000 });
  assert.deepEqual([status, code], [403, "SignatureDoesNotMatch"]);
});

test("STS says who calls", async () => {
  const { $metadata, ...identity } = await sts.send(new GetCallerIdentityCommand({}));
  assert.equal($metadata.httpStatusCode, 200);
  assert.equal(identity.Account, ACCOUNT);
  assert.match(identity.Arn, new RegExp(`^arn:aws:(iam|sts)::${ACCOUNT}:`));
  assert.ok(identity.UserId);
  const keys = { ...credentials, secretAccessKey: "wrong" };
  const stranger = new STSClient({ region: HOME, endpoint, credentials: keys, maxAttempts: 1 });
  await assert.rejects(stranger.send(new GetCallerIdentityCommand({})), { name: "SignatureDoesNotMatch" });
});

test("every operation that is built was called, with success", { concurrency: false }, async () => {
  assert.ok(built.length >= 18, "COMPAT.md was read");
  const missing = built.filter((operation) => !called.has(operation));
  assert.deepEqual(missing, []);
  await call("ListTrails", {});
});
