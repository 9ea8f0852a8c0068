"""A worker killed at any point of any other job: the server does it once, and the panel says and tells it once."""

import signal
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Event, Outbox, WorkerHeartbeat
from billing.models import Case
from services import changing, ending, expiry, provisioning
from services.models import Credential, Price, Product, ProvisioningJob, Service, ServiceChange
from tests.cast import service as make_service
from tests.services.killed import start  # noqa: F401  workers that tell the server
from tests.support import workers
from tests.support.killing.points import PROVISIONING
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NEW = "New-Secret-5678"


@pytest.fixture
def running(customer, products):
    """`running(name)` is a service that runs on the server."""
    return lambda name, **fields: make_service(customer, products["hosting"], name, remote_id=f"vm {name}", **fields)


def change(service, owner):
    """To a product that costs no more."""
    product = Product.objects.get(code="hosting")
    product.pk, product.code, product.name_pl, product.name_en = None, "larger", "Większy", "Larger"
    product.save()
    price = Price.objects.create(product=product, months=12, net=100)
    row = ServiceChange.objects.create(
        service=service, former=service.product, product=product, price=price, state="asked", until=service.ends_on
    )
    changing.ask(row, by=owner)


def renew(service, owner):
    """What is off because its time was over."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Service.objects.filter(pk=service.pk).update(status="suspended", ends_on=yesterday)
    expiry.extend(service, 12, reference="paid", by=owner)


def suspend(service, owner):
    provisioning.hold(service, by=owner)


def resume(service, owner):
    Service.objects.filter(pk=service.pk).update(status="suspended", held_at=timezone.now())
    provisioning.release(service, by=owner)


def password(service, owner):
    account = Credential(service=service, kind="ftp", login="garden", changes=1)
    account.next_password = NEW
    account.save()
    asked = {"credential": account.pk, "change": 1}
    provisioning.ask(service, "password", reference="password:1", by=owner, **asked)


def terminate(service, owner):
    ending.terminate(service, by=owner)


# What is asked for, by the act of its job, with what the history says when it is done and how the service is then.
ASKED = {
    "change": (change, "product_changed", "active"),
    "extend": (renew, "service_resumed", "active"),
    "suspend": (suspend, "service_suspended", "suspended"),
    "resume": (resume, "service_resumed", "active"),
    "password": (password, "credential_changed", "active"),
    "terminate": (terminate, "service_ended", "ended"),
}


@pytest.mark.parametrize("point", PROVISIONING)
def test_a_killed_worker_leaves_one_of_everything(server, running, owner, start, postman, point):  # noqa: F811
    """Each worker dies over the job of another act, and the next one takes up what it had in hand."""
    services = {}
    for act, (ask, _action, _status) in ASKED.items():
        services[act] = running(act)
        ask(services[act], owner)
        assert start(KILL_AT=point, KILL_ACT=act).wait(timeout=60) == -signal.SIGKILL
        # Spares the test the wait until others take it for dead.
        WorkerHeartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    last = start()
    until(lambda: not ProvisioningJob.objects.exclude(state="done").exists())
    until(lambda: not Outbox.objects.filter(state="waiting").exists())
    assert workers.stop(last) == 0
    assert sorted(server.accounts) == sorted(ProvisioningJob.objects.values_list("reference", flat=True))
    assert ProvisioningJob.objects.count() == len(ASKED)
    for act, (_ask, action, status) in ASKED.items():
        services[act].refresh_from_db()
        told = [row.action for row in Event.objects.all() if row.details.get("service") == str(services[act])]
        assert (services[act].status, Counter(told)[action]) == (status, 1), act
    assert services["change"].product.code == "larger" and Credential.objects.get().password == NEW
    assert sorted(postman.subjects) == [
        "Your service was changed: change",
        "terminate is being ended",
    ]
    assert not Case.objects.exists()
