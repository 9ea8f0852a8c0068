"""What services do by the clock."""

from datetime import timedelta

from django_tasks import task

from accounts.work.periodic import every
from services import changing, domains, usage


@every(timedelta(minutes=10))
@task()
def begin_planned_changes():
    """Begins the changes whose time has come: at midnight, or when a late renewal is paid."""
    changing.begin_due()


@every(timedelta(minutes=5))
@task()
def forget_released_authinfo():
    """Erases what was given out and is not shown any more."""
    domains.forget_released()


@every(timedelta(minutes=15))
@task()
def ask_for_usage():
    """Asks drivers what was used, each in a task of its own: one that hangs keeps nobody waiting."""
    for name in usage.tellers():
        usage.ask_driver.enqueue(name)
