"""`make test`: style, then the tests on every database and browser that this machine has."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg

from tests import migrated
from tests.support import name_server

# Without bytecode every process would translate each module, and pytest each assertion, once more.
LEFT_OUT = {"DATABASE_URL", "PYTHONDONTWRITEBYTECODE"}
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in LEFT_OUT} | {"PANEL_MODE": "test"}
LOCAL_SERVERS = ["postgres:///postgres", "postgres://postgres@127.0.0.1/postgres"]


def main():
    server, chromium = postgresql(), shutil.which("chromium")
    with migrating(server) as template:
        # No look at the code needs a database; one in memory is always there.
        failed = [
            words for words, command in style() if not succeeds(words, command, DATABASE_URL="sqlite://:memory:")
        ]
        # Whatever PostgreSQL is not needed for runs on SQLite too; a browser or a name server makes no difference
        # to a database, and neither do the guards and what is marked as slow, so these tests run once.
        first = "not postgresql"
        first += " and not slow and not browser and not powerdns" if server else "" if chromium else " and not browser"
        if not succeeds("tests on SQLite", pytest(first, *(["--ignore", "tests/guards"] if server else []))):
            failed.append("tests on SQLite")
        if server:
            second = "" if chromium else "not browser"
            if not succeeds("tests on PostgreSQL", pytest(second), DATABASE_URL=server, **template()):
                failed.append("tests on PostgreSQL")
    return report(failed, skipped(server, chromium))


@contextmanager
def migrating(server):
    """Migrates both databases while the code is looked at; `template()` waits and names the one on the server.

    Every process of the tests begins with a copy.
    """
    sqlite = background("-m", "tests.migrated")
    if not server:
        yield
        sqlite.wait()
        return
    name = urlsplit(server).path.removeprefix("/")
    at(server, f'CREATE DATABASE "{name}"')
    postgresql = background("manage.py", "migrate", "--verbosity=0", DATABASE_URL=server)
    try:
        # Where it could not be migrated, the tests try themselves and say why.
        yield lambda: {} if postgresql.wait() else {migrated.TEMPLATE: name}
    finally:
        sqlite.wait()
        postgresql.wait()
        at(server, f'DROP DATABASE "{name}"')


def background(*command, **environment):
    return subprocess.Popen([sys.executable, *command], env=ENVIRONMENT | environment)


def at(server, statement):
    """Has the server do something that concerns a whole database."""
    with psycopg.connect(database(server, "postgres"), autocommit=True) as connection:
        connection.execute(statement)


def style():
    """(words, command) of what looks at the code without running it."""
    python, manage = [sys.executable, "-m"], [sys.executable, "manage.py"]
    return [
        ("translations compiled", [*manage, "messages", "--compile"]),
        ("ruff check", [*python, "ruff", "check", "--quiet", "."]),
        ("ruff format", [*python, "ruff", "format", "--quiet", "--check", "."]),
        ("djlint", [*python, "djlint", "--quiet", "--lint", "templates"]),
        ("migrations complete", [*manage, "makemigrations", "--check", "--dry-run"]),
    ]


def pytest(marks, *more):
    """The tests in processes of their own, each with its database; one more than cores, as some wait for a browser."""
    processes = ["--numprocesses", str(min((os.cpu_count() or 1) + 1, 4)), "--dist", "worksteal"]
    return [sys.executable, "-m", "pytest", "-q", *processes, "-m", marks, *more, *sys.argv[1:]]


def succeeds(words, command, **environment):
    """Runs a command in its own process; says how it went."""
    print(f"\n=== {words}", flush=True)
    began = time.monotonic()
    result = subprocess.run(command, env=ENVIRONMENT | environment)
    if result.returncode:
        print(f"=== {words}: FAILED after {time.monotonic() - began:.0f} s", flush=True)
    return result.returncode == 0


def postgresql():
    """The address of a PostgreSQL for the tests, with a database name that no other run uses; "" without one."""
    for url in [os.environ.get("DATABASE_URL", "").strip(), *LOCAL_SERVERS]:
        if not url.startswith("postgres"):
            continue
        try:
            psycopg.connect(database(url, "postgres"), connect_timeout=3).close()
        except psycopg.OperationalError:
            continue
        # Django creates databases "test_…" itself; what is there stays untouched.
        return database(url, f"panel_{os.getpid()}")
    return ""


def database(url, name):
    """The address of another database of the same server."""
    parts = urlsplit(url)
    return f"postgresql://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")


def skipped(server, chromium):
    """One line for everything that this machine could not test."""
    if not server:
        yield "SKIPPED: PostgreSQL. Set DATABASE_URL or start a local server; concurrency was not tested."
    if not chromium:
        yield "SKIPPED: the browser. Install chromium; no page was opened in a real browser."
    if not name_server.is_here():
        yield "SKIPPED: PowerDNS. Install pdns-server, pdns-backend-sqlite3 and bind9-dnsutils; no zone was published."


def report(failed, skips):
    """Prints what failed and what was left out; the exit code of the whole run."""
    skips = list(skips)
    print()
    for line in skips:
        print(line)
    for words in failed:
        print(f"FAILED: {words}")
    strict = os.environ.get("NOTHING_SKIPPED")
    if not failed:
        print("Everything passed." if not skips else "Everything that ran passed.")
    return 1 if failed or (strict and skips) else 0


if __name__ == "__main__":
    sys.exit(main())
