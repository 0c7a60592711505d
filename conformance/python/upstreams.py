"""Upstreams for the server to lead to: moto's server, and a scripted one."""

import contextlib
import socket
import ssl
import subprocess
import sys
import threading

import boto3

from logs import wait_until
from server import free_port


class Moto:
    """moto's server: a process that forgets everything when it ends."""

    def __init__(self):
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self.is_ready, "moto's server")
        return self

    def is_ready(self):
        with contextlib.suppress(Exception):
            self.s3().list_buckets()
            return True
        return False

    def s3(self):
        return boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1", aws_access_key_id="moto",
                            aws_secret_access_key="moto")

    def kill(self):
        self.process.kill()
        self.process.wait()


class Scripted:
    """An upstream that does with each connection what the test says: a function of the socket, after the head was read."""

    def __init__(self, script, tls=None):
        self.script = script
        self.tls = tls
        self.heads = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        scheme = "https" if tls else "http"
        self.endpoint = f"{scheme}://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                if self.tls:
                    try:
                        connection = self.tls.wrap_socket(connection, server_side=True)
                    except ssl.SSLError:
                        continue
                with connection:
                    self.answer(connection)

    def answer(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(65536)
        self.heads.append(head.decode("latin-1"))
        self.script(connection)

    def close(self):
        # `close` alone leaves a thread in `accept`.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def certificate(folder):
    """A certificate for 127.0.0.1 that is its own authority, and a server's context with it."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(cert),
                    "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-addext", "basicConstraints=critical,CA:FALSE"],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context
