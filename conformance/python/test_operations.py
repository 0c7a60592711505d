"""Running the server: readiness, metrics, configuration, TLS, a clean stop, a full disk."""

import json
import resource
import subprocess
import threading
import time

import pytest
from botocore.exceptions import ClientError

from server import BINARY, Server, make_trail_bucket


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "data", "--delivery-interval", "1s", "--digest-interval", "5s").start()
    yield server
    if server.process.poll() is None:
        server.stop()


def test_pages_for_machines(server):
    assert server.get("/healthz") == (200, "ok\n")
    assert server.get("/readyz") == (200, "ready\n")
    before = server.metric("opentrail_journal_records")
    server.boto("cloudtrail").describe_trails()
    assert server.metric("opentrail_journal_records") == before + 1
    assert server.metric("opentrail_journal_healthy") == 1
    for age in ("undurable", "undelivered", "unsealed"):
        assert server.metric(f"opentrail_oldest_{age}_age_seconds") >= 0
    assert server.complaints() == []


def test_env_is_for_a_shell(server):
    out = server.cli("env", "--data-dir", str(server.data_dir)).stdout
    assert f"export AWS_ENDPOINT_URL={server.endpoint}" in out.splitlines()
    script = f'eval "$({BINARY} env --data-dir {server.data_dir})" && echo "$AWS_ACCESS_KEY_ID"'
    shell = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert shell.stdout.strip() == server.client_file()["access_key_id"]
    assert (server.data_dir / "client.json").stat().st_mode & 0o077 == 0
    assert (server.data_dir / "master.key").stat().st_mode & 0o077 == 0


def test_config_show_tells_origins(tmp_path):
    file = tmp_path / "opentrail.toml"
    file.write_text('region = "eu-west-1"\ndelivery_interval = "30s"\n')
    shown = subprocess.run(
        [BINARY, "config", "show", "--config", str(file), "--delivery-interval", "10s"],
        env={"OPENTRAIL_ACCOUNT_ID": "210987654321"}, capture_output=True, text=True, check=True,
    ).stdout
    rows = {line.split()[0]: line.split()[1:] for line in shown.splitlines()}
    assert rows["region"] == ["eu-west-1", "file"]
    assert rows["delivery_interval"] == ["10s", "flag"]
    assert rows["account_id"] == ["210987654321", "environment"]
    assert rows["listen"] == ["127.0.0.1:7410", "default"]


@pytest.mark.parametrize("text, problem", [
    ("delivry_interval = \"5m\"\n", "unknown field `delivry_interval`"),
    ("account_id = \"12\"\n", "twelve digits"),
    ("digest_interval = \"1500ms\"\n", "whole seconds"),
])
def test_a_wrong_configuration_is_refused(tmp_path, text, problem):
    file = tmp_path / "opentrail.toml"
    file.write_text(text)
    run = subprocess.run([BINARY, "config", "show", "--config", str(file)], capture_output=True, text=True)
    assert run.returncode == 1
    assert problem in run.stderr


def test_wrong_usage_ends_with_two():
    run = subprocess.run([BINARY, "serve", "--no-such-flag"], capture_output=True, text=True)
    assert run.returncode == 2


def test_a_second_server_on_the_same_folder_is_refused(server):
    second = subprocess.run(
        [BINARY, "serve", "--data-dir", str(server.data_dir), "--listen", "127.0.0.1:0"],
        capture_output=True, text=True, timeout=30,
    )
    assert second.returncode == 1
    assert "in use by another process" in second.stderr
    assert server.get("/readyz")[0] == 200


def test_keys_of_users_and_sessions(server):
    def create(*who):
        key = json.loads(server.cli("key", "create", "--json", *who).stdout)
        return key["AccessKeyId"], key["SecretAccessKey"], key.get("SessionToken")

    alice = create("--user", "alice")
    admin = create("--role", "Admin", "--session", "bob")
    other = create("--account", "210987654321")
    arns = {
        alice: "arn:aws:iam::123456789012:user/alice",
        admin: "arn:aws:sts::123456789012:assumed-role/Admin/bob",
        other: "arn:aws:iam::210987654321:root",
    }
    for key, arn in arns.items():
        assert server.boto("sts", key=key).get_caller_identity()["Arn"] == arn
    listed = server.cli("key", "list").stdout
    assert all(arn in listed for arn in arns.values())
    assert not any(key[1] in listed for key in arns)
    # Only root manages keys.
    refused = server.cli("key", "list", key=alice, check=False)
    assert refused.returncode == 1 and "AccessDeniedException" in refused.stderr
    # A session's key without its token, a deleted key, and a wrong secret.
    with pytest.raises(ClientError) as error:
        server.boto("sts", key=(admin[0], admin[1], None)).get_caller_identity()
    assert error.value.response["Error"]["Code"] == "InvalidClientTokenId"
    server.cli("key", "delete", alice[0])
    with pytest.raises(ClientError) as error:
        server.boto("sts", key=alice).get_caller_identity()
    assert error.value.response["Error"]["Code"] == "InvalidClientTokenId"
    with pytest.raises(ClientError) as error:
        server.boto("cloudtrail", key=(admin[0], "x" * 40, admin[2])).describe_trails()
    assert error.value.response["Error"]["Code"] == "SignatureDoesNotMatch"


def test_root_credentials_from_the_environment(tmp_path):
    given = {"OPENTRAIL_ROOT_ACCESS_KEY_ID": "AKIAGIVENFROMOUTSIDE", "OPENTRAIL_ROOT_SECRET_ACCESS_KEY": "s" * 40}
    server = Server(tmp_path / "data", env=given).start()
    key = (given["OPENTRAIL_ROOT_ACCESS_KEY_ID"], given["OPENTRAIL_ROOT_SECRET_ACCESS_KEY"], None)
    assert server.client_file()["secret_access_key"] is None
    assert server.boto("sts", key=key).get_caller_identity()["Arn"] == "arn:aws:iam::123456789012:root"
    server.stop()


def test_tls(tmp_path):
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-addext", "basicConstraints=critical,CA:FALSE"],
        check=True, capture_output=True,
    )
    flags = ("--tls-cert", str(cert), "--tls-key", str(key), "--delivery-interval", "1s")
    server = Server(tmp_path / "data", *flags, scheme="https").start()
    server.ca_bundle = cert
    s3 = make_trail_bucket(server, "secure-logs")
    trails = server.boto("cloudtrail")
    trails.create_trail(Name="secure", S3BucketName="secure-logs")
    trails.start_logging(Name="secure")
    records = wait_for_records(s3, "secure-logs", lambda found: any(r["eventName"] == "StartLogging" for r in found))
    details = next(r for r in records if r["eventName"] == "StartLogging")["tlsDetails"]
    assert details["tlsVersion"] in ("TLSv1.2", "TLSv1.3")
    assert details["cipherSuite"].startswith("TLS_")
    assert details["clientProvidedHostHeader"] == f"127.0.0.1:{server.port}"
    assert server.cli("key", "list", "--data-dir", str(server.data_dir)).returncode == 0
    server.stop()
    assert server.complaints() == []


def wait_for_records(s3, bucket, enough, seconds=30):
    """Reads the log files of a bucket until `enough(records)`."""
    import gzip

    deadline = time.monotonic() + seconds
    while True:
        records = []
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for item in page.get("Contents", []):
                if item["Key"].endswith(".json.gz") and "/CloudTrail/" in item["Key"]:
                    body = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
                    records += json.loads(gzip.decompress(body))["Records"]
        if enough(records):
            return records
        assert time.monotonic() < deadline, f"not there after {seconds} s: {[r['eventName'] for r in records]}"
        time.sleep(0.1)


def test_a_stop_finishes_what_was_accepted(tmp_path):
    server = Server(tmp_path / "data", "--delivery-interval", "1h").start()
    s3 = make_trail_bucket(server, "logs")
    trails = server.boto("cloudtrail")
    trails.create_trail(Name="stop", S3BucketName="logs")
    trails.start_logging(Name="stop")
    for _ in range(20):
        trails.describe_trails()
    server.stop()
    server.start()
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket="logs").get("Contents", [])]
    assert any(key.endswith(".json.gz") for key in keys), "the stop delivered what was recorded before it"
    records = wait_for_records(s3, "logs", lambda found: True)
    assert sum(record["eventName"] == "DescribeTrails" for record in records) == 20
    server.stop()


def test_a_disk_that_takes_nothing_refuses_and_recovers(tmp_path):
    # The limit of a file's size stands in for a full disk: with SIGXFSZ ignored, writes fail with an error.
    server = Server(tmp_path / "data", "--delivery-interval", "1s", shell_prefix="trap '' XFSZ").start()
    trails = server.boto("cloudtrail")
    s3 = server.boto("s3")
    s3.create_bucket(Bucket="files")
    unlimited = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, unlimited[1]))
    for call in (trails.describe_trails, lambda: s3.put_object(Bucket="files", Key="k", Body=b"x")):
        with pytest.raises(ClientError) as error:
            call()
        assert error.value.response["Error"]["Code"] == "ServiceUnavailable"
        assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert server.get("/readyz")[0] == 503
    assert server.metric("opentrail_journal_healthy") == 0
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
    deadline = time.monotonic() + 10
    while server.get("/readyz")[0] != 200:
        assert time.monotonic() < deadline, "it did not recover by itself"
        time.sleep(0.05)
    trails.describe_trails()
    s3.put_object(Bucket="files", Key="k", Body=b"x")
    assert s3.get_object(Bucket="files", Key="k")["Body"].read() == b"x"
    server.stop()
    assert all(line["level"] == "WARN" or "delivery" in str(line) for line in server.complaints())


def test_many_callers_at_once(server):
    before = server.metric("opentrail_journal_records")
    def work():
        client = server.boto("cloudtrail")
        for _ in range(25):
            client.describe_trails()
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.metric("opentrail_journal_records") == before + 200
    assert server.complaints() == []
