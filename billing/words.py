"""Amounts spelled out, as they stand on documents."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from num2words import num2words

from billing.money import CURRENCY, rounded


def spelled(amount, currency, language):
    """An amount of money in words: "sto dwadzieścia trzy złote 45/100", "one hundred … zlotys 45/100"."""
    amount = rounded(amount)
    whole, grosze = divmod(int(abs(amount) * 100), 100)
    with override(language):
        words = units(whole, currency, num2words(whole, lang=language))
        text = _("%(amount)s %(hundredths)02d/100") % {"amount": words, "hundredths": grosze}
        return _("minus %(amount)s") % {"amount": text} if amount < 0 else text


def units(count, currency, words):
    """The spelled number with its currency, which in Polish has three forms."""
    if currency != CURRENCY:
        return f"{words} {currency}"
    return ngettext("%(number)s zloty", "%(number)s zlotys", count) % {"number": words}
