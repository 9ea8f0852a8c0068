"""A consumer who has bought a service in the panel, with the documents of the purchase."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import Customer
from billing.invoicing import Line, issue_invoice, issue_proforma
from billing.models import CartItem, Order, OrderLine
from billing.parties import Buyer
from services.models import Price, Service

ADDRESS = {"street": "ul. Lipowa 1", "postal_code": "80-244", "city": "Gdańsk"}


def as_consumer(customer):
    """Makes the customer a private person who can be invoiced."""
    Customer.objects.filter(pk=customer.pk).update(kind="private", tax_id="", name="Anna Ogrodnik", **ADDRESS)
    customer.refresh_from_db()


def buy(service, *, by, at=None, gross="365.00", early=True):
    """The order of a running service, paid and invoiced; `early` says that the start was asked for at once."""
    customer, at = service.customer, at or timezone.now()
    price, _new = Price.objects.get_or_create(product=service.product, months=12, net=Decimal("296.75"))
    order = Order.objects.create(
        customer=customer, placed_by=by, placed_at=at, early_start_asked_at=at if early else None
    )
    line = OrderLine.objects.create(
        order=order,
        position=1,
        act=CartItem.Act.PURCHASE,
        service=service,
        product=service.product,
        price=price,
        months=12,
        state=OrderLine.State.DONE,
    )
    of_document = Line(
        name="Hosting",
        quantity=Decimal(1),
        unit="szt.",
        price=Decimal(gross),
        tax_rate="23",
        tax_point="period",
        order_line_id=line.pk,
    )
    is_private = customer.kind == Customer.Kind.PRIVATE
    proforma = issue_proforma(
        order, buyer=Buyer.of(customer), lines=[of_document], from_gross=is_private, language="en", at=at
    )
    day = timezone.localdate(at)
    invoice = issue_invoice(proforma, paid_on=day, paid_by="transfer", done={}, by=by)
    Service.objects.filter(pk=service.pk).update(starts_on=day, ends_on=day + timedelta(days=364))
    return invoice
