"""Payments that verify a customer: only by rules that the provider has switched on, and only of enough."""

from decimal import Decimal

import pytest

from accounts.models import BackgroundTask, Event
from billing import bank, gateway_reports, payments, verifying, wallet
from billing.models import Payment, WalletEntry


@pytest.fixture
def rules(provider):
    """`rules(verify_by_gateway=True)` is what the provider has switched on."""

    def rules(**fields):
        for name, value in fields.items():
            setattr(provider, name, value)
        provider.save()

    return rules


@pytest.fixture
def pay(buyer, hosting, order, begin, report, administrator):
    """`pay(way)` pays for a year of hosting, 123.00, and lets the worker go; returns whether that has verified."""

    def pay(way):
        receivable = order(buyer, hosting)
        if way == "gateway":
            gateway_reports.apply(report(begin(buyer, receivable)), gateway="sandbox")
        elif way == "transfer":
            bank.received([receivable], amount=receivable.amount, statement_line="1", by=administrator)
        else:
            wallet.enter(receivable.customer, WalletEntry.Kind.ADJUSTMENT, 200, reference="gift")
            payments.pay_from_wallet(receivable.customer, [receivable], by=buyer)
        for task in BackgroundTask.objects.filter(task_path="billing.verifying.verify"):
            for _ in range(2):
                verifying.verify.call(*task.args_kwargs["args"])
        buyer.membership.customer.refresh_from_db()
        return buyer.membership.customer.verified_how

    return pay


@pytest.mark.parametrize("way", ["gateway", "transfer", "wallet"])
def test_out_of_the_box_no_payment_verifies(pay, way):
    assert pay(way) == ""


@pytest.mark.parametrize(
    ("way", "rule", "verified"),
    [
        ("gateway", "verify_by_gateway", "gateway"),
        ("transfer", "verify_by_transfer", "transfer"),
        ("gateway", "verify_by_transfer", ""),
        ("transfer", "verify_by_gateway", ""),
        ("wallet", "verify_by_gateway", ""),
    ],
)
def test_each_rule_is_about_its_way_of_paying(pay, rules, way, rule, verified):
    rules(**{rule: True})
    assert pay(way) == verified
    assert Event.objects.filter(action="customer_verified").count() == bool(verified)


@pytest.mark.parametrize(("least", "verified"), [("123.00", "gateway"), ("123.01", "")])
def test_a_payment_of_less_does_not_do(pay, rules, least, verified):
    rules(verify_by_gateway=True, verify_from=Decimal(least))
    assert pay("gateway") == verified


def test_a_top_up_does_not_do_and_a_rule_that_was_switched_off_meanwhile_neither(rules, pay, company):
    rules(verify_by_gateway=True)
    top_up = Payment(customer=company, purpose="top_up", gateway="sandbox", amount=500, state="paid")
    assert verifying.rule_for(top_up) is None
    rules(verify_by_gateway=False)
    paid = Payment(customer=company, purpose="documents", gateway="sandbox", amount=500, state="paid")
    assert verifying.rule_for(paid) is None
