"""Is the panel well? For the machine that starts it again and for the one that sends visitors to it."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Outbox, WorkerHeartbeat
from billing.models import MoneyCheck

WORKER_SILENT_AFTER = timedelta(seconds=60)
# A message that nobody has tried to send for so long: no worker is sending, whatever its heartbeat says.
OUTBOX_STUCK_AFTER = timedelta(minutes=5)
# The books are looked over every night; two nights without that is a job that fails.
BOOKS_UNCHECKED_AFTER = timedelta(days=2)


@login_not_required
@require_safe
def healthz(request):
    """This process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def readyz(request):
    """Each check by name; 503 when one fails."""
    checks = {name: passes(check) for name, check in CHECKS.items()}
    ready = all(checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def passes(check):
    """Whether a check holds. A database that cannot answer fails it without telling why in public."""
    try:
        return bool(check())
    except Error:
        return False


def database_answers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrations_applied():
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def worker_lives():
    return WorkerHeartbeat.objects.filter(seen_at__gt=timezone.now() - WORKER_SILENT_AFTER).exists()


def outbox_moves():
    overdue = timezone.now() - OUTBOX_STUCK_AFTER
    return not Outbox.objects.filter(state=Outbox.State.WAITING, next_attempt_at__lt=overdue).exists()


def books_are_healthy():
    """The last look over the books found nothing; before the first one nobody knows better."""
    last = MoneyCheck.objects.order_by("-pk").first()
    return last is None or (last.is_clean and last.at > timezone.now() - BOOKS_UNCHECKED_AFTER)


CHECKS = {
    "database": database_answers,
    "migrations": migrations_applied,
    "worker": worker_lives,
    "outbox": outbox_moves,
    "money": books_are_healthy,
}
