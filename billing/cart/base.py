"""What stands in the way of buying, in words for the person who wants to."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# More than fits on a page is bought in several goes.
MOST_ITEMS = 100


class NotForSale(Exception):
    """It cannot be bought like this, or not now; the message says why in the reader's language."""

    def __init__(self, words=None):
        super().__init__(words or _("A price or a service has changed meanwhile. Look at it and try again."))


class SoldOut(NotForSale):
    """There is no piece left."""

    def __init__(self, name):
        super().__init__(_("%(product)s is sold out.") % {"product": name})


class CartFull(Exception):
    """There would be more than MOST_ITEMS items in it; the message says so."""

    def __init__(self, words=None):
        words = words or _("The cart holds %(most)d items at most. Pay for these first.") % {"most": MOST_ITEMS}
        super().__init__(words)


class Hindrance(models.TextChoices):
    """Why an item of the cart cannot be bought now."""

    ENDED = "ended", gettext_lazy("It has ended or runs without an end, so there is nothing to renew.")
    CANCELLED = "cancelled", gettext_lazy("It is cancelled and ends with its paid time. Take that back first.")
    ORDERED = "ordered", gettext_lazy("It is ordered already and waits for payment.")
    EXTENDED = (
        "extended",
        gettext_lazy("It was extended meanwhile. Choose it again if you want to extend it further."),
    )
    PRICE_GONE = "price_gone", gettext_lazy("Its price has changed since. Choose the period again.")
    WITHDRAWN = "withdrawn", gettext_lazy("It is no longer sold.")
    SOLD_OUT = "sold_out", gettext_lazy("It is sold out.")
    TAKEN = "taken", gettext_lazy("It is registered with us already.")
    OPTION_GONE = "option_gone", gettext_lazy("One of its options is no longer there. Choose it anew.")


def refuse_overfull(count):
    """Raises CartFull when so many items are too many."""
    if count > MOST_ITEMS:
        raise CartFull
