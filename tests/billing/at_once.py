"""The same event, many times at the same moment: kept once, done once."""

from datetime import timedelta

import pytest
from django.db import models
from django.utils import timezone

from accounts.models import BackgroundTask
from billing import asking, gateway_reports, inbox, jobs
from billing.gateways import Sandbox, sandbox
from billing.models import Case, Document, GatewayEvent, Payment, Refund
from services.models import Extension, Service
from tests.support.knocking import body_of, knock
from tests.together import meeting

pytestmark = pytest.mark.usefixtures("postgresql")
TIMES = 30


@pytest.fixture
def payment(buyer, hosting, order, begin):
    """A payment of 123.00 that waits at the sandbox."""
    return begin(buyer, order(buyer, hosting))


@pytest.fixture
def sandbox_says(monkeypatch):
    """`sandbox_says(payment, kind)` is what the sandbox answers when it is asked."""

    def says(payment, kind="paid"):
        report = sandbox.report(sandbox.content_of(body_of(payment, kind)))
        monkeypatch.setattr(Sandbox, "ask", lambda self, payment: report)

    return says


def effects():
    """How many invoices and extensions there are."""
    return Document.objects.filter(kind="invoice").count(), Extension.objects.count()


def knock_and_work(body):
    """A notification that comes, and a worker that takes it at once."""
    assert knock(body) == 200
    for event in GatewayEvent.objects.filter(state="new"):
        inbox.process.call(event.pk)
    return "knocked"


@pytest.mark.parametrize("attempt", range(3))
def test_one_event_thirty_times_together_with_the_browsers_return(
    payment, hosting, together, sandbox_says, attempt, client_of, buyer
):
    """Thirty threads are the gateway, eight the browser that is back and the workers that ask for it."""
    body, before = body_of(payment), hosting.ends_on
    sandbox_says(payment)
    browser = client_of(buyer)

    def one(i):
        if i < TIMES:
            return knock_and_work(body)
        if i == TIMES:
            return browser.get(f"/payments/{payment.token}/").status_code
        return asking.ask.call(payment.pk)

    answers = together(TIMES + 8, one)
    assert set(answers) == {"knocked", 200, None}
    event = GatewayEvent.objects.get()
    assert event.repeats == TIMES - 1
    assert BackgroundTask.objects.filter(task_path="billing.inbox.process").count() == 1
    assert Payment.objects.get().state == "paid"
    assert effects() == (1, 1)
    assert not Case.objects.exists()
    assert timedelta(days=365) <= Service.objects.get(pk=hosting.pk).ends_on - before <= timedelta(days=366)


def test_thirty_events_of_the_same_money_at_once(payment, together):
    bodies = [body_of(payment) for _time in range(TIMES)]
    assert set(together(TIMES, lambda i: knock_and_work(bodies[i]))) == {"knocked"}
    outcomes = sorted(GatewayEvent.objects.values_list("outcome", flat=True))
    assert outcomes == ["paid"] + ["paid already"] * (TIMES - 1)
    assert effects() == (1, 1)


def test_many_workers_take_the_same_event(payment, together):
    knock(body_of(payment))
    event = GatewayEvent.objects.get()
    assert together(10, lambda i: inbox.process.call(event.pk)) == [None] * 10
    assert effects() == (1, 1)
    event.refresh_from_db()
    assert (event.state, event.outcome) == ("done", "paid")


def test_without_the_locks_two_workers_settle_the_same_money(payment, together, monkeypatch):
    knock(body_of(payment))
    event, meet, paid = GatewayEvent.objects.get(), meeting(), gateway_reports.paid

    def paid_together(*arguments):
        meet()
        return paid(*arguments)

    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda rows, **kwargs: rows)
    monkeypatch.setattr(gateway_reports, "paid", paid_together)
    together(2, lambda i: inbox.process.call(event.pk))
    # The document is paid already, by the very same payment.
    assert Case.objects.get().reason == "paid_already"


def test_paid_failed_and_refunded_at_the_same_moment(payment, together):
    kinds = ["paid", "failed", "refunded"] * 5
    bodies = [
        body_of(payment, kind, refund_number="R1") if kind == "refunded" else body_of(payment, kind) for kind in kinds
    ]
    assert set(together(len(kinds), lambda i: knock_and_work(bodies[i]))) == {"knocked"}
    payment.refresh_from_db()
    assert (payment.state, Refund.objects.count()) == ("paid", 1)
    refunded_first = Case.objects.filter(reason="refunded_first").exists()
    assert effects() == ((0, 0) if refunded_first else (1, 1))
    assert not GatewayEvent.objects.filter(state="new").exists()


def test_many_misfits_at_once_are_one_case(payment, together):
    bodies = [body_of(payment, amount="1.00") for _time in range(TIMES)]
    assert set(together(TIMES, lambda i: knock_and_work(bodies[i]))) == {"knocked"}
    case = Case.objects.get()
    assert (case.reason, case.times) == ("wrong_amount", TIMES)
    assert effects() == (0, 0)


def test_a_waiting_payment_is_asked_about_once_however_many_look(payment, together):
    Payment.objects.update(started_at=timezone.now() - timedelta(minutes=5))
    together(10, lambda i: asking.look(payment) if i % 2 else jobs.ask_about_waiting_payments.call())
    assert BackgroundTask.objects.filter(task_path="billing.asking.ask").count() == 1
