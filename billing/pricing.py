"""Prices of the catalogue as a reader is charged by them: net for companies, gross for everybody else."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Customer, Provider
from billing import money, quotes
from billing.models import CartItem
from billing.parties import prices_are_gross
from billing.quotes.base import charged
from services.models import OptionValue, Price
from services.models.price import MONTHS_OF_A_YEAR


@dataclass(frozen=True)
class Reader:
    """Who looks at the catalogue of a provider (its key): a customer, or None for a visitor or staff."""

    provider: int | None
    customer: Customer | None = None

    @classmethod
    def of(cls, request):
        """A customer sees the catalogue of their own provider, others that of the panel's."""
        if request.customer:
            return cls(request.customer.provider_id, request.customer)
        provider = Provider.current()
        return cls(provider.pk if provider else None)

    @property
    def from_gross(self):
        """Whether prices are shown with VAT."""
        return prices_are_gross(self.customer)

    def charged(self, net, product):
        """What a net amount comes to."""
        return charged(net, product, from_gross=self.from_gross)


@dataclass(frozen=True)
class Period:
    """A period that a product can be ordered for, with what it costs and what is paid once."""

    price: Price
    amount: Decimal
    setup: Decimal

    @property
    def key(self):
        """What a form sends for it."""
        return str(self.price.pk)

    @property
    def is_free(self):
        """What costs nothing runs without an end."""
        return not self.price.net

    @property
    def label(self):
        """How long it lasts."""
        return _("Without an end") if self.is_free else self.price.period

    @property
    def line(self):
        """All of it on one line: "1 year: PLN 100.00, PLN 20.00 once"."""
        words = f"{self.label}: {money.in_words(self.amount, self.price.currency)}"
        once = _("%(amount)s once") % {"amount": money.in_words(self.setup, self.price.currency)}
        return f"{words}, {once}" if self.setup else words

    @property
    def monthly(self):
        """What a month comes to, where more than one is paid at once."""
        return money.rounded(self.amount / self.price.months) if self.price.months > 1 and self.amount else None


@dataclass(frozen=True)
class Cheapest:
    """The price in a list: the least that a month costs, or a year of what is sold by the year."""

    period: Period
    amount: Decimal
    is_yearly: bool
    is_only: bool


def periods(reader, product, prices=None):
    """The Periods of a product at these prices, or at the `offered` ones that it carries; the shortest first."""
    return [
        Period(price, reader.charged(price.net, product), reader.charged(price.setup_net, product))
        for price in (product.offered if prices is None else prices)
    ]


def cheapest(reader, product):
    """The Cheapest of a product; of two periods that cost the same the shorter."""
    found = periods(reader, product)
    least = min(found, key=lambda period: (period.amount / period.price.months, period.price.months))
    is_yearly = all(period.price.months % MONTHS_OF_A_YEAR == 0 for period in found)
    months = MONTHS_OF_A_YEAR if is_yearly else 1
    amount = money.rounded(least.amount * months / least.price.months)
    return Cheapest(least, amount, is_yearly, is_only=len(found) == 1)


def priced(reader, products):
    """Products with their `cheapest`."""
    products = list(products)
    for product in products:
        product.cheapest = cheapest(reader, product)
    return products


def answer(reader, product, value: OptionValue):
    """A value of an option on one line: "100 GB: PLN 10.00 a month more, PLN 5.00 once"."""
    monthly, setup = (money.in_words(reader.charged(net, product)) for net in (value.monthly_net, value.setup_net))
    extra = [_("%(amount)s a month more") % {"amount": monthly}] if value.monthly_net else []
    extra += [_("%(amount)s once") % {"amount": setup}] if value.setup_net else []
    return f"{value.name}: {', '.join(extra)}" if extra else value.name


def quote(reader, wanted):
    """(Quote of what is chosen, by the same sums as in the cart; what a renewal costs if that is less, else None)."""
    item = CartItem(act=CartItem.Act.PURCHASE, product=wanted.product, price=wanted.price)
    item.values = wanted.values
    found = quotes.of(reader.customer, [item])
    once = wanted.price.setup_net or any(value.setup_net for value in wanted.values)
    # What is paid once is the last line.
    renewal = sum(line.amount for line in found.lines[:-1]) if once else None
    return found, renewal
