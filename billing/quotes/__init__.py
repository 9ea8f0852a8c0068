"""What a cart costs its customer: the same sums on the cart's page, on the proforma and on the invoice."""

from billing.models import CartItem
from billing.quotes import purchases, renewals
from billing.quotes.base import Quote, made
from billing.quotes.discounts import lessened

# How the items of an act become lines: (item, key of the order's line, from_gross) → lines.
LINES = {CartItem.Act.RENEWAL: renewals.lines, CartItem.Act.PURCHASE: purchases.lines}

__all__ = ["Quote", "of"]


def of(customer, items, *, promo=None, line_keys=None):
    """The Quote of items of a cart. `line_keys` are the keys of the order's lines, in the same order.

    `customer` is None for a visitor, who sees what a private person pays; `promo` is a PromoCode that counts.
    """
    keys = line_keys or [None] * len(items)

    def parts(from_gross):
        found = [LINES[item.act](item, key, from_gross=from_gross) for item, key in zip(items, keys, strict=True)]
        return lessened(found, items, promo, from_gross=from_gross) if promo else found

    return made(customer, parts, currency=items[0].price.currency if items else None)
