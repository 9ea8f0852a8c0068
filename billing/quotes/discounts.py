"""A promo code in a quote: each line it is for costs less, and names it."""

from dataclasses import replace

from django.utils.translation import gettext as _

from billing import money, promos
from billing.quotes.base import LONGEST_NAME


def lessened(parts, items, promo, *, from_gross):
    """The lines of each item, cheaper where the code is for it.

    Per cents are taken off each line. An amount, which is net, is taken off one line after the other until it is
    used up.
    """
    rest, found = promo.net, []
    for lines, is_meant in zip(parts, promos.fits(items, promo), strict=True):
        cheaper = []
        for line in lines:
            if is_meant and promo.percent:
                line = less_percent(line, promo)
            elif is_meant:
                line, rest = less_amount(line, promo, rest, from_gross=from_gross)
            cheaper.append(line)
        found.append(cheaper)
    return found


def less_percent(line, promo):
    """The line with so many per cent off."""
    return named(line, money.rounded(line.price * (100 - promo.percent) / 100), promo, f"{promo.percent}%")


def less_amount(line, promo, rest, *, from_gross):
    """(the line less what is left of the code's amount, what is left then)"""
    off = min(line.price, money.with_tax(rest, line.tax_rate) if from_gross else rest)
    if not off:
        return line, rest
    used = off - money.tax_in_gross(off, line.tax_rate) if from_gross else off
    left = max(money.ZERO, rest - used) if off == line.price else money.ZERO
    return named(line, line.price - off, promo, money.in_words(off)), left


def named(line, price, promo, off):
    """The line at its lower price, with the code that made it so."""
    room = LONGEST_NAME - len(promo.code) - 40
    words = {"line": line.name[:room], "code": promo.code, "off": off}
    return replace(line, price=price, name=_("%(line)s (code %(code)s: −%(off)s)") % words)
