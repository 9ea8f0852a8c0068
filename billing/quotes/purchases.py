"""What a new service costs: itself, each option that is paid for, and setting it up once."""

from django.utils.translation import gettext as _

from billing.invoicing import Line
from billing.quotes.base import LONGEST_NAME, charged
from services.models import Domain, Product


def lines(item, key, *, from_gross):
    """The lines of an item: no days stand there, because the time counts from the day it is set up."""
    product, price, what = item.product, item.price, named(item)

    def line(name, net, tax_point):
        return Line.selling(
            product,
            name=name[:LONGEST_NAME],
            price=charged(net, product, from_gross=from_gross),
            tax_point=tax_point,
            order_line_id=key,
        )

    found = [line(title(item, what), price.net, product.tax_point)]
    for value in item.values:
        if value.monthly_net:
            words = {"product": what, "option": value.option.name, "value": value.name, "period": price.period}
            name = _("%(product)s, %(option)s: %(value)s, %(period)s") % words
            found.append(line(name, value.monthly_net * price.months, product.tax_point))
    if setup := price.setup_net + sum(value.setup_net for value in item.values):
        found.append(line(_("%(product)s, set-up") % {"product": what}, setup, Product.TaxPoint.ONE_OFF))
    return found


def named(item):
    """What is bought: "Hosting Pro (garden.example)"."""
    return f"{item.product.name} ({item.domain})" if item.domain else item.product.name


def title(item, what):
    """How the main line is called on documents: "Hosting Pro (garden.example), 1 year"."""
    words = {"product": what, "period": item.price.period}
    if not item.price.net:
        return _("%(product)s, without an end") % words
    if item.origin == Domain.Origin.TRANSFERRED:
        return _("%(product)s, transfer with %(period)s") % words
    if item.origin:
        return _("%(product)s, registration for %(period)s") % words
    return _("%(product)s, %(period)s") % words
