"""The server and the worker side by side, ended together."""

import signal
import subprocess
import sys
import time
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from django.conf import settings

STOP_SECONDS = 15
ANSWER_SECONDS = 60


class Ended(Exception):
    """Raised by a signal that asks us to stop."""


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


def run(*commands, answers_at, ready):
    """Starts the commands, calls `ready` when the server answers, and stops all when one ends or we are told to."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    running = []
    try:
        for command in commands:
            running.append(subprocess.Popen(command, cwd=settings.BASE_DIR))  # noqa: S603  a command of our own
        wait_for(answers_at, running)
        ready()
        while all(process.poll() is None for process in running):
            time.sleep(0.5)
    except Ended:
        pass
    finally:
        stop(running)


def end(number, frame):
    raise Ended


def wait_for(url, running):
    """Returns once the address answers anything, or a process has ended, or the time is up."""
    until = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < until and all(process.poll() is None for process in running):
        try:
            urlopen(url, timeout=5).close()  # noqa: S310  an address of our own
            return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.1)


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
