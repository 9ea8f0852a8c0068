"""What a payment brings about, once: documents paid, services extended, invoices issued, or the wallet topped up."""

from django.db import transaction
from django.utils import timezone

from accounts.history import record
from billing import wallet
from billing.actions import Action, in_words
from billing.cases import open_case
from billing.invoicing import issue_invoice
from billing.locks import locked
from billing.models import Case, OrderLine, Receivable, WalletEntry
from services import expiry
from services.models import Service


def settle(payment, *, event=None):
    """Pays what the payment is for. The caller holds its lock, in the transaction that says it is paid."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a payment is settled in the transaction that says it is paid")
    if payment.is_top_up:
        top_up(payment)
        return
    parts = {part.receivable_id: part for part in payment.parts.all()}
    rows = locked(Receivable.objects.filter(pk__in=parts).select_related("document__order", "customer__provider"))
    due = [row for row in rows if row.state == Receivable.State.OPEN]
    lock_services(due)
    periods = {row.pk: mark_paid(row, parts[row.pk], payment) for row in due}
    for row in due:
        issue_invoice(
            row.document,
            paid_on=timezone.localdate(payment.paid_at),
            paid_by=payment.gateway,
            periods=periods[row.pk],
            by=payment.started_by,
        )
    if surplus := [row for row in rows if row not in due]:
        unexpected(payment, [parts[row.pk] for row in surplus], event)


def lock_services(due):
    """Locks what is to be extended, all at once: one by one the lines of orders would say in which order."""
    lines = OrderLine.objects.filter(order__documents__receivable__in=due)
    locked(Service.objects.filter(pk__in=lines.values("service")))


def mark_paid(receivable, part, payment):
    """Ends what was owed and does what was ordered; the periods that the order's lines were paid for."""
    receivable.state, receivable.paid_at = Receivable.State.PAID, payment.paid_at
    receivable.save(update_fields=["state", "paid_at"])
    part.settled = True
    part.save(update_fields=["settled"])
    record(
        Action.DOCUMENT_PAID,
        customer=receivable.customer,
        by=payment.started_by,
        document=receivable.document.number,
        amount=in_words(receivable.amount, receivable.currency),
        way=payment.gateway,
    )
    lines = receivable.document.order.lines.select_related("service__customer", "service__product")
    return dict(filter(None, (fulfil(line, receivable, payment) for line in lines)))


def fulfil(line, receivable, payment):
    """Extends the service of one line: (line's key, (first day, last day)), or None with a case for staff.

    Paid money stays paid and invoiced, whatever has become of the service meanwhile.
    """
    try:
        extension = expiry.extend(line.service, line.months, reference=line.reference, by=payment.started_by)
    except expiry.NotRenewable:
        line.state = OrderLine.State.FAILED
        line.save(update_fields=["state"])
        open_case(
            Case.Reason.NOT_DELIVERED,
            line.reference,
            payment=payment,
            document=receivable.document,
            service=str(line.service),
        )
        return None
    line.state = OrderLine.State.DONE
    line.save(update_fields=["state"])
    return line.pk, (extension.first_day, extension.last_day)


def unexpected(payment, parts, event):
    """Money for what is paid or cancelled already: it is kept, and staff decide."""
    amount = sum(part.amount for part in parts)
    open_case(
        Case.Reason.PAID_ALREADY,
        f"payment:{payment.pk}",
        payment=payment,
        event=event,
        amount=str(amount),
        documents=[part.receivable.document.number for part in parts],
    )
    record(
        Action.PAYMENT_UNEXPECTED,
        customer=payment.customer,
        by=payment.started_by,
        amount=in_words(amount, payment.currency),
    )


def top_up(payment):
    """Puts the money into the wallet."""
    wallet.enter(
        payment.customer,
        WalletEntry.Kind.TOP_UP,
        payment.amount,
        reference=f"payment:{payment.pk}",
        payment=payment,
        by=payment.started_by,
    )
    record(
        Action.WALLET_TOPPED_UP,
        customer=payment.customer,
        by=payment.started_by,
        amount=in_words(payment.amount, payment.currency),
        way=payment.gateway,
    )
