"""The rows of the table."""

import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from accounts import notify
from accounts.models import Event, LimitCounter, Link, Outbox, User
from accounts.outbox import send_waiting
from billing import pdfs
from billing.models import Document
from tests.bench.seed import PASSWORD, number
from tests.bench.server import request

MIB = 1024 * 1024
WARM_UP = 10
# A page and its yardstick take turns, so that whatever else the machine does weighs on both alike.
TURNS = 10
# So long that 15 MiB of chance never contain it.
BOUNDARY = "a-boundary-of-the-bench"


@dataclass
class Row:
    """A line: queries, CPU ms of the page and of its yardstick, p50 and p99 ms, KiB as gzip, its budget in words."""

    what: str
    queries: int | None
    cpu: float
    yardstick: float
    p50: float
    p99: float
    weight: float
    budget: str


def page(visit, yardstick, what, requests, budget, *, client=None):
    """One address asked for many times over one connection, in turns with its yardstick."""
    for visited in (yardstick, visit):
        visited.ask(WARM_UP)
    cpu, beside, times, part = 0, 0, [], max(1, requests // TURNS)
    for _turn in range(TURNS):
        beside += yardstick.ask(part)[0]
        seconds, took = visit.ask(part)
        cpu += seconds
        times += took
    times.sort()
    return Row(
        what,
        queries(client, visit.path) if client else None,
        cpu / (TURNS * part) * 1000,
        beside / (TURNS * part) * 1000,
        statistics.median(times),
        times[int(len(times) * 0.99)],
        len(gzip.compress(visit.content, 6)) / 1024,
        budget,
    )


class Visit:
    """One address of one server, over one connection."""

    def __init__(self, server, path, cookies):
        self.server, self.path, self.cookies = server, path, cookies
        self.channel, self.content = server.connect(), b""

    def ask(self, times):
        """(CPU seconds of them all, milliseconds of each)."""
        took = []
        with self.server.cpu() as used:
            for _ in range(times):
                response, self.content, seconds = request(self.channel, self.path, self.cookies)
                took.append(seconds * 1000)
        if response.status != 200:
            raise RuntimeError(f"{self.path} answers {response.status}")
        return used[0], took


def queries(client, path):
    """Queries of one answer, counted in this process once everything that is kept is kept."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def sign_in(server, logins):
    """(CPU ms of a sign-in POST, CPU ms of its argon2 alone), in turns."""
    LimitCounter.objects.all().delete()
    post = hash_alone = 0
    encoded = User.objects.get(login=logins[0]).password
    for login in logins:
        channel = server.connect()
        response, content, _seconds = request(channel, "/sign-in/", "")
        cookie = response.headers["Set-Cookie"].partition(";")[0]
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', content)[1].decode()
        body = f"csrfmiddlewaretoken={token}&login={login}&password={PASSWORD.replace('!', '%21')}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        with server.cpu() as used:
            response, _content, _seconds = request(channel, "/sign-in/", cookie, "POST", body, headers)
        if response.status != 302:
            raise RuntimeError(f"signing in answers {response.status}")
        post += used[0]
        began = time.process_time()
        check_password(PASSWORD, encoded)
        hash_alone += time.process_time() - began
    return post / len(logins) * 1000, hash_alone / len(logins) * 1000


def upload(server, cookies, folder, times=5):
    """(seconds of a 15 MiB upload, seconds of cp, MiB by which the server's peak of memory rose)."""
    content = os.urandom(15 * MIB - 1000)
    source = folder / "upload"
    source.write_bytes(content)
    channel = server.connect()
    response, page, _seconds = request(channel, "/messages/new/", cookies)
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)[1].decode()
    csrf = next((f"; {c.partition(';')[0]}" for c in response.headers.get_all("Set-Cookie", [])), "")
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'.encode()
    body = head + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-CSRFToken": token}
    before, sent, copied = server.memory_peak(), [], []
    for _ in range(times):
        response, words, seconds = request(channel, "/messages/files/", cookies + csrf, "POST", body, headers)
        if response.status != 201:
            raise RuntimeError(f"an upload answers {response.status}: {words[:200]!r}")
        sent.append(seconds)
        began = time.perf_counter()
        shutil.copyfile(source, folder / "copy")
        copied.append(time.perf_counter() - began)
    return statistics.median(sent), statistics.median(copied), server.memory_peak() - before


def mails(port, count=1500):
    """(mails a second that one worker hands to an SMTP server on this machine, its CPU ms for each)."""
    sink = subprocess.Popen(
        [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Sink"],
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_smtp(port)
        user = User.objects.get(login="bench1")
        event = Event.objects.create(at=user.created_at, action="signed_in", user_id=user.pk)
        link = Link.issue(user, Link.Purpose.NOT_ME)
        for _ in range(count):
            notify.mail("signed_in", to=user, link=link.pk, event=event.pk)
        smtp = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
        with override_settings(**smtp, EMAIL_PORT=port):
            began, cpu = time.perf_counter(), time.process_time()
            while send_waiting():
                pass
            seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        sent = Outbox.objects.filter(letter="signed_in", state=Outbox.State.SENT, user=user)
        if sent.count() < count:
            raise RuntimeError("not every mail went out")
        sent.delete()
        return count / seconds, cpu / count * 1000
    finally:
        sink.terminate()
        sink.wait()


def pdf(times=20):
    """Milliseconds that the PDF of an invoice takes, once the fonts are read."""
    document = Document.objects.select_related("provider").get(pk=2)
    pdfs.make(document)
    began = time.perf_counter()
    for _ in range(times):
        pdfs.make(document)
    return (time.perf_counter() - began) / times * 1000


def wait_for_smtp(port):
    for _attempt in range(100):
        try:
            mail.get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=port).open()
            return
        except OSError:
            time.sleep(0.1)


def cookies_of(client: Client):
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def thread():
    """The address of the thread with ten messages."""
    return f"/messages/{number(1)}/"
