"""Jobs by the clock run once, however many workers look at it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from accounts.models import BackgroundTask, PeriodicJob
from accounts.work import periodic
from accounts.work.periodic import Daily, daily, every
from tests.support.workshop import tasks

WARSAW = ZoneInfo("Europe/Warsaw")
NAME = "tests.support.workshop.tasks.arrive"


@pytest.fixture
def jobs(monkeypatch, db):
    """Only the jobs of the test."""
    monkeypatch.setattr(periodic, "autodiscover_modules", lambda name: None)
    monkeypatch.setattr(periodic, "JOBS", {})


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=WARSAW), tick=False) as clock:
        yield clock


def test_a_job_runs_at_once_and_again_after_its_pause(jobs, clock, runner):
    every(timedelta(minutes=10))(tasks.arrive)
    periodic.set_up()
    assert periodic.enqueue_due() == [NAME]
    assert periodic.enqueue_due() == []
    assert runner.run_one()
    clock.shift(timedelta(minutes=10))
    assert periodic.enqueue_due() == [NAME]
    assert PeriodicJob.objects.get().last_task == BackgroundTask.objects.get(status="READY").pk


def test_a_job_is_not_enqueued_beside_its_own_last_run(jobs, clock, runner):
    every(timedelta(minutes=10))(tasks.arrive)
    periodic.set_up()
    periodic.enqueue_due()
    clock.shift(timedelta(minutes=10))
    assert periodic.enqueue_due() == []
    assert runner.run_one()
    clock.shift(timedelta(minutes=10))
    assert periodic.enqueue_due() == [NAME]


def test_a_daily_job_waits_for_its_hour(jobs, clock):
    daily(hour=3)(tasks.arrive)
    periodic.set_up()
    assert periodic.enqueue_due() == []
    clock.move_to(datetime(2026, 3, 2, 3, tzinfo=WARSAW))
    assert periodic.enqueue_due() == [NAME]
    assert PeriodicJob.objects.get().next_run_at == datetime(2026, 3, 3, 3, tzinfo=WARSAW)


def test_the_local_hour_stays_when_the_clocks_change():
    noon = datetime(2026, 3, 28, 11, tzinfo=UTC)
    assert Daily(time(4)).next(noon) - noon == timedelta(hours=15)
    assert Daily(time(4)).next(noon) == datetime(2026, 3, 29, 4, tzinfo=WARSAW)


def test_a_job_that_now_runs_more_often_need_not_wait_for_its_old_time(jobs, clock):
    PeriodicJob.objects.create(name=NAME, next_run_at=timezone.now() + timedelta(days=1))
    every(timedelta(minutes=10))(tasks.arrive)
    periodic.set_up()
    assert PeriodicJob.objects.get().next_run_at == timezone.now() + timedelta(minutes=10)


def test_many_workers_enqueue_a_job_once(postgresql, together, jobs):
    every(timedelta(hours=1))(tasks.arrive)
    periodic.set_up()
    answers = together(12, lambda i: periodic.enqueue_due())
    assert sorted(answers) == [[]] * 11 + [[NAME]]
    assert BackgroundTask.objects.count() == 1
