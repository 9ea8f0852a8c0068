"""What a renewal of a service can be: the periods on offer, what each costs this customer, and until when it lasts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing import money
from billing.parties import prices_are_gross
from billing.quotes.renewals import amount
from services import offers
from services.expiry import next_period
from services.models import Price, Service


@dataclass(frozen=True)
class Option:
    """A period that can be bought; `amount` is net for companies, gross for private persons."""

    price: Price
    amount: Decimal
    until: date

    @property
    def key(self):
        """What a form sends for it."""
        return self.price.pk

    @property
    def line(self):
        """All of it on one line: "1 year: PLN 100.00, until 31 Jan 2028"."""
        day = date_format(self.until, "SHORT_DATE_FORMAT")
        amount = money.in_words(self.amount, self.price.currency)
        return _("%(period)s: %(amount)s, until %(day)s") % {"period": self.price.period, "amount": amount, "day": day}


@dataclass
class Row:
    """A service in the list of renewals: its options, which of them is chosen, and whether it is ticked."""

    service: Service
    options: list
    chosen: int | None = None
    ticked: bool = False

    @property
    def is_for_sale(self):
        """Whether it can be put into the cart: it has a price, is not ordered already, and is not to end."""
        return bool(self.options) and not self.service.proforma_pk and not self.service.cancelled_at

    @property
    def terms(self):
        """What the next period is made of: the product, which may be another than now, and options."""
        return offers.terms(self.service)

    @property
    def becomes(self):
        """The product that it is renewed as, when that is another than now."""
        return self.terms.product if self.terms.product.pk != self.service.product_id else None

    @property
    def only(self):
        """The option that is alone and so needs no choosing, or None."""
        return self.options[0] if len(self.options) == 1 else None

    def restore(self, ticked, chosen):
        """Takes over ticks (services' keys) and periods ({service's key: price's key}) as they were sent."""
        self.ticked = self.is_for_sale and self.service.pk in ticked
        if chosen.get(self.service.pk) in {option.price.pk for option in self.options}:
            self.chosen = chosen[self.service.pk]


def options(customer, service, prices):
    """The Options of a service, the shortest period first."""
    from_gross = prices_are_gross(customer)
    return [
        Option(price, amount(service, price, from_gross=from_gross), next_period(service, price.months)[1])
        for price in prices
    ]


def rows(customer, services):
    """Rows of services that carry `proforma_pk` and `cart_price`, by a few queries for all their prices."""
    prices = offers.for_services(services)
    return [row(customer, service, prices[service]) for service in services]


def row(customer, service, prices):
    """The Row of one service; chosen is what lies in the cart, else what is usual."""
    usual = offers.usual(service, prices)
    offered = {price.pk for price in prices}
    chosen = service.cart_price if service.cart_price in offered else usual and usual.pk
    return Row(service, options(customer, service, prices), chosen)
