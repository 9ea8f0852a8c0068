"""Another product for a service: what it costs now, the order of it, and what needs no payment."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing import money
from billing.checkout import PriceChanged, ask_for_payment
from billing.invoicing import Line
from billing.models import CartItem, Document, Order, OrderLine
from billing.quotes.base import Quote, charged, made
from billing.quotes.renewals import named
from services import changing, targets
from services.changing import NotChangeable
from services.targets import Target


class Way(models.TextChoices):
    """How a service comes to be another product."""

    PAID = "paid", gettext_lazy("when it is paid")
    AT_ONCE = "at_once", gettext_lazy("at once")
    PLANNED = "planned", gettext_lazy("at the end of the paid time")


@dataclass(frozen=True)
class Agreed:
    """What the person saw when pressing the button: how, what is to be paid now, and what a period costs net."""

    way: str
    gross: Decimal
    net: Decimal


@dataclass(frozen=True)
class Offer:
    """A Target as this customer is charged: `amount` for a period and `former` for one until now.

    Amounts are net for companies and gross for private persons. `quote` is what is to be paid now.
    """

    target: Target
    way: Way
    amount: Decimal
    former: Decimal
    quote: Quote

    @property
    def agreed(self):
        """What somebody agrees to who chooses it now."""
        return Agreed(self.way, self.quote.gross, self.target.net)


def waiting_proforma(service):
    """The proforma of the order that a service waits in, or None."""
    lines = OrderLine.objects.filter(service=service, state=OrderLine.State.OPEN)
    return Document.objects.filter(kind=Document.Kind.PROFORMA, order__lines__in=lines).first()


def net_due(target):
    """The net difference for the paid time that is left, in whole grosze: rounded once, as art. 106e(11) says."""
    return money.rounded(Decimal(target.due.numerator) / Decimal(target.due.denominator))


def way_of(target):
    """What costs less waits, what comes to something is paid first, the rest is done at once."""
    if target.is_smaller:
        return Way.PLANNED
    return Way.PAID if net_due(target) else Way.AT_ONCE


def offers_of(customer, service):
    """The Offers of a service without a hindrance, the cheapest first."""
    return [offer(customer, service, row) for row in targets.targets(service)]


def offer(customer, service, target, *, line_key=None):
    """The Offer that a Target makes this customer."""
    way = way_of(target)

    def lines(from_gross):
        return [[line(service, target, line_key, from_gross=from_gross)]] if way == Way.PAID else []

    quote = made(customer, lines, currency=target.price.currency)
    return Offer(
        target=target,
        way=way,
        amount=charged(target.net, target.product, from_gross=quote.from_gross),
        former=charged(target.former_net, service.product, from_gross=quote.from_gross),
        quote=quote,
    )


def line(service, target, key, *, from_gross):
    """The line of documents: what becomes what, with the days for which the difference is paid."""
    product = target.product
    words = {"service": named(service, service.product), "product": product.name}
    return Line.selling(
        product,
        name=_("%(service)s, change to %(product)s") % words,
        price=charged(net_due(target), product, from_gross=from_gross),
        period_from=timezone.localdate(),
        period_to=service.ends_on,
        order_line_id=key,
        service_id=service.pk,
    )


@transaction.atomic
def make(service, product_pk, *, agreed, by):
    """Changes a service to a product of `offers_of` in the way that the person agreed to.

    Returns the proforma of what must be paid first, else None. Raises NotChangeable when it is ordered already, or
    not to be had; PriceChanged when what it costs is not what the person saw; SoldOut; or BuyerNotServed.
    """
    service = changing.locked(service)
    if waiting_proforma(service):
        raise NotChangeable(str(service))
    target = changing.find(service, product_pk)
    if offer(service.customer, service, target).agreed != agreed:
        raise PriceChanged
    if agreed.way == Way.PAID:
        return order(service, target, by=by)
    verb = changing.plan if agreed.way == Way.PLANNED else changing.at_once
    verb(service, target, by=by)
    return None


def order(service, target, *, by):
    """The order of one change with its proforma; the caller holds the service and has compared the sums."""
    customer = service.customer
    ordered = Order.objects.create(customer=customer, placed_by=by)
    row = OrderLine.objects.create(
        order=ordered,
        position=1,
        act=CartItem.Act.CHANGE,
        service=service,
        product=target.product,
        chosen=[option.value.pk for option in target.options],
        price=target.price,
        months=target.price.months,
    )
    changing.order(service, target, reference=row.reference, by=by)
    with translation.override(by.language):
        quote = offer(customer, service, target, line_key=row.pk).quote
    ask_for_payment(ordered, quote, by=by, at=None)
    return ordered.documents.get()


@transaction.atomic
def take_back(service, *, by):
    """Takes a planned change back; twice is harmless. Raises NotChangeable while or after a renewal at its price."""
    service = changing.locked(service)
    if waiting_proforma(service):
        raise NotChangeable(str(service))
    changing.take_back(service, by=by)
