"""A granian of our own, and what its requests cost: time, and CPU of server and database together."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """One process with four threads, as in production."""

    def __init__(self, settings_module):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(self.port)]
        options = ["--workers", "1", "--blocking-threads", "4", "--log-level", "error", "panel.wsgi:application"]
        self.process = subprocess.Popen(
            command + options, env=os.environ | {"DJANGO_SETTINGS_MODULE": settings_module}
        )
        self.wait()

    def wait(self):
        for _attempt in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server does not answer")

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def pids(self):
        """The server's processes."""
        tree = [self.process.pid]
        for pid in tree:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                tree += map(int, children.read_text().split())
        return tree

    def memory_peak(self):
        """The most memory that one of its processes ever held, in MiB."""
        lines = [line for pid in self.pids() for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
        return max(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

    @contextmanager
    def cpu(self):
        """`with server.cpu() as used:` puts the CPU seconds of server and database into used[0]."""
        used, before = [], self.cpu_seconds()
        yield used
        # A backend that has ended meanwhile has taken its seconds along.
        used.append(sum(max(0, seconds - before.get(pid, 0)) for pid, seconds in self.cpu_seconds().items()))

    def cpu_seconds(self):
        return {pid: cpu_of(pid) for pid in [*self.pids(), *backends()]}


def cpu_of(pid):
    """CPU seconds of a process so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return (int(fields[11]) + int(fields[12])) / TICKS


def backends():
    """The processes in which a PostgreSQL on this machine works for the servers; SQLite works inside them.

    One that vacuums meanwhile works for nobody who waits.
    """
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type IN ('client backend', 'parallel worker')"
        )
        return [pid for (pid,) in cursor.fetchall()]


def request(channel, path, cookies, method="GET", body=None, headers=None):
    """(status, body, seconds) of one request."""
    began = time.perf_counter()
    channel.request(method, path, body, {"Cookie": cookies, "Accept-Language": "pl"} | (headers or {}))
    response = channel.getresponse()
    content = response.read()
    return response, content, time.perf_counter() - began
