"""Corrections: what is issued is never changed, another document says what it should have been."""

from dataclasses import replace
from decimal import Decimal

from django.db import transaction

from billing.invoicing import Line, issue_correction
from billing.locks import locked_one
from billing.models import Document


class NotCorrectable(Exception):
    """It is no invoice, has no such line, nothing would change, or it would ask for more than was paid."""


def standing(invoice):
    """The lines of an invoice as they stand after all its corrections."""
    last = invoice.corrections.order_by("-pk").first()
    rows = last.lines.filter(before=False) if last else invoice.lines.all()
    return [Line.of(row, before=False) for row in rows]


@transaction.atomic
def correct(invoice, changes, *, reason, correction_type=Document.CorrectionType.CORRECTION, by):
    """Issues a correction; returns it.

    `changes` gives new (quantity, unit price) by the position of a line, counted from 1; other lines stay.
    All lines are repeated, so that each correction tells the whole state and its sums are exact. Raises
    NotCorrectable: more is never asked for by a correction, that takes a new order.
    """
    invoice = locked_one(Document.objects.select_related("customer__provider"), pk=invoice.pk)
    if invoice.kind != Document.Kind.INVOICE:
        raise NotCorrectable
    before = standing(invoice)
    if not set(changes) <= set(range(1, len(before) + 1)):
        raise NotCorrectable
    after = [changed(line, changes.get(position)) for position, line in enumerate(before, 1)]
    if after == before or any(new.amount > old.amount for old, new in zip(before, after, strict=True)):
        raise NotCorrectable
    pairs = [line for old, new in zip(before, after, strict=True) for line in (replace(old, before=True), new)]
    return issue_correction(invoice, pairs, reason=reason, correction_type=correction_type, by=by)


def changed(line, change):
    """The line with another quantity and price, or as it is."""
    if change is None:
        return line
    quantity, price = (Decimal(value) for value in change)
    # More decimals than the columns have would be cut off there, and the document would not be what was digested.
    if quantity < 0 or price < 0 or round(quantity, 6) != quantity or round(price, 2) != price:
        raise NotCorrectable
    return replace(line, quantity=quantity, price=price)


def cancel(invoice, *, reason, by):
    """Corrects an invoice to zero: every line comes to nothing."""
    nothing = {position: (0, line.price) for position, line in enumerate(standing(invoice), 1)}
    return correct(invoice, nothing, reason=reason, by=by)
