"""A real server process on a free loopback port, and clients for it."""

import json
import os
import pathlib
import shlex
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("OPENTRAIL_BIN", str(ROOT / "target/debug/opentrail"))
ACCOUNT = "123456789012"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`opentrail serve` on `data_dir`; start, kill and restart it as often as a test likes."""

    def __init__(self, data_dir, *flags, env=None, scheme="http", shell_prefix=None):
        self.data_dir = pathlib.Path(data_dir)
        self.flags = list(flags)
        self.port = free_port()
        self.endpoint = f"{scheme}://127.0.0.1:{self.port}"
        self.extra_env = env or {}
        self.shell_prefix = shell_prefix
        self.ca_bundle = None
        self.log_path = self.data_dir.with_suffix(".log")
        self.process = None

    def start(self):
        command = [
            BINARY, "serve", "--data-dir", str(self.data_dir), "--listen", f"127.0.0.1:{self.port}",
            "--log-format", "json", *self.flags,
        ]
        if self.shell_prefix:
            command = ["bash", "-c", f"{self.shell_prefix}; exec {shlex.join(command)}"]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "OPENTRAIL_"))}
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=self.log, env=environment | self.extra_env
        )
        self.wait_until_ready()
        return self

    def wait_until_ready(self, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log_text()}")
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.01)
        raise AssertionError(f"the server was not ready after {seconds} s:\n{self.log_text()}")

    def get(self, path):
        context = ssl._create_unverified_context() if self.endpoint.startswith("https") else None
        try:
            with urllib.request.urlopen(self.endpoint + path, timeout=5, context=context) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metric(self, name):
        """The value of a metric without labels."""
        for line in self.get("/metrics")[1].splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        raise KeyError(name)

    def stop(self, expect=0):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        self.log.close()
        assert code == expect, f"the server ended with {code}:\n{self.log_text()}"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def log_text(self):
        return self.log_path.read_text(errors="replace")

    def complaints(self):
        """WARN and ERROR lines of the server's own log."""
        lines = [line for line in self.log_text().splitlines() if line.startswith("{")]
        return [line for line in map(json.loads, lines) if line.get("level") in ("WARN", "ERROR")]

    def client_file(self):
        return json.loads((self.data_dir / "client.json").read_text())

    def environment(self, region="us-east-1", key=None):
        """Environment variables for AWS clients: the root key, or `(id, secret, token)`."""
        file = self.client_file()
        key = key or (file["access_key_id"], file["secret_access_key"], None)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "OPENTRAIL_"))}
        environment |= {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": key[0],
            "AWS_SECRET_ACCESS_KEY": key[1],
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_PAGER": "",
        }
        if key[2]:
            environment["AWS_SESSION_TOKEN"] = key[2]
        return environment

    def boto(self, service, region="us-east-1", key=None, **config):
        """A boto3 client that doesn't retry: what the server answers is what the test sees."""
        import boto3
        from botocore.config import Config

        environment = self.environment(region, key)
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=region,
            verify=str(self.ca_bundle) if self.ca_bundle else None,
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=environment.get("AWS_SESSION_TOKEN"),
            config=Config(**({"retries": {"total_max_attempts": 1}} | config)),
        )

    def cli(self, *arguments, check=True, region="us-east-1", key=None):
        """Runs `opentrail …` as a client of this server."""
        return subprocess.run(
            [BINARY, *arguments], env=self.environment(region, key), capture_output=True, text=True, check=check,
            timeout=120,
        )


def trail_bucket_policy(bucket, account=ACCOUNT, prefix=""):
    """The policy that CloudTrail's documentation asks for."""
    service = {"Service": "cloudtrail.amazonaws.com"}
    folder = f"{prefix}/" if prefix else ""
    return json.dumps({
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "AWSCloudTrailAclCheck20150319", "Effect": "Allow", "Principal": service,
             "Action": "s3:GetBucketAcl", "Resource": f"arn:aws:s3:::{bucket}"},
            {"Sid": "AWSCloudTrailWrite20150319", "Effect": "Allow", "Principal": service, "Action": "s3:PutObject",
             "Resource": f"arn:aws:s3:::{bucket}/{folder}AWSLogs/{account}/*",
             "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}},
        ],
    })


def make_trail_bucket(server, bucket):
    s3 = server.boto("s3")
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_policy(Bucket=bucket, Policy=trail_bucket_policy(bucket))
    return s3
