"""Who is to do something next about a job: its driver, staff, or nobody."""

from django.db.models import Q

from services.models import ProvisioningJob

State = ProvisioningJob.State
# How the jobs of each turn are found.
TURNS = {
    "staff": Q(state=State.ACCEPTED, driver="manual"),
    "failed": Q(state=State.FAILED),
    "again": Q(state=State.WAITING, failures__gt=0),
    "new": Q(state=State.WAITING, failures=0),
    "server": Q(state=State.ACCEPTED) & ~Q(driver="manual"),
}


def turn_of(job):
    """Which of TURNS a job belongs to, or None when it is over."""
    if job.state == State.ACCEPTED:
        return "staff" if job.driver == "manual" else "server"
    if job.state == State.WAITING:
        return "again" if job.failures else "new"
    return "failed" if job.state == State.FAILED else None
