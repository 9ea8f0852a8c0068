"""From the cart to an order with its proforma, and back when it is cancelled."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation

from accounts.history import record
from accounts.models import Membership
from billing import cart, quotes
from billing.actions import Action, in_words
from billing.invoicing import issue_proforma
from billing.locks import locked, locked_one
from billing.models import Order, OrderLine, Receivable
from billing.parties import Buyer
from services.models import Service


class EmptyCart(Exception):
    """There is nothing in it that can be bought: another tab was quicker, or prices changed."""


class PriceChanged(Exception):
    """The sum is another than the one the person agreed to: a price changed, or somebody ordered one of them."""


@transaction.atomic
def place(membership, *, agreed, by, at=None):
    """Orders what is in the cart and empties it, now or as if it had been `at`; returns the proforma.

    `agreed` is the gross sum that the person saw. Raises EmptyCart, PriceChanged, or BuyerNotServed.
    Two tabs that press the button at once make one order, and so do two people with the same service.
    """
    locked_one(Membership.objects, pk=membership.pk)
    locked(Service.objects.filter(pk__in=cart.held(membership).values("service")))
    found = cart.items(membership)
    if not found:
        raise EmptyCart
    customer = membership.customer
    buyer = Buyer.of(customer)
    order = Order.objects.create(customer=customer, placed_by=by, placed_at=at or timezone.now())
    lines = [
        OrderLine.objects.create(
            order=order, position=position, service=item.service, price=item.price, months=item.price.months
        )
        for position, item in enumerate(found, 1)
    ]
    wanted = [(item.service, item.price) for item in found]
    with translation.override(by.language):
        quote = quotes.of_renewals(customer, wanted, line_keys=[line.pk for line in lines])
    if quote.gross != agreed:
        raise PriceChanged
    proforma = issue_proforma(
        order, buyer=buyer, lines=quote.lines, from_gross=quote.from_gross, language=by.language, at=at
    )
    membership.cart_items.filter(service__in=[item.service for item in found]).delete()
    record(
        Action.ORDER_PLACED,
        customer=customer,
        by=by,
        document=proforma.number,
        amount=in_words(proforma.gross, proforma.currency),
    )
    return proforma


@transaction.atomic
def cancel(receivable, *, by, action=Action.ORDER_CANCELLED):
    """Takes an unpaid order back: its services can be ordered anew. Twice is harmless; False when it is paid."""
    receivable = locked_one(Receivable.objects.select_related("document", "customer"), pk=receivable.pk)
    if receivable.state != Receivable.State.OPEN:
        return receivable.state == Receivable.State.CANCELLED
    receivable.state, receivable.cancelled_at = Receivable.State.CANCELLED, timezone.now()
    receivable.save(update_fields=["state", "cancelled_at"])
    lines = OrderLine.objects.filter(order=receivable.document.order_id, state=OrderLine.State.OPEN)
    lines.update(state=OrderLine.State.CANCELLED)
    record(action, customer=receivable.customer, by=by, document=receivable.document.number)
    return True


def lapse(limit=500):
    """Cancels proformas that nobody paid for so long that the provider no longer counts on it; how many."""
    today, lapsed = timezone.localdate(), 0
    for receivable in Receivable.objects.open().select_related("customer__provider")[:limit]:
        if receivable.due_on + timedelta(days=receivable.customer.provider.lapse_days) < today:
            lapsed += cancel(receivable, by=None, action=Action.PROFORMA_LAPSED)
    return lapsed
