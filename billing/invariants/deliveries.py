"""Every document is on its way: its PDF, and its e-invoice where one is due."""

import hashlib

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.invariants.base import invariant
from billing.models import Delivery, Document, EInvoice


@invariant(_("Nobody will ever send document %(number)s: its delivery is missing."))
def documents_have_a_delivery():
    for document in Document.objects.filter(delivery=None).order_by("pk").iterator():
        yield document, {"number": document.number}


@invariant(_("The PDF of document %(number)s is gone: there is no file %(file)s."))
def pdfs_are_there():
    for delivery in with_pdf():
        if not delivery.pdf.storage.exists(delivery.pdf.name):
            yield delivery, {"number": delivery.document.number, "file": delivery.pdf.name}


@invariant(_("The PDF of document %(number)s is another file than was made: %(file)s."))
def pdfs_are_as_made():
    for delivery in with_pdf():
        try:
            with delivery.pdf.storage.open(delivery.pdf.name) as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            continue  # told by pdfs_are_there
        if sha256 != delivery.sha256:
            yield delivery, {"number": delivery.document.number, "file": delivery.pdf.name}


def with_pdf():
    """Deliveries with a PDF, a few in memory at a time."""
    made = Delivery.objects.exclude(pdf="").select_related("document").order_by("pk")
    return made.only("pdf", "sha256", "document__number").iterator(chunk_size=1000)


@invariant(_("Nobody has decided whether document %(number)s, which has a PDF, becomes an e-invoice."))
def delivered_documents_are_decided_on_as_e_invoices():
    undecided = Document.objects.filter(e_invoice=None).exclude(delivery=None).exclude(delivery__pdf="")
    for document in undecided.order_by("pk").iterator():
        yield document, {"number": document.number}


@invariant(_("The e-invoice of document %(number)s: a proforma is never one, and an accepted one has a number."))
def e_invoices_are_of_invoices_and_numbered():
    proformas = Q(document__kind=Document.Kind.PROFORMA) & ~Q(state=EInvoice.State.NOT_NEEDED)
    wrong = EInvoice.objects.filter(proformas | Q(state=EInvoice.State.ACCEPTED, number=""))
    for e_invoice in wrong.select_related("document").order_by("pk").iterator():
        yield e_invoice, {"number": e_invoice.document.number}
