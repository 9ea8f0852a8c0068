"""`manage.py worker --once` does all that is due, and what comes of it."""

import pytest
from django.core import mail
from django.core.management import call_command

from accounts.models import BackgroundTask, PeriodicJob, WorkerHeartbeat
from accounts.work.loop import WorkLoop
from tests.support.workshop import tasks


def test_it_sends_runs_and_schedules_then_leaves(write, db):
    write(3)
    tasks.arrive.enqueue()
    call_command("worker", once=True)
    assert len(mail.outbox) == 3
    assert BackgroundTask.objects.successful().filter(task_path__endswith=".arrive").count() == 1
    assert BackgroundTask.objects.successful().filter(task_path="accounts.jobs.clear_counters").count() == 1
    assert not BackgroundTask.objects.exclude(status="SUCCESSFUL").exists()
    assert PeriodicJob.objects.filter(name="accounts.jobs.clear_sessions", last_run_at=None).exists()
    assert not WorkerHeartbeat.objects.exists()


def test_the_first_signal_asks_and_the_second_interrupts():
    loop = WorkLoop()
    loop.stop()
    assert loop.is_stopping
    with pytest.raises(SystemExit):
        loop.stop()


def test_an_error_does_not_end_the_worker(db, monkeypatch, caplog):
    monkeypatch.setattr("accounts.work.loop.AFTER_ERROR_SECONDS", 0)
    monkeypatch.setattr("accounts.work.loop.connections.close_all", lambda: None)

    def stumble():
        raise RuntimeError("the database restarts")

    assert WorkLoop().attempt(stumble) is False
    assert "the database restarts" in caplog.text
