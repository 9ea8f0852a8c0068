"""Real workers in processes of their own, on the database of the test."""

import os
import subprocess
import sys
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from accounts.models import WorkerHeartbeat
from tests.support.waiting import until

STOP_SECONDS = 30


def start(**environment):
    """A worker that knows the workshop and sends where the test's settings say; already alive."""
    before = set(WorkerHeartbeat.objects.values_list("pk", flat=True))
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.support.workshop.settings",
            "DATABASE_URL": database_url(),
            "EMAIL_HOST": settings.EMAIL_HOST,
            "EMAIL_PORT": str(settings.EMAIL_PORT),
        }
        | environment,
    )
    until(lambda: WorkerHeartbeat.objects.exclude(pk__in=before).exists(), or_when=lambda: worker.poll() is not None)
    return worker


def stop(worker):
    """Asks the worker to end and returns its exit code."""
    worker.terminate()
    return worker.wait(timeout=STOP_SECONDS)


def database_url():
    """The address of the test's own database."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    login = ":".join(quote(part, safe="") for part in (database["USER"], database["PASSWORD"]) if part)
    port = f":{database['PORT']}" if database["PORT"] else ""
    host = f"{quote(database['HOST'], safe='')}{port}"
    return f"postgres://{login}{'@' if login else ''}{host}/{quote(str(database['NAME']), safe='')}"
