"""Corrections: what is issued is never changed, another document says what it should have been."""

from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing.invoicing import Line, issue_correction
from billing.locks import locked_one
from billing.models import Document

# What says who the buyer is. Who is somebody else, and not just called otherwise, is invoiced anew.
IDENTITY = ("kind", "tax_id", "eu_prefix", "eu_number", "other_id", "other_country")


class NotCorrectable(Exception):
    """It is no invoice, has no such line, nothing would change, or it would ask for more than was paid.

    The message says which, in the reader's language.
    """


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
    invoice = correctable(invoice)
    before = standing(invoice)
    if not set(changes) <= set(range(1, len(before) + 1)):
        raise NotCorrectable(_("The invoice has no such line."))
    after = [changed(line, changes.get(position)) for position, line in enumerate(before, 1)]
    if after == before:
        raise NotCorrectable(_("Nothing would change: the invoice says so already."))
    if any(new.amount > old.amount for old, new in zip(before, after, strict=True)):
        raise NotCorrectable(_("A correction never asks for more; that takes a new order."))
    pairs, buyer = paired(before, after), standing_buyer(invoice)
    return issue_correction(invoice, pairs, buyer=buyer, reason=reason, correction_type=correction_type, by=by)


@transaction.atomic
def correct_buyer(invoice, buyer, *, reason, by):
    """Corrects how the buyer is called, or where they are; returns the correction, which changes no amount.

    Its own buyer data are the new ones, those of the document that it corrects the old ones. Raises
    NotCorrectable for another identity: a wrong NIP takes a correction to zero and a new invoice.
    """
    invoice = correctable(invoice)
    before, after = standing_buyer(invoice), buyer.data()
    if after == before:
        raise NotCorrectable(_("Nothing would change: the invoice says so already."))
    if any(before[name] != after[name] for name in IDENTITY):
        raise NotCorrectable(
            _("Another NIP or kind of buyer is not corrected: correct the invoice to zero and issue a new one.")
        )
    lines = standing(invoice)
    kind = Document.CorrectionType.ORIGINAL
    return issue_correction(invoice, paired(lines, lines), buyer=after, reason=reason, correction_type=kind, by=by)


def correctable(invoice):
    """The invoice, locked until the transaction ends."""
    invoice = locked_one(Document.objects.select_related("customer__provider"), pk=invoice.pk)
    if invoice.kind != Document.Kind.INVOICE:
        raise NotCorrectable(_("Only invoices are corrected."))
    return invoice


def standing_buyer(invoice):
    """The buyer's data as they stand after all corrections of an invoice."""
    last = invoice.corrections.order_by("-pk").first()
    return last.buyer_data if last else invoice.buyer_data


def paired(before, after):
    """Each line as it was, then as it is to be."""
    return [line for old, new in zip(before, after, strict=True) for line in (replace(old, before=True), new)]


def changed(line, change):
    """The line with another quantity and price, or as it is."""
    if change is None:
        return line
    quantity, price = (Decimal(value) for value in change)
    # More decimals than the columns have would be cut off there, and the document would not be what was digested.
    if quantity < 0 or price < 0 or round(quantity, 6) != quantity or round(price, 2) != price:
        raise NotCorrectable(_("A quantity is zero or more with at most six decimals, a price with at most two."))
    return replace(line, quantity=quantity, price=price)


def cancel(invoice, *, reason, by):
    """Corrects an invoice to zero: every line comes to nothing."""
    nothing = {position: (0, line.price) for position, line in enumerate(standing(invoice), 1)}
    return correct(invoice, nothing, reason=reason, by=by)
