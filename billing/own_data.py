"""What billing keeps about customers, and what becomes of it after closing."""

from django.utils.translation import gettext_lazy as _

from accounts.holdings import everything, hold, leave_out
from accounts.retention import erased, kept
from billing.closing import keep_numbers
from billing.models import (
    CartItem,
    Case,
    Delivery,
    Document,
    DocumentLine,
    DocumentRate,
    EInvoice,
    GatewayEvent,
    Order,
    OrderLine,
    Payment,
    PaymentPart,
    Receivable,
    Refund,
    UsageCharge,
    UsageDay,
    UsageInvoice,
    Wallet,
    WalletEntry,
)
from billing.permissions import Permission


def allowed(membership, rows):
    """`rows` for people who may see the customer's money."""
    return rows if membership.may(Permission.INVOICES) else rows.none()


@hold(
    Document,
    *("number", "kind", "issued_on", "period_from", "period_to", "due_on", "paid_on", "paid_by"),
    *("currency", "net", "vat", "gross", "seller_data", "buyer_data", "corrects__number", "correction_reason"),
)
def documents(membership):
    return allowed(membership, Document.objects.filter(customer=membership.customer_id).order_by("pk"))


@hold(
    DocumentLine,
    *("document__number", "position", "before", "name", "quantity", "unit", "price", "amount", "tax_rate"),
    *("period_from", "period_to"),
)
def lines(membership):
    return allowed(membership, DocumentLine.objects.filter(document__customer=membership.customer_id).order_by("pk"))


@hold(Delivery, "document__number", "made_at", "mailed_at", file=("pdf", "document__number"))
def deliveries(membership):
    return allowed(membership, Delivery.objects.filter(document__customer=membership.customer_id).order_by("pk"))


@hold(
    Receivable,
    *("document__number", "amount", "currency", "due_on", "state", "paid_at", "cancelled_at"),
)
def receivables(membership):
    return allowed(membership, Receivable.objects.filter(customer=membership.customer_id).order_by("pk"))


@hold(
    Payment,
    *("purpose", "gateway", "amount", "currency", "state", "external_id", "started_at", "paid_at"),
)
def payments(membership):
    return allowed(membership, Payment.objects.filter(customer=membership.customer_id).order_by("pk"))


@hold(
    Refund,
    *("payment__external_id", "way", "amount", "reason", "state", "created_at", "done_at"),
)
def refunds(membership):
    return allowed(membership, Refund.objects.filter(payment__customer=membership.customer_id).order_by("pk"))


@hold(
    WalletEntry,
    *("kind", "amount", "balance_after", "text", "at"),
)
def entries(membership):
    return allowed(membership, WalletEntry.objects.filter(wallet__customer=membership.customer_id).order_by("pk"))


@hold(UsageCharge, "usage__reference", "tax_rate", "gross", "charged_at")
def usage_charges(membership):
    return allowed(membership, UsageCharge.objects.filter(customer=membership.customer_id).order_by("pk"))


@hold(Order, "placed_at", "placed_by__login", "terms__version", "early_start_asked_at", "promo__code", "is_free")
def orders(membership):
    return everything(membership, Order.objects.filter(customer=membership.customer_id).order_by("pk"))


@hold(
    OrderLine,
    *("order__placed_at", "act", "service__name", "product__code", "domain", "origin", "months", "state"),
)
def order_lines(membership):
    return everything(membership, OrderLine.objects.filter(order__customer=membership.customer_id).order_by("pk"))


@hold(CartItem, "act", "service__name", "product__code", "domain", "price__months", "added_at")
def cart(membership):
    return CartItem.objects.filter(membership=membership).order_by("pk")


leave_out("the sums stand on the documents", DocumentRate, PaymentPart, UsageInvoice, Wallet)
leave_out("the notes of staff and of gateways about a payment; the payment itself is handed out", Case, GatewayEvent)
leave_out("says only whether the document was sent to an e-invoice system", EInvoice)

leave_out("the sums of uses, which are handed out one by one", UsageDay)

erased(_("what lay in carts"), (CartItem, "membership__customer"))
kept(
    _("invoices, proformas and corrections, with their PDFs and what became of them"),
    *((DocumentLine, "document__customer"), (DocumentRate, "document__customer")),
    *((Delivery, "document__customer"), (EInvoice, "document__customer"), (Receivable, "customer")),
)
kept(
    _("invoices, proformas and corrections, with their PDFs and what became of them"),
    (Document, "customer"),
    before=keep_numbers,
)
kept(_("orders"), (Order, "customer"), (OrderLine, "order__customer"))
kept(
    _("payments, refunds and the balance"),
    *((Payment, "customer"), (PaymentPart, "payment__customer"), (Refund, "payment__customer")),
    *((Wallet, "customer"), (WalletEntry, "wallet__customer"), (UsageCharge, "customer"), (UsageInvoice, "customer")),
    *(
        (UsageDay, "service__customer"),
        (GatewayEvent, "payment__customer"),
        (Case, "customer"),
        (Case, "payment__customer"),
    ),
    *((Case, "document__customer"), (Case, "event__payment__customer")),
)
