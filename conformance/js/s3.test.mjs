// The AWS SDK for JavaScript walks the embedded S3.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { test } from "node:test";
import * as api from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { bucketPolicy, credentials, endpoint, HOME, makeBucket, s3, unique } from "./support.mjs";

const send = (operation, input, client = s3) => client.send(new api[`${operation}Command`](input));
const text = async (object) => object.Body.transformToString();

async function refused(operation, input, client = s3) {
  const error = await send(operation, input, client).then(() => assert.fail(`${operation} succeeded`), (error) => error);
  if (error.name === "AssertionError") throw error;
  return [error.$metadata.httpStatusCode, error.name];
}

const Bucket = await makeBucket(null);

test("buckets: made, found, described, deleted", async () => {
  const bucket = await makeBucket(null);
  assert.equal((await send("HeadBucket", { Bucket: bucket })).$metadata.httpStatusCode, 200);
  assert.equal((await send("GetBucketLocation", { Bucket: bucket })).LocationConstraint, HOME);
  assert.ok((await send("ListBuckets", {})).Buckets.some((found) => found.Name === bucket));
  await send("PutObject", { Bucket: bucket, Key: "k", Body: "v" });
  assert.deepEqual(await refused("DeleteBucket", { Bucket: bucket }), [409, "BucketNotEmpty"]);
  await send("DeleteObject", { Bucket: bucket, Key: "k" });
  await send("DeleteBucket", { Bucket: bucket });
  assert.deepEqual(await refused("ListObjectsV2", { Bucket: bucket }), [404, "NoSuchBucket"]);
  assert.equal((await refused("CreateBucket", { Bucket: "Bad_Bucket" }))[1], "InvalidBucketName");
});

test("bucket policies: kept as they are, gone when deleted", async () => {
  const bucket = await makeBucket(null);
  assert.deepEqual(await refused("GetBucketPolicy", { Bucket: bucket }), [404, "NoSuchBucketPolicy"]);
  const Policy = JSON.stringify(bucketPolicy(bucket));
  await send("PutBucketPolicy", { Bucket: bucket, Policy });
  assert.deepEqual(JSON.parse((await send("GetBucketPolicy", { Bucket: bucket })).Policy), JSON.parse(Policy));
  assert.equal((await refused("PutBucketPolicy", { Bucket: bucket, Policy: "{" }))[1], "MalformedPolicy");
  await send("DeleteBucketPolicy", { Bucket: bucket });
  assert.deepEqual(await refused("GetBucketPolicy", { Bucket: bucket }), [404, "NoSuchBucketPolicy"]);
});

test("objects: odd keys, metadata and headers come back", async () => {
  for (const Key of ["plain", "a b+c&d=e?f#g%h", "ключ/키/🔑", "dots/./../x", "slash//es/", "'(quotes)!*~\""]) {
    const Metadata = { signature: "00ff", "backfill-generation-timestamp": "x" };
    const put = await send("PutObject", { Bucket, Key, Body: `body of ${Key}`, ContentType: "application/json", Metadata });
    const md5 = createHash("md5").update(`body of ${Key}`).digest("hex");
    assert.equal(put.ETag, `"${md5}"`, Key);
    const got = await send("GetObject", { Bucket, Key });
    assert.equal(await text(got), `body of ${Key}`);
    assert.deepEqual([got.ContentType, got.ETag, got.Metadata], ["application/json", put.ETag, Metadata]);
    const head = await send("HeadObject", { Bucket, Key });
    assert.equal(head.ContentLength, Buffer.byteLength(`body of ${Key}`));
    assert.ok(head.LastModified instanceof Date);
    await send("DeleteObject", { Bucket, Key });
    assert.deepEqual(await refused("GetObject", { Bucket, Key }), [404, "NoSuchKey"]);
  }
});

test("ranges and conditions", async () => {
  const Key = "ranges";
  const { ETag } = await send("PutObject", { Bucket, Key, Body: "0123456789" });
  const range = await send("GetObject", { Bucket, Key, Range: "bytes=2-4" });
  assert.deepEqual([await text(range), range.ContentRange, range.$metadata.httpStatusCode], ["234", "bytes 2-4/10", 206]);
  assert.equal(await text(await send("GetObject", { Bucket, Key, Range: "bytes=-3" })), "789");
  assert.deepEqual(await refused("GetObject", { Bucket, Key, Range: "bytes=10-" }), [416, "InvalidRange"]);
  assert.deepEqual(await refused("PutObject", { Bucket, Key, Body: "x", IfNoneMatch: "*" }), [412, "PreconditionFailed"]);
  assert.deepEqual(await refused("GetObject", { Bucket, Key, IfMatch: '"other"' }), [412, "PreconditionFailed"]);
  assert.equal((await refused("GetObject", { Bucket, Key, IfNoneMatch: ETag }))[0], 304);
  await send("PutObject", { Bucket, Key, Body: "new", IfMatch: ETag });
});

test("bodies of unknown length come in chunks with a trailing checksum", async () => {
  const piece = Buffer.alloc(64 * 1024, "x");
  const body = () => Readable.from(Array.from({ length: 40 }, () => piece));
  const input = { Bucket, Key: "stream", Body: body(), ContentLength: 40 * piece.length, ChecksumAlgorithm: "CRC32" };
  await send("PutObject", input);
  const got = await send("GetObject", { Bucket, Key: "stream" });
  assert.equal((await got.Body.transformToByteArray()).length, 40 * piece.length);
  for (const ChecksumAlgorithm of ["SHA256", "CRC32C"]) {
    await send("PutObject", { Bucket, Key: "checked", Body: "x", ChecksumAlgorithm });
    const checked = await send("GetObject", { Bucket, Key: "checked", ChecksumMode: "ENABLED" });
    assert.equal(await text(checked), "x");
    assert.ok(checked[`Checksum${ChecksumAlgorithm}`]);
  }
  const wrong = { Bucket, Key: "wrong", Body: "x", ChecksumSHA256: Buffer.alloc(32).toString("base64") };
  assert.equal((await refused("PutObject", wrong))[1], "BadDigest");
});

test("listings: version two by token, version one by marker, folders", async () => {
  const bucket = await makeBucket(null);
  const keys = ["a/1", "a/2", "b/1", "c", "d", "é"];
  for (const Key of keys) await send("PutObject", { Bucket: bucket, Key, Body: "x" });
  const pages = [];
  for await (const page of api.paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket: bucket })) pages.push(page);
  assert.deepEqual(pages.flatMap((page) => page.Contents.map((object) => object.Key)), keys);
  assert.deepEqual(pages.map((page) => page.IsTruncated), [true, true, false]);
  const after = await send("ListObjects", { Bucket: bucket, Marker: "b/1", MaxKeys: 2 });
  assert.deepEqual([after.Contents.map((object) => object.Key), after.IsTruncated, after.Marker], [["c", "d"], true, "b/1"]);
  const folders = await send("ListObjectsV2", { Bucket: bucket, Delimiter: "/" });
  assert.deepEqual(folders.CommonPrefixes.map((prefix) => prefix.Prefix), ["a/", "b/"]);
  assert.deepEqual(folders.Contents.map((object) => object.Key), ["c", "d", "é"]);
  const started = await send("ListObjectsV2", { Bucket: bucket, Prefix: "a/", StartAfter: "a/1" });
  assert.deepEqual(started.Contents.map((object) => object.Key), ["a/2"]);
  const deleted = await send("DeleteObjects", { Bucket: bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } });
  assert.equal(deleted.Deleted.length, keys.length);
  assert.equal((await send("ListObjectsV2", { Bucket: bucket })).KeyCount, 0);
});

test("objects in parts: put together, listed, aborted", async () => {
  const part = Buffer.alloc(5 * 1024 * 1024, "p");
  const upload = { Bucket, Key: "parts" };
  const { UploadId } = await send("CreateMultipartUpload", { ...upload, Metadata: { kind: "parts" } });
  const Parts = [];
  for (const [at, Body] of [part, "the end"].entries()) {
    const { ETag } = await send("UploadPart", { ...upload, UploadId, PartNumber: at + 1, Body });
    Parts.push({ PartNumber: at + 1, ETag });
  }
  const listed = await send("ListParts", { ...upload, UploadId });
  assert.deepEqual(listed.Parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag })), Parts);
  const done = await send("CompleteMultipartUpload", { ...upload, UploadId, MultipartUpload: { Parts } });
  assert.match(done.ETag, /^"[0-9a-f]{32}-2"$/);
  const head = await send("HeadObject", upload);
  assert.deepEqual([head.ContentLength, head.Metadata], [part.length + 7, { kind: "parts" }]);
  assert.equal(await text(await send("GetObject", { ...upload, Range: "bytes=-9" })), "ppthe end");
  const aborted = await send("CreateMultipartUpload", upload);
  await send("AbortMultipartUpload", { ...upload, UploadId: aborted.UploadId });
  assert.equal((await refused("UploadPart", { ...upload, UploadId: aborted.UploadId, PartNumber: 1, Body: "x" }))[1], "NoSuchUpload");
});

test("copies", async () => {
  await send("PutObject", { Bucket, Key: "source", Body: "copied", Metadata: { a: "b" } });
  const { CopyObjectResult } = await send("CopyObject", { Bucket, Key: "target", CopySource: `${Bucket}/source` });
  const got = await send("GetObject", { Bucket, Key: "target" });
  assert.deepEqual([await text(got), got.Metadata, got.ETag], ["copied", { a: "b" }, CopyObjectResult.ETag]);
});

test("presigned URLs work without a client, once only for what they say", async () => {
  const Key = "presigned é+&";
  const put = await getSignedUrl(s3, new api.PutObjectCommand({ Bucket, Key }), { expiresIn: 60 });
  assert.equal((await fetch(put, { method: "PUT", body: "by URL" })).status, 200);
  const get = await getSignedUrl(s3, new api.GetObjectCommand({ Bucket, Key }), { expiresIn: 60 });
  assert.equal(await (await fetch(get)).text(), "by URL");
  const changed = await fetch(get.replace("presigned", "presignee"));
  assert.equal(changed.status, 403);
  assert.match(await changed.text(), /<Code>SignatureDoesNotMatch<\/Code>/);
  const old = await getSignedUrl(s3, new api.GetObjectCommand({ Bucket, Key }), {
    expiresIn: 60,
    signingDate: new Date(Date.now() - 3600_000),
  });
  const expired = await fetch(old);
  assert.deepEqual([expired.status, /Request has expired/.test(await expired.text())], [403, true]);
});

test("strangers are refused in S3's words", async () => {
  const client = (keys) =>
    new api.S3Client({ region: HOME, endpoint, forcePathStyle: true, maxAttempts: 1, credentials: { ...credentials, ...keys } });
  const list = { Bucket };
  assert.deepEqual(await refused("ListObjectsV2", list, client({ secretAccessKey: "wrong" })), [403, "SignatureDoesNotMatch"]);
  const unknown = client({ accessKeyId: "AKIAUNKNOWNUNKNOWN00" });
  assert.deepEqual(await refused("ListObjectsV2", list, unknown), [403, "InvalidAccessKeyId"]);
  const anonymous = await fetch(`${endpoint}/${Bucket}/plain`);
  assert.equal(anonymous.status, 403);
  assert.match(await anonymous.text(), /<Code>AccessDenied<\/Code>/);
  assert.deepEqual(await refused("GetObject", { Bucket: unique("js-missing"), Key: "k" }), [404, "NoSuchBucket"]);
});
