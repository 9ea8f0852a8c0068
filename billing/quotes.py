"""What a cart costs its customer: the same sums on the cart's page and on the proforma."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from billing import money
from billing.invoicing import Line
from billing.parties import prices_are_gross
from services.expiry import next_period

ONE = Decimal(1)


@dataclass(frozen=True)
class Quote:
    """Lines with their sums; `from_gross` says that prices are gross (a private person buys)."""

    lines: list
    rates: list
    from_gross: bool
    currency: str

    @property
    def net(self):
        return money.total(self.rates)[0]

    @property
    def vat(self):
        return money.total(self.rates)[1]

    @property
    def gross(self):
        return money.total(self.rates)[2]


def of_renewals(customer, wanted, *, line_keys=None):
    """The Quote of (service, price) pairs. `line_keys` are the keys of the order's lines, in the same order."""
    from_gross = prices_are_gross(customer)
    keys = line_keys or [None] * len(wanted)
    lines = [
        renewal(service, price, key, from_gross=from_gross) for (service, price), key in zip(wanted, keys, strict=True)
    ]
    rates = money.sums([(line.tax_rate, line.amount) for line in lines], from_gross=from_gross)
    currency = wanted[0][1].currency if wanted else "PLN"
    return Quote(lines, rates, from_gross, currency)


def renewal(service, price, key, *, from_gross):
    """One line: what is renewed, for how long, at what price."""
    product = service.product
    first_day, last_day = next_period(service, price.months)
    return Line(
        name=title(service, price),
        quantity=ONE,
        unit=product.unit,
        price=unit_price(price, product, from_gross=from_gross),
        tax_rate=product.tax_rate,
        tax_point=product.tax_point,
        pkwiu=product.pkwiu,
        gtu=product.gtu,
        in_annex_15=product.in_annex_15,
        period_from=first_day,
        period_to=last_day,
        order_line_id=key,
        service_id=service.pk,
    )


def unit_price(price, product, *, from_gross):
    """What the buyer is charged by: net for companies, gross for private persons."""
    return money.with_tax(price.net, product.tax_rate) if from_gross else price.net


def title(service, price):
    """How the line is called on documents: "Hosting Pro (garden.example), renewal: 1 year"."""
    domain = f" ({service.domain})" if service.domain and service.domain not in service.product.name else ""
    what = f"{service.product.name}{domain}"
    return _("%(service)s, renewal: %(period)s") % {"service": what, "period": price.period}
