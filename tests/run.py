"""`make test`: style, then the tests on every database and browser that this machine has."""

import os
import shutil
import subprocess
import sys
import time
from urllib.parse import urlsplit

import psycopg

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {"PANEL_MODE": "test"}
LOCAL_SERVERS = ["postgres:///postgres", "postgres://postgres@127.0.0.1/postgres"]


def main():
    server, chromium = postgresql(), shutil.which("chromium")
    # No look at the code needs a database; one in memory is always there.
    failed = [words for words, command in style() if not succeeds(words, command, DATABASE_URL="sqlite://:memory:")]
    # Whatever PostgreSQL is not needed for runs on SQLite too; a browser makes no difference to a
    # database, so its tests run once.
    first = "not postgresql" + (" and not browser" if server or not chromium else "")
    if not succeeds("tests on SQLite", pytest(first)):
        failed.append("tests on SQLite")
    if server:
        second = "" if chromium else "not browser"
        if not succeeds("tests on PostgreSQL", pytest(second), DATABASE_URL=server):
            failed.append("tests on PostgreSQL")
    return report(failed, skipped(server, chromium))


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


def pytest(marks):
    """The tests on every core, each with a database of its own."""
    cores = ["--numprocesses", "auto", "--maxprocesses", "4", "--dist", "worksteal"]
    return [sys.executable, "-m", "pytest", "-q", *cores, "-m", marks, *sys.argv[1:]]


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
        # Django creates a database "test_…" itself; what is there stays untouched.
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
