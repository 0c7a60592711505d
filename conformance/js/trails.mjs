// Trails: what each operation answers, its defaults, its refusals.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
} from "@aws-sdk/client-s3";
import { ACCOUNT, AWAY, HOME, arn, bucketPolicy, call, logs, makeBucket, makeTrail, refused, s3, there, unique } from "./support.mjs";

const DEFAULT_SELECTORS = [
  { ReadWriteType: "All", IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
];

test("CreateTrail fills in defaults and answers no more than is set", async (t) => {
  const { name, created } = await makeTrail(t);
  const settings = {
    Name: name,
    S3BucketName: logs,
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: false,
    TrailARN: arn(name),
    LogFileValidationEnabled: false,
    IsOrganizationTrail: false,
    RecursiveLogging: true,
  };
  assert.deepEqual(created, settings);
  const trail = { ...settings, HomeRegion: HOME, HasCustomEventSelectors: false, HasInsightSelectors: false };
  assert.deepEqual(await call("GetTrail", { Name: name }), { Trail: trail });
  assert.deepEqual(await call("GetTrail", { Name: arn(name) }), { Trail: trail });
  assert.deepEqual(await call("DescribeTrails", { trailNameList: [name] }), { trailList: [trail] });
  const selectors = await call("GetEventSelectors", { TrailName: name });
  assert.deepEqual(selectors, { TrailARN: arn(name), EventSelectors: DEFAULT_SELECTORS });
  const tags = await call("ListTags", { ResourceIdList: [arn(name)] });
  assert.deepEqual(tags, { ResourceTagList: [{ ResourceId: arn(name), TagsList: [] }] });
});

test("CreateTrail keeps everything it is given and writes marker objects", async (t) => {
  const prefix = "some/prefix";
  const bucket = await makeBucket((bucket) => bucketPolicy(bucket, { prefix }));
  const { name, created } = await makeTrail(t, {
    S3BucketName: bucket,
    S3KeyPrefix: prefix,
    IsMultiRegionTrail: true,
    EnableLogFileValidation: true,
    RecursiveLogging: false,
    TagsList: [{ Key: "team", Value: "audit" }, { Key: "bare" }],
  });
  assert.deepEqual(created, {
    Name: name,
    S3BucketName: bucket,
    S3KeyPrefix: prefix,
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: true,
    TrailARN: arn(name),
    LogFileValidationEnabled: true,
    IsOrganizationTrail: false,
    RecursiveLogging: false,
  });
  const tags = await call("ListTags", { ResourceIdList: [arn(name)] });
  assert.deepEqual(tags.ResourceTagList[0].TagsList, [{ Key: "team", Value: "audit" }, { Key: "bare" }]);
  const found = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const folder = `${prefix}/AWSLogs/${ACCOUNT}`;
  assert.deepEqual(found.Contents.map((object) => object.Key), [`${folder}/CloudTrail-Digest/`, `${folder}/CloudTrail/`]);
  const marker = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: `${folder}/CloudTrail/` }));
  assert.deepEqual([marker.ContentLength, marker.ContentType, marker.ContentEncoding], [0, "application/json", "gzip"]);
});

test("CreateTrail refuses names that no trail can have", async () => {
  const words = {
    ab: "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 2 characters.",
    ["a".repeat(129)]: "Trail name too long. Maximum allowed length: 128 characters. Specified name length: 129 characters.",
    "-abc": "Trail name must starts with a letter or number.",
    "abc-": "Trail name must ends with a letter or number.",
    "a b c":
      "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and " +
      "underscores (_).",
  };
  for (const [Name, message] of Object.entries(words)) {
    assert.deepEqual(await refused("CreateTrail", { Name, S3BucketName: logs }), ["InvalidTrailNameException", message]);
  }
  for (const Name of ["my-_trail", "my--trail", "192.168.5.4"]) {
    assert.equal((await refused("CreateTrail", { Name, S3BucketName: logs }))[0], "InvalidTrailNameException", Name);
  }
});

test("CreateTrail refuses a name that is taken and a sixth trail", async (t) => {
  const first = await makeTrail(t);
  assert.deepEqual(await refused("CreateTrail", { Name: first.name, S3BucketName: logs }), [
    "TrailAlreadyExistsException",
    `Trail ${first.name} already exists for customer: ${ACCOUNT}`,
  ]);
  const { trailList } = await call("DescribeTrails", {});
  for (let count = trailList.length; count < 5; count += 1) await makeTrail(t);
  assert.deepEqual(await refused("CreateTrail", { Name: unique("sixth"), S3BucketName: logs }), [
    "MaximumNumberOfTrailsExceededException",
    `User: ${ACCOUNT} already has 5 trails in ${HOME}.`,
  ]);
});

test("CreateTrail checks the bucket", async () => {
  const Name = unique("js-trail");
  const missing = unique("js-missing");
  assert.deepEqual(await refused("CreateTrail", { Name, S3BucketName: missing }), [
    "S3BucketDoesNotExistException",
    `S3 bucket ${missing} does not exist!`,
  ]);
  const closed = await makeBucket(null);
  assert.deepEqual(await refused("CreateTrail", { Name, S3BucketName: closed }), [
    "InsufficientS3BucketPolicyException",
    `Incorrect S3 bucket policy is detected for bucket: ${closed}`,
  ]);
  const foreign = await makeBucket((bucket) => bucketPolicy(bucket, { account: "999999999999" }));
  assert.equal((await refused("CreateTrail", { Name, S3BucketName: foreign }))[0], "InsufficientS3BucketPolicyException");
  assert.equal((await refused("CreateTrail", { Name, S3BucketName: "Bad_Bucket!" }))[0], "InvalidS3BucketNameException");
  const long = { Name, S3BucketName: logs, S3KeyPrefix: "p".repeat(201) };
  assert.equal((await refused("CreateTrail", long))[0], "InvalidS3PrefixException");
});

const GROUP = `arn:aws:logs:${HOME}:${ACCOUNT}:log-group:g:*`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/r`;

const WRONG_SETTINGS = [
  [
    { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false },
    "InvalidParameterCombinationException",
    "Multi-Region trail must include global service events.",
  ],
  [{ SnsTopicName: "bad topic" }, "InvalidSnsTopicNameException"],
  [{ SnsTopicName: "topic.fifo" }, "InvalidSnsTopicNameException"],
  [
    { SnsTopicName: "no-such-topic" },
    "InsufficientSnsTopicPolicyException",
    "SNS Topic does not exist or the topic policy is incorrect!",
  ],
  [
    { CloudWatchLogsLogGroupArn: GROUP },
    "InvalidCloudWatchLogsRoleArnException",
    "You must specify a log group and a role ARN.",
  ],
  [
    { CloudWatchLogsRoleArn: ROLE },
    "InvalidCloudWatchLogsLogGroupArnException",
    "You must specify a log group and a role ARN.",
  ],
  [
    { CloudWatchLogsLogGroupArn: GROUP.slice(0, -2), CloudWatchLogsRoleArn: ROLE },
    "InvalidCloudWatchLogsLogGroupArnException",
    "CloudTrail cannot validate the specified log group ARN.",
  ],
  [
    { CloudWatchLogsLogGroupArn: GROUP.replace(HOME, AWAY), CloudWatchLogsRoleArn: ROLE },
    "InvalidCloudWatchLogsLogGroupArnException",
    "You must specify a log group that is in the current region.",
  ],
  [
    { CloudWatchLogsLogGroupArn: GROUP, CloudWatchLogsRoleArn: "nonsense" },
    "InvalidCloudWatchLogsRoleArnException",
    "CloudTrail cannot validate the specified role ARN.",
  ],
  [{ KmsKeyId: "alias/no-such-key" }, "InsufficientEncryptionPolicyException"],
  [{ KmsKeyId: "not a key" }, "KmsKeyNotFoundException"],
  [{ IsOrganizationTrail: true }, "OrganizationsNotInUseException"],
];

for (const [settings, code, message] of WRONG_SETTINGS) {
  test(`CreateTrail and UpdateTrail refuse ${JSON.stringify(settings)}`, async (t) => {
    const Name = unique("js-trail");
    const check = ([gotCode, gotMessage]) => {
      assert.equal(gotCode, code);
      if (message) assert.equal(gotMessage, message);
    };
    check(await refused("CreateTrail", { Name, S3BucketName: logs, ...settings }));
    assert.deepEqual(await call("DescribeTrails", { trailNameList: [Name] }), { trailList: [] });
    const { name } = await makeTrail(t);
    const before = await call("GetTrail", { Name: name });
    check(await refused("UpdateTrail", { Name: name, ...settings }));
    assert.deepEqual(await call("GetTrail", { Name: name }), before);
  });
}

test("CreateTrail refuses tags that break a rule", async () => {
  const create = async (TagsList) => (await refused("CreateTrail", { Name: unique("js-trail"), S3BucketName: logs, TagsList }))[0];
  assert.equal(await create([{ Key: "aws:x", Value: "y" }]), "InvalidTagParameterException");
  assert.equal(await create([{ Key: "a", Value: "1" }, { Key: "a", Value: "2" }]), "InvalidTagParameterException");
  assert.equal(await create(Array.from({ length: 51 }, (_, at) => ({ Key: `k${at}`, Value: "v" }))), "TagsLimitExceededException");
});

test("UpdateTrail changes what is given and keeps the rest", async (t) => {
  const { name } = await makeTrail(t);
  const expected = {
    Name: name,
    S3BucketName: logs,
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: true,
    TrailARN: arn(name),
    LogFileValidationEnabled: true,
    IsOrganizationTrail: false,
    RecursiveLogging: true,
  };
  const change = { Name: name, IsMultiRegionTrail: true, EnableLogFileValidation: true };
  assert.deepEqual(await call("UpdateTrail", change), expected);
  assert.deepEqual(await call("UpdateTrail", { Name: arn(name) }), expected);
  const single = await call("UpdateTrail", { Name: name, IsMultiRegionTrail: false });
  assert.deepEqual([single.IsMultiRegionTrail, single.IncludeGlobalServiceEvents], [false, false]);
  const missing = unique("js-missing");
  assert.equal((await refused("UpdateTrail", { Name: name, S3BucketName: missing }))[0], "S3BucketDoesNotExistException");
  const bucket = await makeBucket(null);
  assert.equal((await refused("UpdateTrail", { Name: name, S3BucketName: bucket }))[0], "InsufficientS3BucketPolicyException");
  assert.equal((await refused("UpdateTrail", { Name: name, S3BucketName: "Bad_Bucket!" }))[0], "InvalidS3BucketNameException");
  assert.equal((await refused("UpdateTrail", { Name: name, S3KeyPrefix: "p".repeat(201) }))[0], "InvalidS3PrefixException");
});

test("a bucket is checked again when a trail is changed, gone or closed", async (t) => {
  const bucket = await makeBucket(bucketPolicy);
  const { name } = await makeTrail(t, { S3BucketName: bucket });
  const insights = { TrailName: name, InsightSelectors: [{ InsightType: "ApiCallRateInsight" }] };
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
  const refusal = `Incorrect S3 bucket policy is detected for bucket: ${bucket}`;
  for (const [operation, input] of [["UpdateTrail", { Name: name }], ["PutInsightSelectors", insights]]) {
    assert.deepEqual(await refused(operation, input), ["InsufficientS3BucketPolicyException", refusal], operation);
  }
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
  for (const [operation, input] of [["UpdateTrail", { Name: name }], ["PutInsightSelectors", insights]]) {
    assert.equal((await refused(operation, input))[0], "S3BucketDoesNotExistException", operation);
  }
});

test("operations on a trail refuse what names none", async () => {
  const operations = {
    GetTrail: "Name",
    GetTrailStatus: "Name",
    StartLogging: "Name",
    StopLogging: "Name",
    UpdateTrail: "Name",
    DeleteTrail: "Name",
    GetEventSelectors: "TrailName",
    PutEventSelectors: "TrailName",
    GetInsightSelectors: "TrailName",
    PutInsightSelectors: "TrailName",
  };
  const more = { PutEventSelectors: { EventSelectors: [{}] }, PutInsightSelectors: { InsightSelectors: [] } };
  for (const [operation, member] of Object.entries(operations)) {
    const code = async (name) => (await refused(operation, { ...more[operation], [member]: name }))[0];
    assert.equal(await code("missing"), "TrailNotFoundException", operation);
    assert.equal(await code(arn("missing")), "TrailNotFoundException", operation);
    assert.equal(await code("x"), "InvalidTrailNameException", operation);
    assert.equal(await code("arn:aws:s3:::bucket"), "CloudTrailARNInvalidException", operation);
    assert.equal(await code(`arn:aws:cloudtrail:${HOME}:12:trail/abc`), "CloudTrailARNInvalidException", operation);
  }
});

test("a missing trail is shown by name or by ARN, as the operation has it", async () => {
  const unknown = (shown) => ["TrailNotFoundException", `Unknown trail: ${shown} for the user: ${ACCOUNT}`];
  assert.deepEqual(await refused("GetTrail", { Name: arn("missing") }), unknown("missing"));
  assert.deepEqual(await refused("GetTrailStatus", { Name: "missing" }), unknown(arn("missing")));
  assert.deepEqual(await refused("StartLogging", { Name: "missing" }), unknown(arn("missing")));
});

test("DeleteTrail deletes once", async (t) => {
  const { name } = await makeTrail(t);
  assert.deepEqual(await call("DeleteTrail", { Name: arn(name) }), {});
  assert.equal((await refused("DeleteTrail", { Name: name }))[0], "TrailNotFoundException");
});

test("GetTrailStatus of a new trail has six empty texts", async (t) => {
  const { name } = await makeTrail(t);
  assert.deepEqual(await call("GetTrailStatus", { Name: name }), {
    IsLogging: false,
    LatestDeliveryAttemptTime: "",
    LatestNotificationAttemptTime: "",
    LatestNotificationAttemptSucceeded: "",
    LatestDeliveryAttemptSucceeded: "",
    TimeLoggingStarted: "",
    TimeLoggingStopped: "",
  });
});

test("StartLogging and StopLogging succeed as often as they are called", async (t) => {
  const { name } = await makeTrail(t);
  const seconds = (date) => date.toISOString().replace(/\.\d+Z$/, "Z");
  assert.deepEqual(await call("StopLogging", { Name: name }), {});
  assert.deepEqual(await call("StartLogging", { Name: arn(name) }), {});
  const started = await call("GetTrailStatus", { Name: name });
  assert.equal(started.IsLogging, true);
  assert.equal(started.TimeLoggingStarted, seconds(started.StartLoggingTime));
  assert.deepEqual(await call("StartLogging", { Name: name }), {});
  const again = await call("GetTrailStatus", { Name: name });
  assert.deepEqual(again.StartLoggingTime, started.StartLoggingTime);
  assert.deepEqual(await call("StopLogging", { Name: name }), {});
  const stopped = await call("GetTrailStatus", { Name: arn(name) });
  assert.equal(stopped.IsLogging, false);
  assert.equal(stopped.TimeLoggingStopped, seconds(stopped.StopLoggingTime));
});

test("a multi-Region trail has shadows elsewhere that can be read but not changed", async (t) => {
  await call("DescribeTrails", {}, there);
  const { name } = await makeTrail(t, { IsMultiRegionTrail: true });
  const single = await makeTrail(t);
  const names = async (input, client) => (await call("DescribeTrails", input, client)).trailList.map((trail) => trail.Name);
  assert.deepEqual((await names({})).filter((it) => it.startsWith("js-trail")).sort(), [name, single.name].sort());
  assert.ok((await names({}, there)).includes(name));
  assert.ok(!(await names({}, there)).includes(single.name));
  assert.deepEqual(await names({ includeShadowTrails: false }, there), []);
  assert.deepEqual(await names({ trailNameList: [arn(name)] }, there), [name]);
  assert.deepEqual(await names({ trailNameList: [single.name, "missing"] }, there), []);
  assert.equal((await call("GetTrail", { Name: arn(name) }, there)).Trail.HomeRegion, HOME);
  assert.equal((await call("GetTrailStatus", { Name: arn(name) }, there)).IsLogging, false);
  assert.equal((await call("GetEventSelectors", { TrailName: arn(name) }, there)).TrailARN, arn(name));
  for (const operation of ["StartLogging", "StopLogging", "UpdateTrail", "DeleteTrail"]) {
    assert.equal((await refused(operation, { Name: arn(name) }, there))[0], "InvalidHomeRegionException", operation);
  }
  const selectors = { TrailName: arn(name), EventSelectors: [{}] };
  assert.equal((await refused("PutEventSelectors", selectors, there))[0], "InvalidHomeRegionException");
  const insights = { TrailName: arn(name), InsightSelectors: [] };
  assert.equal((await refused("PutInsightSelectors", insights, there))[0], "InvalidHomeRegionException");
  const { Trails } = await call("ListTrails", {}, there);
  const listed = Trails.filter((trail) => [name, single.name].includes(trail.Name));
  const info = (it) => ({ TrailARN: arn(it), Name: it, HomeRegion: HOME });
  assert.deepEqual(listed, [info(name), info(single.name)]);
});
