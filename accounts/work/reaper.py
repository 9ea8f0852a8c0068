"""Takes from dead workers what they held, so that the others carry on with it."""

import logging

from accounts import outbox
from accounts.models import BackgroundTask
from accounts.work import heartbeat

log = logging.getLogger("accounts.work")


def reap(me):
    """Frees the tasks and messages of workers that are no more. Called by worker `me` between two tasks.

    What the table calls running on `me` itself cannot be: it was left when its outcome could not be written.
    """
    others = set(heartbeat.living().values_list("worker_id", flat=True)) - {me}
    for row in BackgroundTask.objects.running():
        if row.worker_ids[-1] not in others and row.take_back():
            log.warning("task %s (%s) is taken back from %s", row.pk, row.task_path, row.worker_ids[-1])
    freed = outbox.release_claims_except({me} | others)
    if freed:
        log.warning("%s messages are taken back from workers that died", freed)
