"""The letters about money: what their templates are told."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.notify import Kind, NoLongerNeeded, letter
from billing import charging, documents, gateways, owing, transfers
from billing.models import Document, Receivable, Wallet

DOCUMENTS = Document.objects.select_related(
    "provider", "receivable", "corrects", "order__placed_by", "delivery"
).defer("buyer_data")


def find(row):
    """The document that a letter is about."""
    return row.batch.need(row, "document", DOCUMENTS)


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


@letter(
    "balance_low",
    _("Notice of a low balance"),
    optional=_("When the balance is low"),
    kind=Kind.MONEY,
    by_text=_("When the balance is low"),
)
def balance_low(row):
    """Tells that the balance has fallen below the customer's threshold."""
    wallet = row.batch.need(row, "wallet", Wallet.objects.select_related("customer"))
    if wallet.threshold is None:
        raise NoLongerNeeded
    balance = wallet.balance
    if balance >= wallet.threshold:
        raise NoLongerNeeded
    return {"wallet": wallet, "balance": balance, "url": settings.SITE_URL + reverse("billing:wallet")}


@letter("use_waits", _("Notice of use that is not paid"), kind=Kind.MONEY)
def use_waits(row):
    """Tells once that the balance is too small for what was used, and what follows; not when it was paid meanwhile."""
    customer = row.batch.need(row, "customer", Customer.objects)
    amount = charging.sum_waiting(customer)
    if not amount:
        raise NoLongerNeeded
    return {
        "customer": customer,
        "amount": amount,
        "limit": owing.limit_in_words(),
        "url": settings.SITE_URL + reverse("billing:wallet"),
    }


@letter(
    "use_suspended",
    _("Notice of services switched off for unpaid use"),
    kind=Kind.MONEY,
    by_text=_("When services are switched off for unpaid use"),
)
def use_suspended(row):
    """Tells which services are off until their use is paid."""
    context = use_waits(row)
    services = [service for service in context["customer"].services.order_by("pk") if owing.is_held(service)]
    if not services:
        raise NoLongerNeeded
    return context | {"services": services}
