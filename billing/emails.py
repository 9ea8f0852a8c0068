"""The letters about money: what their templates are told."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.notify import NoLongerNeeded, letter
from billing.models import Delivery, Document, Receivable, Wallet

DOCUMENTS = Document.objects.select_related("provider", "receivable", "corrects")


def document_of(row):
    """What a letter about a document is told: the document, its page, and its PDF to attach."""
    document = row.batch.find(row, "document", DOCUMENTS)
    if document is None:
        raise NoLongerNeeded
    delivery = Delivery.objects.get(document=document)
    with delivery.pdf.open("rb") as file:
        attached = [(document.file_name, file.read(), "application/pdf")]
    url = settings.SITE_URL + reverse("billing:document", args=[document.pk])
    return {"document": document, "url": url, "attached": attached}


@letter("proforma", _("Proforma invoice"))
def proforma(row):
    """Asks for payment; not sent any more once it is paid or cancelled."""
    context = document_of(row)
    if context["document"].receivable.state != Receivable.State.OPEN:
        raise NoLongerNeeded
    return context


@letter("invoice", _("VAT invoice"))
def invoice(row):
    """Brings the invoice of what was paid."""
    return document_of(row)


@letter("correction", _("Correction invoice"))
def correction(row):
    """Brings a correction."""
    return document_of(row)


@letter("balance_low", _("Notice of a low balance"), optional=_("When the balance is low"))
def balance_low(row):
    """Tells that the balance has fallen below the customer's threshold."""
    wallet = row.batch.find(row, "wallet", Wallet.objects.select_related("customer"))
    if wallet is None or wallet.threshold is None:
        raise NoLongerNeeded
    balance = wallet.balance
    if balance >= wallet.threshold:
        raise NoLongerNeeded
    return {"wallet": wallet, "balance": balance, "url": settings.SITE_URL + reverse("billing:wallet")}
