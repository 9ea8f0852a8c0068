"""A database that was migrated once; every process of the tests takes a copy, as migrating is most of its start."""

import fcntl
import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection

HOUSE = Path(__file__).resolve().parent.parent
FOLDER = HOUSE / "var" / "tests"
# What the tables are made of.
SOURCES = ["requirements.txt", "*/migrations/*.py", "*/models/*.py"]
# The database of a PostgreSQL that `tests.run` has migrated.
TEMPLATE = "MIGRATED_DATABASE"
END_THE_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """The database of this process begins as a copy. Django migrates it all the same, and finds nothing to do."""
    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        copy_to(test["NAME"])
    elif template := os.environ.get(TEMPLATE):
        test["TEMPLATE"] = template


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """What was copied is there already, and goes with the directory that it is in."""
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A thread that lives as long as the process keeps its connection, and no database is dropped under one."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(END_THE_OTHERS)


def copy_to(path):
    """Puts a migrated SQLite database there."""
    with made() as found, closing(sqlite3.connect(found)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)


@contextmanager
def made():
    """The migrated SQLite database of the code as it is now; others wait while it is made for the first time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = FOLDER / f"{state()}.sqlite3"
        if not found.exists():
            for old in FOLDER.glob("*.sqlite3*"):
                old.unlink()
            fresh = FOLDER / "fresh.sqlite3"
            migrate(f"sqlite:///{fresh}")
            fresh.rename(found)
        yield found


def state():
    """Other words for other migrations, models or libraries."""
    files = sorted(path for pattern in SOURCES for path in HOUSE.glob(pattern))
    return sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def migrate(url):
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=HOUSE, env=os.environ | {"DATABASE_URL": url}, check=True)


if __name__ == "__main__":
    with made():
        pass
