"""Transfers that staff read from a statement: each line once, and no money lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError

from accounts.models import Event
from billing import bank, checkout, gateway_reports, gateways, payments, refunds
from billing.models import Case, Document, GatewayEvent, Payment

PRICE = Decimal("123.00")


@pytest.fixture
def note(administrator):
    """`note([receivable], "123.00", "line 1")` is what staff type."""

    def note(receivables, amount, line, **more):
        return bank.received(receivables, amount=Decimal(amount), statement_line=line, by=administrator, **more)

    return note


def announce(person, *receivables):
    """The person chooses a transfer and gets the page with the account."""
    customer = person.membership.customer
    return payments.start(customer, receivables, gateway=gateways.find("transfer"), by=person)


def test_an_announced_transfer_is_the_one_that_is_paid(buyer, hosting, order, note, administrator):
    receivable = order(buyer, hosting)
    announced = announce(buyer, receivable)
    assert note([receivable], "123.00", "1/2027") == announced
    announced.refresh_from_db(), receivable.refresh_from_db()
    assert (announced.state, receivable.state, Payment.objects.count()) == ("paid", "paid", 1)
    assert Document.objects.get(kind="invoice").paid_by == "transfer"
    event = GatewayEvent.objects.get()
    assert (event.event_id, event.state, event.payment) == ("1/2027", "done", announced)
    told = Event.objects.get(action="bank_transfer")
    assert (told.by_id, told.details["document"]) == (administrator.pk, receivable.document.number)


def test_a_transfer_that_nobody_announced(buyer, hosting, voip, order, note):
    receivables = [order(buyer, hosting), order(buyer, voip)]
    announce(buyer, receivables[0])
    payment = note(receivables, "147.60", "1/2027")
    assert (payment.is_paid, payment.started_by, payment.parts.count()) == (True, None, 2)
    assert Document.objects.filter(kind="invoice").count() == 2


def test_a_line_is_noted_once(buyer, hosting, voip, order, note):
    first, second = order(buyer, hosting), order(buyer, voip)
    note([first], "123.00", "1/2027")
    with pytest.raises(bank.NotedAlready):
        note([second], "24.60", "1/2027")
    second.refresh_from_db()
    assert (second.state, Payment.objects.count()) == ("open", 1)


def test_a_second_transfer_for_what_is_paid_is_kept_and_told(buyer, hosting, order, note, administrator):
    receivable = order(buyer, hosting)
    note([receivable], "123.00", "1/2027")
    second = note([receivable], "123.00", "2/2027")
    assert (second.is_paid, Case.objects.get().reason) == (True, "paid_already")
    assert GatewayEvent.objects.get(event_id="2/2027").state == "case"
    refund = refunds.request(second, PRICE, way="wallet", reason="Nadpłata", by=administrator)
    assert refund.state == "done"


def test_without_the_number_of_the_line_a_second_transfer_would_vanish(buyer, hosting, order, note, monkeypatch):
    """The negative control: when both lines are taken for the same announced payment, the second has no effect."""
    receivable = order(buyer, hosting)
    announced = announce(buyer, receivable)
    monkeypatch.setattr(bank, "meant", lambda receivables: announced)
    note([receivable], "123.00", "1/2027")
    note([receivable], "123.00", "2/2027")
    assert Case.objects.get().reason == "paid_already"
    Case.objects.all().delete()
    monkeypatch.setattr(bank, "Report", lambda *fields, external_id, at: gateways.Report(*fields, at=at))
    note([receivable], "123.00", "3/2027")
    assert not Case.objects.exists()


@pytest.mark.parametrize("amount", ["122.99", "123.01"])
def test_another_amount_pays_nothing_and_is_told(buyer, hosting, order, note, amount):
    receivable = order(buyer, hosting)
    payment = note([receivable], amount, "1/2027")
    receivable.refresh_from_db()
    assert (receivable.state, payment.state) == ("open", "started")
    case = Case.objects.get()
    assert (case.reason, case.details["amount"], case.payment) == ("wrong_amount", amount, payment)
    assert not Document.objects.filter(kind="invoice").exists()


def test_money_for_a_cancelled_order_is_told(buyer, hosting, order, note):
    receivable = order(buyer, hosting)
    announce(buyer, receivable)
    checkout.cancel(receivable, by=buyer)
    assert note([receivable], "123.00", "1/2027").is_paid
    assert Case.objects.get().reason == "paid_already"


def test_one_transfer_is_of_one_customer(buyer, hosting, stranger, order, note):
    stranger.membership.customer.street = "ul. Krótka 2"
    stranger.membership.customer.postal_code, stranger.membership.customer.city = "30-001", "Kraków"
    theirs, mine = order(stranger, stranger.service), order(buyer, hosting)
    with pytest.raises(ValueError, match="one customer"):
        note([mine, theirs], "246.00", "1/2027")
    with pytest.raises(ValueError, match="one customer"):
        note([], "246.00", "1/2027")
    assert not GatewayEvent.objects.exists()


def test_the_invoice_names_the_day_of_the_bank(buyer, hosting, order, note):
    note([order(buyer, hosting)], "123.00", "1/2027", booked_on=date(2026, 1, 5))
    assert Document.objects.get(kind="invoice").paid_on == date(2026, 1, 5)


def test_what_fails_while_it_is_noted_leaves_nothing_behind(buyer, hosting, order, note, monkeypatch):
    """An error that is not about the line must not be called “noted already”: the money would be forgotten."""
    receivable = order(buyer, hosting)

    def broken(*args, **kwargs):
        raise IntegrityError("something else")

    with monkeypatch.context() as patch:
        patch.setattr(gateway_reports, "apply", broken)
        with pytest.raises(IntegrityError):
            note([receivable], "123.00", "1/2027")
    assert not GatewayEvent.objects.exists()
    assert note([receivable], "123.00", "1/2027").is_paid
