"""What accounts does by the clock: removing what nobody needs any more."""

import time
from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone
from django_tasks import task

from accounts import bounces, erasing, exports, limits, returning
from accounts.closing import close_due
from accounts.models import (
    LimitCounter,
    Link,
    OneTimeCode,
    Outbox,
    PeriodicJob,
    TaskFailure,
    TrustedBrowser,
    WorkerHeartbeat,
)
from accounts.sessions import SessionStore
from accounts.unconfirmed import forget_unconfirmed
from accounts.work.periodic import daily, every

KEPT_TASK_DAYS = 7
# Failures are kept longer: somebody should look at them first.
KEPT_FAILURE_DAYS = 90
KEPT_SENT_MESSAGES = timedelta(days=90)
KEPT_LINKS_AND_CODES = timedelta(days=30)
KEPT_SILENT_WORKERS = timedelta(days=1)
KEPT_DROPPED_JOBS = timedelta(days=30)
KEPT_COUNTERS_SECONDS = 2 * limits.DAY


@every(timedelta(hours=1))
@task()
def clear_traces_of_work():
    """Finished tasks, workers that fell silent, jobs that no version of the program knows any more."""
    now = timezone.now()
    call_command(
        "prune_db_task_results",
        queue_name="*",
        min_age_days=KEPT_TASK_DAYS,
        failed_min_age_days=KEPT_FAILURE_DAYS,
        verbosity=0,
    )
    TaskFailure.objects.filter(at__lt=now - timedelta(days=KEPT_FAILURE_DAYS)).delete()
    WorkerHeartbeat.objects.filter(seen_at__lt=now - KEPT_SILENT_WORKERS).delete()
    PeriodicJob.objects.filter(next_run_at__lt=now - KEPT_DROPPED_JOBS).delete()


@every(timedelta(hours=1))
@task()
def clear_counters():
    """Counters of limits whose windows are long over."""
    LimitCounter.objects.filter(started_at__lt=time.time() - KEPT_COUNTERS_SECONDS).delete()


@every(timedelta(hours=1))
@task()
def close_customers():
    """Accounts whose owners asked for it two weeks ago and did not take it back."""
    close_due()


@every(timedelta(minutes=10))
@task()
def restore_access():
    """Access whose restoring has waited long enough."""
    returning.finish_due()


@daily(hour=3)
@task()
def clear_sessions():
    """Sessions and trusted browsers that have expired."""
    SessionStore.clear_expired()
    TrustedBrowser.objects.filter(expires_at__lt=timezone.now()).delete()


@daily(hour=3, minute=10)
@task()
def clear_messages():
    """Messages that left, or were not needed, a good while ago, and reports about them."""
    settled = [Outbox.State.SENT, Outbox.State.DROPPED]
    old = timezone.now() - KEPT_SENT_MESSAGES
    Outbox.objects.filter(state__in=settled, created_at__lt=old).delete()
    bounces.forget_reports()


@daily(hour=3, minute=20)
@task()
def clear_links_and_codes():
    """Links and one-time codes that no longer open anything."""
    old = timezone.now() - KEPT_LINKS_AND_CODES
    Link.objects.filter(expires_at__lt=old).delete()
    OneTimeCode.objects.filter(expires_at__lt=old).delete()


@daily(hour=3, minute=30)
@task()
def clear_registrations():
    """Registrations that nobody confirmed."""
    forget_unconfirmed()


@daily(hour=2, minute=30)
@task()
def erase_closed():
    """What is no longer to be kept of closed accounts and of people who act for nobody."""
    erasing.run()


@daily(hour=4)
@task()
def clear_exports():
    """Files with people's own data that can no longer be downloaded."""
    exports.delete_old()
