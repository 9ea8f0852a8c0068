"""Renewals in the cart."""

from django.db import transaction
from django.db.models import OuterRef, Subquery

from accounts.models import Membership
from billing.cart.base import Hindrance, NotForSale, refuse_overfull
from billing.locks import locked_one
from billing.models import CartItem, Document, OrderLine
from services import expiry, offers
from services.models import Service


def renewable(membership):
    """The services that this person may renew: visible to them, not ended, with an end."""
    return offers.flagged(expiry.renewable(Service.objects.visible_to(membership)).select_related("product"))


def open_proforma(service="pk"):
    """Subquery of the proforma that a service waits for; `service` is its key in the outer query."""
    waiting = Document.objects.filter(
        kind=Document.Kind.PROFORMA,
        order__lines__service=OuterRef(service),
        order__lines__state=OrderLine.State.OPEN,
    )
    return Subquery(waiting.order_by().values("pk")[:1])


def services_of(found):
    """The services of these items, as `offers.flagged` would have them."""
    for item in found:
        item.service.has_options, item.service.has_change = item.has_options, item.has_change
    return [item.service for item in found]


def look(found, prices):
    """Tells each of these items its `prices` (what it can be renewed at), its `terms` and its `hindrance`."""
    for item in found:
        item.prices, item.terms = prices[item.service], offers.terms(item.service)
        item.hindrance = hindrance(item)


def hindrance(item):
    """The Hindrance of an item, or None."""
    if not expiry.is_renewable(item.service):
        return Hindrance.ENDED
    if item.service.cancelled_at:
        return Hindrance.CANCELLED
    if item.proforma_pk:
        return Hindrance.ORDERED
    if item.ends_on and item.ends_on != item.service.ends_on:
        return Hindrance.EXTENDED
    return None if item.price in item.prices else Hindrance.PRICE_GONE


def add(membership, service, price):
    """Puts one renewal into the cart; raises as `add_all` does."""
    add_all(membership, {service.pk: price.pk})


@transaction.atomic
def add_all(membership, wanted):
    """Puts renewals into the cart, all or none: {service's key: price's key}.

    Another period of a service that lies there takes its place. Raises NotForSale, or CartFull.
    """
    locked_one(Membership.objects, pk=membership.pk)
    open_to_it = renewable(membership).filter(pk__in=wanted, cancelled_at=None)
    services = list(open_to_it.annotate(proforma_pk=open_proforma()))
    prices = offers.for_services(services)
    offered = {service.pk: {price.pk for price in prices[service]} for service in services if not service.proforma_pk}
    if any(price not in offered.get(service, ()) for service, price in wanted.items()):
        raise NotForSale
    others = membership.cart_items.exclude(service__isnull=False, service__in=wanted)
    refuse_overfull(others.count() + len(wanted))
    ends = {service.pk: service.ends_on for service in services}
    CartItem.objects.bulk_create(
        [
            CartItem(membership=membership, service_id=service, price_id=price, ends_on=ends[service])
            for service, price in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["membership", "service"],
        update_fields=["act", "product", "price", "chosen", "ends_on"],
    )


@transaction.atomic
def change(membership, wanted):
    """Other periods for services that lie in the cart: {service's key: price's key}. Raises NotForSale."""
    there = set(membership.cart_items.values_list("service", flat=True))
    add_all(membership, {service: price for service, price in wanted.items() if service in there})
