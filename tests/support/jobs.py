"""What the worker does with the jobs of drivers, in this process."""

from django.utils import timezone

from services import running
from services.models import ProvisioningJob

WORKER = "worker-of-the-test"


def do_jobs():
    """Does every job that is due now, and what comes of it, as one worker; returns how many there were."""
    count = 0
    while drivers := running.waiting(WORKER):
        count += sum(running.do_next(driver, WORKER) for driver in drivers)
    return count


def try_again():
    """The same, when the pauses after failures are over."""
    ProvisioningJob.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
    return do_jobs()
