"""Browsers' uploads: forms that are posted to a bucket, with their credentials in their fields."""

import urllib.error
import urllib.request
import uuid

import pytest

from conftest import FAST
from logs import wait_for_records
from recorder import ALICE, recorder
from server import make_trail_bucket
from test_recorder_life import DATA_OF_S3
from upstreams import Moto

pytest.importorskip("moto", reason="SKIPPED: moto is not installed")


def posted(url, fields, name, body):
    """Posts a form as a browser does; answers the status."""
    boundary = uuid.uuid4().hex
    disposition = f'--{boundary}\r\nContent-Disposition: form-data; name="%s"'
    sent = "".join(f"{disposition % field}\r\n\r\n{value}\r\n" for field, value in fields.items()).encode()
    sent += f'{disposition % "file"}; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'.encode()
    sent += body + f"\r\n--{boundary}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    request = urllib.request.Request(url, data=sent, headers=kind, method="POST")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture(scope="module")
def uploaded(tmp_path_factory):
    """Uploads with Alice's key, with one of the server's own, in version 2, and with none; answers the records."""
    moto = Moto().start()
    with recorder(tmp_path_factory.mktemp("uploads"), moto.endpoint, *FAST) as through:
        server, trails = through.server, through.server.boto("cloudtrail")
        logs = make_trail_bucket(server, "logs")
        trails.create_trail(Name="data", S3BucketName="logs")
        trails.put_event_selectors(TrailName="data", AdvancedEventSelectors=DATA_OF_S3)
        trails.start_logging(Name="data")
        through.boto("s3").create_bucket(Bucket="forms")
        file = server.client_file()
        through.own = (file["access_key_id"], file["secret_access_key"])
        s3 = {"alice": through.boto("s3", signature_version="s3v4"), "two": through.boto("s3", signature_version="s3"),
              "own": through.boto("s3", key=through.own, signature_version="s3v4")}
        for name, client in s3.items():
            form = client.generate_presigned_post("forms", f"{name}/f.txt", Fields={"acl": "private"},
                                                  Conditions=[{"acl": "private"}])
            assert posted(form["url"], form["fields"], "f.txt", b"hello " + name.encode()) == 204
        assert posted(f"{through.endpoint}/forms", {"key": "nobody/k"}, "f.txt", b"x" * (1 << 20)) in (200, 204)
        found = wait_for_records(logs, "logs", lambda found: len(of_forms(found)) >= 4)
        through.records = {record["requestParameters"]["key"]: record for record in of_forms(found)}
        direct = moto.s3()
        through.objects = {key: direct.get_object(Bucket="forms", Key=key)["Body"].read() for key in through.records}
        yield through
    moto.kill()


def of_forms(found):
    return [record for record in found if (record["requestParameters"] or {}).get("bucketName") == "forms"]


def test_the_object_is_the_forms(uploaded):
    assert uploaded.objects == {"alice/f.txt": b"hello alice", "two/f.txt": b"hello two", "own/f.txt": b"hello own",
                                "nobody/k": b"x" * (1 << 20)}


def test_an_upload_is_recorded_as_a_put(uploaded):
    record = uploaded.records["alice/f.txt"]
    assert (record["eventName"], record["eventCategory"], record["readOnly"]) == ("PutObject", "Data", False)
    assert record["userIdentity"]["userName"] == "alice" and record["userIdentity"]["accessKeyId"] == ALICE[0]
    assert record["requestParameters"]["x-amz-acl"] == "private"
    assert "arn:aws:s3:::forms/alice/f.txt" in [resource.get("ARN") for resource in record["resources"]]
    more = record["additionalEventData"]
    assert (more["SignatureVersion"], more["AuthenticationMethod"]) == ("SigV4", "HtmlForm")
    assert more["bytesTransferredIn"] > len(b"hello alice") and "objectSize" not in more
    for name in ("policy", "x-amz-signature", "x-amz-credential"):
        assert name not in record["requestParameters"]


def test_version_two_names_its_key(uploaded):
    record = uploaded.records["two/f.txt"]
    assert record["userIdentity"]["userName"] == "alice"
    assert record["additionalEventData"]["SignatureVersion"] == "SigV2"


def test_a_key_of_the_servers_own_proves_nothing_there(uploaded):
    identity = uploaded.records["own/f.txt"]["userIdentity"]
    assert (identity["type"], identity["accessKeyId"]) == ("Unknown", uploaded.own[0])


def test_nobody_may_upload_where_everybody_may(uploaded):
    record = uploaded.records["nobody/k"]
    assert record["userIdentity"] == {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}
    assert "AuthenticationMethod" not in record["additionalEventData"]
