"""Fixtures: servers that are told which complaints in their log to expect."""

import contextlib

import pytest

from server import Server

FAST = ("--delivery-interval", "1s", "--digest-interval", "3s")


@contextlib.contextmanager
def running(data_dir, *flags, announced=(), env=None, shell_prefix=None, scheme="http"):
    """A server that must stop cleanly, and complain in its log of nothing but what is `announced`."""
    server = Server(data_dir, *flags, env=env, shell_prefix=shell_prefix, scheme=scheme).start()
    server.announced = list(announced)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
    complaints = [line for line in server.complaints() if not any(text in str(line) for text in server.announced)]
    assert complaints == []


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One server for the tests of a module; each brings names of its own."""
    with running(tmp_path_factory.mktemp("server") / "data", *FAST) as server:
        yield server


@pytest.fixture
def fresh(tmp_path):
    """A server with nothing in it."""
    with running(tmp_path / "data", *FAST) as server:
        yield server
