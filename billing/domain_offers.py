"""Which domain names are sold, at which price, and which of them are free."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, prefetch_related_objects

from billing.pricing import Period, periods
from services import availability
from services.catalogue import offered_prices
from services.domain_names import Name
from services.models import Domain, Price, Product
from services.models.price import MONTHS_OF_A_YEAR
from services.purchasing import Wanted

# Registrars are asked about so many endings at once, the typed one first; who wants another types it.
MOST_ENDINGS = 30


@dataclass(frozen=True)
class Offer:
    """A suffix that is sold, with the period at whose price it is shown and put into the cart."""

    product: Product
    period: Period


@dataclass(frozen=True)
class Found:
    """A name that was looked for, with its offer and whether it is free."""

    name: Name
    offer: Offer
    state: str


def endings(reader):
    """{suffix: Product} of all that is sold by the reader's provider, in the order of the catalogue, by one query."""
    priced = Price.objects.filter(product=OuterRef("pk"), is_offered=True)
    found = Product.objects.filter(Exists(priced), kind=Product.Kind.DOMAIN, provider=reader.provider, is_offered=True)
    named = found.exclude(suffix="").order_by("position", "suffix")
    return {product.suffix: product for product in named.defer("description_pl", "description_en")}


def sold(reader, products):
    """{suffix: Offer} of these products, by one query: there may be hundreds, and few of them on a page."""
    prefetch_related_objects(products, offered_prices())
    return {product.suffix: Offer(product, usual(periods(reader, product))) for product in products if product.offered}


def usual(found):
    """A year, or else the shortest of the periods."""
    return next((period for period in found if period.price.months == MONTHS_OF_A_YEAR), found[0])


def look(names, reader, products):
    """The names as Found, in their order, as many as are asked about at once; `products` as endings() gives them."""
    names = names[:MOST_ENDINGS]
    offers = sold(reader, [products[name.suffix] for name in names])
    names = [name for name in names if name.suffix in offers]
    states = availability.of((name, offers[name.suffix].product) for name in names)
    return [Found(name, offers[name.suffix], states[name]) for name in names]


def wanted(found, authinfo=""):
    """What goes into the cart: a registration, or a transfer with the AuthInfo (encrypted)."""
    origin = Domain.Origin.TRANSFERRED if authinfo else Domain.Origin.REGISTERED
    return Wanted(
        found.offer.product, found.offer.period.price, domain=found.name.shown, origin=origin.value, authinfo=authinfo
    )
