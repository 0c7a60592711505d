"""Receivers: each format posted over HTTP by its own clients where there are any, and asked for in SQL afterwards."""

import contextlib
import datetime
import gzip
import http.client
import itertools
import json
import resource

import cloudevents.core.bindings.http as cloudevents_http
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from opentelemetry._logs import LogRecord
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.resources import Resource

from conftest import FAST, running
from logs import wait_until
from server import Server

TOKEN = "a-token-of-the-sender"
NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
TIME = f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
NAMES = itertools.count()
REJECTED = "a receiver rejected items"
REFUSED = "a receiver refused a delivery"
LATER = "a receiver could not keep a delivery now"

MAPPING = """
events = "/entries"
eventName = "/action"
eventSource = { value = "gitea.example.com" }
eventTime = { at = "/at", unit = "ms" }
UID = "/id"
sourceIPAddress = "/ip"

[userIdentity]
type = { value = "User" }
principalId = "/user"

[requestParameters]
repository = "/repository/name"
"""

FORMATS = ("minio", "kubernetes", "cloudevents", "otlp-logs", "json")


class Receivers:
    """A server whose channel leads to one store, with a receiver of each format, called as the format."""

    def __init__(self, server, channel, store):
        self.server, self.channel, self.store = server, channel, store

    def post(self, name, body, token=TOKEN, method="POST", **headers):
        """Status, answer and headers."""
        body = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.request(method, f"/receivers/{name}", body, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, text, answer.headers

    def query(self, columns, where="true"):
        """Rows of the store, as lists of texts, or nothing for null."""
        lake = self.server.boto("cloudtrail")
        statement = f"SELECT {columns} FROM {self.store.rsplit('/')[-1]} WHERE {where} ORDER BY 1"
        id = lake.start_query(QueryStatement=statement)["QueryId"]
        done = lambda: lake.describe_query(QueryId=id)["QueryStatus"] not in ("QUEUED", "RUNNING")
        wait_until(done, "the query to end")
        answer = lake.get_query_results(QueryId=id)
        assert answer["QueryStatus"] == "FINISHED", answer
        return [[next(iter(cell.values()), None) for cell in row] for row in answer["QueryResultRows"]]

    def wait_for(self, count, where="true"):
        wait_until(lambda: self.query("count(*)", where) == [[str(count)]], f"{count} events where {where}")


def store_and_channel(server):
    lake = server.boto("cloudtrail")
    selectors = [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["ActivityAuditLog"]}]}]
    store = lake.create_event_data_store(
        Name=f"outside-{next(NAMES)}", AdvancedEventSelectors=selectors, MultiRegionEnabled=False,
        TerminationProtectionEnabled=False)["EventDataStoreArn"]
    destinations = [{"Type": "EVENT_DATA_STORE", "Location": store}]
    channel = lake.create_channel(Name=f"way-{next(NAMES)}", Source="Custom", Destinations=destinations)["ChannelArn"]
    return store, channel


def configuration(folder, channel):
    (folder / "mapping.toml").write_text(MAPPING)
    (folder / "token").write_text(TOKEN + "\n")
    text = ""
    for name in FORMATS:
        text += f'[[receiver]]\nname = "{name}"\nformat = "{name}"\nchannel = "{channel}"\n'
        text += f'token_file = "{folder / "token"}"\n'
        text += f'mapping = "{folder / "mapping.toml"}"\n' if name == "json" else ""
    (folder / "opentrail.toml").write_text(text)
    return "--config", str(folder / "opentrail.toml")


@contextlib.contextmanager
def receiving(folder, announced=()):
    """The channel is made first: the configuration names it."""
    with running(folder / "data", *FAST) as server:
        store, channel = store_and_channel(server)
    with running(folder / "data", *FAST, *configuration(folder, channel), announced=announced) as server:
        yield Receivers(server, channel, store)


@pytest.fixture
def receivers(tmp_path):
    with receiving(tmp_path, announced=(REJECTED, REFUSED)) as receivers:
        yield receivers


def minio(number, **changes):
    return {"version": "1", "deploymentid": "d-1", "time": TIME, "trigger": "incoming",
            "api": {"name": "PutObject", "bucket": "invoices", "object": f"{number}.pdf", "status": "OK", "statusCode": 200},
            "remotehost": "192.0.2.7", "requestID": f"17B1{number}", "userAgent": "mc", "requestPath": f"/invoices/{number}.pdf",
            "requestHeader": {"Authorization": "AWS4-HMAC-SHA256 hush"}, "accessKey": "ada"} | changes


def kubernetes(number, **changes):
    return {"level": "Metadata", "auditID": f"audit-{number}", "stage": "ResponseComplete", "verb": "create",
            "requestURI": "/api/v1/namespaces/web/pods", "user": {"username": "ada", "groups": ["devs"]}, "sourceIPs": ["192.0.2.8"],
            "userAgent": "kubectl", "objectRef": {"resource": "pods", "namespace": "web", "name": f"front-{number}"},
            "responseStatus": {"code": 201}, "stageTimestamp": TIME} | changes


def event_list(*events):
    return {"kind": "EventList", "apiVersion": "audit.k8s.io/v1", "metadata": {}, "items": list(events)}


def kept(answer, accepted, rejected=0):
    status, text, _ = answer
    told = json.loads(text)
    assert (status, told["accepted"], told["rejected"]) == (200, accepted, rejected), text
    return told["items"]


def test_minio(receivers):
    kept(receivers.post("minio", {}, Content_Type="application/json"), 0)
    kept(receivers.post("minio", minio(1)), 1)
    kept(receivers.post("minio", json.dumps(minio(2)) + "\n" + json.dumps(minio(3))), 2)
    # As it is sent when `auth_token` is set without the word.
    assert receivers.post("minio", minio(4), token=None, Authorization=TOKEN)[0] == 200
    receivers.wait_for(4)
    columns = ("element_at(eventData.requestParameters, 'key'), eventData.eventSource, eventData.eventName, "
               "eventData.userIdentity.principalId, eventData.sourceIPAddress, element_at(eventData.requestParameters, 'bucketName')")
    rows = receivers.query(columns)
    assert rows[0] == ["1.pdf", "s3.minio", "PutObject", "ada", "192.0.2.7", "invoices"]
    assert "hush" not in str(receivers.query("element_at(eventData.requestParameters, 'headers')"))


def test_kubernetes(receivers):
    failed = kubernetes(3, verb="delete", responseStatus={"code": 403, "reason": "Forbidden", "message": "no"})
    answer = receivers.post("kubernetes?timeout=30s", event_list(kubernetes(1), kubernetes(2), failed))
    kept(answer, 3)
    receivers.wait_for(3)
    rows = receivers.query("eventData.UID, eventData.eventName, eventData.eventSource, eventData.errorCode",
                           "eventData.userIdentity.principalId = 'ada'")
    assert [row[:3] for row in rows] == [
        [f"audit-{number}/ResponseComplete", f"{verb} pods", "core.kubernetes"]
        for number, verb in ((1, "create"), (2, "create"), (3, "delete"))]
    assert receivers.query("count(*)", "eventData.errorCode = 'Forbidden'") == [["1"]]


def cloud_event(number):
    attributes = {"specversion": "1.0", "id": f"e-{number}", "source": "/payroll", "type": "payslip.opened", "time": NOW,
                  "datacontenttype": "application/json", "authtype": "user", "authid": "ada"}
    return CloudEvent(attributes, {"slip": number})


def test_cloudevents(receivers):
    format = JSONFormat()
    binary = cloudevents_http.to_binary(cloud_event(1), format)
    structured = cloudevents_http.to_structured(cloud_event(2), format)
    for message in (binary, structured):
        headers = {name.replace("-", "_"): value for name, value in message.headers.items()}
        kept(receivers.post("cloudevents", message.body, **headers), 1)
    batch = [json.loads(format.write(cloud_event(number))) for number in (3, 4)]
    kept(receivers.post("cloudevents", batch, Content_Type="application/cloudevents-batch+json"), 2)
    receivers.wait_for(4)
    rows = receivers.query("eventData.UID, eventData.eventName, eventData.userIdentity.principalId, "
                           "element_at(eventData.requestParameters, 'slip'), eventData.eventTime")
    assert rows == [[f"/payroll e-{number}", "payslip.opened", "ada", str(number), TIME] for number in (1, 2, 3, 4)]
    # A single one that is wrong, and what is none.
    wrong = receivers.post("cloudevents", {"specversion": "1.0"}, Content_Type="application/cloudevents+json")
    assert wrong[0] == 400 and json.loads(wrong[1])["items"][0]["code"] == "FieldNotFound"
    assert receivers.post("cloudevents", "{", Content_Type="application/cloudevents+json")[0] == 400
    assert receivers.post("cloudevents", {}, Content_Type="application/json")[0] == 415


@pytest.mark.parametrize("suffix", ["", "/v1/logs"])
def test_otlp_by_the_exporter_of_opentelemetry(receivers, suffix):
    exporter = OTLPLogExporter(endpoint=f"{receivers.server.endpoint}/receivers/otlp-logs{suffix}",
                               headers={"Authorization": f"Bearer {TOKEN}"})
    provider = LoggerProvider(Resource.create({"service.name": "shop"}), shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    logger = provider.get_logger("shop.audit", "1.2")
    for number in range(3):
        logger.emit(LogRecord(timestamp=int(NOW.timestamp() * 1e9) + number, event_name="order.refunded", body="late",
                              attributes={"enduser.id": "ada", "order": number, "client.address": "192.0.2.9"}))
    provider.shutdown()
    receivers.wait_for(3)
    rows = receivers.query("element_at(eventData.requestParameters, 'order'), eventData.eventName, eventData.eventSource, "
                           "eventData.userIdentity.principalId, eventData.sourceIPAddress, element_at(eventData.additionalEventData, 'body')")
    assert rows == [[str(number), "order.refunded", "shop", "ada", "192.0.2.9", "late"] for number in range(3)]


def test_otlp_in_json(receivers):
    record = {"timeUnixNano": str(int(NOW.timestamp() * 1e9)), "eventName": "login"}
    logs = lambda *records: {"resourceLogs": [{"scopeLogs": [{"logRecords": list(records)}]}]}
    body = gzip.compress(json.dumps(logs(record)).encode())
    status, text, headers = receivers.post("otlp-logs", body, Content_Type="application/json", Content_Encoding="gzip")
    assert (status, text, headers["content-type"]) == (200, b"{}", "application/json")
    status, text, _ = receivers.post("otlp-logs", logs(record, {"timeUnixNano": "soon"}), Content_Type="application/json")
    partial = json.loads(text)["partialSuccess"]
    assert status == 200 and partial["rejectedLogRecords"] == "1" and "logRecords[1]" in partial["errorMessage"]
    status, text, _ = receivers.post("otlp-logs", "{", Content_Type="application/json")
    assert status == 400 and json.loads(text)["code"] == 3
    receivers.wait_for(1, "eventData.eventName = 'login'")


def entry(number, **changes):
    return {"id": f"g-{number}", "action": "push", "at": int(NOW.timestamp()) * 1000, "ip": "192.0.2.10", "user": "ada",
            "repository": {"name": "trail"}} | changes


def test_json_by_a_mapping(receivers):
    kept(receivers.post("json", {"entries": [entry(1), entry(2)]}), 2)
    receivers.wait_for(2)
    rows = receivers.query("eventData.UID, eventData.eventSource, eventData.eventName, eventData.userIdentity.principalId, "
                           "element_at(eventData.requestParameters, 'repository'), eventData.eventTime")
    assert rows == [[f"g-{number}", "gitea.example.com", "push", "ada", "trail", TIME] for number in (1, 2)]
    assert receivers.post("json", {"nothing": []})[0] == 400


def test_what_is_rejected_is_told_and_kept(receivers):
    told = kept(receivers.post("kubernetes", event_list(kubernetes(1), {"auditID": "lost", "note": "keep me"})), 1, 1)
    assert told == [{"place": "items[1]", "code": "FieldNotFound", "message": "`stage` is missing"}]
    receivers.wait_for(1, "eventData.eventName = 'RejectItem'")
    rows = receivers.query(
        "eventData.userIdentity.principalId, eventData.eventSource, eventData.errorCode, element_at(eventData.additionalEventData, 'place'), "
        "json_extract_scalar(element_at(eventData.additionalEventData, 'item'), '$.note')", "eventData.eventName = 'RejectItem'")
    assert rows == [["kubernetes", "receivers.opentrail", "FieldNotFound", "items[1]", "keep me"]]
    metrics = receivers.server.get("/metrics")[1]
    assert 'opentrail_receiver_items_total{receiver="kubernetes",outcome="rejected"} 1' in metrics
    assert 'opentrail_receiver_items_total{receiver="kubernetes",outcome="accepted"} 1' in metrics
    # Nothing of the item is in our own log.
    assert "keep me" not in receivers.server.log_text()


def test_only_the_token_opens(receivers):
    for name, token in (("minio", None), ("minio", "a-token-of-another"), ("minio", ""), ("nobody", TOKEN)):
        status, text, headers = receivers.post(name, minio(1), token=token)
        assert (status, headers["www-authenticate"]) == (401, "Bearer"), text
    assert receivers.post("minio", b"", method="GET")[0] == 405
    assert receivers.post("minio/v1/logs", minio(1))[0] == 404
    assert receivers.query("count(*)") == [["0"]]
    assert TOKEN not in receivers.server.log_text()
    # A bucket of that name is still one.
    s3 = receivers.server.boto("s3")
    s3.create_bucket(Bucket="receivers")
    s3.put_object(Bucket="receivers", Key="minio", Body=b"x")
    assert s3.get_object(Bucket="receivers", Key="minio")["Body"].read() == b"x"


def test_a_request_is_recorded_as_a_data_event(receivers):
    lake = receivers.server.boto("cloudtrail")
    fields = [{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::CloudTrail::Channel"]}]
    calls = lake.create_event_data_store(
        Name=f"calls-{next(NAMES)}", AdvancedEventSelectors=[{"FieldSelectors": fields}], MultiRegionEnabled=False,
        TerminationProtectionEnabled=False)["EventDataStoreArn"]
    kept(receivers.post("json", {"entries": [entry(1), {}]}), 1, 1)
    of_calls = Receivers(receivers.server, receivers.channel, calls)
    of_calls.wait_for(1)
    rows = of_calls.query("eventName, userIdentity.invokedBy, sourceIPAddress, element_at(requestParameters, 'receiver'), "
                          "element_at(responseElements, 'accepted'), element_at(responseElements, 'rejected')")
    assert rows == [["PutAuditEvents", "receivers.opentrail", "127.0.0.1", "json", "1", "1"]]


def test_bounds(receivers):
    assert receivers.post("minio", b" " * ((16 << 20) + 1))[0] == 413
    assert receivers.post("minio", gzip.compress(b" " * ((16 << 20) + 1)), Content_Encoding="gzip")[0] == 413
    assert receivers.post("minio", b"[" + b"7," * 10_000 + b"7]")[0] == 413
    assert receivers.post("minio", b"x", Content_Encoding="br")[0] == 415
    # What has no room in an event is left out and told.
    kept(receivers.post("kubernetes", event_list(kubernetes(1, requestObject={"data": "x" * 200_000}))), 1)
    receivers.wait_for(1)
    omitted = receivers.query("element_at(eventData.additionalEventData, 'omitted')")[0][0]
    assert json.loads(omitted) == [{"member": "requestParameters.requestObject", "bytes": 200_012}]


def test_without_a_channel_senders_are_put_off(tmp_path):
    with receiving(tmp_path, announced=(LATER,)) as receivers:
        receivers.server.boto("cloudtrail").delete_channel(Channel=receivers.channel)
        status, text, headers = receivers.post("kubernetes", event_list(kubernetes(1)))
        assert (status, headers["retry-after"]) == (503, "5") and receivers.channel in json.loads(text)["message"]
        status, text, headers = receivers.post("otlp-logs", b"", Content_Type="application/x-protobuf")
        assert (status, text[:2], headers["content-type"]) == (503, b"\x08\x0e", "application/x-protobuf")


def test_a_full_disk_puts_senders_off(tmp_path):
    with running(tmp_path / "data", *FAST) as server:
        store, channel = store_and_channel(server)
    # The limit of a file's size stands in for a full disk: with SIGXFSZ ignored, writes fail with an error.
    server = Server(tmp_path / "data", *FAST, *configuration(tmp_path, channel), shell_prefix="trap '' XFSZ").start()
    receivers = Receivers(server, channel, store)
    unlimited = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, unlimited[1]))
    for name, body in (("minio", minio(1)), ("kubernetes", event_list(kubernetes(1))), ("json", {"entries": [entry(1)]})):
        status, _, headers = receivers.post(name, body)
        assert (status, headers["retry-after"]) == (503, "5")
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
    wait_until(lambda: server.get("/readyz")[0] == 200, "the disk to be trusted again")
    kept(receivers.post("kubernetes", event_list(kubernetes(1))), 1)
    receivers.wait_for(1)
    server.stop()


def test_kill_nine_loses_nothing_and_resending_doubles_nothing(tmp_path):
    deliveries = [
        ("minio", json.dumps(minio(1)), {}),
        ("kubernetes", json.dumps(event_list(*map(kubernetes, range(50)))), {}),
        ("cloudevents", JSONFormat().write(cloud_event(1)), {"Content_Type": "application/cloudevents+json"}),
        ("json", json.dumps({"entries": [entry(number) for number in range(10)]}), {}),
        ("otlp-logs", json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": [
            {"timeUnixNano": str(int(NOW.timestamp() * 1e9)), "eventName": "login"}] * 2}]}]}), {"Content_Type": "application/json"}),
    ]
    with receiving(tmp_path) as receivers:
        for name, body, headers in deliveries:
            assert receivers.post(name, body, **headers)[0] == 200
            # The answer was 200: it is on disk.
            receivers.server.kill()
            receivers.server.start()
        receivers.wait_for(64)
        for name, body, headers in deliveries:
            assert receivers.post(name, body, **headers)[0] == 200
        wait_until(lambda: receivers.server.metric("opentrail_lake_duplicates") == 64, "the store knows all of them")
        assert receivers.query("count(*), count(DISTINCT eventData.UID)") == [["64", "64"]]


def test_mistakes_in_the_configuration_are_told(tmp_path):
    flags = configuration(tmp_path, "arn:aws:cloudtrail:us-east-1:123456789012:channel/01234567-89ab-cdef-0123-456789abcdef")
    (tmp_path / "mapping.toml").write_text(MAPPING.replace('"/action"', '"action"'))
    server = Server(tmp_path / "data", *flags)
    with pytest.raises(AssertionError, match="the server ended with 1"):
        server.start()
    log = server.log_text()
    assert "receiver `json` of the configuration" in log and "mapping.toml" in log and "a JSON pointer such as" in log, log
