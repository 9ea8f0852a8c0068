"""Payments are for something, all of which they did; and no more goes back than came."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing import gateways, refunds
from billing.invariants.base import invariant, where_apart
from billing.models import Case, Payment, PaymentPart, Refund, WalletEntry

PURPOSE, STATE = Payment.Purpose, Payment.State
PAYMENTS = Payment.objects.order_by("pk")
PAID = PAYMENTS.filter(state=STATE.PAID)
# A transfer that nobody has made, or a gateway that has never confirmed.
GONE_WITHIN = timedelta(days=7)
# Money that came but was not used as meant is told to staff by one of these.
EXPLAINED = [Case.Reason.PAID_ALREADY, Case.Reason.REFUNDED_FIRST]


def told_to_staff(reasons):
    """Whether a case, be it open or closed, was about the payment."""
    return Exists(Case.objects.filter(payment=OuterRef("pk"), reason__in=reasons))


@invariant(_("Payment %(payment)s is of %(amount)s, but its documents come to %(parts)s."))
def payments_are_the_sum_of_their_documents():
    payments = PAYMENTS.filter(purpose=PURPOSE.DOCUMENTS).annotate(sum=Sum("parts__amount"))
    for payment in where_apart(payments, "amount", "sum").iterator():
        yield payment, {"payment": payment.pk, "amount": payment.amount, "parts": payment.sum or 0}


@invariant(_("Payment %(payment)s pays %(number)s by another amount than is owed, or for another customer."))
def parts_are_what_is_owed():
    same = {"payment__customer": F("receivable__customer"), "payment__currency": F("receivable__currency")}
    parts = PaymentPart.objects.exclude(amount=F("receivable__amount"), **same)
    for part in parts.select_related("receivable__document").order_by("pk").iterator():
        yield part, {"payment": part.payment_id, "number": part.receivable.document.number}


@invariant(_("Payment %(payment)s tops a balance up and pays documents at once."))
def top_ups_pay_no_documents():
    part = PaymentPart.objects.filter(payment=OuterRef("pk"))
    for payment in PAYMENTS.filter(Exists(part), purpose=PURPOSE.TOP_UP).iterator():
        yield payment, {"payment": payment.pk}


@invariant(_("The money of payment %(payment)s (%(amount)s) came, but did not pay %(number)s, and no case says so."))
def money_that_came_was_used_or_told():
    explained = Case.objects.filter(payment=OuterRef("payment"), reason__in=EXPLAINED)
    parts = PaymentPart.objects.filter(~Exists(explained), payment__state=STATE.PAID, settled=False)
    for part in parts.select_related("receivable__document").order_by("pk").iterator():
        yield part, {"payment": part.payment_id, "amount": part.amount, "number": part.receivable.document.number}


def entries(kind, amount):
    """Movements of the customer's wallet that a payment explains."""
    return WalletEntry.objects.filter(
        payment=OuterRef("pk"), kind=kind, amount=amount, wallet__customer=OuterRef("customer")
    )


@invariant(_("Payment %(payment)s topped a balance up by %(amount)s, but the balance does not show it."))
def top_ups_reach_the_balance():
    entry = entries(WalletEntry.Kind.TOP_UP, OuterRef("amount"))
    unseen = PAID.filter(~Exists(entry), ~told_to_staff([Case.Reason.REFUNDED_FIRST]), purpose=PURPOSE.TOP_UP)
    for payment in unseen.iterator():
        yield payment, {"payment": payment.pk, "amount": payment.amount}


@invariant(_("Payment %(payment)s came from a balance, which does not show the %(amount)s."))
def payments_from_the_balance_leave_it():
    entry = entries(WalletEntry.Kind.PAYMENT, -OuterRef("amount"))
    for payment in PAYMENTS.filter(~Exists(entry), gateway=gateways.WALLET).iterator():
        yield payment, {"payment": payment.pk, "amount": payment.amount}


@invariant(_("Of payment %(payment)s (%(amount)s) more went back than came: %(refunds)s."))
def no_more_goes_back_than_came():
    refunded = Sum("refunds__amount", filter=~Q(refunds__state=Refund.State.FAILED))
    # What the gateway gave back by itself is counted too; staff are told, and cannot undo it.
    untold = PAYMENTS.filter(~told_to_staff([Case.Reason.UNEXPECTED_REFUND, Case.Reason.REFUNDED_FIRST]))
    for payment in untold.annotate(back=refunded).filter(back__gt=F("amount")).iterator():
        if payment.back > payment.amount:  # SQLite sums in floating point
            yield payment, {"payment": payment.pk, "amount": payment.amount, "refunds": payment.back}


@invariant(_("Money of payment %(payment)s went back, though it has never come, and no case says so."))
def what_goes_back_has_come():
    back = Refund.objects.filter(payment=OuterRef("pk")).exclude(state=Refund.State.FAILED)
    unpaid = PAYMENTS.filter(Exists(back), ~told_to_staff([Case.Reason.REFUNDED_FIRST])).exclude(state=STATE.PAID)
    for payment in unpaid.iterator():
        yield payment, {"payment": payment.pk}


@invariant(_("Refund %(refund)s of payment %(payment)s was asked for more than a week ago and has not gone through."))
def refunds_go_through():
    late = Refund.objects.filter(state__in=refunds.UNDERWAY, created_at__lt=timezone.now() - GONE_WITHIN)
    for refund in late.order_by("pk").iterator():
        yield refund, {"refund": refund.pk, "payment": refund.payment_id}


@invariant(_("Refund %(refund)s of payment %(payment)s is called done, but not since when."))
def refunds_say_when_they_were_done():
    for refund in Refund.objects.filter(state=Refund.State.DONE, done_at=None).order_by("pk").iterator():
        yield refund, {"refund": refund.pk, "payment": refund.payment_id}
