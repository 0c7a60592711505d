"""The recorder: clients call moto through it, and each call is found as CloudTrail would have recorded it."""

import base64
import hashlib
import http.client
import json
import subprocess
import sys
import time
import urllib.request

import botocore.exceptions
import pytest

from recorder import ALICE, BOB, attempt, recorder
from server import ACCOUNT, free_port
from upstreams import Moto, Scripted, certificate

pytest.importorskip("moto", reason="SKIPPED: moto is not installed")


@pytest.fixture(scope="module")
def moto():
    server = Moto().start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def through(tmp_path_factory, moto):
    with recorder(tmp_path_factory.mktemp("recorder"), moto.endpoint) as it:
        yield it


def one(through, name, *flags):
    """The one record of that event."""
    found = through.find(1, "--event-name", name, *flags)
    assert len(found) == 1, found
    return found[0]


def test_a_call_is_recorded_as_aws_would(through):
    through.boto("iam").create_user(UserName="carol", Path="/dev/")
    record = one(through, "CreateUser")
    assert record["eventSource"] == "iam.amazonaws.com"
    assert record["requestParameters"] == {"userName": "carol", "path": "/dev/"}
    assert record["responseElements"]["user"]["arn"] == f"arn:aws:iam::{ACCOUNT}:user/dev/carol"
    assert record["userIdentity"] == {
        "type": "IAMUser", "principalId": "AIDAALICE0000000000AA", "arn": f"arn:aws:iam::{ACCOUNT}:user/alice",
        "accountId": ACCOUNT, "accessKeyId": ALICE[0], "userName": "alice"}
    assert record["sourceIPAddress"] == "127.0.0.1" and "Boto3" in record["userAgent"]
    assert (record["readOnly"], record["managementEvent"], record["recipientAccountId"]) == (False, True, ACCOUNT)
    assert record["requestID"] and "errorCode" not in record and "tlsDetails" not in record


def test_a_failure_is_recorded(through):
    answer = attempt(through.boto("iam").get_user, UserName="nobody")
    record = one(through, "GetUser")
    assert record["errorCode"].removesuffix("Exception") == answer["Error"]["Code"]
    assert record["errorMessage"] == answer["Error"]["Message"]
    assert (record["responseElements"], record["readOnly"]) == (None, True)


def test_a_key_that_nobody_mapped(through):
    through.boto("sqs", key=BOB).create_queue(QueueName="bobs")
    identity = one(through, "CreateQueue")["userIdentity"]
    assert (identity["type"], identity["accessKeyId"], identity["userName"]) == ("Unknown", BOB[0], BOB[0])


def test_a_session_is_followed(through):
    role = f"arn:aws:iam::{ACCOUNT}:role/ops/Deploy"
    answer = through.boto("sts").assume_role(RoleArn=role, RoleSessionName="ci", SerialNumber="arn:mfa", TokenCode="123456")
    credentials = answer["Credentials"]
    key = (credentials["AccessKeyId"], credentials["SecretAccessKey"])
    through.boto("kms", key=key, token=credentials["SessionToken"]).create_key(Description="by a session")
    identity = one(through, "CreateKey")["userIdentity"]
    assert (identity["type"], identity["accessKeyId"]) == ("AssumedRole", key[0])
    assert identity["arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/Deploy/ci"
    issuer = identity["sessionContext"]["sessionIssuer"]
    assert (issuer["arn"], issuer["type"], issuer["userName"]) == (role, "Role", "Deploy")
    assert identity["sessionContext"]["attributes"]["mfaAuthenticated"] == "true"
    assumed = one(through, "AssumeRole")
    assert assumed["userIdentity"]["userName"] == "alice"
    assert credentials["SecretAccessKey"] not in json.dumps(assumed)


def test_a_session_outlives_a_restart(tmp_path, moto):
    with recorder(tmp_path, moto.endpoint) as through:
        credentials = through.boto("sts").assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/R", RoleSessionName="s")["Credentials"]
        through.server.stop()
        through.server.start()
        key = (credentials["AccessKeyId"], credentials["SecretAccessKey"])
        through.boto("kms", key=key, token=credentials["SessionToken"]).create_key()
        assert one(through, "CreateKey")["userIdentity"]["type"] == "AssumedRole"
        secret = credentials["SecretAccessKey"].encode()
        kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file() and secret in path.read_bytes()]
        assert kept == [], "the secret is nowhere"


def test_a_web_identity(through):
    from botocore import UNSIGNED

    sts = through.boto("sts", signature_version=UNSIGNED)
    sts.assume_role_with_web_identity(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/Web", RoleSessionName="w", WebIdentityToken="token", ProviderId="example.com")
    record = one(through, "AssumeRoleWithWebIdentity")
    assert record["userIdentity"]["type"] == "WebIdentityUser"


SAML = "https://aws.amazon.com/SAML/Attributes"


def assertion(**attributes):
    """What an identity provider sends for the browser to post, unsigned."""
    told = "".join(f'<saml:Attribute Name="{SAML}/{name.replace("_", ":")}"><saml:AttributeValue>{value}</saml:AttributeValue>'
                   "</saml:Attribute>" for name, value in attributes.items())
    response = f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r">
        <saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_c0046ce">
        <saml:AttributeStatement>{told}</saml:AttributeStatement></saml:Assertion></samlp:Response>"""
    return base64.b64encode(response.encode()).decode()


def test_a_saml_user(through):
    from botocore import UNSIGNED

    role, provider = f"arn:aws:iam::{ACCOUNT}:role/Single", f"arn:aws:iam::{ACCOUNT}:saml-provider/Corp"
    sent = assertion(Role=f"{role},{provider}", RoleSessionName="ann", PrincipalTag_Team="blue")
    answer = through.boto("sts", signature_version=UNSIGNED).assume_role_with_saml(
        RoleArn=role, PrincipalArn=provider, SAMLAssertion=sent)
    record = one(through, "AssumeRoleWithSAML")
    subject, qualifier = answer["Subject"], answer["NameQualifier"]
    assert record["userIdentity"] == {"type": "SAMLUser", "principalId": f"{qualifier}:{subject}",
                                      "userName": subject, "identityProvider": qualifier}
    assert record["requestParameters"] == {
        "roleArn": role, "principalArn": provider, "sAMLAssertionID": "_c0046ce", "roleSessionName": "ann",
        "principalTags": {"Team": "blue"}}
    assert record["responseElements"]["issuer"] == answer["Issuer"]
    assert [(it["type"], it["ARN"]) for it in record["resources"]] == [
        ("AWS::IAM::Role", role), ("AWS::IAM::SAMLProvider", provider)]
    assert sent not in json.dumps(record)

    credentials = answer["Credentials"]
    key = (credentials["AccessKeyId"], credentials["SecretAccessKey"])
    through.boto("athena", key=key, token=credentials["SessionToken"]).create_work_group(Name="by-saml")
    identity = one(through, "CreateWorkGroup")["userIdentity"]
    assert (identity["type"], identity["accessKeyId"]) == ("AssumedRole", key[0])
    assert identity["arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/Single/ann"
    assert identity["sessionContext"]["sessionIssuer"]["arn"] == role


def test_a_service_by_rule(through):
    through.boto("config", user_agent="config-recorder/1").describe_configuration_recorders()
    record = one(through, "DescribeConfigurationRecorders")
    assert record["userIdentity"]["invokedBy"] == "config.amazonaws.com"
    assert record["sourceIPAddress"] == record["userAgent"] == "config.amazonaws.com"


def test_our_own_keys_are_verified(through):
    file = through.server.client_file()
    key = (file["access_key_id"], file["secret_access_key"])
    through.boto("sns", key=key).create_topic(Name="ours")
    assert one(through, "CreateTopic")["userIdentity"]["type"] == "Root"
    before = through.recorded()
    answer = attempt(through.boto("sns", key=(key[0], "wrong")).create_topic, Name="theirs")
    assert answer["Error"]["Code"] == "SignatureDoesNotMatch"
    assert through.recorded() == before + 1
    assert len(through.boto("sns").list_topics()["Topics"]) == 1, "the upstream never saw it"


def test_s3_bodies_are_untouched(through, moto):
    s3 = through.boto("s3")
    s3.create_bucket(Bucket="things")
    body = bytes(range(256)) * 4096 * 9
    s3.put_object(Bucket="things", Key="one", Body=body)
    upload = s3.create_multipart_upload(Bucket="things", Key="many")["UploadId"]
    parts = []
    for number in (1, 2):
        etag = s3.upload_part(Bucket="things", Key="many", PartNumber=number, UploadId=upload, Body=body)["ETag"]
        parts.append({"PartNumber": number, "ETag": etag})
    s3.complete_multipart_upload(Bucket="things", Key="many", UploadId=upload, MultipartUpload={"Parts": parts})
    direct = moto.s3()
    for read in (s3, direct):
        assert read.get_object(Bucket="things", Key="one")["Body"].read() == body
        assert read.get_object(Bucket="things", Key="many")["Body"].read() == body * 2
    assert s3.get_object(Bucket="things", Key="many", Range="bytes=100-299")["Body"].read() == (body * 2)[100:300]
    assert s3.head_object(Bucket="things", Key="many")["ContentLength"] == 2 * len(body)
    url = s3.generate_presigned_url("get_object", {"Bucket": "things", "Key": "one"})
    with urllib.request.urlopen(url) as answer:
        assert hashlib.sha256(answer.read()).digest() == hashlib.sha256(body).digest()


def test_the_address_that_a_trusted_proxy_tells(tmp_path, moto):
    with recorder(tmp_path, moto.endpoint, listener='trusted_proxies = ["127.0.0.1/32"]') as through:
        client = through.boto("sqs")
        client.meta.events.register(
            "before-sign.*", lambda request, **_: request.headers.add_header("X-Forwarded-For", "6.6.6.6, 203.0.113.9"))
        client.list_queues()
        assert one(through, "ListQueues")["sourceIPAddress"] == "203.0.113.9"


def moto_queues(moto):
    import boto3

    return boto3.client("sqs", endpoint_url=moto.endpoint, region_name="us-east-1", aws_access_key_id=ALICE[0],
                        aws_secret_access_key="x").list_queues().get("QueueUrls", [])


def status(through, service="sqs", **config):
    """The HTTP status and error code that a client sees."""
    answer = attempt(through.boto(service, **config).list_queues)
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer.get("Error", {}).get("Code")


def test_nobody_is_there(tmp_path):
    with recorder(tmp_path, f"http://127.0.0.1:{free_port()}", announced=["can't be reached"]) as through:
        assert status(through) == (502, "BadGateway")
        record = one(through, "ListQueues")
        assert (record["errorCode"], record["responseElements"]) == ("BadGateway", None)
        assert 'opentrail_upstream_up{service="*"' in through.server.get("/metrics")[1]


def test_it_says_nothing(tmp_path):
    upstream = Scripted(lambda connection: connection.recv(1 << 20) and connection.recv(1))
    with recorder(tmp_path, upstream.endpoint, "--upstream-silence-timeout", "300ms") as through:
        assert status(through) == (504, "GatewayTimeout")
        assert one(through, "ListQueues")["errorCode"] == "GatewayTimeout"
    upstream.close()


def test_it_is_cut_in_the_middle(tmp_path):
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 1000\r\n\r\n{\"Queue"
    upstream = Scripted(lambda connection: connection.sendall(head))
    with recorder(tmp_path, upstream.endpoint) as through:
        with pytest.raises((botocore.exceptions.HTTPClientError, botocore.exceptions.ResponseStreamingError)):
            through.boto("sqs").list_queues()
        record = one(through, "ListQueues")
        assert record["errorCode"] == "BadGateway" and "broke off" in record["errorMessage"]
    upstream.close()


def test_an_answer_without_an_announced_length(tmp_path):
    def script(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ntransfer-encoding: chunked\r\n\r\n")
        for chunk in (b'{"Queue', b'Urls":["u"]}'):
            connection.sendall(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            time.sleep(0.05)
        connection.sendall(b"0\r\n\r\n")

    upstream = Scripted(script)
    with recorder(tmp_path, upstream.endpoint) as through:
        assert through.boto("sqs").list_queues()["QueueUrls"] == ["u"]
        assert "errorCode" not in one(through, "ListQueues")
    upstream.close()


def empty(connection):
    body = b'{"QueueUrls":[]}'
    # The connection ends with the answer, and says so: a proxy would send its next request into it otherwise.
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\nconnection: close\r\ncontent-length: %d\r\n\r\n"
    connection.sendall(head % len(body) + body)


def test_an_upstream_with_an_authority_of_its_own(tmp_path):
    (tmp_path / "other").mkdir()
    (cert, context), (other, _) = certificate(tmp_path), certificate(tmp_path / "other")
    upstream = Scripted(empty, tls=context)
    with recorder(tmp_path, upstream.endpoint, more=f'ca = "{cert}"') as through:
        assert status(through) == (200, None)
    for ca in ("", f'ca = "{other}"'):
        (tmp_path / "second").mkdir(exist_ok=True)
        with recorder(tmp_path / "second", upstream.endpoint, more=ca, announced=["can't be reached"]) as through:
            assert status(through) == (502, "BadGateway"), "nobody trusts it"
    upstream.close()


def test_accounts_that_own_what_others_use(tmp_path, moto):
    owner = "210987654321"
    with recorder(tmp_path, moto.endpoint, more=f'account = "{owner}"') as through:
        through.boto("sts").assume_role(RoleArn=f"arn:aws:iam::{owner}:role/Theirs", RoleSessionName="s")
        mine, theirs = sorted(through.journal(), key=lambda record: record["recipientAccountId"])
        assert (mine["recipientAccountId"], theirs["recipientAccountId"]) == (ACCOUNT, owner)
        assert mine["sharedEventID"] == theirs["sharedEventID"] and mine["eventID"] != theirs["eventID"]
        assert mine["userIdentity"]["userName"] == "alice"
        assert theirs["userIdentity"] == {
            "type": "AWSAccount", "principalId": "AIDAALICE0000000000AA", "accountId": ACCOUNT}


def test_the_main_port_serves_what_is_ours_and_passes_on_the_rest(tmp_path, moto):
    with recorder(tmp_path, moto.endpoint, "--upstream", f"*={moto.endpoint}") as through:
        server = through.server
        server.boto("s3").create_bucket(Bucket="embedded-only")
        assert "embedded-only" not in [bucket["Name"] for bucket in moto.s3().list_buckets()["Buckets"]]
        server.boto("sqs").create_queue(QueueName="passed-on")
        assert any("passed-on" in url for url in moto_queues(moto))
        assert one(through, "CreateQueue")["userIdentity"]["type"] == "Root"


def test_aws_cli(through):
    def aws(*arguments):
        return subprocess.run([sys.executable, "-m", "awscli", *arguments], env=through.environment(),
                              capture_output=True, text=True, timeout=120)

    assert aws("ssm", "put-parameter", "--name", "p", "--value", "v", "--type", "SecureString").returncode == 0
    record = one(through, "PutParameter")
    assert record["requestParameters"]["name"] == "p" and record["userIdentity"]["userName"] == "alice"
    assert '"v"' not in json.dumps(record), "its value is a secret"
    assert aws("ssm", "get-parameter", "--name", "absent").returncode != 0
    assert one(through, "GetParameter")["errorCode"] == "ParameterNotFound"


def test_config_show_tells_upstreams(through):
    shown = through.server.cli("config", "show", "--config", str(through.server.data_dir.parent / "opentrail.toml")).stdout
    assert "recorder_fail" in shown and "listener" in shown and "closed" in shown
