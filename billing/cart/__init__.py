"""The cart: what a person, or a visitor, means to renew or to buy; always looked at anew."""

from billing.cart.base import MOST_ITEMS, CartFull, Hindrance, NotForSale, SoldOut
from billing.cart.baskets import Visitor, of, waits_for
from billing.cart.contents import contents, held, items, quote, remove, take_out
from billing.cart.purchases import change_periods, put
from billing.cart.renewals import add, add_all, change, open_proforma, renewable

__all__ = [
    "MOST_ITEMS",
    "CartFull",
    "Hindrance",
    "NotForSale",
    "SoldOut",
    "Visitor",
    "add",
    "add_all",
    "change",
    "change_periods",
    "contents",
    "held",
    "items",
    "of",
    "open_proforma",
    "put",
    "quote",
    "remove",
    "renewable",
    "take_out",
    "waits_for",
]
