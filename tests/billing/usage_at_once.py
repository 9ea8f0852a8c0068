"""The same use told and charged by many at the same moment: once, and never below zero."""

from decimal import Decimal

import pytest

from billing import charging, review, wallet
from billing.models import UsageCharge, Wallet, WalletEntry
from services import usage
from tests.billing.usage import call, put
from tests.together import meeting

pytestmark = pytest.mark.usefixtures("postgresql")
D, TIMES = Decimal, 12


def test_the_same_calls_told_and_charged_by_many(company, voip, together):
    put(company, "100.00")
    calls = [call(f"c{n}", "1.00", ago=n + 1) for n in range(10)]

    def one(n):
        usage.report(voip, calls[n % 10 :] + calls[: n % 10])
        charging.charge.call(company.pk)

    assert together(TIMES, one) == [None] * TIMES
    assert WalletEntry.objects.filter(kind="usage").count() == UsageCharge.objects.count() == 10
    assert wallet.of(company).balance == 100 - D("12.30")
    assert list(review.findings()) == []


def spend_at_once(company, voip, together):
    """A call of 9.84 is charged while staff take 8.00; the balance is 10.00. Returns what is left."""
    put(company, "10.00")
    usage.report(voip, [call("c1", "8.00")])

    def one(n):
        if n:
            return charging.charge.call(company.pk)
        try:
            return wallet.enter(company, WalletEntry.Kind.ADJUSTMENT, D(-8), reference="fee")
        except wallet.NotEnough:
            return None

    together(2, one)
    return wallet.of(company).balance


def test_a_charge_and_another_movement_at_once_never_overdraw(company, voip, together):
    assert spend_at_once(company, voip, together) in (D("0.16"), D("2.00"))
    assert list(review.findings()) == []


def test_without_the_lock_they_would(company, voip, together, monkeypatch):
    """The negative control: both have read the balance before either writes."""
    put_first = put
    wait, seen = meeting(), []
    balance = Wallet.balance.fget

    def slow(self):
        value = balance(self)
        if seen:
            wait()
        return value

    put_first(company, "10.00")
    usage.report(voip, [call("c1", "8.00")])
    seen.append(True)
    monkeypatch.setattr(wallet, "locked_of", lambda customer: Wallet.objects.get(customer=customer))
    monkeypatch.setattr(Wallet, "balance", property(slow))

    def one(n):
        if n:
            return charging.charge_some(company.pk)
        return wallet.enter(company, WalletEntry.Kind.ADJUSTMENT, D(-8), reference="fee")

    together(2, one)
    seen.clear()
    assert wallet.of(company).balance < 0
