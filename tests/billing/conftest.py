"""Prices, a company that can be invoiced, and the ways through an order that most tests begin with."""

from decimal import Decimal

import pytest

from billing import cart, checkout, gateways, payments, quotes
from billing.gateways import Kind, Report
from billing.models import Receivable
from services.models import Price


@pytest.fixture
def prices(products):
    """A year of each product, by kind."""
    return {
        kind: Price.objects.create(product=product, months=12, net=Decimal(net))
        for (kind, product), net in zip(products.items(), ["100.00", "50.00", "20.00", "81.30"], strict=True)
    }


@pytest.fixture
def company(customer):
    """The cast's customer with everything that must stand on an invoice."""
    for name, value in {"street": "ul. Lipowa 1", "postal_code": "80-244", "city": "Gdańsk"}.items():
        setattr(customer, name, value)
    customer.save()
    return customer


@pytest.fixture
def buyer(company, owner, prices):
    """The owner of the cast's customer, ready to buy."""
    owner.membership.customer = company
    return owner


@pytest.fixture
def order():
    """`order(person, service)` puts a year of each service into the cart and orders; returns the receivable."""

    def order(person, *services):
        membership = person.membership
        for service in services:
            cart.add(membership, service, Price.objects.get(product=service.product, is_offered=True))
        found = cart.items(membership)
        agreed = quotes.of(membership.customer, found).gross
        return Receivable.objects.get(document=checkout.place(membership, agreed=agreed, by=person).proforma)

    return order


@pytest.fixture
def begin(monkeypatch):
    """`begin(person, receivable)` starts a sandbox payment without a server behind it."""
    monkeypatch.setattr(
        gateways.sandbox.Sandbox,
        "start",
        lambda self, payment, **kwargs: gateways.Started(f"http://localhost:8001/{payment.token}", f"S{payment.pk}"),
    )

    def begin(person, *receivables):
        return payments.start(person.membership.customer, receivables, gateway=gateways.find("sandbox"), by=person)

    return begin


@pytest.fixture
def report():
    """`report(payment)` is what the sandbox says when it was paid; fields can be told otherwise."""

    def report(payment, kind=Kind.PAID, **fields):
        return Report(
            **{
                "kind": kind,
                "reference": payment.token,
                "amount": payment.amount,
                "currency": payment.currency,
                "merchant": "panel-demo",
                "customer": str(payment.customer.number),
                "external_id": payment.external_id,
            }
            | fields
        )

    return report


@pytest.fixture
def filled(buyer, hosting, voip, prices):
    """Hosting for 100.00 and a phone line for 20.00, net, in the buyer's cart."""
    cart.add(buyer.membership, hosting, prices["hosting"])
    cart.add(buyer.membership, voip, prices["voip"])


@pytest.fixture
def renewer(standard):
    """The standard sub-user, who may order now."""
    standard.membership.permissions = ["tickets", "ordering"]
    standard.membership.save()
    return standard
