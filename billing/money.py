"""Amounts: rounding and value-added tax, with where the rules come from.

Amounts are Decimal, in whole grosze. A total is rounded once, half up: art. 106e(11) of the Polish VAT act
(amounts of tax are rounded to full grosze; an end below 0.5 grosza is left out, one of 0.5 or more counts as 1).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_currency

from accounts.wording import reading_language

CURRENCY = "PLN"
# Where Babel's own pattern glues the code of a foreign currency to the figures.
PATTERNS = {"en": "¤\N{NO-BREAK SPACE}#,##0.00"}
AMOUNTS_KEPT = 1000
CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# The rate of what bears no tax, as FA(3) writes it in P_12; services.models.Product.TaxRate has it, too.
EXEMPT = "zw"


def rounded(amount):
    """To whole grosze, half away from zero (art. 106e(11))."""
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def percent(rate):
    """A rate of Polish VAT as a number; what is exempt bears none."""
    return Decimal(0) if rate == EXEMPT else Decimal(rate)


def with_tax(net, rate):
    """The gross of a net amount."""
    return rounded(net * (100 + percent(rate)) / 100)


def tax_on_net(net, rate):
    """Tax on top of a sum of net amounts (art. 106e(1)(13)–(14)): what companies are invoiced by."""
    return rounded(net * percent(rate) / 100)


def tax_in_gross(gross, rate):
    """Tax inside a sum of gross amounts, gross × rate / (100 + rate) (art. 106e(7)–(8)): for private persons."""
    return rounded(gross * percent(rate) / (100 + percent(rate)))


@dataclass(frozen=True)
class RateSum:
    """What falls under one rate of tax."""

    rate: str
    net: Decimal
    vat: Decimal
    gross: Decimal


def sums(amounts, *, from_gross):
    """RateSums of (rate, amount) pairs in the order of the rates; amounts are gross or net, as told."""
    by_rate = {}
    for rate, amount in amounts:
        by_rate[rate] = by_rate.get(rate, ZERO) + amount
    return [rate_sum(rate, amount, from_gross=from_gross) for rate, amount in sorted(by_rate.items(), key=order)]


def order(item):
    """The highest rate first, exempt last."""
    rate = item[0]
    return (rate == EXEMPT, -percent(rate))


def rate_sum(rate, amount, *, from_gross):
    """The three amounts of one rate, from the one that is given."""
    if from_gross:
        vat = tax_in_gross(amount, rate)
        return RateSum(rate, amount - vat, vat, amount)
    vat = tax_on_net(amount, rate)
    return RateSum(rate, amount, vat, amount + vat)


def differences(before, after):
    """By how much the sums of each rate change, rate by rate; what stays the same is kept as a zero."""
    empty = RateSum("", ZERO, ZERO, ZERO)
    old, new = ({part.rate: part for part in side} for side in (before, after))
    pairs = [
        (rate, old.get(rate, empty), new.get(rate, empty)) for rate in sorted(old | new, key=lambda r: order((r,)))
    ]
    return [RateSum(rate, now.net - was.net, now.vat - was.vat, now.gross - was.gross) for rate, was, now in pairs]


def total(rate_sums):
    """(net, VAT, gross) of all rates."""
    rate_sums = list(rate_sums)
    return (
        sum((part.net for part in rate_sums), ZERO),
        sum((part.vat for part in rate_sums), ZERO),
        sum((part.gross for part in rate_sums), ZERO),
    )


def in_words(amount, currency=CURRENCY, language=None):
    """An amount for reading, on one line: "1 234,56 zł" in Polish, "PLN 1,234.56" in English.

    `language` is the reader's, by default that of the page.
    """
    return written(amount, currency, language or reading_language())


@lru_cache(AMOUNTS_KEPT)
def written(amount, currency, language):
    """Written once and kept: a long list has the same few prices again and again."""
    return format_currency(amount, currency, format=PATTERNS.get(language), locale=language)
