"""Many workers at the same moment: every job is done by one of them, and those of a service in their order."""

import threading

import pytest

from accounts.work import heartbeat
from services import drivers, provisioning, running
from services.drivers import Done, Driver
from services.models import ProvisioningJob
from tests.cast import service

pytestmark = pytest.mark.postgresql

JOBS = ProvisioningJob.objects
WORKERS, SERVICES, ACTS = 4, 6, ["suspend", "resume", "suspend", "resume"]


class Careful(Driver):
    """Notes what was told, and whether a service had two in hand."""

    told = []
    in_hand = set()
    clashes = []
    lock = threading.Lock()

    def perform(self, job):
        with self.lock:
            if job.service_id in self.in_hand:
                self.clashes.append(job.pk)
            self.in_hand.add(job.service_id)
            self.told.append((job.service_id, job.pk))
        # Long enough for another worker to come across.
        threading.Event().wait(0.01)
        with self.lock:
            self.in_hand.discard(job.service_id)
        return Done()


@pytest.fixture
def many(monkeypatch, customer, products, postgresql):
    """Jobs of several services."""
    monkeypatch.setitem(drivers.DRIVERS, "careful", Careful)
    for name in ("told", "clashes"):
        monkeypatch.setattr(Careful, name, [])
    products["hosting"].driver = "careful"
    products["hosting"].save()
    services = [service(customer, products["hosting"], f"Number {number}") for number in range(SERVICES)]
    for number, act in enumerate(ACTS):
        for one in services:
            provisioning.ask(one, act, reference=f"{one.pk}:{number}", by=None)


def work(number):
    """One worker, until nothing waits any more."""
    me = f"worker-{number}"
    heartbeat.beat(me)
    while JOBS.filter(state="waiting").exists():
        running.do_next("careful", me)


def test_every_job_is_done_once_and_in_order(many, together):
    assert together(WORKERS, work) == [None] * WORKERS
    assert Careful.clashes == []
    assert len(Careful.told) == len(set(Careful.told)) == SERVICES * len(ACTS)
    for one in {told[0] for told in Careful.told}:
        mine = [pk for service_pk, pk in Careful.told if service_pk == one]
        assert mine == sorted(mine)
    assert set(JOBS.values_list("state", "attempts")) == {("done", 1)}


def test_without_claims_they_would_be_done_twice(many, together, monkeypatch):
    """The negative control."""
    everything = JOBS.filter(state="waiting")
    monkeypatch.setattr(running, "claim", lambda driver, me: everything.select_related("service__product").first())
    monkeypatch.setattr(running, "write", lambda job, outcome: JOBS.filter(pk=job.pk).exists() and outcome(job))
    together(WORKERS, work)
    assert len(Careful.told) > len(set(Careful.told))
