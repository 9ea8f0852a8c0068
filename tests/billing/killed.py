"""A worker killed at any point between the event of a gateway and the mail: one effect each, and nothing is lost."""

import hashlib
import signal
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import BackgroundTask, Outbox, TaskFailure, WorkerHeartbeat
from billing import cart, checkout
from billing.models import Case, Delivery, Document, EInvoice, GatewayEvent, OrderLine, Payment
from services.models import Extension, ProvisioningJob, Service
from services.purchasing import Wanted
from tests.support import workers
from tests.support.killing.points import POINTS, POINTS_OF_PURCHASES
from tests.support.knocking import body_of, knock
from tests.support.waiting import until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

KILLED = -signal.SIGKILL
# Nobody can know whether a mail has left that was not marked: it goes out again.
IN_FLIGHT = "the mail server has it, the row does not say so"


@pytest.fixture
def start():
    """`start(KILL_AT=…)` is a worker; whatever is still running afterwards is killed."""
    started = []

    def start(**environment):
        worker = workers.start(DJANGO_SETTINGS_MODULE="tests.support.killing.settings", **environment)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


@pytest.fixture
def payment(buyer, hosting, order, begin):
    """A payment whose notification has come, and nobody has worked it yet."""
    payment = begin(buyer, order(buyer, hosting))
    # The proforma and its mail are another story.
    BackgroundTask.objects.all().delete()
    assert knock(body_of(payment)) == 200
    return payment


@pytest.fixture
def bought(buyer, products, prices, terms, begin):
    """The same for a new service."""
    cart.put(buyer.membership, Wanted(products["hosting"], prices["hosting"]))
    order = checkout.place(buyer.membership, agreed=Decimal("123.00"), terms=terms, by=buyer)
    payment = begin(buyer, order.proforma.receivable)
    BackgroundTask.objects.all().delete()
    assert knock(body_of(payment)) == 200
    return payment


def everything_is_done():
    tasks = BackgroundTask.objects.filter(task_path__regex=r"^(billing|services)\.(?!jobs\.)").exclude(
        status="SUCCESSFUL"
    )
    jobs = ProvisioningJob.objects.exclude(state="done")
    return (
        not tasks.exists()
        and not jobs.exists()
        and not Outbox.objects.exclude(state="sent").exists()
        and Outbox.objects.exists()
    )


def killed(worker):
    """Waits for the death of a worker, and spares the test the wait until others take it for dead."""
    status = worker.wait(timeout=60)
    WorkerHeartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    return status == KILLED


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_worker_leaves_one_effect_each(payment, hosting, postman, start, point):
    before = hosting.ends_on
    assert killed(start(KILL_AT=point))
    second = start()
    until(everything_is_done)
    assert workers.stop(second) == 0
    assert_settled_once(payment)
    hosting.refresh_from_db()
    assert timedelta(days=365) <= hosting.ends_on - before <= timedelta(days=366)
    invoice = Document.objects.get(kind="invoice")
    assert invoice.number == f"FV/1/{invoice.year}"
    assert_delivered_once(invoice, postman, times=2 if point == IN_FLIGHT else 1)
    # A task that was in hand was taken back, once.
    assert TaskFailure.objects.filter(worker_died=True).count() <= 1
    assert not Case.objects.exists()


@pytest.mark.parametrize("point", POINTS_OF_PURCHASES)
def test_a_new_service_is_begun_once(bought, postman, start, point):
    assert killed(start(KILL_AT=point))
    second = start()
    until(everything_is_done)
    assert workers.stop(second) == 0
    service, line = Service.objects.get(), OrderLine.objects.get()
    assert (service.status, line.state, line.service) == ("active", "done", service)
    assert Document.objects.get(kind="invoice").lines.get().service_id == service.pk
    assert ProvisioningJob.objects.get().reference == f"create:{line.reference}"
    assert not Case.objects.exists()


def assert_settled_once(payment):
    """One payment, one event, one extension, each told to be done."""
    assert Payment.objects.get() == payment
    assert Payment.objects.get().state == "paid"
    event = GatewayEvent.objects.get()
    assert (event.state, event.outcome) == ("done", "paid")
    assert OrderLine.objects.get().state == "done"
    assert Extension.objects.count() == 1
    assert ProvisioningJob.objects.get().state == "done"


def assert_delivered_once(invoice, postman, *, times):
    """One PDF, and the mail that carries it, so many times under one Message-ID."""
    delivery = Delivery.objects.get(document=invoice)
    with delivery.pdf.open("rb") as file:
        pdf = file.read()
    assert hashlib.sha256(pdf).hexdigest() == delivery.sha256
    assert EInvoice.objects.filter(document=invoice).count() == 1
    row = Outbox.objects.get(letter="invoice")
    assert Counter(mail["Message-ID"] for mail in postman.mails) == {row.message_id: times}
    for mail in postman.mails:
        assert next(mail.iter_attachments()).get_content() == pdf


def test_an_event_that_is_noted_before_its_effects_would_be_lost(payment, start):
    point = "the invoice is issued, nothing is committed"
    assert killed(start(KILL_AT=point, NOTE_EVENTS_FIRST="1"))
    second = start()
    until(lambda: BackgroundTask.objects.get(task_path="billing.inbox.process").status == "SUCCESSFUL")
    assert workers.stop(second) == 0
    assert GatewayEvent.objects.get().state == "done"
    assert Payment.objects.get().state == "started"
    assert not Document.objects.filter(kind="invoice").exists()
