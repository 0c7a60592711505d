"""HTTP/2 step by step, on top of `h2`: a client's end of a connection, an upstream's, and an upstream that is scripted."""

import collections
import socket
import ssl

import h2.config
import h2.connection
import h2.events

from upstreams import Scripted


class Reset(Exception):
    """The other end gave a stream up."""


class Connection:
    """One end of a connection. It waits for one thing after the other; what comes meanwhile is kept."""

    def __init__(self, connected, is_client):
        self.socket = connected
        self.socket.settimeout(30)
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=is_client, header_encoding="utf-8"))
        self.events = collections.deque()
        self.h2.initiate_connection()
        self.flush()

    def flush(self):
        self.socket.sendall(self.h2.data_to_send())

    def receive(self):
        data = self.socket.recv(1 << 16)
        assert data, "the other end closed the connection"
        for event in self.h2.receive_data(data):
            if isinstance(event, h2.events.DataReceived):
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            self.events.append(event)
        self.flush()

    def wait(self, kinds, stream=None):
        """The next event of these kinds."""
        while True:
            for event in self.events:
                if isinstance(event, kinds) and stream in (None, event.stream_id):
                    self.events.remove(event)
                    return event
            self.receive()

    def head(self, stream):
        """The head of an answer."""
        return dict(self.wait(h2.events.ResponseReceived, stream).headers)

    def read(self, stream):
        """The next data of a body; None at its end."""
        while True:
            event = self.wait((h2.events.DataReceived, h2.events.StreamEnded, h2.events.StreamReset), stream)
            if isinstance(event, h2.events.StreamEnded):
                return None
            if isinstance(event, h2.events.StreamReset):
                raise Reset(event)
            # An empty frame only carries the sign of the end.
            if event.data:
                return event.data

    def read_all(self, stream):
        return b"".join(iter(lambda: self.read(stream), None))

    def start(self, stream, headers, end=False):
        """Sends a head."""
        self.h2.send_headers(stream, headers, end_stream=end)
        self.flush()

    def send(self, stream, data=b"", end=False):
        """Sends data, as fast as the other end takes it."""
        while data:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if not room:
                self.receive()
                continue
            self.h2.send_data(stream, data[:room])
            self.flush()
            data = data[room:]
        if end:
            self.h2.end_stream(stream)
            self.flush()


class Client(Connection):
    """A client's end, over TLS if there is an authority to trust."""

    def __init__(self, port, ca=None):
        connected = socket.create_connection(("127.0.0.1", port))
        if ca:
            context = ssl.create_default_context(cafile=ca)
            context.set_alpn_protocols(["h2"])
            connected = context.wrap_socket(connected, server_hostname="127.0.0.1")
            assert connected.selected_alpn_protocol() == "h2"
        self.scheme, self.authority = "https" if ca else "http", f"127.0.0.1:{port}"
        super().__init__(connected, is_client=True)

    def ask(self, method, path, headers, body=None):
        """Sends a request, of whose body more may follow when there is none here; answers its stream."""
        stream = self.h2.get_next_available_stream_id()
        pseudo = [(":method", method), (":scheme", self.scheme), (":authority", self.authority), (":path", path)]
        self.start(stream, pseudo + [(name.lower(), value) for name, value in headers.items()])
        if body is not None:
            self.send(stream, body, end=True)
        return stream

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


class ScriptedHttp2(Scripted):
    """A scripted upstream that speaks HTTP/2 from the first byte: the script is a function of its [`Connection`]."""

    def answer(self, connection):
        self.script(Connection(connection, is_client=False))
