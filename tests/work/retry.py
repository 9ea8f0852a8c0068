"""A task that fails is run again after a growing pause, until its attempts are used up."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import TaskFailure
from accounts.work.retry import Policy, Retry
from tests.support.workshop import tasks


@pytest.fixture
def clock():
    """Time that passes only when a test says so."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def test_a_task_that_works_is_done(runner):
    result = tasks.arrive.enqueue()
    assert runner.run_one()
    assert runner.row(result).status == "SUCCESSFUL"
    assert runner.row(result).return_value == "here"
    assert not runner.run_one()


def test_it_is_run_again_after_a_pause_and_fails_visibly_in_the_end(runner, clock):
    result = tasks.sail.enqueue()
    pauses = []
    for _attempt in range(2):
        assert runner.run_one()
        row = runner.row(result)
        assert row.status == "READY"
        pauses.append(row.run_after - timezone.now())
        assert not runner.run_one(), "it waits"
        clock.shift(pauses[-1])
    assert timedelta(seconds=7) < pauses[0] < timedelta(seconds=13) < pauses[1] < timedelta(seconds=26)

    assert runner.run_one()
    row = runner.row(result)
    assert row.status == "FAILED"
    assert "storm" in row.traceback
    failures = TaskFailure.objects.filter(task_id=row.pk)
    assert len(failures) == 3
    assert all("Weather: storm" in failure.error and failure.worker_id == "worker-1" for failure in failures)
    clock.shift(timedelta(days=30))
    assert not runner.run_one()


def test_an_exception_that_was_not_named_fails_at_once(runner):
    result = tasks.sink.enqueue()
    runner.run_one()
    assert runner.row(result).status == "FAILED"
    assert TaskFailure.objects.get().error.endswith("ValueError: no bottom\n")


def test_a_task_may_say_when_to_try_again(runner, clock):
    result = tasks.wait_for_tide.enqueue()
    runner.run_one()
    assert runner.row(result).run_after == timezone.now() + timedelta(minutes=7)


def test_an_interrupted_task_goes_back_without_a_blemish(runner):
    result = tasks.be_interrupted.enqueue()
    runner.run_one()
    assert runner.row(result).status == "READY"
    assert not TaskFailure.objects.exists()


def test_a_task_whose_function_is_gone_fails_visibly(runner):
    result = tasks.arrive.enqueue()
    row = runner.row(result)
    row.task_path = "tests.support.workshop.tasks.vanished"
    row.save()
    runner.run_one()
    assert runner.row(result).status == "FAILED"


def test_pauses_grow_to_the_longest_and_are_spread():
    policy = Policy(first_pause=timedelta(seconds=10), longest_pause=timedelta(hours=1))
    for failures, seconds in [(1, 10), (2, 20), (5, 160), (9, 2560), (10, 3600), (500, 3600)]:
        pauses = {policy.pause(failures) for _ in range(20)}
        assert len(pauses) > 1
        assert all(0.75 * seconds <= pause.total_seconds() <= 1.25 * seconds for pause in pauses)


def test_no_wait_is_left_after_the_last_attempt():
    assert Policy(attempts=2).wait_after(Retry(), 1)
    assert Policy(attempts=2).wait_after(Retry(), 2) is None
    assert Policy(attempts=2).wait_after(Retry(after=timedelta(0)), 1) == timedelta(0)
