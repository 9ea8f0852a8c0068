"""How the database is spoken to: what a request has counted stays counted, and writers of SQLite queue."""

import pytest
from django.db import connection


def test_no_request_is_one_transaction():
    """Otherwise the count of a wrong password would be taken back together with the request that failed."""
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False


@pytest.mark.skipif(connection.vendor != "sqlite", reason="is about SQLite")
def test_sqlite_lets_readers_go_on_and_writers_queue(db):
    said = {}
    with connection.cursor() as cursor:
        for name in ("journal_mode", "busy_timeout", "foreign_keys"):
            cursor.execute(f"PRAGMA {name}")
            said[name] = cursor.fetchone()[0]
    assert said == {"journal_mode": "wal", "busy_timeout": 20_000, "foreign_keys": 1}
    assert connection.transaction_mode == "IMMEDIATE"
