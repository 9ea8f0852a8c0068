"""The library's worker, one task at a time."""

from django.db import transaction
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from accounts.history import Action, record
from accounts.models import BackgroundTask


@transaction.atomic
def try_again(rows, *, by):
    """Gives those of the tasks that failed for good one more attempt; returns how many there were."""
    failed = list(rows.filter(status="FAILED").select_for_update())
    for row in failed:
        record(Action.TASK_TRIED_AGAIN, user=by, by=by, task=row.task_path)
        row.finished_at = None
        row.exception_class_path = row.traceback = ""
        row.save(update_fields=["finished_at", "exception_class_path", "traceback"])
        row.run_again(timezone.now())
    return len(failed)


class TaskRunner(Worker):
    """Claims and runs tasks of all queues; how failures are repeated is the business of BackgroundTask."""

    def __init__(self, worker_id):
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
        )

    def run_one(self):
        """Runs the next ready task; False when there is none."""
        ready = BackgroundTask.objects.ready().filter(backend_name=self.backend_name)
        # Looking first spares SQLite the write lock while there is nothing to do.
        if not ready.exists():
            return False
        with transaction.atomic(durable=True):
            row = ready.get_locked()
            if row:
                row.claim(self.worker_id)
        if row:
            self.run_task(row)
        return bool(row)
