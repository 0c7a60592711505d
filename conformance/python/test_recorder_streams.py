"""Answers that are streams of events: each event passes when it comes, and the record is made at the end."""

import binascii
import queue
import struct

import pytest

from recorder import recorder
from server import ACCOUNT
from upstreams import Scripted


def message(payload=b"", **headers):
    """An event in the encoding of AWS's event streams."""
    packed = b""
    for name, value in headers.items():
        name = ":" + name.replace("_", "-")
        packed += struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", 7, len(value)) + value.encode()
    prelude = struct.pack("!II", 16 + len(packed) + len(payload), len(packed))
    told = prelude + struct.pack("!I", binascii.crc32(prelude)) + packed + payload
    return told + struct.pack("!I", binascii.crc32(told))


def event(kind, payload=b""):
    return message(payload, message_type="event", event_type=kind)


HEAD = (b"HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\nx-amzn-requestid: r-1\r\n"
        b"transfer-encoding: chunked\r\n\r\n")


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


class Paced(Scripted):
    """An upstream that answers with what it is given, when it is given it; None is the end."""

    def __init__(self, first=b""):
        self.given = queue.Queue()
        self.first = first
        super().__init__(self.play)

    def play(self, connection):
        connection.sendall(HEAD + (chunk(self.first) if self.first else b""))
        while (data := self.given.get(timeout=60)) is not None:
            connection.sendall(chunk(data))
        connection.sendall(chunk(b""))


CONSUMER = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/s/consumer/c:1"
SELECT = {"Bucket": "b", "Key": "k", "Expression": "SELECT * FROM S3Object", "ExpressionType": "SQL",
          "InputSerialization": {"CSV": {}}, "OutputSerialization": {"CSV": {}}}
# Service, method, its parameters, the member that is the stream, the event's name, and what its events are made of.
CALLS = [
    ("s3", "select_object_content", SELECT, "Payload", "SelectObjectContent", ("Records", b"a,b\n")),
    ("lambda", "invoke_with_response_stream", {"FunctionName": "f"}, "EventStream", "InvokeWithResponseStream",
     ("PayloadChunk", b"chunk")),
    ("kinesis", "subscribe_to_shard",
     {"ConsumerARN": CONSUMER, "ShardId": "shardId-0", "StartingPosition": {"Type": "LATEST"}}, "EventStream",
     "SubscribeToShard", ("SubscribeToShardEvent", b'{"Records":[],"ContinuationSequenceNumber":"1","MillisBehindLatest":0}')),
    ("bedrock-runtime", "converse_stream", {"modelId": "m", "messages": []}, "stream", "ConverseStream",
     ("contentBlockDelta", b'{"delta":{"text":"secret"},"contentBlockIndex":0}')),
]


@pytest.mark.parametrize("service,method,asked,member,name,sent", CALLS, ids=[call[1] for call in CALLS])
def test_each_event_passes_when_it_comes(tmp_path, service, method, asked, member, name, sent):
    upstream = Paced(event("initial-response", b"{}") if service == "kinesis" else b"")
    with recorder(tmp_path, upstream.endpoint) as through:
        # Events that are kept back would be waited for in vain.
        events = iter(getattr(through.boto(service, read_timeout=20), method)(**asked)[member])
        for _ in range(3):
            upstream.given.put(event(*sent))
            assert sent[0] in next(events)
            assert through.recorded() == 0, "the call isn't over"
        upstream.given.put(None)
        assert list(events) == []
        record, = through.journal()
    assert (record["eventName"], record["userIdentity"]["userName"]) == (name, "alice")
    assert "errorCode" not in record and record["responseElements"] is None
    assert "secret" not in str(record)
    upstream.close()


def test_a_stream_that_breaks_off_is_told(tmp_path):
    upstream = Scripted(lambda connection: connection.sendall(HEAD + chunk(event("PayloadChunk", b"chunk"))))
    with recorder(tmp_path, upstream.endpoint) as through:
        events = through.boto("lambda").invoke_with_response_stream(FunctionName="f")["EventStream"]
        with pytest.raises(Exception):
            list(events)
        record, = through.journal()
    assert (record["eventName"], record["errorCode"]) == ("InvokeWithResponseStream", "BadGateway")
    upstream.close()
