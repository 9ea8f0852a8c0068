"""From the cart to an order with its proforma, and back when it is cancelled."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from accounts.history import record
from accounts.models import Customer, Membership, Terms
from billing import cart, free, promos, quotes, settlement, stock
from billing.actions import Action, in_words
from billing.invoicing import issue_proforma
from billing.locks import locked, locked_one
from billing.models import CartItem, Order, OrderLine, Receivable
from billing.parties import Buyer
from services import changing
from services.models import Service

# What there is only so much of is kept for so many days beyond the one it was payable until: a bank transfer of the
# last day has come by then, over a weekend, too.
SCARCE_DAYS = 3


class EmptyCart(Exception):
    """There is nothing in it that can be bought: another tab was quicker, or prices changed."""


class PriceChanged(Exception):
    """The sum is another than the one the person agreed to: a price changed, or somebody ordered one of them."""


class NotAgreed(Exception):
    """The terms in force were not accepted, or a consumer did not ask for the start before 14 days are over."""


@transaction.atomic
def place(membership, *, agreed, by, code="", terms=None, early_start=False, at=None):
    """Orders what is in the cart and empties it, now or as if it had been `at`; returns the Order.

    `agreed` is the gross sum that the person saw, `code` a promo code, `terms` the Terms they accepted and
    `early_start` whether they asked for the start before 14 days are over; both are needed for new services only.
    What costs nothing is done at once, for the rest there is a proforma. Two tabs that press the button at once
    make one order, and so do two people with the same service or domain name.

    Raises EmptyCart, PriceChanged, NotAgreed, BuyerNotServed, cart.SoldOut, free.TooManyFree or promos.PromoRefused.
    """
    locked_one(Membership.objects, pk=membership.pk)
    # Colleagues order one after the other: a domain name once, and so what costs nothing.
    if locked_one(Customer.objects, pk=membership.customer_id).closed_at:
        raise EmptyCart
    locked(Service.objects.filter(pk__in=cart.held(membership).values("service")))
    found = cart.items(membership)
    if not found:
        raise EmptyCart
    customer = membership.customer
    refuse_unagreed(customer, found, terms, early_start)
    promo = promos.find(code, customer, found) if code else None
    order = Order.objects.create(customer=customer, placed_by=by, placed_at=at or timezone.now(), terms=terms)
    lines = [write_line(order, position, item) for position, item in enumerate(found, 1)]
    with translation.override(by.language):
        quote = quotes.of(customer, found, promo=promo, line_keys=[line.pk for line in lines])
    if quote.gross != agreed:
        raise PriceChanged
    if early_start:
        order.early_start_asked_at = order.placed_at
    order.is_free = not quote.gross
    order.save(update_fields=["early_start_asked_at", "is_free"])
    free.refuse_more(customer, found, beside=order)
    stock.take(lines)
    if promo:
        promos.use(promo, order)
    membership.cart_items.filter(pk__in=[item.pk for item in found]).delete()
    if order.is_free:
        record(Action.FREE_ORDER_PLACED, customer=customer, by=by, order=str(order))
        settlement.fulfil_free(order, by=by)
    else:
        ask_for_payment(order, quote, by=by, at=at)
    return order


def refuse_unagreed(customer, found, terms, early_start):
    """Raises NotAgreed unless all was said that a contract about new services needs.

    Everything is set up as soon as it is paid; a consumer must have asked for that in so many words (art. 15(3) and
    21(2) of the Polish Consumer Rights Act), or could withdraw for 14 days and owe nothing for the time until then.
    """
    if not has_purchases(found):
        return
    if terms != Terms.in_force() or (asks_for_early_start(customer, found) and not early_start):
        raise NotAgreed


def has_renewals(found):
    """Whether services that run already are to run longer."""
    return any(item.act == CartItem.Act.RENEWAL for item in found)


def has_purchases(found):
    """Whether there is a new service among the items."""
    return any(item.act == CartItem.Act.PURCHASE for item in found)


def asks_for_early_start(customer, found):
    """Whether the buyer must say that it shall start at once: private persons, for new services."""
    return customer.kind == Customer.Kind.PRIVATE and has_purchases(found)


def write_line(order, position, item):
    """The line of an order that an item of the cart becomes."""
    return OrderLine.objects.create(
        order=order,
        position=position,
        act=item.act,
        service=item.service,
        product=item.product,
        chosen=item.chosen,
        domain=item.domain,
        origin=item.origin,
        authinfo=item.authinfo,
        price=item.price,
        months=item.price.months,
    )


def ask_for_payment(order, quote, *, by, at):
    """The proforma of an order that costs something."""
    proforma = issue_proforma(
        order,
        buyer=Buyer.of(order.customer),
        lines=quote.lines,
        from_gross=quote.from_gross,
        language=by.language,
        at=at,
    )
    record(
        Action.ORDER_PLACED,
        customer=order.customer,
        by=by,
        document=proforma.number,
        amount=in_words(proforma.gross, proforma.currency),
    )


@transaction.atomic
def cancel(receivable, *, by, action=Action.ORDER_CANCELLED):
    """Takes an unpaid order back: its services can be ordered anew, and pieces and its promo code by others.

    Twice is harmless; False when it is paid.
    """
    receivable = locked_one(Receivable.objects.select_related("document__order", "customer"), pk=receivable.pk)
    if receivable.state != Receivable.State.OPEN:
        return receivable.state == Receivable.State.CANCELLED
    receivable.state, receivable.cancelled_at = Receivable.State.CANCELLED, timezone.now()
    receivable.save(update_fields=["state", "cancelled_at"])
    order = receivable.document.order
    lines = OrderLine.objects.filter(order=order, state=OrderLine.State.OPEN)
    # Before the stock: whoever orders holds services when pieces are taken.
    locked(Service.objects.filter(pk__in=lines.values("service")))
    stock.give_back(lines)
    changing.forget([line.reference for line in lines if line.act == CartItem.Act.CHANGE])
    promos.give_back(order)
    lines.update(state=OrderLine.State.CANCELLED, authinfo="")
    record(action, customer=receivable.customer, by=by, document=receivable.document.number)
    return True


def lapse(limit=500):
    """Cancels proformas that nobody paid for so long that the provider no longer counts on it; how many."""
    today = timezone.localdate()
    rows = Receivable.objects.open().select_related("customer__provider")[:limit]
    over = [row for row in rows if row.due_on + timedelta(days=row.customer.provider.lapse_days) < today]
    over += keeping_from_others().filter(due_on__lt=today - timedelta(days=SCARCE_DAYS))[:limit]
    return sum(cancel(row, by=None, action=Action.PROFORMA_LAPSED) for row in {row.pk: row for row in over}.values())


def keeping_from_others():
    """What is not paid and keeps pieces of which there are only so many, or a use of such a promo code."""
    pieces = Q(lines__state=OrderLine.State.OPEN, lines__product__stock__isnull=False)
    orders = Order.objects.filter(pieces | Q(promo__most_uses__isnull=False))
    return Receivable.objects.open().filter(document__order__in=orders)
