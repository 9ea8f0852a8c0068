"""How the database is spoken to: what a request has counted stays counted, and writers of SQLite queue."""

import json
import os
import subprocess
import sys

from django.conf import settings
from django.db import connection

# Asked of a panel of its own, as it starts where no other database is named.
ASK_SQLITE = """
import json, django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    names = ["journal_mode", "busy_timeout", "foreign_keys"]
    said = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
print(json.dumps(said | {"transaction_mode": connection.transaction_mode}))
"""


def test_no_request_is_one_transaction():
    """Otherwise the count of a wrong password would be taken back together with the request that failed."""
    assert connection.settings_dict["ATOMIC_REQUESTS"] is False


def test_sqlite_lets_readers_go_on_and_writers_queue(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"DJANGO_SETTINGS_MODULE": "panel.settings", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", ASK_SQLITE]
    told = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, check=True, capture_output=True)
    assert json.loads(told.stdout) == {
        "journal_mode": "wal",
        "busy_timeout": 20_000,
        "foreign_keys": 1,
        "transaction_mode": "IMMEDIATE",
    }
