"""What comes to the door of gateways: believed only when it is signed and fresh, kept first, done once."""

import json
from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import BackgroundTask
from billing import gateway_reports, gateways, inbox, limits, payments, refunds, settlement, wallet
from billing.gateways import Sandbox, Transfer, sandbox
from billing.models import Case, Document, GatewayEvent, Payment, Refund, RefusedNotification, WalletEntry
from services.models import Extension
from tests.support.knocking import body_of, knock, signed, work_events


@pytest.fixture
def payment(buyer, hosting, order, begin):
    """A payment of 123.00 that waits at the sandbox."""
    return begin(buyer, order(buyer, hosting))


def state(payment):
    """How the payment stands now."""
    return Payment.objects.get(pk=payment.pk).state


def effects():
    """How many invoices and extensions there are."""
    return Document.objects.filter(kind="invoice").count(), Extension.objects.count()


def reasons():
    return sorted(Case.objects.values_list("reason", flat=True))


def test_a_signed_notification_is_kept_and_done(payment):
    body = body_of(payment)
    assert knock(body) == 200
    event = GatewayEvent.objects.get()
    assert (bytes(event.body), event.state) == (body, "new")
    assert BackgroundTask.objects.filter(task_path="billing.inbox.process").count() == 1
    assert state(payment) == "started", "the door only keeps it"
    assert work_events() == [("done", "paid")]
    assert (state(payment), effects(), reasons()) == ("paid", (1, 1), [])
    event.refresh_from_db()
    assert event.payment == payment


def test_only_posts_are_taken(payment):
    assert Client().get("/notify/sandbox/").status_code == 405


# --- Who is not believed -------------------------------------------------------------------------

FORGERIES = {
    "forged": lambda body: f"{signed(body)[:-64]}{'0' * 64}",
    "of another body": lambda body: signed(body + b" "),
    "with another time": lambda body: signed(body).replace("t=", "t=1", 1),
    "empty": lambda body: f"{signed(body)[:-64]}",
    "without a time": lambda body: signed(body).partition(",")[2],
    "nonsense": lambda body: "t=now,v1=ą",
    "missing": lambda body: "",
}


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_wrong_signature_is_refused(payment, kind):
    body = body_of(payment)
    assert knock(body, FORGERIES[kind](body)) == 400
    refused = RefusedNotification.objects.get()
    assert refused.reason in ("the signature is wrong", "there is no signature")
    assert (bytes(refused.body), refused.ip) == (body, "127.0.0.1")
    assert not GatewayEvent.objects.exists()
    assert not BackgroundTask.objects.filter(task_path="billing.inbox.process").exists()


@pytest.mark.parametrize("kind", FORGERIES)
def test_without_looking_at_signatures_every_forgery_pays(payment, kind, monkeypatch):
    monkeypatch.setattr(sandbox, "signed_at", lambda body, header: timezone.now())
    body = body_of(payment)
    assert knock(body, FORGERIES[kind](body)) == 200
    work_events()
    assert (state(payment), effects()) == ("paid", (1, 1))


class Filled(str):
    """A text that calls itself not empty."""

    def __bool__(self):
        return True


def test_an_empty_secret_believes_nobody(payment, settings):
    settings.SANDBOX_SECRET = ""
    assert knock(body_of(payment)) == 400
    assert RefusedNotification.objects.get().reason == "there is no secret to check signatures with"


def test_without_that_guard_everybody_can_sign_with_an_empty_secret(payment, settings):
    settings.SANDBOX_SECRET = ""
    body = body_of(payment)
    header = signed(body)
    settings.SANDBOX_SECRET = Filled("")
    assert knock(body, header) == 200
    work_events()
    assert state(payment) == "paid"


TIMES = {
    "stale": (-timedelta(days=7, minutes=1), "it was signed too long ago"),
    "a year old": (-timedelta(days=365), "it was signed too long ago"),
    "from the future": (timedelta(minutes=6), "it was signed in the future"),
}


@pytest.mark.parametrize("when", TIMES)
def test_what_was_signed_at_another_time_is_refused(payment, when):
    shift, reason = TIMES[when]
    body = body_of(payment)
    assert knock(body, signed(body, timezone.now() + shift)) == 400
    assert RefusedNotification.objects.get().reason == reason


@pytest.mark.parametrize("when", TIMES)
def test_without_looking_at_the_time_a_replay_pays(payment, when, monkeypatch):
    monkeypatch.setattr(Sandbox, "OLDEST_NOTIFICATION", timedelta(days=1000))
    monkeypatch.setattr(sandbox, "CLOCK_SKEW", timedelta(days=1000))
    body = body_of(payment)
    assert knock(body, signed(body, timezone.now() + TIMES[when][0])) == 200
    work_events()
    assert state(payment) == "paid"


@pytest.mark.parametrize("shift", [-timedelta(days=6, hours=23), timedelta(minutes=4)])
def test_gateways_repeat_for_days_and_clocks_differ(payment, shift):
    body = body_of(payment)
    assert knock(body, signed(body, timezone.now() + shift)) == 200


def test_a_body_of_64_kib_is_the_largest(payment, monkeypatch):
    body = body_of(payment)
    assert knock(body.ljust(inbox.LARGEST_BODY)) == 200
    assert knock(body.ljust(inbox.LARGEST_BODY + 1)) == 413
    assert GatewayEvent.objects.count() == 1
    assert not RefusedNotification.objects.exists()
    monkeypatch.setattr(inbox, "LARGEST_BODY", inbox.LARGEST_BODY + 1)
    assert knock(body_of(payment).ljust(inbox.LARGEST_BODY)) == 200, "the limit alone has refused it"


@pytest.mark.parametrize("name", ["unknown", "wallet", "transfer", "sandbox2"])
def test_who_sends_no_notifications_has_no_door(payment, name):
    assert knock(body_of(payment), gateway=name) == 404
    assert not GatewayEvent.objects.exists()


def test_without_that_guard_a_transfer_would_be_asked_to_verify(payment, monkeypatch):
    monkeypatch.setattr(Transfer, "takes_notifications", True)
    with pytest.raises(NotImplementedError):
        knock(body_of(payment), gateway="transfer")


def test_a_gateway_that_is_no_longer_offered_may_still_tell_of_old_payments(payment, settings):
    settings.PAYMENT_GATEWAYS = ["transfer"]
    assert knock(body_of(payment)) == 200
    work_events()
    assert state(payment) == "paid"


def test_forgers_do_not_fill_the_disk(payment, monkeypatch):
    body = body_of(payment, title="x" * 10000)
    most = limits.REFUSED_KEPT.most
    for _time in range(most + 3):
        assert knock(body, "t=1,v1=x") == 400
    assert RefusedNotification.objects.count() == most
    assert len(RefusedNotification.objects.first().body) == RefusedNotification.KEPT_BYTES
    monkeypatch.setattr(type(limits.REFUSED_KEPT), "charge", lambda limit, key: 1)
    assert knock(body, "t=1,v1=x") == 400
    assert RefusedNotification.objects.count() == most + 1


# --- Who is believed and makes no sense ----------------------------------------------------------


def told(payment, /, **changes):
    return json.dumps(json.loads(body_of(payment)) | changes).encode()


NONSENSE = {
    "no JSON": lambda payment: b"<xml/>",
    "no UTF-8": lambda payment: b'{"id": "\xff"}',
    "a list": lambda payment: b'["paid"]',
    "too deep": lambda payment: b"[" * 30000 + b"]" * 30000,
    "without a reference": lambda payment: b'{"id": "evt_1", "kind": "paid"}',
    "of an unknown kind": lambda payment: told(payment, kind="pending"),
    "nothing paid": lambda payment: told(payment, amount="0.00"),
    "less than nothing": lambda payment: told(payment, amount="-123.00"),
    "a third of a grosz": lambda payment: told(payment, amount="123.003"),
    "no number": lambda payment: told(payment, amount="NaN"),
    "a float": lambda payment: told(payment, amount=123.0),
    "an endless amount": lambda payment: told(payment, amount="1e999999"),
    "a null character": lambda payment: told(payment, reference="abc\0"),
    "a list of customers": lambda payment: told(payment, customer=["1000001"]),
    "a long number": lambda payment: told(payment, payment="S" * 101),
}


@pytest.mark.parametrize("kind", NONSENSE)
def test_signed_nonsense_is_kept_and_given_to_staff(payment, kind):
    body = NONSENSE[kind](payment)
    assert knock(body) == 200
    assert work_events() == [("case", "unreadable")]
    case = Case.objects.get()
    assert (case.reason, case.event) == ("unreadable", GatewayEvent.objects.get())
    assert case.details["error"]
    assert bytes(case.event.body) == body
    assert state(payment) == "started"


@pytest.mark.parametrize("number", [None, "", 7, "x" * 121, "a\0b", ["evt"]])
def test_an_event_without_a_number_that_can_be_kept_is_known_by_its_body(payment, number):
    bodies = [told(payment, id=number, kind=kind) for kind in ("failed", "paid", "paid")]
    assert [knock(body) for body in bodies] == [200] * 3
    assert GatewayEvent.objects.count() == 2
    work_events()
    assert (state(payment), effects()) == ("paid", (1, 1))


# --- Who is believed and does not fit ------------------------------------------------------------

MISFITS = {
    "wrong_amount": {"amount": "122.99"},
    "wrong_currency": {"currency": "EUR"},
    "wrong_merchant": {"merchant": "somebody-else"},
    "wrong_customer": {"customer": "2000002"},
}


@pytest.mark.parametrize("reason", MISFITS)
def test_what_does_not_fit_moves_no_money(payment, reason):
    for _time in range(2):
        knock(body_of(payment, **MISFITS[reason]))
    assert work_events() == [("case", reason)] * 2
    case = Case.objects.get()
    assert (case.reason, case.payment, case.times) == (reason, payment, 2)
    assert (state(payment), effects()) == ("started", (0, 0))
    knock(body_of(payment))
    work_events()
    assert (state(payment), effects()) == ("paid", (1, 1)), "the right one is taken afterwards"


@pytest.mark.parametrize("reason", MISFITS)
def test_without_comparing_it_pays(payment, reason, monkeypatch):
    monkeypatch.setattr(gateway_reports, "mismatch", lambda *report: None)
    knock(body_of(payment, **MISFITS[reason]))
    work_events()
    assert (state(payment), effects(), reasons()) == ("paid", (1, 1), [])


def test_money_for_a_payment_that_we_do_not_know_is_told_to_staff(payment):
    knock(body_of(payment, reference="nobody-knows"))
    assert work_events() == [("case", "unknown_payment")]
    assert Case.objects.get().details["amount"] == "123.00"


# --- Again and again, and in any order -----------------------------------------------------------


def test_thirty_times_the_same_is_once(payment):
    body = body_of(payment)
    assert {knock(body) for _time in range(30)} == {200}
    assert GatewayEvent.objects.get().repeats == 29
    assert BackgroundTask.objects.filter(task_path="billing.inbox.process").count() == 1
    for _time in range(3):
        inbox.process.call(GatewayEvent.objects.get().pk)
    assert (state(payment), effects(), reasons()) == ("paid", (1, 1), [])


def test_thirty_events_of_the_same_money_are_once_too(payment):
    for _time in range(30):
        knock(body_of(payment))
    assert work_events() == [("done", "paid")] + [("done", "paid already")] * 29
    assert (effects(), reasons()) == ((1, 1), [])


@pytest.fixture
def top_up(buyer, begin):
    """A top-up of 50.00 that was told of twice."""
    customer = buyer.membership.customer
    payment = payments.start_top_up(customer, Decimal(50), gateway=gateways.find("sandbox"), by=buyer)
    payment.refresh_from_db()
    for _time in range(2):
        knock(body_of(payment))
    return payment


@pytest.fixture
def settled_each_time(monkeypatch):
    """A payment that is paid already is settled again."""

    def paid(payment, report, event):
        payment.state, payment.paid_at = "paid", timezone.now()
        payment.save()
        settlement.settle(payment, event=event)
        return "paid"

    monkeypatch.setattr(gateway_reports, "paid", paid)


def test_a_balance_is_topped_up_once(top_up):
    assert work_events() == [("done", "paid"), ("done", "paid already")]
    assert [entry.amount for entry in WalletEntry.objects.all()] == [50]


def test_without_that_guard_the_reference_of_the_movement_still_holds(top_up, settled_each_time):
    assert work_events() == [("done", "paid")] * 2
    assert WalletEntry.objects.count() == 1


def test_without_both_guards_it_is_topped_up_twice(top_up, settled_each_time, monkeypatch):
    enter = wallet.enter
    monkeypatch.setattr(wallet, "enter", lambda *who, **how: enter(*who, **how | {"reference": get_random_string(9)}))
    work_events()
    assert [entry.amount for entry in WalletEntry.objects.all()] == [50, 50]


def test_the_same_payment_under_another_number_is_money_that_came_twice(payment):
    for number in ("S1", "S2", "S3", "S2"):
        knock(body_of(payment, payment=number if number != "S1" else payment.external_id))
    assert work_events()[1:] == [("case", "paid_already")] * 3
    assert {case.details["external_id"]: case.times for case in Case.objects.all()} == {"S2": 2, "S3": 1}
    assert effects() == (1, 1)


def test_called_failed_after_it_was_paid(payment):
    knock(body_of(payment))
    knock(body_of(payment, "failed"))
    assert work_events() == [("done", "paid"), ("case", "failed_after_paid")]
    assert (state(payment), effects(), reasons()) == ("paid", (1, 1), ["failed_after_paid"])


def test_without_that_guard_only_the_database_keeps_it_paid(payment, monkeypatch):
    monkeypatch.setattr(gateway_reports, "failed", lambda payment, report, event: gateway_reports.fail(payment))
    knock(body_of(payment))
    knock(body_of(payment, "failed"))
    with pytest.raises(IntegrityError, match="paid_payment_says_when"):
        work_events()


def test_failed_and_then_paid_is_paid(payment):
    for kind in ("failed", "failed", "paid"):
        knock(body_of(payment, kind))
    assert work_events() == [("done", "failed"), ("done", "failed"), ("done", "paid")]
    assert (state(payment), effects(), reasons()) == ("paid", (1, 1), [])


def test_refunded_before_it_was_paid_brings_nothing_about(payment):
    knock(body_of(payment, "refunded"))
    knock(body_of(payment))
    assert [outcome for _state, outcome in work_events()] == ["refunded_first", "refunded before it was paid"]
    assert (state(payment), effects(), reasons()) == ("paid", (0, 0), ["refunded_first"])
    assert Payment.objects.get(pk=payment.pk).external_id == payment.external_id


def test_without_that_guard_it_would_be_delivered_for_nothing(payment, monkeypatch):
    monkeypatch.setattr(refunds, "sum_of", lambda payment: 0)
    knock(body_of(payment, "refunded"))
    knock(body_of(payment))
    work_events()
    assert effects() == (1, 1)


@pytest.mark.parametrize("kinds", list(permutations(["paid", "failed", "refunded", "waiting"])), ids="-".join)
def test_in_whatever_order_they_come_money_moves_once(payment, kinds):
    for kind in kinds:
        knock(body_of(payment, kind))
    work_events()
    refunded_first = kinds.index("refunded") < kinds.index("paid")
    assert state(payment) == "paid"
    assert effects() == ((0, 0) if refunded_first else (1, 1))
    assert Refund.objects.count() == 1
    expected = ["failed_after_paid"] if kinds.index("failed") > kinds.index("paid") else []
    assert reasons() == sorted([*expected, "refunded_first" if refunded_first else "unexpected_refund"])


def test_a_notification_that_says_nothing_certain_has_the_gateway_asked(payment):
    knock(body_of(payment, "waiting"))
    assert work_events() == [("done", "waiting")]
    assert BackgroundTask.objects.filter(task_path="billing.asking.ask").count() == 1
    assert state(payment) == "started"


# --- Refunds -------------------------------------------------------------------------------------


@pytest.fixture
def refund(payment, administrator):
    """A refund of 23.00 of the payment, which was paid."""
    knock(body_of(payment))
    work_events()
    return refunds.request(payment, 23, way=Refund.Way.GATEWAY, reason="Too much", by=administrator)


def test_a_refund_that_we_asked_for_is_confirmed_once(payment, refund):
    body = body_of(payment, "refunded", refund=refund.token, amount="23.00", refund_number="R77")
    for _time in range(3):
        knock(body)
    knock(body_of(payment, "refunded", refund=refund.token, amount="23.00", refund_number="R77"))
    assert work_events()[1:] == [("done", "refunded")] * 2
    refund = Refund.objects.get()
    assert (refund.state, refund.external_id, reasons()) == ("done", "R77", [])
    assert Payment.objects.get(pk=payment.pk).external_id == payment.external_id


def test_refunds_that_nobody_asked_for_are_all_written_down(payment, refund):
    for number, amount in (("R1", "10.00"), ("R2", "20.00"), ("R1", "10.00")):
        knock(body_of(payment, "refunded", refund_number=number, amount=amount))
    assert [outcome for _state, outcome in work_events()[1:]] == ["unexpected_refund"] * 2 + ["refunded already"]
    assert refunds.sum_of(payment) == 23 + 10 + 20
    assert reasons() == ["unexpected_refund"]


def test_a_refund_that_was_given_up_and_went_through_is_told_to_staff(payment, refund):
    Refund.objects.update(state="failed")
    knock(body_of(payment, "refunded", refund=refund.token, amount="23.00"))
    assert work_events()[1:] == [("case", "unexpected_refund")]
    assert refunds.sum_of(payment) == 23
    assert set(Refund.objects.values_list("state", flat=True)) == {"failed", "done"}
