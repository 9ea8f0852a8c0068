"""/healthz and /readyz: what machines ask."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from accounts.models import Outbox, WorkerHeartbeat
from billing.jobs import check_money
from billing.models import MoneyCheck

ALL_WELL = {"database": True, "migrations": True, "worker": True, "outbox": True, "money": True}


@pytest.fixture
def worker(db):
    return WorkerHeartbeat.objects.create(worker_id="worker-1")


@pytest.fixture
def ask():
    """`ask()` is the status and the checks that failed."""

    def ask():
        response = Client().get("/readyz")
        answer = response.json()
        assert answer["ready"] == (response.status_code == 200)
        assert set(answer["checks"]) == set(ALL_WELL)
        return response.status_code, {name for name, well in answer["checks"].items() if not well}

    return ask


def test_the_process_answers_without_a_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_all_is_well(worker, ask):
    assert ask() == (200, set())


def test_a_silent_worker_fails_it(worker, ask):
    WorkerHeartbeat.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert ask() == (503, {"worker"})
    WorkerHeartbeat.objects.all().delete()
    assert ask() == (503, {"worker"})


def test_a_stuck_outbox_fails_it(worker, ask):
    row = Outbox.objects.create(
        channel="mail", letter="blocked", address="anna@example.com", language="en", next_attempt_at=timezone.now()
    )
    assert ask() == (200, set())
    Outbox.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now() - timedelta(minutes=6))
    assert ask() == (503, {"outbox"})
    Outbox.objects.filter(pk=row.pk).update(state="failed")
    assert ask() == (200, set())


def test_unhealthy_books_fail_it(worker, ask):
    assert ask() == (200, set()), "nobody has looked yet"
    MoneyCheck.objects.create(seconds=1, count=1)
    assert ask() == (503, {"money"})
    MoneyCheck.objects.create(seconds=1, count=0)
    assert ask() == (200, set())
    MoneyCheck.objects.update(at=timezone.now() - timedelta(days=2, minutes=1))
    assert ask() == (503, {"money"})


def test_the_nightly_look_is_kept_for_it(worker, ask):
    check_money.func()
    assert MoneyCheck.objects.get().is_clean
    assert ask() == (200, set())


def test_a_missing_migration_fails_it(worker, ask):
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("accounts")
    MigrationRecorder(connection).record_unapplied(*newest)
    assert ask() == (503, {"migrations"})


def test_a_database_that_does_not_answer_fails_everything_without_telling_secrets(worker, ask, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("password authentication failed for user panel")

    with monkeypatch.context() as patch:
        patch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", refuse)
        assert ask() == (503, set(ALL_WELL))
        assert b"password" not in Client().get("/readyz").content
