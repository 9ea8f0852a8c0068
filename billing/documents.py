"""Who sees which documents and payments, and how documents stand."""

from urllib.parse import urlencode

from django.db.models import Prefetch, Q
from django.urls import reverse

from accounts.access import needs_one_of
from billing.models import Document, DocumentLine, Order, OrderLine, Payment, Receivable
from billing.permissions import Permission

# Whoever may order sees and pays what they ordered themselves; the rest needs the permission for invoices.
for_payers = needs_one_of(Permission.INVOICES, Permission.ORDERING)


def visible_to(membership):
    """The documents of the customer that this person may see."""
    documents = Document.objects.filter(customer=membership.customer_id)
    if membership.may(Permission.INVOICES):
        return documents
    if not membership.may(Permission.ORDERING):
        return documents.none()
    own = Order.objects.filter(customer=membership.customer_id, placed_by=membership.user_id).values("pk")
    ordered = Document.objects.order_by().filter(order__in=own).values("pk")
    corrections = Document.objects.order_by().filter(corrects__order__in=own).values("pk")
    return documents.filter(pk__in=ordered.union(corrections))


def about(service, membership):
    """Those of them on which a service stands, be it as what was ordered anew, corrections included."""
    orders = OrderLine.objects.filter(service=service).order_by().values("order")
    ordered = Document.objects.order_by().filter(order__in=orders).values("pk")
    corrections = Document.objects.order_by().filter(corrects__order__in=orders).values("pk")
    named = DocumentLine.objects.order_by().filter(service_id=service.pk).values("document")
    return visible_to(membership).filter(pk__in=ordered.union(corrections, named))


def payments_of(membership):
    """The payments of the customer that this person may see: all, or those that they started."""
    payments = Payment.objects.filter(customer=membership.customer_id)
    if membership.may(Permission.INVOICES):
        return payments
    if not membership.may(Permission.ORDERING):
        return payments.none()
    return payments.filter(started_by=membership.user_id)


def to_pay(membership):
    """What is to be paid and may be paid by this person: open receivables, the most urgent first."""
    receivables = Receivable.objects.open().filter(customer=membership.customer_id)
    if membership.may(Permission.INVOICES):
        return receivables
    return receivables.filter(document__in=visible_to(membership))


def with_status(documents):
    """The documents with what their status is made of, so that a list asks once for all its rows."""
    corrections = Prefetch("corrections", Document.objects.only("corrects").order_by())
    return documents.select_related("receivable").prefetch_related(corrections)


def current(documents):
    """Without proformas that are over: a paid one is shown by its invoice, a cancelled one asks for nothing."""
    over = [Receivable.State.PAID, Receivable.State.CANCELLED]
    return documents.exclude(kind=Document.Kind.PROFORMA, receivable__state__in=over)


def related_to(document, membership):
    """The other documents of the same order that this person may see, by number and kind."""
    origin = document.corrects or document
    if origin.order_id is None:
        # What was charged for use was never ordered: its invoice and the corrections of it are all there is.
        rows = visible_to(membership).exclude(pk=document.pk).only("number", "kind")
        return rows.filter(Q(pk=origin.pk) | Q(corrects=origin.pk)).order_by("pk")
    order = origin.order_id
    seen = visible_to(membership).exclude(pk=document.pk).only("number", "kind").order_by()
    # Two questions in one, as each is answered by an index.
    return seen.filter(order=order).union(seen.filter(corrects__order=order)).order_by("pk")


def proforma_of(document):
    """The key of the proforma that was to be paid for this document, or None."""
    if document.is_proforma:
        return document.pk
    return document.corrects.proforma_id if document.corrects else document.proforma_id


def waiting_for(receivables, membership):
    """The latest payment of one of these that was begun and that nobody has confirmed yet, or None."""
    begun = payments_of(membership).filter(state=Payment.State.STARTED, parts__receivable__in=receivables)
    return begun.order_by("-pk").first()


def address_to_pay(keys):
    """The page on which the documents of these keys are paid."""
    return f"{reverse('billing:pay')}?{urlencode([('document', key) for key in keys])}"
