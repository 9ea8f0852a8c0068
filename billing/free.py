"""What costs nothing: one piece of each product for a customer, or somebody would take a thousand."""

from django.utils.translation import gettext as _

from billing.cart.purchases import net
from billing.limits import FREE_OF_A_PRODUCT
from billing.models import CartItem, OrderLine
from services.models import Service


class TooManyFree(Exception):
    """The customer has this already; the message says so in the reader's language."""


def is_free(item):
    """Whether it is a new service that costs nothing even without a code."""
    return item.act == CartItem.Act.PURCHASE and not net(item.price, item.values)


def refuse_more(customer, found, *, beside):
    """Raises TooManyFree when the customer would have more than FREE_OF_A_PRODUCT of a product for nothing.

    `beside` is the order in which they stand by now. What another one holds and nobody has paid counts, too: it would
    be had with what is paid beside it. The caller holds the row of the customer, so that two people of one customer
    are counted one after the other.
    """
    free = [item for item in found if is_free(item)]
    if not free:
        return
    for product in {item.product for item in free}:
        same = {"product": product, "price__net": 0, "price__setup_net": 0}
        running = Service.objects.filter(customer=customer, **same).exclude(status=Service.Status.ENDED)
        waiting = OrderLine.objects.filter(order__customer=customer, state=OrderLine.State.OPEN, **same)
        has = running.count() + waiting.exclude(order=beside).count()
        if has + sum(item.product == product for item in free) > FREE_OF_A_PRODUCT:
            words = _("%(product)s costs nothing, so everybody has it once at most. Take it out of the cart.")
            raise TooManyFree(words % {"product": product.name})
