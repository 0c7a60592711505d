"""The recorder before clients that speak HTTP/2, and bodies that stream both ways."""

import json

import pytest

h2 = pytest.importorskip("h2", reason="SKIPPED: h2 is not installed")

from botocore.auth import SigV4Auth  # noqa: E402
from botocore.awsrequest import AWSRequest  # noqa: E402
from botocore.credentials import Credentials  # noqa: E402

from http2 import Client, Reset, ScriptedHttp2  # noqa: E402
from recorder import ALICE, recorder  # noqa: E402
from test_recorder import empty  # noqa: E402
from upstreams import Scripted, certificate  # noqa: E402


def signed(client, service, path, body, headers, key=ALICE, method="POST"):
    """The headers of a request, its signature among them; its host is the connection's `:authority`."""
    request = AWSRequest(method, f"{client.scheme}://{client.authority}{path}", headers=dict(headers), data=body)
    SigV4Auth(Credentials(*key), service, "us-east-1").add_auth(request)
    return dict(request.headers)


def list_queues(client, key=ALICE):
    body, headers = b"{}", {"X-Amz-Target": "AmazonSQS.ListQueues", "Content-Type": "application/x-amz-json-1.0"}
    return client.ask("POST", "/", signed(client, "sqs", "/", body, headers, key), body)


@pytest.fixture
def upstream():
    it = Scripted(empty)
    yield it
    it.close()


def test_calls_in_cleartext_share_a_connection(tmp_path, upstream):
    with recorder(tmp_path, upstream.endpoint) as through, Client(through.port) as client:
        streams = [list_queues(client) for _ in range(3)]
        for stream in streams:
            assert client.head(stream)[":status"] == "200"
            assert json.loads(client.read_all(stream)) == {"QueueUrls": []}
        records = through.journal()
    assert [record["eventName"] for record in records] == ["ListQueues"] * 3
    assert {record["userIdentity"]["userName"] for record in records} == {"alice"}
    # What was asked in HTTP/2 is passed on in the upstream's HTTP/1.1, with the host that was signed.
    assert all(f"\r\nhost: {client.authority}\r\n" in head for head in upstream.heads), upstream.heads


def test_calls_over_tls(tmp_path, upstream):
    cert, _ = certificate(tmp_path)
    top = f'tls_cert = "{cert}"\ntls_key = "{tmp_path}/key.pem"'
    with recorder(tmp_path, upstream.endpoint, top=top, scheme="https") as through, Client(through.port, cert) as client:
        file = through.server.client_file()
        own = (file["access_key_id"], file["secret_access_key"])
        for key in (ALICE, own):
            stream = list_queues(client, key)
            assert client.head(stream)[":status"] == "200"
            assert json.loads(client.read_all(stream)) == {"QueueUrls": []}
        theirs, ours = through.journal()
    assert theirs["tlsDetails"]["tlsVersion"] == "TLSv1.3"
    assert theirs["tlsDetails"]["clientProvidedHostHeader"] == client.authority
    assert ours["userIdentity"]["type"] == "Root", "a signature over `:authority` is verified"


def test_a_signature_that_does_not_hold(tmp_path, upstream):
    with recorder(tmp_path, upstream.endpoint) as through, Client(through.port) as client:
        own = through.server.client_file()["access_key_id"]
        assert client.head(list_queues(client, (own, "wrong")))[":status"] == "403"
        assert upstream.heads == [], "the upstream never saw it"


def test_large_bodies(tmp_path):
    size = 20 << 20

    def script(upstream):
        stream = upstream.wait(h2.events.RequestReceived).stream_id
        upstream.start(stream, [(":status", "200")])
        while (data := upstream.read(stream)) is not None:
            upstream.send(stream, data)
        upstream.send(stream, end=True)

    upstream = ScriptedHttp2(script)
    with recorder(tmp_path, upstream.endpoint, more="http2 = true") as through, Client(through.port) as client:
        stream = client.ask("PUT", "/bucket/key", signed(client, "s3", "/bucket/key", b"", {}, method="PUT"))
        assert client.head(stream)[":status"] == "200"
        received = 0
        for number in range(size >> 16):
            client.send(stream, bytes([number % 251]) * (1 << 16))
            # The other end sends back as fast as this one sends: it is read as it comes.
            block = b""
            while len(block) < 1 << 16:
                block += client.read(stream)
            assert block == bytes([number % 251]) * (1 << 16)
            received += len(block)
        client.send(stream, end=True)
        assert client.read_all(stream) == b"" and received == size
        record, = through.journal()
    more = record["additionalEventData"]
    assert (record["eventName"], more["bytesTransferredIn"], more["bytesTransferredOut"]) == ("PutObject", size, size)
    upstream.close()


EVENT_STREAM = "application/vnd.amazon.eventstream"


def echo_http2(upstream):
    stream = upstream.wait(h2.events.RequestReceived).stream_id
    upstream.start(stream, [(":status", "200"), ("content-type", EVENT_STREAM)])
    while (data := upstream.read(stream)) is not None:
        upstream.send(stream, b"heard " + data)
    upstream.send(stream, end=True)


def echo_http1(connection):
    connection.sendall(
        f"HTTP/1.1 200 OK\r\ncontent-type: {EVENT_STREAM}\r\ntransfer-encoding: chunked\r\n\r\n".encode())
    file = connection.makefile("rb")
    while size := int(file.readline(), 16):
        data = b"heard " + file.read(size)
        file.readline()
        connection.sendall(b"%x\r\n%s\r\n" % (len(data), data))
    connection.sendall(b"0\r\n\r\n")


@pytest.mark.parametrize("speaks_http2", [True, False], ids=["http2", "http1"])
def test_both_ends_talk_at_once(tmp_path, speaks_http2):
    upstream = ScriptedHttp2(echo_http2) if speaks_http2 else Scripted(echo_http1)
    more = f"http2 = {str(speaks_http2).lower()}"
    with recorder(tmp_path, upstream.endpoint, more=more) as through, Client(through.port) as client:
        path = "/model/a.b/invoke-with-bidirectional-stream"
        headers = signed(client, "bedrock", path, b"", {"Content-Type": EVENT_STREAM})
        stream = client.ask("POST", path, headers)
        assert client.head(stream)["content-type"] == EVENT_STREAM
        for word in (b"one", b"two", b"three"):
            client.send(stream, word)
            assert client.read(stream) == b"heard " + word
            assert through.recorded() == 0, "it isn't over"
        client.send(stream, end=True)
        assert client.read_all(stream) == b""
        record, = through.journal()
    assert (record["eventName"], record["eventSource"]) == ("InvokeModelWithBidirectionalStream", "bedrock.amazonaws.com")
    assert record["eventCategory"] == "Data" and "errorCode" not in record
    upstream.close()


def test_a_stream_that_the_caller_leaves_is_recorded(tmp_path):
    def script(connection):
        with pytest.raises(Reset):
            echo_http2(connection)

    upstream = ScriptedHttp2(script)
    with recorder(tmp_path, upstream.endpoint, more="http2 = true") as through:
        with Client(through.port) as client:
            path = "/model/a.b/invoke-with-bidirectional-stream"
            stream = client.ask("POST", path, signed(client, "bedrock", path, b"", {"Content-Type": EVENT_STREAM}))
            client.send(stream, b"one")
            client.head(stream)
            assert client.read(stream) == b"heard one"
        through.server.stop()
        record, = through.journal()
    assert record["eventName"] == "InvokeModelWithBidirectionalStream"
    upstream.close()


def test_signed_events_need_a_key_of_the_upstreams(tmp_path, upstream):
    with recorder(tmp_path, upstream.endpoint) as through, Client(through.port) as client:
        file = through.server.client_file()
        path = "/model/a.b/invoke-with-bidirectional-stream"
        headers = {"Content-Type": EVENT_STREAM, "X-Amz-Content-SHA256": "STREAMING-AWS4-HMAC-SHA256-EVENTS"}
        own = (file["access_key_id"], file["secret_access_key"])
        # Its events would follow: the answer doesn't wait for them.
        stream = client.ask("POST", path, signed(client, "bedrock", path, b"", headers, own))
        assert client.head(stream)[":status"] == "501"
        assert upstream.heads == []
        assert through.journal()[0]["errorCode"] == "NotImplemented"
