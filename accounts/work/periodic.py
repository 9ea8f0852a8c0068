"""Tasks that run by the clock, each once however many workers look at it.

    @every(timedelta(hours=1))
    @task()
    def clean_up(): ...

They live in a module `jobs` of their app. When one is due, a worker moves its time on by compare-and-swap
and enqueues the task in the same transaction; from there it is a task like any other. It is not enqueued
while its last run is still going on.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from accounts.models import PeriodicJob

JOBS = {}


@dataclass(frozen=True)
class Every:
    """Again and again with a pause between two starts; the first time at once."""

    pause: timedelta

    def first(self, now):
        return now

    def next(self, now):
        return now + self.pause


@dataclass(frozen=True)
class Daily:
    """Every day at this hour and minute of the local clock."""

    at: time

    def first(self, now):
        return self.next(now)

    def next(self, now):
        day = timezone.localdate(now)
        today = timezone.make_aware(datetime.combine(day, self.at))
        return today if today > now else timezone.make_aware(datetime.combine(day + timedelta(days=1), self.at))


@dataclass(frozen=True)
class Job:
    """A task and when it runs."""

    task: Task
    schedule: Every | Daily


def every(pause):
    """Runs the decorated task again and again, `pause` (a timedelta) between two starts."""
    return register(Every(pause))


def daily(hour, minute=0):
    """Runs the decorated task once a day, by the local clock."""
    return register(Daily(time(hour, minute)))


def register(schedule):
    def decorate(task):
        JOBS[task.module_path] = Job(task, schedule)
        return task

    return decorate


def set_up():
    """Finds the jobs of all apps, gives new ones a row, and brings forward those that now run more often."""
    autodiscover_modules("jobs")
    now = timezone.now()
    rows = [PeriodicJob(name=name, next_run_at=job.schedule.first(now)) for name, job in JOBS.items()]
    PeriodicJob.objects.bulk_create(rows, ignore_conflicts=True)
    for name, job in JOBS.items():
        soonest = job.schedule.next(now)
        PeriodicJob.objects.filter(name=name, next_run_at__gt=soonest).update(next_run_at=soonest)


def enqueue_due():
    """Enqueues every job whose time has come; returns the names of those that were ours to enqueue."""
    due = PeriodicJob.objects.filter(name__in=JOBS, next_run_at__lte=timezone.now())
    return [row.name for row in due if enqueue(row)]


@transaction.atomic
def enqueue(row):
    """Moves the job's time on and enqueues it; True for one worker only."""
    now, job = timezone.now(), JOBS[row.name]
    ours = PeriodicJob.objects.filter(name=row.name, next_run_at=row.next_run_at)
    if not ours.update(next_run_at=job.schedule.next(now)):
        return False
    if DBTaskResult.objects.filter(pk=row.last_task, status__in=["READY", "RUNNING"]).exists():
        return False
    ours = PeriodicJob.objects.filter(name=row.name)
    ours.update(last_run_at=now, last_task=job.task.enqueue().id)
    return True
