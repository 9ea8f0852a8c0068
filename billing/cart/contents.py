"""What lies in a cart, and what of it can be bought now."""

from django.db.models import OuterRef, Q, Subquery

from accounts.wording import LANGUAGES
from billing import quotes
from billing.cart import purchases, renewals
from billing.cart.baskets import Visitor
from billing.models import CartItem
from services import offers
from services.models import Service

Act = CartItem.Act
# Long texts that are read in the catalogue, not here.
DESCRIPTIONS = [f"{path}description_{code}" for path in ("product__", "service__product__") for code in LANGUAGES]


def held(basket):
    """What lies in the cart, whether or not it can be bought, less what this person sees no longer."""
    if isinstance(basket, Visitor):
        return basket.cart_items
    # Asked about each item, a hundred at most: EXISTS and IN look through all services that somebody sees first.
    seen = Service.objects.visible_to(basket).filter(pk=OuterRef("service")).order_by()
    rows = basket.cart_items.alias(seen=Subquery(seen.values("pk")[:1]))
    return rows.filter(Q(service=None) | Q(seen__isnull=False))


def contents(basket):
    """The items of the cart by a few queries, however many there are.

    Each has its service or product, its price, `proforma_pk` (of the open order that its service is in) and
    `hindrance` (None when it can be bought), beside what is told by its act.
    """
    rows = held(basket).annotate(
        proforma_pk=renewals.open_proforma("service"), questions=purchases.QUESTIONS, **offers.flags("service")
    )
    found = list(rows.select_related("service__product", "product", "price").defer(*DESCRIPTIONS))
    renewed, bought = ([item for item in found if item.act == act] for act in (Act.RENEWAL, Act.PURCHASE))
    prices = offers.for_services(renewals.services_of(renewed), beside=[item.product for item in bought])
    renewals.look(renewed, prices)
    purchases.look(bought, prices)
    return found


def items(basket):
    """The items that can be bought now; others are passed over, not deleted."""
    return [item for item in contents(basket) if item.hindrance is None]


def quote(basket, found, *, promo=None):
    """What the items cost this customer, with a PromoCode that counts."""
    return quotes.of(basket.customer, found, promo=promo)


def remove(basket, service_pk):
    """Takes what concerns a service out; twice is harmless."""
    basket.cart_items.filter(service=service_pk).delete()


def take_out(basket, item_pk):
    """Takes one item out; twice is harmless."""
    basket.cart_items.filter(pk=item_pk).delete()
