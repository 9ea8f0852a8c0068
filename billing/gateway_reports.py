"""What gateways report of payments: each report has at most one effect, and what does not fit goes to staff."""

from django.db import transaction
from django.utils import timezone

from accounts.history import record
from billing import gateways, refunds, settlement
from billing.actions import Action
from billing.cases import open_case, was_closed
from billing.gateways import Kind
from billing.locks import locked_one
from billing.models import Case, Payment
from billing.payments import told


@transaction.atomic
def apply(report, *, gateway, event=None):
    """Does what a gateway reports, all or nothing; returns (payment, words about the outcome).

    Each report has at most one effect, in whatever order and however often they come. What does not fit
    is given to staff with its reason and moves no money.
    """
    payment = Payment.objects.filter(gateway=gateway, token=report.reference).first()
    if payment is None:
        return None, misfit(Case.Reason.UNKNOWN_PAYMENT, report, None, event)
    payment = locked_one(Payment.objects.select_related("customer__provider", "started_by"), pk=payment.pk)
    if reason := mismatch(report, payment, gateway):
        return payment, misfit(reason, report, payment, event)
    if report.external_id and not payment.external_id and report.kind != Kind.REFUNDED:
        payment.external_id = report.external_id
        payment.save(update_fields=["external_id"])
    match report.kind:
        case Kind.PAID:
            return payment, paid(payment, report, event)
        case Kind.FAILED:
            return payment, failed(payment, report, event)
        case Kind.REFUNDED:
            return payment, refunds.reported(payment, report, event)
    return payment, "waiting"


def mismatch(report, payment, gateway):
    """Why a report is not about this payment as we know it, or None."""
    if report.merchant != gateways.find(gateway).merchant:
        return Case.Reason.WRONG_MERCHANT
    if report.customer and report.customer != str(payment.customer.number):
        return Case.Reason.WRONG_CUSTOMER
    if report.currency != payment.currency:
        return Case.Reason.WRONG_CURRENCY
    if report.kind == Kind.PAID and report.amount != payment.amount:
        return Case.Reason.WRONG_AMOUNT
    return None


def misfit(reason, report, payment, event):
    """Gives a report that does not fit to staff, once: gateways say the same for days, and what was settled is."""
    key = f"{report.kind}:{report.external_id}:{report.reference}"[:160]
    if report.external_id and was_closed(reason, key, amount=str(report.amount)):
        return reason.value
    open_case(
        reason,
        key,
        payment=payment,
        event=event,
        kind=report.kind.value,
        amount=str(report.amount),
        currency=report.currency,
        merchant=report.merchant,
        customer_number=report.customer,
        external_id=report.external_id,
    )
    return reason.value


def paid(payment, report, event):
    """The money has come. Under another number of the gateway it has come a second time."""
    if payment.state == Payment.State.PAID:
        if report.external_id and report.external_id != payment.external_id:
            return misfit(Case.Reason.PAID_ALREADY, report, payment, event)
        return "paid already"
    now = timezone.now()
    payment.state, payment.paid_at = Payment.State.PAID, min(report.at or now, now)
    # Of several attempts under numbers of their own it is this one that paid.
    payment.external_id = report.external_id or payment.external_id
    payment.save(update_fields=["state", "paid_at", "external_id"])
    if refunds.sum_of(payment):
        open_case(Case.Reason.REFUNDED_FIRST, f"payment:{payment.pk}", payment=payment, event=event)
        return "refunded before it was paid"
    settlement.settle(payment, event=event)
    return "paid"


def failed(payment, report, event):
    """The money has not come. After it has, nobody can say so any more."""
    if payment.state == Payment.State.PAID:
        return misfit(Case.Reason.FAILED_AFTER_PAID, report, payment, event)
    if payment.state == Payment.State.STARTED:
        fail(payment)
    return "failed"


def fail(payment):
    """Notes that no money has come; the caller holds the lock of the payment."""
    payment.state = Payment.State.FAILED
    payment.save(update_fields=["state"])
    record(Action.PAYMENT_FAILED, customer=payment.customer, by=payment.started_by, **told(payment))
