"""The embedded S3 with the clients that people use."""

import hashlib
import http.client
import io
import os
import re
import socket
import time
import urllib.error
import urllib.request

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

from conftest import FAST, running
from logs import aws

BUCKET = "files"


@pytest.fixture(scope="module")
def s3(shared):
    client = shared.boto("s3")
    client.create_bucket(Bucket=BUCKET)
    return client


def refused(method, **arguments):
    with pytest.raises(ClientError) as error:
        method(**arguments)
    answer = error.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_cp_ls_sync_rm(shared, s3, tmp_path):
    source, target = tmp_path / "source", tmp_path / "target"
    for name, body in {"a.txt": b"a", "deep/er/b c+d%.txt": b"b" * 100, "empty": b"", "ünïcode/ж.bin": os.urandom(5000)}.items():
        file = source / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    large = source / "large.bin"
    large.write_bytes(os.urandom(20 * 1024 * 1024))
    for path in source.rglob("*"):
        # Listings tell whole seconds: a file written in the second of its upload would pass for changed afterwards.
        os.utime(path, (1_700_000_000, 1_700_000_000))
    aws(shared, "s3", "sync", str(source), f"s3://{BUCKET}/tree")
    listed = aws(shared, "s3", "ls", f"s3://{BUCKET}/tree/", "--recursive").stdout
    for path in source.rglob("*"):
        if path.is_file():
            assert re.search(rf"{path.stat().st_size} tree/{re.escape(str(path.relative_to(source)))}$", listed, re.M)
    assert "PRE deep/" in aws(shared, "s3", "ls", f"s3://{BUCKET}/tree/").stdout
    assert BUCKET in aws(shared, "s3", "ls").stdout
    aws(shared, "s3", "sync", f"s3://{BUCKET}/tree", str(target))
    for path in source.rglob("*"):
        if path.is_file():
            assert (target / path.relative_to(source)).read_bytes() == path.read_bytes(), path
    assert aws(shared, "s3", "sync", str(source), f"s3://{BUCKET}/tree").stdout == ""
    (source / "a.txt").unlink()
    assert "delete: s3://files/tree/a.txt" in aws(shared, "s3", "sync", str(source), f"s3://{BUCKET}/tree", "--delete").stdout
    aws(shared, "s3", "cp", f"s3://{BUCKET}/tree/large.bin", f"s3://{BUCKET}/copy.bin")
    assert aws(shared, "s3", "cp", f"s3://{BUCKET}/tree/deep/er/b c+d%.txt", "-").stdout == "b" * 100
    aws(shared, "s3", "mv", f"s3://{BUCKET}/copy.bin", f"s3://{BUCKET}/moved.bin")
    assert s3.head_object(Bucket=BUCKET, Key="moved.bin")["ContentLength"] == large.stat().st_size
    aws(shared, "s3", "rm", f"s3://{BUCKET}/", "--recursive")
    assert s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
    assert aws(shared, "s3", "cp", f"s3://{BUCKET}/gone", "-", check=False).returncode == 1


def test_make_and_remove_buckets(shared, s3):
    aws(shared, "s3", "mb", "s3://short-lived")
    assert refused(s3.create_bucket, Bucket="Not_Valid") == ("InvalidBucketName", 400)
    s3.put_object(Bucket="short-lived", Key="k", Body=b"x")
    assert refused(s3.delete_bucket, Bucket="short-lived") == ("BucketNotEmpty", 409)
    aws(shared, "s3", "rb", "s3://short-lived", "--force")
    assert refused(s3.head_bucket, Bucket="short-lived") == ("404", 404)
    assert refused(s3.delete_bucket, Bucket="short-lived") == ("NoSuchBucket", 404)
    assert refused(s3.list_objects_v2, Bucket="short-lived") == ("NoSuchBucket", 404)


def test_locations(shared, s3):
    assert s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] is None
    west = shared.boto("s3", "eu-west-1")
    west.create_bucket(Bucket="in-the-west", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert west.get_bucket_location(Bucket="in-the-west")["LocationConstraint"] == "eu-west-1"


def test_objects_keep_what_came_with_them(s3):
    body = b"hello"
    put = s3.put_object(Bucket=BUCKET, Key="kept", Body=body, ContentType="text/x-mine", ContentEncoding="identity",
                        CacheControl="no-cache", ContentDisposition="inline", ContentLanguage="de",
                        Metadata={"Signature": "abc", "two-words": "x y"})
    assert put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    for answer in (s3.get_object(Bucket=BUCKET, Key="kept"), s3.head_object(Bucket=BUCKET, Key="kept")):
        assert answer["Metadata"] == {"signature": "abc", "two-words": "x y"}
        assert answer["ContentType"] == "text/x-mine" and answer["ContentEncoding"] == "identity"
        assert answer["CacheControl"] == "no-cache" and answer["ContentDisposition"] == "inline"
        assert answer["ContentLanguage"] == "de" and answer["ContentLength"] == 5
        assert answer["ETag"] == put["ETag"]
    assert refused(s3.get_object, Bucket=BUCKET, Key="absent") == ("NoSuchKey", 404)
    assert refused(s3.head_object, Bucket=BUCKET, Key="absent") == ("404", 404)
    assert refused(s3.get_object, Bucket="no-such-bucket-here", Key="k") == ("NoSuchBucket", 404)


def test_ranges(s3):
    s3.put_object(Bucket=BUCKET, Key="range", Body=b"0123456789")
    read = lambda value: s3.get_object(Bucket=BUCKET, Key="range", Range=value)  # noqa: E731
    for value, body, stated in (("bytes=2-4", b"234", "bytes 2-4/10"), ("bytes=7-", b"789", "bytes 7-9/10"),
                                ("bytes=-2", b"89", "bytes 8-9/10"), ("bytes=5-100", b"56789", "bytes 5-9/10")):
        answer = read(value)
        assert (answer["Body"].read(), answer["ContentRange"]) == (body, stated)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert refused(s3.get_object, Bucket=BUCKET, Key="range", Range="bytes=10-") == ("InvalidRange", 416)


def test_conditional_reads_and_writes(s3):
    etag = s3.put_object(Bucket=BUCKET, Key="once", Body=b"1", IfNoneMatch="*")["ETag"]
    assert refused(s3.put_object, Bucket=BUCKET, Key="once", Body=b"2", IfNoneMatch="*") == ("PreconditionFailed", 412)
    assert refused(s3.put_object, Bucket=BUCKET, Key="once", Body=b"2", IfMatch='"0123"') == ("PreconditionFailed", 412)
    s3.put_object(Bucket=BUCKET, Key="once", Body=b"3", IfMatch=etag)
    assert s3.get_object(Bucket=BUCKET, Key="once")["Body"].read() == b"3"
    assert refused(s3.get_object, Bucket=BUCKET, Key="once", IfMatch=etag) == ("PreconditionFailed", 412)
    now = s3.head_object(Bucket=BUCKET, Key="once")
    assert refused(s3.get_object, Bucket=BUCKET, Key="once", IfNoneMatch=now["ETag"])[1] == 304
    assert refused(s3.get_object, Bucket=BUCKET, Key="once", IfModifiedSince=now["LastModified"])[1] == 304


def test_multipart(s3, tmp_path):
    file = tmp_path / "large"
    file.write_bytes(os.urandom(17 * 1024 * 1024 + 3))
    config = TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024)
    s3.upload_file(str(file), BUCKET, "large", Config=config, ExtraArgs={"Metadata": {"a": "b"}})
    head = s3.head_object(Bucket=BUCKET, Key="large")
    assert head["Metadata"] == {"a": "b"} and head["ContentLength"] == file.stat().st_size
    assert re.fullmatch(r'"[0-9a-f]{32}-4"', head["ETag"])
    s3.download_file(BUCKET, "large", str(tmp_path / "again"), Config=config)
    assert (tmp_path / "again").read_bytes() == file.read_bytes()


def test_multipart_step_by_step(s3):
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="steps")["UploadId"]
    part = lambda number, body: s3.upload_part(  # noqa: E731
        Bucket=BUCKET, Key="steps", UploadId=upload, PartNumber=number, Body=body)["ETag"]
    one, two = part(1, b"x" * 5 * 1024 * 1024), part(2, b"end")
    listed = s3.list_parts(Bucket=BUCKET, Key="steps", UploadId=upload)["Parts"]
    assert [(item["PartNumber"], item["ETag"], item["Size"]) for item in listed] == [(1, one, 5242880), (2, two, 3)]
    assert [item["UploadId"] for item in s3.list_multipart_uploads(Bucket=BUCKET)["Uploads"]] == [upload]
    complete = lambda *parts: {  # noqa: E731
        "Bucket": BUCKET, "Key": "steps", "UploadId": upload,
        "MultipartUpload": {"Parts": [{"PartNumber": number, "ETag": etag} for number, etag in parts]}}
    assert refused(s3.complete_multipart_upload, **complete((2, two), (1, one))) == ("InvalidPartOrder", 400)
    assert refused(s3.complete_multipart_upload, **complete((1, '"00"'), (2, two))) == ("InvalidPart", 400)
    s3.complete_multipart_upload(**complete((1, one), (2, two)))
    assert s3.get_object(Bucket=BUCKET, Key="steps", Range="bytes=-3")["Body"].read() == b"end"
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)
    other = s3.create_multipart_upload(Bucket=BUCKET, Key="steps")["UploadId"]
    s3.abort_multipart_upload(Bucket=BUCKET, Key="steps", UploadId=other)
    assert refused(s3.upload_part, Bucket=BUCKET, Key="steps", UploadId=other, PartNumber=1, Body=b"") == ("NoSuchUpload", 404)


def test_listings(shared, s3):
    s3.create_bucket(Bucket="listed")
    names = [f"{folder}/{number:02}" for folder in ("a", "b", "c") for number in range(5)] + ["z"]
    for name in names:
        s3.put_object(Bucket="listed", Key=name, Body=b"x")
    listed = lambda answer: [item["Key"] for item in answer.get("Contents", [])]  # noqa: E731
    # Version 1: Marker need not exist; NextMarker only with a delimiter.
    first = s3.list_objects(Bucket="listed", MaxKeys=4)
    assert listed(first) == names[:4] and first["IsTruncated"] is True and "NextMarker" not in first
    assert listed(s3.list_objects(Bucket="listed", Marker="a/025")) == names[3:]
    assert listed(s3.list_objects(Bucket="listed", Prefix="b/", Marker="b/03")) == ["b/04"]
    folders = s3.list_objects(Bucket="listed", Delimiter="/", MaxKeys=2)
    assert [item["Prefix"] for item in folders["CommonPrefixes"]] == ["a/", "b/"] and folders["NextMarker"] == "b/"
    rest = s3.list_objects(Bucket="listed", Delimiter="/", Marker="b/")
    assert [item["Prefix"] for item in rest["CommonPrefixes"]] == ["c/"] and listed(rest) == ["z"]
    # Version 2.
    found, token = [], None
    while True:
        arguments = {"ContinuationToken": token} if token else {}
        page = s3.list_objects_v2(Bucket="listed", MaxKeys=3, **arguments)
        found += listed(page)
        token = page.get("NextContinuationToken")
        if not page["IsTruncated"]:
            break
    assert found == names
    assert listed(s3.list_objects_v2(Bucket="listed", StartAfter="c/03")) == ["c/04", "z"]
    assert listed(s3.list_objects_v2(Bucket="listed", Prefix="nothing")) == []
    deleted = s3.delete_objects(Bucket="listed", Delete={"Objects": [{"Key": "z"}, {"Key": "absent"}]})
    assert {item["Key"] for item in deleted["Deleted"]} == {"z", "absent"}


@pytest.mark.parametrize("key", [
    "a" * 1024, "..", ".", "../x", "a//b", "/lead", "trail/", "ü/ж ☃", "a+b%2F?&#=", "a\tb", "\u0001x", "~", "<&>'\"",
    "x" * 255 + "/" + "y" * 255,
])
def test_odd_keys(s3, key):
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"odd")
    assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == b"odd"
    assert key in [item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET, Prefix=key)["Contents"]]
    assert key in [item["Key"] for item in s3.list_objects(Bucket=BUCKET, Prefix=key)["Contents"]]
    s3.copy_object(Bucket=BUCKET, Key="copied", CopySource={"Bucket": BUCKET, "Key": key})
    s3.delete_object(Bucket=BUCKET, Key=key)
    assert refused(s3.get_object, Bucket=BUCKET, Key=key) == ("NoSuchKey", 404)


def test_keys_that_are_too_long(s3):
    assert refused(s3.put_object, Bucket=BUCKET, Key="a" * 1025, Body=b"") == ("KeyTooLongError", 400)


def test_large_bodies_for_buckets_that_are_not_there(s3):
    assert refused(s3.put_object, Bucket="no-such-bucket-here", Key="k", Body=b"x" * 30_000_000) == ("NoSuchBucket", 404)


def test_writers_of_one_key_leave_one_whole_body(shared, s3):
    import threading

    bodies = [bytes([number]) * 200_000 for number in range(8)]

    def write(body):
        client = shared.boto("s3")
        for _ in range(5):
            client.put_object(Bucket=BUCKET, Key="contended", Body=body)

    threads = [threading.Thread(target=write, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for _ in range(20):
        try:
            assert s3.get_object(Bucket=BUCKET, Key="contended")["Body"].read() in bodies
        except ClientError as error:
            assert error.response["Error"]["Code"] == "NoSuchKey"
    for thread in threads:
        thread.join()
    winners = [shared.boto("s3").put_object for _ in range(6)]
    import concurrent.futures

    def once(put):
        try:
            put(Bucket=BUCKET, Key="created-once", Body=b"x", IfNoneMatch="*")
            return True
        except ClientError as error:
            assert error.response["Error"]["Code"] in ("PreconditionFailed", "ConditionalRequestConflict")
            return False

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(once, winners)) == 1


def test_copies(s3):
    s3.put_object(Bucket=BUCKET, Key="original", Body=b"content", Metadata={"a": "1"}, ContentType="text/x-mine")
    s3.copy_object(Bucket=BUCKET, Key="copy/ü", CopySource={"Bucket": BUCKET, "Key": "original"})
    copy = s3.get_object(Bucket=BUCKET, Key="copy/ü")
    assert (copy["Body"].read(), copy["Metadata"], copy["ContentType"]) == (b"content", {"a": "1"}, "text/x-mine")
    s3.copy_object(Bucket=BUCKET, Key="original", CopySource=f"{BUCKET}/original", MetadataDirective="REPLACE",
                   Metadata={"b": "2"})
    assert s3.head_object(Bucket=BUCKET, Key="original")["Metadata"] == {"b": "2"}
    assert refused(s3.copy_object, Bucket=BUCKET, Key="x", CopySource=f"{BUCKET}/absent") == ("NoSuchKey", 404)


def fetch(url, method="GET", body=None, headers=None):
    request = urllib.request.Request(url, method=method, data=body, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


# None is what boto3 does when nobody tells it: version 2 in us-east-1.
@pytest.mark.parametrize("version, marks", [("s3v4", "X-Amz-Signature="), (None, "AWSAccessKeyId=")])
def test_presigned_urls(shared, s3, version, marks):
    signer = shared.boto("s3", signature_version=version)
    where = {"Bucket": BUCKET, "Key": f"presigned/ü +{version}"}
    put = signer.generate_presigned_url("put_object", Params=where | {"ContentType": "text/plain"}, ExpiresIn=60)
    assert marks in put
    assert fetch(put, "PUT", b"sent by nobody", {"Content-Type": "text/plain"})[0] == 200
    get = signer.generate_presigned_url("get_object", Params=where, ExpiresIn=60)
    assert fetch(get) == (200, b"sent by nobody")
    assert fetch(get, "DELETE")[0] == 403
    status, body = fetch(re.sub(r"(Expires=)(\d+)", r"\g<1>1\2", get))
    assert status == 403 and b"<Code>SignatureDoesNotMatch</Code>" in body
    expired = signer.generate_presigned_url("get_object", Params=where, ExpiresIn=1)
    time.sleep(2.1)
    status, body = fetch(expired)
    assert status == 403 and b"<Code>AccessDenied</Code>" in body and b"Request has expired" in body


def test_nobody_reads_without_signature(shared, s3):
    s3.put_object(Bucket=BUCKET, Key="private", Body=b"x")
    url = f"{shared.endpoint}/{BUCKET}/private"
    status, body = fetch(url)
    assert status == 403 and b"<Code>AccessDenied</Code>" in body
    policy = ('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",'
              '"Resource":"arn:aws:s3:::%s/private"}]}' % BUCKET)
    s3.put_bucket_policy(Bucket=BUCKET, Policy=policy)
    assert fetch(url) == (200, b"x")
    s3.delete_bucket_policy(Bucket=BUCKET)
    assert fetch(url)[0] == 403


def test_bucket_policies(s3):
    s3.create_bucket(Bucket="with-policy")
    assert refused(s3.get_bucket_policy, Bucket="with-policy") == ("NoSuchBucketPolicy", 404)
    text = ('{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:*",'
            '"Resource":"arn:aws:s3:::with-policy/secret/*"}]}')
    s3.put_bucket_policy(Bucket="with-policy", Policy=text)
    import json

    assert json.loads(s3.get_bucket_policy(Bucket="with-policy")["Policy"]) == json.loads(text)
    s3.put_object(Bucket="with-policy", Key="open", Body=b"")
    for bad in ("", "nonsense", "{}", text.replace("with-policy/", "other/"), text.replace("Deny", "deny")):
        assert refused(s3.put_bucket_policy, Bucket="with-policy", Policy=bad)[0] in ("MalformedPolicy", "MissingRequestBodyError")
    s3.delete_bucket_policy(Bucket="with-policy")
    assert refused(s3.get_bucket_policy, Bucket="with-policy") == ("NoSuchBucketPolicy", 404)


@pytest.mark.parametrize("config", [
    {}, {"payload_signing_enabled": True}, {"payload_signing_enabled": False},
], ids=["default", "signed", "unsigned"])
def test_forms_of_payloads(shared, config):
    s3 = shared.boto("s3", s3={"addressing_style": "path"} | config)
    for size in (0, 1, 70_000):
        body = os.urandom(size)
        s3.put_object(Bucket=BUCKET, Key="payload", Body=body)
        assert s3.get_object(Bucket=BUCKET, Key="payload")["Body"].read() == body
    for algorithm in ("CRC32", "SHA1", "SHA256"):
        answer = s3.put_object(Bucket=BUCKET, Key="sum", Body=io.BytesIO(b"abc" * 30_000), ChecksumAlgorithm=algorithm)
        assert f"Checksum{algorithm}" in answer
        head = s3.head_object(Bucket=BUCKET, Key="sum", ChecksumMode="ENABLED")
        assert head[f"Checksum{algorithm}"] == answer[f"Checksum{algorithm}"]


def test_damaged_bodies_are_refused(s3):
    import base64

    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    assert refused(s3.put_object, Bucket=BUCKET, Key="md5", Body=b"this", ContentMD5=wrong) == ("BadDigest", 400)
    assert refused(s3.put_object, Bucket=BUCKET, Key="sum", Body=b"this", ChecksumSHA256=base64.b64encode(
        hashlib.sha256(b"other").digest()).decode())[1] == 400
    assert refused(s3.head_object, Bucket=BUCKET, Key="md5") == ("404", 404)


def test_virtual_host_style(tmp_path, monkeypatch):
    resolve = socket.getaddrinfo
    home = lambda host: "127.0.0.1" if str(host).endswith(".test") else host  # noqa: E731
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **named: resolve(home(host), *more, **named))
    with running(tmp_path / "data", *FAST, "--s3-domain", "s3.test") as server:
        here, server.endpoint = server.endpoint, f"http://s3.test:{server.port}"
        s3 = server.boto("s3", s3={"addressing_style": "virtual"})
        server.endpoint = here
        s3.create_bucket(Bucket="virtual")
        s3.put_object(Bucket="virtual", Key="a/b", Body=b"x")
        assert s3.get_object(Bucket="virtual", Key="a/b")["Body"].read() == b"x"
        assert [item["Key"] for item in s3.list_objects_v2(Bucket="virtual")["Contents"]] == ["a/b"]
        assert "//virtual.s3.test" in s3.generate_presigned_url("get_object", Params={"Bucket": "virtual", "Key": "a/b"})
        assert [item["Name"] for item in s3.list_buckets()["Buckets"]] == ["virtual"]


def test_what_s3_does_not_do_is_refused_truthfully(s3):
    for method in (s3.get_bucket_website, s3.get_bucket_replication):
        with pytest.raises(ClientError) as error:
            method(Bucket=BUCKET)
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] in (404, 501), error.value


def test_caller_identity(shared):
    identity = shared.boto("sts").get_caller_identity()
    assert (identity["Account"], identity["UserId"], identity["Arn"]) == (
        "123456789012", "123456789012", "arn:aws:iam::123456789012:root")
    assert '"Account": "123456789012"' in aws(shared, "sts", "get-caller-identity").stdout


def test_wrong_signatures(shared):
    file = shared.client_file()
    import boto3

    def client(service, key, secret):
        return boto3.client(service, endpoint_url=shared.endpoint, region_name="us-east-1", aws_access_key_id=key,
                            aws_secret_access_key=secret, config=Config(retries={"total_max_attempts": 1}))

    known, secret = file["access_key_id"], file["secret_access_key"]
    assert refused(client("s3", known, "wrong").list_buckets) == ("SignatureDoesNotMatch", 403)
    assert refused(client("s3", "AKIAUNKNOWNUNKNOWN00", secret).list_buckets) == ("InvalidAccessKeyId", 403)
    assert refused(client("sts", known, "wrong").get_caller_identity) == ("SignatureDoesNotMatch", 403)
    assert refused(client("sts", "AKIAUNKNOWNUNKNOWN00", secret).get_caller_identity) == ("InvalidClientTokenId", 403)
    assert refused(client("cloudtrail", known, "wrong").list_trails)[0] in (
        "SignatureDoesNotMatch", "InvalidSignatureException")
    assert refused(client("cloudtrail", "AKIAUNKNOWNUNKNOWN00", secret).list_trails)[0] == "UnrecognizedClientException"


def test_requests_without_sense_do_not_break_it(shared):
    for request in (b"GET / HTTP/1.1\r\n\r\n", b"\x00\x01\x02\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"):
        connection = http.client.HTTPConnection("127.0.0.1", shared.port, timeout=5)
        connection.connect()
        connection.sock.sendall(request)
        connection.sock.settimeout(2)
        try:
            connection.sock.recv(1000)
        except OSError:
            pass
        connection.close()
    assert shared.get("/readyz")[0] == 200
