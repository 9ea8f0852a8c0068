"""Numbers of documents: 1, 2, 3 … of each series and year, without gaps."""

from django.db import transaction
from django.db.models import F

from billing.models import NumberSeries

# Art. 106e(1)(2) of the VAT act asks for numbers of one or more series that name an invoice without doubt.
SERIES = {"proforma": "PRO", "invoice": "FV", "correction": "FK"}


def draw(provider, code, year):
    """The next number of the series; must be called in the transaction that issues the document.

    The series' row stays locked until that transaction ends: who rolls back gives the number to the next.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a number is drawn in the transaction of its document")
    series = NumberSeries.objects.filter(provider=provider, code=code, year=year)
    if not series.update(last=F("last") + 1):
        NumberSeries.objects.bulk_create(
            [NumberSeries(provider=provider, code=code, year=year)], ignore_conflicts=True
        )
        series.update(last=F("last") + 1)
    return series.get().last


def number(code, sequence, year):
    """How a number is written: FV/12/2026."""
    return f"{code}/{sequence}/{year}"
