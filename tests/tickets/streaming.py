"""A large file passes through the process without staying in its memory. Measured: the kernel's peak RSS."""

import io
import os
import sys
from contextlib import contextmanager
from itertools import chain

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tickets.limits import FILE_BYTES
from tickets.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]

BOUNDARY = b"----0123456789"
HEAD = (
    b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="file"; filename="film.bin"\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n"
)
TAIL = b"\r\n--" + BOUNDARY + b"--\r\n"
ALLOWED_GROWTH = 10 * 1024 * 1024


class Body(io.RawIOBase):
    """A request body that is never whole in memory: what a socket is to a server."""

    def __init__(self, size):
        self.left = size
        self.parts = chain([HEAD], self.random_bytes(), [TAIL])
        self.part = b""

    def random_bytes(self):
        while self.left:
            part = os.urandom(min(self.left, 64 * 1024))
            self.left -= len(part)
            yield part

    def readable(self):
        return True

    def readinto(self, buffer):
        self.part = self.part or next(self.parts, b"")
        count = min(len(buffer), len(self.part))
        buffer[:count], self.part = self.part[:count], self.part[count:]
        return count


def send(client, size, **more):
    """Uploads `size` random bytes through the whole stack; returns the status line and the words."""
    started = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/messages/files/",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY.decode()}",
        "CONTENT_LENGTH": str(len(HEAD) + size + len(TAIL)),
        "HTTP_COOKIE": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()),
        "HTTP_X_CSRFTOKEN": client.cookies[settings.CSRF_COOKIE_NAME].value,
        "wsgi.input": io.BufferedReader(Body(size)),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        **more,
    }
    with connection_staying():
        response = WSGIHandler()(environ, lambda status, headers: started.append(status))
        answer = b"".join(response)
        response.close()
    return started[0], answer.decode()


@contextmanager
def connection_staying():
    """The test's own transaction outlives a request, as it does under Django's test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def memory(name):
    """VmRSS (now) or VmHWM (the most since `forget_the_peak`), in bytes."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name))


def forget_the_peak():
    with open("/proc/self/clear_refs", "w") as door:
        door.write("5")


@pytest.fixture
def client(client_of, owner):
    """A browser with its CSRF cookie; libmagic's tables are in memory already."""
    client = client_of(owner)
    client.get("/messages/new/")
    assert send(client, 100_000)[0] == "201 Created"
    return client


def test_a_15_mb_file_moves_the_memory_by_less_than_10_mb(client):
    forget_the_peak()
    before = memory("VmRSS")
    assert send(client, FILE_BYTES)[0] == "201 Created"
    assert memory("VmHWM") - before < ALLOWED_GROWTH
    assert Attachment.objects.last().file.size == FILE_BYTES


def test_a_file_far_too_large_fills_neither_memory_nor_disk(client, monkeypatch):
    written = []
    handler = "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk"
    monkeypatch.setattr(handler, lambda self, data, start: written.append(len(data)))
    forget_the_peak()
    before = memory("VmRSS")
    status, words = send(client, 4 * FILE_BYTES)
    assert status.startswith("422") and "too large" in words
    assert memory("VmHWM") - before < ALLOWED_GROWTH
    assert sum(written) < FILE_BYTES + 1024 * 1024


def test_an_upload_without_the_csrf_token_is_refused(client):
    assert send(client, 1000, HTTP_X_CSRFTOKEN="x" * 32)[0] == "403 Forbidden"
    assert Attachment.objects.count() == 1


def test_a_15_mb_file_is_handed_out_without_staying_in_the_memory(client):
    assert send(client, FILE_BYTES)[0] == "201 Created"
    address = f"/messages/files/{Attachment.objects.last().token}/"
    forget_the_peak()
    before = memory("VmRSS")
    with connection_staying():
        assert sum(len(part) for part in client.get(address)) == FILE_BYTES
    assert memory("VmHWM") - before < ALLOWED_GROWTH
