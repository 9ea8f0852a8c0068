"""Where one request ends and the next begins: the server in front of the panel leaves no doubt about it."""

import os
import socket
import subprocess

import pytest
from django.conf import settings

from panel import processes
from tests.support.waiting import until

# Nobody waits so long where the machine has nothing else to do.
PATIENCE_SECONDS = 60
HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
# The server hangs up when it has answered it: nothing more is coming.
LAST = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def port():
    """The panel's own server on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    server = subprocess.Popen(processes.server("127.0.0.1", number, 1), cwd=settings.BASE_DIR, env=os.environ)
    try:
        until(lambda: is_open(number), or_when=lambda: server.poll() is not None)
        yield number
    finally:
        server.terminate()
        server.wait(timeout=30)


def is_open(number):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", number)) == 0


def answers(port, sent):
    """The status of every answer to what is sent over one connection, until the server hangs up."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(sent)
        while part := connection.recv(65536):
            received += part
    return [int(piece[1:4]) for piece in received.split(b"HTTP/1.1")[1:] if piece[:1] == b" "]


def request(*headers, body):
    lines = [b"GET /healthz HTTP/1.1", b"Host: localhost", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def test_two_requests_are_two(port):
    assert answers(port, HIDDEN + LAST) == [200, 200]


@pytest.mark.parametrize(
    "sent",
    [
        request(b"Content-Length: %d" % len(HIDDEN), body=HIDDEN),
        request(b"Transfer-Encoding: chunked", body=b"%x\r\n%s\r\n0\r\n\r\n" % (len(HIDDEN), HIDDEN)),
    ],
    ids=["by its length", "in chunks"],
)
def test_a_body_is_no_request(port, sent):
    assert answers(port, sent + LAST) == [200, 200]


@pytest.mark.parametrize(
    "sent",
    [
        request(b"Content-Length: 5", b"Content-Length: 0", body=HIDDEN),
        request(b"Content-Length: +5", body=HIDDEN),
        request(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n" + HIDDEN),
        request(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n" + HIDDEN),
    ],
    ids=["two lengths", "a signed length", "an unknown coding", "a blank in a name"],
)
def test_an_end_in_doubt_is_refused(port, sent):
    assert answers(port, sent) == [400]


def test_after_a_length_beside_chunks_nothing_more_is_read(port):
    """Whoever sends both is answered once and cut off, so that nothing hides behind it."""
    sent = request(b"Content-Length: 9", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n" + HIDDEN)
    assert answers(port, sent) == [200]
