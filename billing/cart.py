"""The cart: what a person means to renew, always looked at anew."""

from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from billing import quotes
from billing.locks import locked_one
from billing.models import CartItem, Document, OrderLine
from services import expiry, offers
from services.models import Service

# More than fits on a page of renewals is bought in several goes.
MOST_ITEMS = 100


class NotForSale(Exception):
    """A service cannot be renewed at this price, or not now."""


class CartFull(Exception):
    """There would be more than MOST_ITEMS items in it."""


class Hindrance(models.TextChoices):
    """Why an item of the cart cannot be bought now."""

    ENDED = "ended", _("It has ended or runs without an end, so there is nothing to renew.")
    ORDERED = "ordered", _("It is ordered already and waits for payment.")
    EXTENDED = "extended", _("It was extended meanwhile. Choose it again if you want to extend it further.")
    PRICE_GONE = "price_gone", _("Its price has changed since. Choose the period again.")


def renewable(membership):
    """The services that this person may renew: visible to them, not ended, with an end."""
    return expiry.renewable(Service.objects.visible_to(membership)).select_related("product")


def open_proforma(service="pk"):
    """Subquery of the proforma that a service waits for; `service` is its key in the outer query."""
    waiting = Document.objects.filter(
        kind=Document.Kind.PROFORMA,
        order__lines__service=OuterRef(service),
        order__lines__state=OrderLine.State.OPEN,
    )
    return Subquery(waiting.order_by().values("pk")[:1])


def held(membership):
    """What lies in the cart, whether or not it can be bought, less what this person sees no longer."""
    return membership.cart_items.filter(service__in=Service.objects.visible_to(membership))


def contents(membership):
    """The items of the cart by two queries.

    Each has its service and price, `prices` (what the service can be renewed at), `proforma_pk` (of the open
    order that it is in) and `hindrance` (None when it can be bought).
    """
    found = list(
        held(membership).annotate(proforma_pk=open_proforma("service")).select_related("service__product", "price")
    )
    prices = offers.for_services(item.service for item in found)
    for item in found:
        item.prices = prices[item.service]
        item.hindrance = hindrance(item)
    return found


def hindrance(item):
    """The Hindrance of an item of `contents`, or None."""
    if not expiry.is_renewable(item.service):
        return Hindrance.ENDED
    if item.proforma_pk:
        return Hindrance.ORDERED
    if item.ends_on and item.ends_on != item.service.ends_on:
        return Hindrance.EXTENDED
    return None if item.price in item.prices else Hindrance.PRICE_GONE


def items(membership):
    """The items that can be bought now; others are passed over, not deleted."""
    return [item for item in contents(membership) if item.hindrance is None]


def quote(membership, found):
    """What the items cost this customer."""
    return quotes.of_renewals(membership.customer, [(item.service, item.price) for item in found])


def add(membership, service, price):
    """Puts one renewal into the cart; raises as `add_all` does."""
    add_all(membership, {service.pk: price.pk})


@transaction.atomic
def add_all(membership, wanted):
    """Puts renewals into the cart, all or none: {service's key: price's key}.

    Another period of a service that lies there takes its place. Raises NotForSale, or CartFull.
    """
    locked_one(Membership.objects, pk=membership.pk)
    services = list(renewable(membership).annotate(proforma_pk=open_proforma()).filter(pk__in=wanted))
    prices = offers.for_services(services)
    offered = {service.pk: {price.pk for price in prices[service]} for service in services if not service.proforma_pk}
    if any(price not in offered.get(service, ()) for service, price in wanted.items()):
        raise NotForSale
    if membership.cart_items.exclude(service__in=wanted).count() + len(wanted) > MOST_ITEMS:
        raise CartFull
    ends = {service.pk: service.ends_on for service in services}
    CartItem.objects.bulk_create(
        [
            CartItem(membership=membership, service_id=service, price_id=price, ends_on=ends[service])
            for service, price in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["membership", "service"],
        update_fields=["price", "ends_on"],
    )


@transaction.atomic
def change(membership, wanted):
    """Other periods for services that lie in the cart: {service's key: price's key}. Raises NotForSale."""
    there = set(membership.cart_items.values_list("service", flat=True))
    add_all(membership, {service: price for service, price in wanted.items() if service in there})


def remove(membership, service_pk):
    """Takes a renewal out; twice is harmless."""
    membership.cart_items.filter(service=service_pk).delete()
