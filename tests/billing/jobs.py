"""What billing does by the clock: asking, lapsing, telling of what is stuck, clearing."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.utils import timezone

from accounts.models import BackgroundTask, Event, PeriodicJob
from accounts.work import periodic
from billing import asking, cart, gateway_reports, inbox, jobs
from billing.gateways import GatewayError, Sandbox, sandbox
from billing.models import Case, GatewayEvent, OrderLine, Payment, Receivable, RefusedNotification
from tests.support.knocking import body_of, knock, work_events

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def payment(clock, buyer, hosting, order, begin):
    """A payment that was begun at noon and waits at the sandbox."""
    return begin(buyer, order(buyer, hosting))


def asked():
    """How often a gateway was to be asked."""
    return BackgroundTask.objects.filter(task_path="billing.asking.ask").count()


def look():
    jobs.ask_about_waiting_payments.call()
    return asked()


def test_the_jobs_are_found_and_planned(db):
    periodic.set_up()
    planned = set(PeriodicJob.objects.filter(name__startswith="billing.jobs.").values_list("name", flat=True))
    assert planned >= {
        f"billing.jobs.{name}"
        for name in (
            "ask_about_waiting_payments",
            "report_stuck_events",
            "lapse_proformas",
            "clear_carts",
            "clear_refused_notifications",
        )
    }


def test_a_payment_that_waits_is_asked_about_with_growing_pauses(payment, clock):
    moments = []
    for minute in range(0, 60 * 24 * 8):
        # Minutes in which nothing can be due are passed over.
        if minute % (1 if minute < 120 else 30) == 0:
            clock.move_to(NOON + timedelta(minutes=minute))
            if look() > len(moments):
                moments.append(minute)
    pauses = [later - sooner for sooner, later in pairwise(moments)]
    assert (moments[0], pauses[:13]) == (2, [2] * 6 + [15] * 7)
    assert {round(pause / 60) for pause in pauses[13:]} == {2, 12}, "hours"
    assert len(moments) < 45
    assert 60 * 24 * 6 < moments[-1] <= 60 * 24 * 7, "after a week nobody asks any more"


@pytest.mark.parametrize("change", [{"state": "paid", "paid_at": NOON}, {"state": "failed"}, {"gateway": "transfer"}])
def test_what_does_not_wait_or_cannot_be_asked_is_left_alone(payment, clock, change):
    Payment.objects.update(**change)
    clock.shift(timedelta(minutes=5))
    assert look() == 0


def test_so_many_are_asked_about_at_once_and_the_others_next(payment, clock, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_ASKED_AT_ONCE", 2)
    for _time in range(3):
        Payment.objects.create(customer=payment.customer, purpose="top_up", gateway="sandbox", amount=5)
    clock.shift(timedelta(minutes=3))
    assert [look(), look(), look()] == [2, 4, 4]
    assert not Payment.objects.filter(asked_at=None).exists()


def test_other_work_goes_before_questions(payment, clock):
    clock.shift(timedelta(minutes=3))
    look()
    knock(body_of(payment))
    ready = BackgroundTask.objects.ready().filter(task_path__startswith="billing.")
    first = ready.exclude(task_path="billing.delivering.deliver")
    assert [row.task_path for row in first] == ["billing.inbox.process", "billing.asking.ask"]


def test_the_answer_settles_what_no_notification_told(payment, clock, monkeypatch):
    report = sandbox.report(sandbox.content_of(body_of(payment)))
    monkeypatch.setattr(Sandbox, "ask", lambda self, payment: report)
    clock.shift(timedelta(minutes=3))
    look()
    asking.ask.call(payment.pk)
    payment.refresh_from_db()
    assert payment.state == "paid"
    assert not GatewayEvent.objects.exists()


@pytest.mark.parametrize(("permanent", "state"), [(False, "started"), (True, "failed")])
def test_a_gateway_that_does_not_know_it_ends_the_wait(payment, monkeypatch, permanent, state):
    def ask(self, payment):
        raise GatewayError("no", permanent=permanent)

    monkeypatch.setattr(Sandbox, "ask", ask)
    asking.ask.call(payment.pk)
    payment.refresh_from_db()
    assert payment.state == state
    assert Event.objects.filter(action="payment_failed").count() == permanent
    knock(body_of(payment))
    assert work_events() == [("done", "paid")], "money that comes yet still counts"


def test_a_proforma_that_nobody_pays_lapses(payment, clock, buyer, hosting, prices):
    receivable = Receivable.objects.get()
    last = receivable.due_on + timedelta(days=receivable.customer.provider.lapse_days)
    clock.move_to(datetime.combine(last, datetime.min.time(), UTC) + timedelta(hours=12))
    jobs.lapse_proformas.call()
    assert Receivable.objects.get().state == "open"
    clock.shift(timedelta(days=1))
    jobs.lapse_proformas.call()
    receivable.refresh_from_db()
    assert (receivable.state, OrderLine.objects.get().state) == ("cancelled", "cancelled")
    assert Event.objects.get(action="proforma_lapsed").details["document"] == receivable.document.number
    cart.add(buyer.membership, hosting, prices["hosting"])
    assert len(cart.items(buyer.membership)) == 1, "it can be ordered anew"
    knock(body_of(payment))
    assert work_events() == [("case", "paid")]
    assert Case.objects.get().reason == "paid_already", "money that comes now is not lost"


@pytest.fixture
def stuck(payment, clock, monkeypatch):
    """An event whose work has failed for hours."""
    knock(body_of(payment))
    event = GatewayEvent.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(gateway_reports, "apply", None)
        with pytest.raises(TypeError):
            inbox.process.call(event.pk)
    clock.shift(timedelta(hours=3, minutes=1))
    return event


def test_an_event_that_nobody_could_work_is_told_to_staff_once(stuck):
    for _time in range(3):
        jobs.report_stuck_events.call()
    case = Case.objects.get()
    assert (case.reason, case.event, case.times) == ("unreadable", stuck, 1)
    assert BackgroundTask.objects.filter(task_path="billing.inbox.process").count() == 2
    assert work_events() == [("done", "paid")]
    case.refresh_from_db()
    assert case.closed_at, "it has worked meanwhile"


def test_an_event_that_is_still_being_tried_is_nobodys_trouble(payment, clock):
    knock(body_of(payment))
    clock.shift(timedelta(hours=2))
    jobs.report_stuck_events.call()
    assert not Case.objects.exists()


def test_refused_notifications_are_kept_for_thirty_days(db, clock):
    for days in (29, 31):
        RefusedNotification.objects.create(
            gateway="sandbox", reason=str(days), body=b"x", at=timezone.now() - timedelta(days=days)
        )
    jobs.clear_refused_notifications.call()
    assert RefusedNotification.objects.get().reason == "29"
