"""What a renewal costs."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from billing.invoicing import Line
from billing.quotes.base import LONGEST_NAME, charged
from services import offers
from services.expiry import next_period


def lines(item, key, *, from_gross):
    """The lines of an item of the cart."""
    return [renewal(item.service, item.price, key, from_gross=from_gross)]


def renewal(service, price, key, *, from_gross):
    """One line: what is renewed with its options, for how long, at what price."""
    product = offers.terms(service).product
    first_day, last_day = next_period(service, price.months)
    return Line.selling(
        product,
        name=title(service, price),
        price=amount(service, price, from_gross=from_gross),
        period_from=first_day,
        period_to=last_day,
        order_line_id=key,
        service_id=service.pk,
    )


def amount(service, price, *, from_gross):
    """What the buyer is charged by for a period of a service, its options included."""
    terms = offers.terms(service)
    return charged(terms.net(price), terms.product, from_gross=from_gross)


def title(service, price):
    """How the line is called on documents: "Hosting Pro (garden.example), renewal: 1 year, with Disk: 50 GB"."""
    terms = offers.terms(service)
    words = {"service": named(service, terms.product), "period": price.period, "options": terms.options_in_words}
    if not terms.options:
        return _("%(service)s, renewal: %(period)s") % words
    whole = _("%(service)s, renewal: %(period)s, with %(options)s") % words
    return Truncator(whole).chars(LONGEST_NAME)


def named(service, product):
    """A service as what it is or is to become: "Hosting Pro (garden.example)"."""
    domain = f" ({service.domain})" if service.domain and service.domain not in product.name else ""
    return f"{product.name}{domain}"
