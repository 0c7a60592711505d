"""A server with a port that leads to an upstream, clients of that port, and what was recorded of their calls."""

import collections
import contextlib
import json

import boto3
import botocore.exceptions
from botocore.config import Config

from conftest import running
from logs import wait_until
from server import free_port

ALICE, BOB = ("AKIAALICE0000000000A", "alice-secret"), ("AKIABOB00000000000AA", "bob-secret")

PRINCIPALS = f"""
[[principal]]
access_key = "{ALICE[0]}"
account = "123456789012"
user = "alice"
id = "AIDAALICE0000000000AA"

[[service]]
name = "config.amazonaws.com"
user_agent = "config-recorder/*"
source = ["127.0.0.0/8"]
"""


class Recorder:
    """One server; `endpoint` is the port that leads to the upstream."""

    def __init__(self, server, port):
        self.server = server
        self.port = port
        self.endpoint = f"{server.endpoint.split(':')[0]}://127.0.0.1:{port}"
        self.calls = []

    def boto(self, service, key=ALICE, region="us-east-1", token=None, **config):
        """A boto3 client whose calls are counted."""
        client = boto3.client(
            service, endpoint_url=self.endpoint, region_name=region, aws_access_key_id=key[0],
            aws_secret_access_key=key[1], aws_session_token=token,
            config=Config(**({"retries": {"total_max_attempts": 1}, "parameter_validation": False} | config)))

        def note(http_response, parsed, model, **_):
            error = parsed.get("Error", {}).get("Code") if http_response.status_code >= 300 else None
            self.calls.append((service, model.name, error))

        client.meta.events.register("after-call.*", note)
        return client

    def environment(self, key=ALICE):
        return self.server.environment(key=(*key, None)) | {"AWS_ENDPOINT_URL": self.endpoint}

    def recorded(self):
        """Records in the journal."""
        return int(self.server.metric("opentrail_journal_records"))

    def history(self, *flags):
        """Records of Event history, oldest first."""
        lines = self.server.cli("lookup", "--json", *flags).stdout.splitlines()
        return list(reversed([json.loads(line) for line in lines]))

    def journal(self):
        """All records there are, of every category and account, oldest first: the journal's files have them as text."""
        files = sorted((self.server.data_dir / "journal").iterdir())
        text = b"".join(path.read_bytes() for path in files).decode("latin-1")
        decoder, records, at = json.JSONDecoder(), [], 0
        while (at := text.find('{"eventVersion"', at)) >= 0:
            record, at = decoder.raw_decode(text, at)
            records.append(record)
        return records

    def find(self, count, *flags):
        """Waits for so many records."""
        return wait_until(lambda: (found := self.history(*flags)) and len(found) >= count and found, f"{count} records")


@contextlib.contextmanager
def recorder(tmp_path, upstream, *flags, listener="", top="", more="", announced=(), shell_prefix=None, scheme="http"):
    """A running [`Recorder`] in front of `upstream`."""
    port = free_port()
    (tmp_path / "principals.toml").write_text(PRINCIPALS)
    config = tmp_path / "opentrail.toml"
    config.write_text(f"""
principals = "{tmp_path}/principals.toml"
{top}

[[listener]]
address = "127.0.0.1:{port}"
{listener}

[[listener.upstream]]
service = "*"
url = "{upstream}"
{more}
""")
    how = {"announced": announced, "shell_prefix": shell_prefix, "scheme": scheme}
    with running(tmp_path / "data", "--config", str(config), *flags, **how) as server:
        yield Recorder(server, port)


def attempt(call, **parameters):
    """Calls; an error that AWS would answer is an answer, too."""
    try:
        return call(**parameters)
    except botocore.exceptions.ClientError as error:
        return error.response


def counted(pairs):
    return dict(collections.Counter(pairs))
