"""Workers say every few seconds that they live; whoever is silent for long is taken for dead."""

import socket
from datetime import timedelta

from django.utils import timezone

from accounts.models import WorkerHeartbeat

BEAT_SECONDS = 10
# Three beats may be late before anything is taken away from a worker.
DEAD_AFTER = timedelta(seconds=40)


def beat(worker_id):
    """Says that this worker lives."""
    WorkerHeartbeat.objects.update_or_create(
        worker_id=worker_id,
        defaults={"seen_at": timezone.now()},
        create_defaults={"host": socket.gethostname()[:120]},
    )


def leave(worker_id):
    """Takes a worker that ends in peace off the list."""
    WorkerHeartbeat.objects.filter(worker_id=worker_id).delete()


def living():
    """Workers heard of lately."""
    return WorkerHeartbeat.objects.filter(seen_at__gt=timezone.now() - DEAD_AFTER)
