"""What dead workers held goes to the living; a task that kills its workers is given up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import outbox
from accounts.models import BackgroundTask, Outbox, TaskFailure, WorkerHeartbeat
from accounts.work import heartbeat
from accounts.work.reaper import reap
from tests.support.workshop import tasks


@pytest.fixture
def running(db):
    """`running(worker)` is a task that this worker has begun."""

    def running(worker):
        row = BackgroundTask.objects.get(pk=tasks.arrive.enqueue().id)
        row.claim(worker)
        return row

    return running


def silence(worker):
    """The last heartbeat of this worker was long ago."""
    heartbeat.beat(worker)
    WorkerHeartbeat.objects.filter(pk=worker).update(seen_at=timezone.now() - timedelta(minutes=2))


def test_a_dead_workers_task_is_run_by_another(running, runner):
    row = running("dead")
    silence("dead")
    reap("worker-1")
    row.refresh_from_db()
    assert row.status == "READY"
    assert runner.run_one()
    row.refresh_from_db()
    assert (row.status, row.worker_ids) == ("SUCCESSFUL", ["dead", "worker-1"])
    failure = TaskFailure.objects.get()
    assert (failure.worker_died, failure.worker_id, failure.task_id) == (True, "dead", row.pk)


def test_a_living_workers_task_is_left_alone(running):
    row = running("busy")
    heartbeat.beat("busy")
    reap("worker-1")
    row.refresh_from_db()
    assert row.status == "RUNNING"


def test_a_worker_takes_back_what_it_left_itself(running):
    row = running("worker-1")
    heartbeat.beat("worker-1")
    reap("worker-1")
    row.refresh_from_db()
    assert row.status == "READY"


def test_a_task_that_kills_three_workers_is_given_up(running):
    row = running("victim-1")
    for number in (1, 2, 3):
        reap("worker-1")
        row.refresh_from_db()
        if number < 3:
            assert row.status == "READY"
            row.claim(f"victim-{number + 1}")
    assert row.status == "FAILED"
    assert "3 workers died" in row.traceback


def test_a_death_is_noticed_by_one_worker_only(running):
    running("dead")
    mine, theirs = BackgroundTask.objects.get(), BackgroundTask.objects.get()
    assert mine.take_back()
    assert not theirs.take_back()
    assert TaskFailure.objects.count() == 1


def test_a_dead_workers_messages_are_sent_by_another_at_once(write):
    write(2)
    silence("dead")
    outbox.claim(10, "dead")
    assert outbox.send_waiting(by="worker-1") == 0
    reap("worker-1")
    assert outbox.send_waiting(by="worker-1") == 2


def test_a_living_workers_messages_are_left_alone(write):
    write(2)
    heartbeat.beat("busy")
    outbox.claim(1, "busy")
    outbox.claim(1, "worker-1")
    reap("worker-1")
    assert sorted(Outbox.objects.values_list("claimed_by", flat=True)) == ["busy", "worker-1"]
