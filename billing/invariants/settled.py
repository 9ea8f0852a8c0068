"""What is owed, what is paid, and the invoice for it: each exactly once, and the same amounts."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from billing.invariants.base import invariant, where_apart
from billing.models import Document, Payment, PaymentPart, Receivable

KIND, STATE = Document.Kind, Receivable.State
PROFORMAS = Document.objects.filter(kind=KIND.PROFORMA).order_by("pk")
INVOICES = Document.objects.filter(kind=KIND.INVOICE).order_by("pk")
RECEIVABLES = Receivable.objects.select_related("document").order_by("pk")
SETTLED = PaymentPart.objects.filter(settled=True).select_related("receivable__document").order_by("pk")


@invariant(_("Nothing is owed for proforma %(number)s: it has no receivable."))
def proformas_are_owed():
    for document in PROFORMAS.filter(receivable=None).iterator():
        yield document, {"number": document.number}


@invariant(_("%(amount)s is owed for %(number)s, which says %(gross)s."))
def as_much_is_owed_as_the_proforma_says():
    for row in where_apart(RECEIVABLES, "amount", "document__gross").iterator():
        yield row, {"number": row.document.number, "amount": row.amount, "gross": row.document.gross}


@invariant(_("What is owed for %(number)s is of another customer, currency or day than the document."))
def what_is_owed_belongs_to_its_proforma():
    same = Q(
        document__kind=KIND.PROFORMA,
        customer=F("document__customer"),
        currency=F("document__currency"),
        due_on=F("document__due_on"),
    )
    for row in RECEIVABLES.exclude(same).iterator():
        yield row, {"number": row.document.number}


@invariant(_("Proforma %(number)s is called paid, but no payment has paid it."))
def what_is_paid_was_paid_by_a_payment():
    settled = PaymentPart.objects.filter(receivable=OuterRef("pk"), settled=True)
    for row in RECEIVABLES.filter(~Exists(settled), state=STATE.PAID).iterator():
        yield row, {"number": row.document.number}


@invariant(_("A payment has paid proforma %(number)s, which is not called paid."))
def what_a_payment_has_paid_is_paid():
    for part in SETTLED.exclude(receivable__state=STATE.PAID).iterator():
        yield part, {"number": part.receivable.document.number}


@invariant(_("Proforma %(number)s was paid by payment %(payment)s, whose money has not come."))
def only_money_that_came_pays():
    for part in SETTLED.exclude(payment__state=Payment.State.PAID).iterator():
        yield part, {"number": part.receivable.document.number, "payment": part.payment_id}


@invariant(_("Proforma %(number)s is paid, but there is no invoice for it."))
def what_is_paid_is_invoiced():
    invoice = INVOICES.filter(proforma=OuterRef("document"))
    for row in RECEIVABLES.filter(~Exists(invoice), state=STATE.PAID).iterator():
        yield row, {"number": row.document.number}


@invariant(_("Invoice %(number)s was issued for what nobody has paid."))
def what_is_invoiced_is_paid():
    """But what was charged for use, which usage.py looks at."""
    paid = Receivable.objects.filter(document=OuterRef("proforma"), state=STATE.PAID)
    for document in INVOICES.filter(~Exists(paid), usage_invoice=None).iterator():
        yield document, {"number": document.number}


@invariant(
    _("Proforma %(number)s is called paid at another time, or its invoice by another way, than its payment says.")
)
def what_is_paid_names_its_payment():
    invoice = INVOICES.filter(proforma=OuterRef("receivable__document")).exclude(paid_by=OuterRef("payment__gateway"))
    paid = SETTLED.filter(receivable__state=STATE.PAID, payment__state=Payment.State.PAID)
    for part in paid.filter(Exists(invoice) | ~Q(receivable__paid_at=F("payment__paid_at"))).iterator():
        yield part, {"number": part.receivable.document.number}


@invariant(_("Invoice %(number)s has other amounts, or another buyer, than its proforma %(proforma)s."))
def invoices_repeat_their_proformas():
    same = {name: F(f"proforma__{name}") for name in ("customer", "currency", "net", "vat", "gross", "buyer_data")}
    for document in INVOICES.exclude(proforma=None).exclude(**same).select_related("proforma").iterator():
        yield document, {"number": document.number, "proforma": document.proforma.number}
