"""Documents are as they were issued, and their sums are right; read once, in chunks."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from billing import money
from billing.invariants.base import invariant
from billing.invoicing import digest, rate_sums
from billing.models import Document, DocumentLine, DocumentRate

CHUNK = 1000


@dataclass(frozen=True)
class Issued:
    """A document with its lines and the sums of its rates, in the order in which they were written."""

    document: Document
    lines: list
    rates: list


def each():
    """Every document as an Issued, CHUNK of them in memory at a time."""
    last = 0
    while chunk := list(Document.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        lines, rates = (of(model, chunk) for model in (DocumentLine, DocumentRate))
        for document in chunk:
            yield Issued(document, lines[document.pk], rates[document.pk])


def of(model, documents):
    """{document's key: its rows}."""
    found = defaultdict(list)
    keys = [document.pk for document in documents]
    for row in model.objects.filter(document__gte=keys[0], document__lte=keys[-1]).order_by("pk"):
        found[row.document_id].append(row)
    return found


@invariant(_("Document %(number)s is not as it was issued: its digest differs."), of_documents=True)
def documents_are_as_issued(issued):
    if digest(issued.document, issued.lines, issued.rates) != issued.document.digest:
        yield issued.document, {"number": issued.document.number}


@invariant(_("Document %(number)s says %(said)s (net, VAT, gross), but its rates come to %(sum)s."), of_documents=True)
def documents_are_the_sum_of_their_rates(issued):
    document = issued.document
    said, total = (document.net, document.vat, document.gross), money.total(issued.rates)
    if said != total:
        yield document, {"number": document.number, "said": amounts(said), "sum": amounts(total)}


@invariant(_("Document %(number)s: its lines do not come to the sums of its rates."), of_documents=True)
def rates_follow_from_lines(issued):
    is_correction = issued.document.kind == Document.Kind.CORRECTION
    counted = rate_sums(issued.lines, from_gross=issued.document.from_gross, difference=is_correction)
    written = [money.RateSum(row.rate, row.net, row.vat, row.gross) for row in issued.rates]
    if counted != written:
        yield issued.document, {"number": issued.document.number}


@invariant(
    _("Document %(number)s, line %(position)s: quantity and price do not come to its amount."), of_documents=True
)
def lines_are_quantity_times_price(issued):
    for line in issued.lines:
        if money.rounded(line.quantity * line.price) != line.amount:
            yield issued.document, {"number": issued.document.number, "position": line.position}


def amounts(three):
    """Net, VAT and gross in a row."""
    return " / ".join(str(amount) for amount in three)
