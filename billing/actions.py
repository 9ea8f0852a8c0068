"""What billing writes into the history."""

from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import history_kinds
from accounts.history import WORDS_OF, register
from billing import gateways, money


@register
class Action(models.TextChoices):
    """Sentences filled from an entry's details."""

    ORDER_PLACED = "order_placed", _("An order was placed; proforma %(document)s for %(amount)s.")
    FREE_ORDER_PLACED = "free_order_placed", _("Order %(order)s was placed; it costs nothing.")
    ORDER_CANCELLED = "order_cancelled", _("The order with proforma %(document)s was cancelled.")
    PROFORMA_LAPSED = "proforma_lapsed", _("Proforma %(document)s lapsed: it was not paid in time.")
    DOCUMENT_PAID = "document_paid", _("Proforma %(document)s was paid: %(amount)s, %(way)s.")
    INVOICE_ISSUED = "invoice_issued", _("Invoice %(document)s was issued.")
    CORRECTION_ISSUED = "correction_issued", _("Correction %(document)s of invoice %(invoice)s was issued.")
    DOCUMENT_SENT_AGAIN = "document_sent_again", _("The provider is sending document %(document)s again.")
    DOCUMENT_DOWNLOADED = "document_downloaded", _("Document %(document)s was downloaded.")
    PAYMENT_STARTED = "payment_started", _("A payment of %(amount)s was started, %(way)s.")
    PAYMENT_FAILED = "payment_failed", _("A payment of %(amount)s failed, %(way)s.")
    PAYMENT_UNEXPECTED = "payment_unexpected", _("A payment of %(amount)s came that we look into.")
    WALLET_TOPPED_UP = "wallet_topped_up", _("The balance was topped up by %(amount)s, %(way)s.")
    WALLET_ADJUSTED = "wallet_adjusted", _("The provider changed the balance by %(amount)s: %(text)s")
    THRESHOLD_CHANGED = "threshold_changed", _("The warning about a low balance was changed: %(amount)s.")
    REFUND_ASKED = "refund_asked", _("The provider is paying back %(amount)s: %(text)s")
    REFUND_DONE = "refund_done", _("%(amount)s were paid back.")
    REFUND_GIVEN_UP = "refund_given_up", _("The provider does not pay back %(amount)s after all.")
    CASE_CLOSED = "case_closed", _("Support looked into a payment: %(text)s")
    BANK_TRANSFER = "bank_transfer", _("The provider noted a bank transfer of %(amount)s for %(document)s.")
    ADMIN_LOOKED_AT_DOCUMENT = "admin_looked_at_document", _("The administration opened document %(document)s.")
    ADMIN_LOOKED_AT_PAYMENT = "admin_looked_at_payment", _("The administration opened the payment of %(amount)s.")
    ADMIN_LOOKED_AT_WALLET = "admin_looked_at_wallet", _("The administration opened your balance.")
    ADMIN_LOOKED_AT_CASE = "admin_looked_at_case", _("The administration opened a case about your payment.")


def amount_in_words(text):
    """An amount of an entry as its reader writes amounts; "–" stays what it is."""
    figures, _space, currency = text.partition(" ")
    try:
        return money.in_words(Decimal(figures), currency)
    except InvalidOperation:
        return text


WORDS_OF["way"] = gateways.label
WORDS_OF["amount"] = amount_in_words


def in_words(amount, currency):
    """An amount for the history, which is written once and read in any language: "123.45 PLN"."""
    return f"{amount} {currency}"


history_kinds.put(Action, history_kinds.Kind.MONEY)
