"""Everything that money can do, in any order, repeated and with crashes: the books stay right; without a guard not."""

import os
import time
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django_tasks.base import Task

from billing import gateway_reports, gateways, inbox, numbering, payments, refunds, settlement
from billing.models import Document, NumberSeries, Payment, PaymentPart
from services.models import Price
from tests.support import machines
from tests.support.trade import Trade, lightning

STEPS = 30
# The machine that must test everything tries more; PostgreSQL is asked about races instead. Each part begins
# elsewhere, so that the cores share them. EXAMPLES=300 for a night.
IS_THOROUGH = os.environ.get("NOTHING_SKIPPED") and connection.vendor == "sqlite"
EXAMPLES = int(os.environ.get("EXAMPLES", 8 if IS_THOROUGH else 4))
PARTS = range(4)


@pytest.fixture
def shop(buyer, administrative, stranger, administrator, products, hosting, voip, prices, monkeypatch):
    """A company with two people and two services, a private person with one; no worker, no gateway, no mail."""
    other = stranger.membership.customer
    other.street, other.postal_code, other.city = "ul. Krótka 2", "30-001", "Kraków"
    other.save()
    for product in products.values():
        Price.objects.create(product=product, months=1, net="9.99")
    for service in (hosting, voip, stranger.service):
        service.ends_on = date(2027, 1, 31)
        service.save()
    monkeypatch.setattr(Task, "enqueue", lambda self, pk: None)
    sandbox = gateways.sandbox.Sandbox
    monkeypatch.setattr(sandbox, "start", lambda self, payment, **kwargs: gateways.Started("/", f"S{payment.pk}"))
    monkeypatch.setattr(sandbox, "refund", None)
    lightning.install(monkeypatch)


def trade(examples, beginning=0):
    """Runs so many examples, the same ones for the same beginning; raises what they find."""
    machines.run(Trade, examples, steps=STEPS, beginning=beginning)


@pytest.mark.parametrize("part", PARTS)
def test_the_books_are_right_whatever_happens(shop, part):
    trade(EXAMPLES, time.time_ns() if "EXAMPLES" in os.environ else part)


def finds(*faults, examples=60, beginning=0):
    """The trade finds the fault that a missing guard lets in; from some beginnings it comes upon it much sooner."""
    with pytest.raises((AssertionError, *faults)) as found:
        trade(examples, beginning)
    return str(found.value)


@pytest.mark.slow
def test_it_finds_what_is_paid_twice(shop, monkeypatch):
    """Neither is it asked whether a document is open, nor does the database refuse a second payment of it."""
    drop(PaymentPart, "a_document_is_paid_once")
    drop(Document, "a_proforma_becomes_one_invoice")
    locked = settlement.locked

    def always_open(rows):
        found = locked(rows)
        for row in found:
            row.state = "open"
        return found

    monkeypatch.setattr(settlement, "locked", always_open)
    found = finds()
    assert "invoices" in found or "another time" in found


def drop(model, name):
    """Drops a constraint for the rest of the test's transaction."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {name}")


@pytest.mark.slow
def test_it_finds_money_that_is_worked_twice(shop, monkeypatch):
    paid = gateway_reports.paid

    def paid_again(payment, report, event):
        payment.state = Payment.State.STARTED
        return paid(payment, report, event)

    monkeypatch.setattr(gateway_reports, "paid", paid_again)
    found = finds()
    assert "cases" in found or "another time" in found


@pytest.mark.slow
def test_it_finds_money_that_was_meant_otherwise(shop, monkeypatch):
    monkeypatch.setattr(gateway_reports, "mismatch", lambda report, payment, gateway: None)
    finds()


@pytest.mark.slow
def test_it_finds_refunds_beyond_what_came(shop, monkeypatch):
    monkeypatch.setattr(refunds, "sum_of", lambda payment: 0)
    finds(beginning=2)


@pytest.mark.slow
def test_it_finds_numbers_drawn_beside_the_transaction(shop, monkeypatch):
    drawn = Counter()

    def draw(provider, code, year):
        if not Document.objects.exists():
            drawn.clear()
        drawn[code] += 1
        NumberSeries.objects.update_or_create(provider=provider, code=code, year=year, defaults={"last": drawn[code]})
        return drawn[code]

    monkeypatch.setattr(numbering, "draw", draw)
    assert "is missing" in finds(beginning=1)


@pytest.mark.slow
def test_it_finds_what_a_crash_leaves_behind(shop, monkeypatch):
    monkeypatch.setattr(inbox, "process", replace(inbox.process, func=inbox.process.func.__wrapped__))
    for module, name in [(gateway_reports, "apply"), (payments, "pay_from_wallet")]:
        monkeypatch.setattr(module, name, getattr(module, name).__wrapped__)
    finds(beginning=2)
