"""The cart: what a person means to renew, always looked at anew."""

from django.db import transaction

from billing import quotes
from billing.models import CartItem, OrderLine
from services import expiry, offers
from services.models import Service

# More than fits on a page of renewals is bought in several goes.
MOST_ITEMS = 100


class NotForSale(Exception):
    """The service cannot be renewed at this price, or not now."""


class CartFull(Exception):
    """There are MOST_ITEMS items in it already."""


def renewable(membership):
    """The services that this person may renew: visible to them, not ended, with an end."""
    services = Service.objects.visible_to(membership).filter(status__in=expiry.RENEWABLE, ends_on__isnull=False)
    return services.select_related("product")


def ordered(services):
    """{service's key: line of the open order that it waits in} for those that are ordered and not paid."""
    lines = OrderLine.objects.filter(service__in=services, state=OrderLine.State.OPEN)
    return {line.service_id: line for line in lines}


def items(membership):
    """The items that can be bought now, with service and price; others are passed over, not deleted."""
    found = membership.cart_items.filter(service__in=renewable(membership)).select_related("service__product", "price")
    found = list(found.exclude(service__order_lines__state=OrderLine.State.OPEN))
    prices = offers.for_services(item.service for item in found)
    return [item for item in found if item.price in prices[item.service]]


def quote(membership, found):
    """What the items cost this customer."""
    return quotes.of_renewals(membership.customer, [(item.service, item.price) for item in found])


@transaction.atomic
def add(membership, service, price):
    """Puts a renewal into the cart; another period of the same service takes its place.

    Raises NotForSale, or CartFull.
    """
    if not renewable(membership).filter(pk=service.pk).exists() or ordered([service]):
        raise NotForSale
    if price not in offers.for_services([service])[service]:
        raise NotForSale
    if not membership.cart_items.filter(service=service).exists() and membership.cart_items.count() >= MOST_ITEMS:
        raise CartFull
    return CartItem.objects.update_or_create(membership=membership, service=service, defaults={"price": price})[0]


def remove(membership, service_pk):
    """Takes a renewal out; twice is harmless."""
    membership.cart_items.filter(service=service_pk).delete()


def count(membership):
    """How many items could be bought, for the button that leads to the cart."""
    return len(items(membership))
