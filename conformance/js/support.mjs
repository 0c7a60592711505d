// One server, clients for it, and what the tests share.

import assert from "node:assert/strict";
import { after } from "node:test";
import * as cloudtrail from "@aws-sdk/client-cloudtrail";
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { connect } from "./server.mjs";

/** Two Regions that nobody else uses on a server that is shared. */
export const HOME = "us-west-2";
export const AWAY = "eu-north-1";

const server = await connect();
after(server.stop);

/** Operations of CloudTrail that the tests have called. */
export const called = new Set();

const config = (region) => ({
  region,
  endpoint: server.endpoint,
  credentials: server.credentials,
  // What the server answers is what the test sees.
  maxAttempts: 1,
});

export const { endpoint, credentials } = server;
export const s3 = new S3Client({ ...config(HOME), forcePathStyle: true });
export const sts = new STSClient(config(HOME));

export function trailClient(region, options = {}) {
  const client = new cloudtrail.CloudTrailClient({ ...config(region), ...options });
  client.middlewareStack.add(
    (next, context) => (input) => {
      called.add(context.commandName.replace(/Command$/, ""));
      return next(input);
    },
    { step: "initialize" },
  );
  return client;
}

export const here = trailClient(HOME);
export const there = trailClient(AWAY);

/** Calls an operation by name; answers its output without the metadata. */
export async function call(operation, input, client = here) {
  const { $metadata, ...output } = await client.send(new cloudtrail[`${operation}Command`](input));
  assert.equal($metadata.httpStatusCode, 200);
  assert.match($metadata.requestId, /^[0-9a-f-]{36}$/);
  return output;
}

/** Calls an operation that must be refused; answers the code and the text. */
export async function refused(operation, input, client = here) {
  const error = await call(operation, input, client).then(
    (output) => assert.fail(`${operation} succeeded: ${JSON.stringify(output)}`),
    (error) => error,
  );
  if (error.name === "AssertionError") throw error;
  assert.ok(error.$metadata?.httpStatusCode, error.stack);
  assert.equal(error.$metadata.httpStatusCode, 400, `${error.name}: ${error.message}`);
  // The SDK makes modelled errors instances of their own class.
  if (cloudtrail[error.name]) assert.ok(error instanceof cloudtrail[error.name], error.name);
  return [error.name, error.message];
}

export const ACCOUNT = (await sts.send(new GetCallerIdentityCommand({}))).Account;

export const arn = (name, region = HOME) => `arn:aws:cloudtrail:${region}:${ACCOUNT}:trail/${name}`;

let count = 0;
export const unique = (prefix) => `${prefix}-${Date.now().toString(36)}-${count++}`;

/** The policy that CloudTrail's documentation asks for. */
export function bucketPolicy(bucket, { account = ACCOUNT, prefix = "" } = {}) {
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  const folder = prefix ? `${prefix}/` : "";
  return {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal, Action: "s3:GetBucketAcl", Resource: `arn:aws:s3:::${bucket}` },
      {
        Effect: "Allow",
        Principal,
        Action: "s3:PutObject",
        Resource: `arn:aws:s3:::${bucket}/${folder}AWSLogs/${account}/*`,
        Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
      },
    ],
  };
}

export async function makeBucket(policy, bucket = unique("js-logs")) {
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: HOME } }));
  if (policy) await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify(policy(bucket)) }));
  return bucket;
}

export const logs = await makeBucket(bucketPolicy);

/** A trail that is deleted after the test. */
export async function makeTrail(test, input = {}) {
  const name = unique("js-trail");
  const created = await call("CreateTrail", { Name: name, S3BucketName: logs, ...input });
  test.after(() => call("DeleteTrail", { Name: name }).catch(() => {}));
  return { name, arn: created.TrailARN, created };
}
