"""The server, the worker and, in the demo, the payment server side by side, ended together."""

import signal
import socket
import subprocess
import sys
import time
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.conf import settings

STOP_SECONDS = 15
ANSWER_SECONDS = 60


class Stopped(Exception):
    """Raised by a signal that asks us to stop."""


class Failed(Exception):
    """Somebody else has the port, or a process ended by itself."""


def server(host, port, workers):
    """The command of the production server. Without respawn one killed worker would stop it whole."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", "4", "--respawn-failed-workers"),
        *("--log-level", "warning", "panel.wsgi:application"),
    ]


def reloading_server(host, port):
    """Django's own server, which starts anew whenever the code changes."""
    return [sys.executable, "manage.py", "runserver", f"{host}:{port}"]


def worker():
    return [sys.executable, "manage.py", "worker"]


def sandbox():
    """The payment server of the demo, at the port of SANDBOX_URL."""
    return [sys.executable, "manage.py", "sandbox"]


def run(*commands, answer_at, ready):
    """Starts the commands, calls `ready` when all addresses answer, and stops all when one ends or we are told to."""
    for address in answer_at:
        refuse_taken(address)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stopped)
    running = []
    try:
        for command in commands:
            running.append(subprocess.Popen(command, cwd=settings.BASE_DIR))  # noqa: S603  a command of our own
        until = time.monotonic() + ANSWER_SECONDS
        for address in answer_at:
            while not answers(address):
                refuse_ended(running)
                if time.monotonic() > until:
                    raise Failed(f"{address} does not answer.")
                time.sleep(0.1)
        ready()
        while True:
            refuse_ended(running)
            time.sleep(0.5)
    except Stopped:
        pass
    finally:
        stop(running)


def stopped(number, frame):
    raise Stopped


def answers(url):
    """Whether anything answers there, be it an error."""
    try:
        urlopen(url, timeout=5).close()  # noqa: S310  an address of our own
    except HTTPError:
        return True
    except (URLError, OSError):
        return False
    return True


def refuse_taken(url):
    """Two servers may share a port without noticing; each browser would meet one of them by chance."""
    port = urlsplit(url).port
    with socket.socket() as taken:
        if taken.connect_ex(("127.0.0.1", port)) == 0:
            # Ten further: the one beside it may be the payment server of the same demo.
            raise Failed(f"Something answers at port {port} already. Choose another: make demo PORT={port + 10}")


def refuse_ended(running):
    for process in running:
        if process.poll() is not None:
            raise Failed(f"“{' '.join(process.args[1:4])}” ended with {process.returncode}.")


def stop(running):
    """Asks every process to end and, after a while, no longer asks."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
