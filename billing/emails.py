"""The letters about money: what their templates are told."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.notify import Kind, NoLongerNeeded, letter
from billing import documents, gateways, transfers
from billing.models import Document, Receivable, Wallet

DOCUMENTS = Document.objects.select_related(
    "provider", "receivable", "corrects", "order__placed_by", "delivery"
).defer("buyer_data")


def find(row):
    """The document that a letter is about."""
    document = row.batch.find(row, "document", DOCUMENTS)
    if document is None:
        raise NoLongerNeeded
    return document


def about(document, row):
    """What every letter with a document is told: the document, its page, who ordered it, and the PDF to attach."""
    with document.delivery.pdf.open("rb") as file:
        attached = [(document.file_name, file.read(), "application/pdf")]
    placed_by = document.order.placed_by if document.order else None
    return {
        "document": document,
        "ordered_by": placed_by if placed_by and placed_by != row.user else None,
        "url": settings.SITE_URL + reverse("billing:document", args=[document.pk]),
        "attached": attached,
    }


@letter("proforma", _("Proforma invoice"), kind=Kind.MONEY)
def proforma(row):
    """Asks for payment; not sent any more once it is paid or cancelled."""
    document = find(row)
    if document.receivable.state != Receivable.State.OPEN:
        raise NoLongerNeeded
    seller = document.seller
    return about(document, row) | {
        "seller": seller,
        "account": transfers.readable(seller.bank_account),
        "url": settings.SITE_URL + documents.address_to_pay([document.pk]),
    }


@letter("invoice", _("VAT invoice"), kind=Kind.MONEY)
def invoice(row):
    """Brings the invoice of what was paid."""
    document = find(row)
    return about(document, row) | {"way": gateways.label(document.paid_by)}


@letter("correction", _("Correction invoice"), kind=Kind.MONEY)
def correction(row):
    """Brings a correction."""
    return about(find(row), row)


@letter("balance_low", _("Notice of a low balance"), optional=_("When the balance is low"), kind=Kind.MONEY)
def balance_low(row):
    """Tells that the balance has fallen below the customer's threshold."""
    wallet = row.batch.find(row, "wallet", Wallet.objects.select_related("customer"))
    if wallet is None or wallet.threshold is None:
        raise NoLongerNeeded
    balance = wallet.balance
    if balance >= wallet.threshold:
        raise NoLongerNeeded
    return {"wallet": wallet, "balance": balance, "url": settings.SITE_URL + reverse("billing:wallet")}
