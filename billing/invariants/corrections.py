"""Corrections follow from what they correct."""

from collections import defaultdict

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from billing.invariants.base import invariant
from billing.invoicing import Line
from billing.models import Document, DocumentLine

CHUNK = 500
CORRECTIONS = Document.objects.filter(kind=Document.Kind.CORRECTION)


def invoices_in_chunks():
    """Corrected invoices, each with its corrections in order, and {document: its lines}; CHUNK at a time."""
    corrected = Document.objects.filter(Exists(CORRECTIONS.filter(corrects=OuterRef("pk"))))
    last = 0
    while chunk := list(corrected.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        corrections, lines = defaultdict(list), defaultdict(list)
        for correction in CORRECTIONS.filter(corrects__in=chunk).order_by("pk"):
            corrections[correction.corrects_id].append(correction)
        keys = [document.pk for document in chunk] + [row.pk for rows in corrections.values() for row in rows]
        for line in DocumentLine.objects.filter(document__in=keys).order_by("document", "position"):
            lines[line.document_id].append(line)
        yield [(invoice, corrections[invoice.pk]) for invoice in chunk], lines


def states(lines, *, before):
    """What stands before, or after, a document."""
    return [Line.of(row, before=False) for row in lines if row.before == before]


@invariant(_("Correction %(number)s begins with other lines than stood before it."))
def corrections_begin_where_the_last_one_ended():
    for chunk, lines in invoices_in_chunks():
        for invoice, corrections in chunk:
            stands = states(lines[invoice.pk], before=False)
            for correction in corrections:
                if states(lines[correction.pk], before=True) != stands:
                    yield correction, {"number": correction.number}
                stands = states(lines[correction.pk], before=False)


@invariant(_("The corrections of invoice %(number)s take back more than it charged."))
def corrections_leave_no_less_than_nothing():
    for chunk, _lines in invoices_in_chunks():
        for invoice, corrections in chunk:
            if invoice.gross + sum(correction.gross for correction in corrections) < 0:
                yield invoice, {"number": invoice.number}


@invariant(_("Correction %(number)s corrects what is no invoice, or one of another customer or currency."))
def corrections_correct_invoices_of_their_customer():
    wrong = CORRECTIONS.exclude(
        Q(corrects__kind=Document.Kind.INVOICE)
        & Q(corrects__customer=F("customer"))
        & Q(corrects__currency=F("currency"))
    )
    for correction in wrong.order_by("pk").iterator():
        yield correction, {"number": correction.number}
