"""A worker killed at any point of setting something up: one account at the server, and a service that runs."""

import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Event, Outbox, WorkerHeartbeat
from billing.models import Case
from services.models import Credential, ProvisioningJob, Service
from tests.support import rack, workers
from tests.support.killing.points import PROVISIONING
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

JOBS = ProvisioningJob.objects


@pytest.fixture
def start(server, postman):
    """`start(KILL_AT=…)` is a worker that tells the server; whatever is still running afterwards is killed."""
    started = []

    def start(**environment):
        told = {"PROVISIONING_WEBHOOK_URL": server.address, "PROVISIONING_WEBHOOK_SECRET": rack.SECRET}
        worker = workers.start(DJANGO_SETTINGS_MODULE="tests.support.killing.settings", **told, **environment)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


def is_set_up():
    return JOBS.filter(state="done").exists() and Outbox.objects.filter(state="sent").exists()


@pytest.mark.parametrize("point", PROVISIONING)
def test_a_killed_worker_leaves_one_account(server, buy, start, postman, point):
    service = buy()
    assert start(KILL_AT=point).wait(timeout=60) == -signal.SIGKILL
    # Spares the test the wait until others take it for dead.
    WorkerHeartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    second = start()
    until(is_set_up)
    assert workers.stop(second) == 0
    service.refresh_from_db()
    assert (list(server.accounts), service.status, service.remote_id) == (["create:line:1"], "active", "vm-1")
    assert Credential.objects.count() == Event.objects.filter(action="service_set_up").count() == 1
    assert postman.subjects == ["Your service runs: Hosting"]
    assert not Case.objects.exists()


def test_without_our_reference_the_next_worker_has_a_second_account_made(server, buy, start, postman):
    """The negative control."""
    buy()
    point = "the server has done it, its answer is not read"
    assert start(KILL_AT=point, NAME_EACH_ATTEMPT="1").wait(timeout=60) == -signal.SIGKILL
    WorkerHeartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    second = start(NAME_EACH_ATTEMPT="1")
    until(is_set_up)
    assert workers.stop(second) == 0
    assert list(server.accounts) == ["create:line:1:1", "create:line:1:2"]


def test_a_server_that_hangs_holds_up_nobody_else(server, buy, start, products, customer, voip):
    """Another driver's job goes its way and the worker lives on; told to stop, it waits for the answer."""
    server.moods = ["hangs"]
    buy()
    worker = start()
    assert server.is_held.wait(60)
    JOBS.create(service=voip, act="suspend", driver="null", reference="another")
    until(lambda: JOBS.get(reference="another").state == "done")
    assert JOBS.get(act="create").state == "waiting"
    assert Service.objects.get(pk=voip.pk).status == "suspended"
    since = timezone.now()
    until(lambda: WorkerHeartbeat.objects.filter(seen_at__gt=since).exists())
    server.let_go.set()
    started = time.monotonic()
    assert workers.stop(worker) == 0
    assert time.monotonic() - started < workers.STOP_SECONDS
    job = JOBS.get(act="create")
    assert (job.state, job.failures, job.claimed_by) == ("waiting", 1, "")
