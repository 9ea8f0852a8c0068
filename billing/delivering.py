"""How a document reaches its buyer: a PDF, made once and kept, and a mail that carries it."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from accounts import notify
from accounts.history import record
from accounts.work.retry import retries
from billing import einvoices, pdfs, recipients
from billing.actions import Action
from billing.cases import close_by_itself
from billing.failures import document_failed
from billing.locks import locked_one
from billing.models import Case, Delivery, Document, EInvoice


@task()
@retries(10, on=(Exception,))
def deliver(document_pk):
    """Makes the PDF and writes the mail, each once however often it is called.

    What fails is told to staff and raised, so that the worker tries again; a payment never notices. Neither
    is done while the e-invoice system withholds the PDF: its number will stand on it.
    """
    document = Document.objects.select_related("customer", "provider", "corrects", "proforma").get(pk=document_pk)
    register(document)
    if einvoices.system().withholds_pdf(document):
        return
    for step, reason in ((keep_pdf, Case.Reason.PDF_FAILED), (write_mail, Case.Reason.MAIL_FAILED)):
        try:
            step(document)
        except Exception as error:
            note_failure(document, error)
            document_failed(reason, document, error)
            raise
        close_by_itself(reason, f"document:{document.pk}")


def register(document):
    """Notes whether it becomes an e-invoice; a proforma is no invoice and never does."""
    system = einvoices.system()
    takes = not document.is_proforma and system.takes(document)
    state = EInvoice.State.QUEUED if takes else EInvoice.State.NOT_NEEDED
    EInvoice.objects.get_or_create(document=document, defaults={"provider": system.name, "state": state})


def note_failure(document, error):
    """Keeps the last error beside the document."""
    delivery = Delivery.objects.get(document=document)
    delivery.attempts, delivery.error = delivery.attempts + 1, repr(error)[:500]
    delivery.save(update_fields=["attempts", "error"])


def keep_pdf(document):
    """The Delivery with its PDF, made now if that has not been done; the first one made is the one that stays."""
    delivery = Delivery.objects.get(document=document)
    if delivery.pdf:
        return delivery
    content = pdfs.make(document)
    with transaction.atomic():
        delivery = locked_one(Delivery.objects, document=document)
        if not delivery.pdf:
            delivery.document = document
            delivery.pdf.save("", ContentFile(content), save=False)
            delivery.sha256, delivery.made_at = hashlib.sha256(content).hexdigest(), timezone.now()
            delivery.error = ""
            delivery.save(update_fields=["pdf", "sha256", "made_at", "error"])
    return delivery


@transaction.atomic
def write_mail(document):
    """The mail to everybody whom documents go to, once."""
    delivery = locked_one(Delivery.objects, document=document)
    if delivery.mailed_at:
        return
    delivery.mailed_at, delivery.error = timezone.now(), ""
    delivery.save(update_fields=["mailed_at", "error"])
    is_proforma, is_correction = document.is_proforma, document.kind == Document.Kind.CORRECTION
    for reader in recipients.of(document.customer):
        notify.mail(
            "proforma" if is_proforma else "correction" if is_correction else "invoice", **reader, document=document.pk
        )


@transaction.atomic
def send_again(document, *, by):
    """Has the mail written once more, and the PDF made where it is not or its file is gone."""
    delivery = locked_one(Delivery.objects, document=document)
    delivery.mailed_at = None
    if delivery.pdf and not delivery.pdf.storage.exists(delivery.pdf.name):
        delivery.pdf, delivery.sha256, delivery.made_at = "", "", None
    delivery.save(update_fields=["mailed_at", "pdf", "sha256", "made_at"])
    record(Action.DOCUMENT_SENT_AGAIN, customer=document.customer, by=by, document=document.number)
    deliver.enqueue(document.pk)
