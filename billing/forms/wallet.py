"""Amounts as people type them, topping the balance up, and when to be warned."""

import re
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import money
from billing.forms.invoices import WayForm

LEAST, MOST = Decimal(1), Decimal(50_000)
# Digits in thousands or in one go, a comma or a point before the grosze, and "zł" for who copied it from a page.
TYPED = re.compile(
    r"([0-9]+|[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+)(?:[,.]([0-9]{1,2}))?(?:[ \u00a0\u202f]?(?:zł|pln))?",
    re.IGNORECASE,
)


class AmountField(forms.CharField):
    """An amount of money between LEAST and MOST, as it is written in Poland; a Decimal, or None when left empty.

    Decimal itself would take "1e3", "1_0", "NaN" and figures of any script: nobody means money by these.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "amount"})
    default_error_messages = {
        "invalid": _("Type an amount in złote, for example 150 or 99,50."),
        "outside": _("Type an amount from %(least)s to %(most)s."),
    }

    def __init__(self, **kwargs):
        super().__init__(max_length=30, **kwargs)

    def clean(self, value):
        """The amount. Raises ValidationError."""
        text = super().clean(value)
        if not text:
            return None
        typed = TYPED.fullmatch(text)
        if not typed:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        amount = Decimal(f"{re.sub(r'[^0-9]', '', typed[1])}.{typed[2] or '0'}")
        if not LEAST <= amount <= MOST:
            limits = {"least": money.in_words(LEAST), "most": money.in_words(MOST)}
            raise forms.ValidationError(self.error_messages["outside"], code="outside", params=limits)
        return money.rounded(amount)

    def prepare_value(self, value):
        """An amount that is kept is shown as it would be typed."""
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value


class TopUpForm(WayForm):
    """How much money to put in, and how it comes."""

    amount = AmountField(label=_("Amount"), help_text=_("In złote, from 1 to 50 000."))
    field_order = ["amount", "way"]


class ThresholdForm(forms.Form):
    """Below which balance a mail is sent."""

    threshold = AmountField(
        label=_("Notify me when the balance falls below"),
        required=False,
        help_text=_("In złote. Leave it empty and no mail is sent."),
    )
