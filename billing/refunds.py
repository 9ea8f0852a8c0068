"""Money that goes back: asked for by staff, sent by the worker, confirmed by the gateway."""

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from accounts.history import record
from accounts.keys import new_selector
from accounts.work.retry import Retry, retries
from billing import gateways, wallet
from billing.actions import Action, in_words
from billing.cases import close_by_itself, open_case
from billing.gateways import GatewayError
from billing.locks import locked_one
from billing.models import Case, Payment, Refund, WalletEntry
from billing.money import ZERO, rounded

State, Way = Refund.State, Refund.Way
# Asked for, and not known to have gone through.
UNDERWAY = (State.WAITING, State.SENT)


class NotRefundable(Exception):
    """The payment is not paid, or less of it is left than should go back; says which, in the reader's language."""


def sum_of(payment):
    """How much of a payment went back, or is on its way."""
    refunds = payment.refunds.exclude(state=State.FAILED)
    return rounded(refunds.aggregate(sum=Sum("amount"))["sum"] or ZERO)


def left(payment):
    """How much of a payment could still go back."""
    return payment.amount - sum_of(payment) if payment.is_paid else ZERO


def ways(payment):
    """The ways on which money of this payment can go back."""
    can_refund = payment.gateway != gateways.WALLET and gateways.find(payment.gateway).can_refund
    return [
        *([Way.GATEWAY] if can_refund else []),
        *([] if payment.is_top_up else [Way.WALLET]),
        *([] if payment.gateway == gateways.WALLET else [Way.BY_HAND]),
    ]


@transaction.atomic
def request(payment, amount, *, way, reason, by, correction=None, token=None):
    """Pays money back; returns the Refund. Asked twice with the same `token`, it pays once.

    Raises NotRefundable: never more than was paid; and wallet.NotEnough when a top-up is spent already.
    """
    payment = locked_one(Payment.objects.select_related("customer"), pk=payment.pk)
    if token and (before := payment.refunds.filter(token=token).first()):
        return before
    refuse(payment, amount, way)
    refund = Refund.objects.create(
        payment=payment,
        way=way,
        amount=amount,
        reason=reason,
        correction=correction,
        asked_by=by,
        token=token or new_selector(),
    )
    words = in_words(amount, payment.currency)
    record(Action.REFUND_ASKED, customer=payment.customer, by=by, amount=words, text=reason)
    if is_in_balance(payment):
        # What was topped up leaves the balance before it leaves the house.
        move(refund, -amount, f"refund-out:{refund.pk}")
    if way == Way.WALLET:
        move(refund, amount, f"refund:{refund.pk}")
        done(refund, by=by)
    elif way == Way.GATEWAY:
        send.enqueue(refund.pk)
    return refund


def refuse(payment, amount, way):
    """Raises NotRefundable unless so much of the payment can go back this way."""
    if not payment.is_paid:
        raise NotRefundable(_("The money of this payment has not come."))
    if not 0 < amount <= left(payment) or amount != rounded(amount):
        words = _("At most %(left)s of this payment can go back.")
        raise NotRefundable(words % {"left": in_words(left(payment), payment.currency)})
    if way not in ways(payment):
        raise NotRefundable(_("Money of this payment cannot go back this way."))


def is_in_balance(payment):
    """Whether it has topped a balance up: money that went back before it came has not."""
    return payment.entries.filter(kind=WalletEntry.Kind.TOP_UP).exists()


def move(refund, amount, reference):
    """A movement of the wallet that a refund brings about."""
    wallet.enter(
        refund.payment.customer,
        WalletEntry.Kind.REFUND,
        amount,
        reference=reference,
        payment=refund.payment,
        text=refund.reason[:200],
        by=refund.asked_by,
    )


def done(refund, *, external_id="", by=None):
    """Notes that the money has gone back; the caller holds the lock of the payment."""
    refund.state, refund.done_at, refund.error = State.DONE, timezone.now(), ""
    refund.external_id = external_id or refund.external_id
    refund.save(update_fields=["state", "done_at", "error", "external_id"])
    close_by_itself(Case.Reason.REFUND_FAILED, f"refund:{refund.pk}")
    payment = refund.payment
    record(Action.REFUND_DONE, customer=payment.customer, by=by, amount=in_words(refund.amount, payment.currency))


@task()
@retries(10)
def send(refund_pk):
    """Tells the gateway, until it has answered. The token makes a repeat harmless there."""
    refund = Refund.objects.select_related("payment__customer").get(pk=refund_pk)
    if refund.state != State.WAITING:
        return
    try:
        answer = gateways.find(refund.payment.gateway).refund(refund)
    except GatewayError as error:
        note_failure(refund, error)
        if error.permanent:
            return
        raise Retry(str(error)) from error
    with transaction.atomic():
        locked_one(Payment.objects, pk=refund.payment_id)
        refund = locked_one(Refund.objects.select_related("payment__customer"), pk=refund_pk)
        if refund.state != State.WAITING:
            return
        if answer.done:
            done(refund, external_id=answer.external_id)
        else:
            refund.state, refund.external_id = State.SENT, answer.external_id
            refund.save(update_fields=["state", "external_id"])


@transaction.atomic
def note_failure(refund, error):
    """Keeps the error where staff see it; a permanent one ends the refund, and its money can be sent otherwise."""
    state = State.FAILED if error.permanent else State.WAITING
    locked_one(Payment.objects, pk=refund.payment_id)
    waiting = Refund.objects.filter(pk=refund.pk, state=State.WAITING)
    if not waiting.update(state=state, error=str(error)[:500], attempts=refund.attempts + 1):
        # Its notification was quicker than the answer that did not come.
        return
    if error.permanent:
        put_back(refund)
    open_case(Case.Reason.REFUND_FAILED, f"refund:{refund.pk}", payment=refund.payment, error=str(error)[:400])


def put_back(refund):
    """What was topped up and did not leave the house is in the balance again."""
    if is_in_balance(refund.payment):
        move(refund, refund.amount, f"refund-back:{refund.pk}")


@transaction.atomic
def give_up(refund, *, by):
    """Staff say that the money has not gone and will not go this way: it can go another one. Twice is harmless.

    Should the gateway pay it back after all, that is a refund that nobody asked for: it counts, and staff are told.
    """
    locked_one(Payment.objects, pk=refund.payment_id)
    refund = locked_one(Refund.objects.select_related("payment__customer"), pk=refund.pk)
    if refund.state not in UNDERWAY:
        return
    refund.state = State.FAILED
    refund.save(update_fields=["state"])
    put_back(refund)
    close_by_itself(Case.Reason.REFUND_FAILED, f"refund:{refund.pk}")
    payment = refund.payment
    words = in_words(refund.amount, payment.currency)
    record(Action.REFUND_GIVEN_UP, customer=payment.customer, by=by, amount=words)


@transaction.atomic
def confirm_by_hand(refund, *, by):
    """Staff say that they have transferred the money. Twice is harmless."""
    locked_one(Payment.objects, pk=refund.payment_id)
    refund = locked_one(Refund.objects.select_related("payment__customer"), pk=refund.pk)
    if refund.way == Way.BY_HAND and refund.state == State.WAITING:
        done(refund, by=by)


def reported(payment, report, event):
    """A gateway says that money went back; the caller holds the lock of the payment.

    Ours is confirmed. One that nobody here asked for, or that had been given up, is written down, so that it
    counts, and given to staff.
    """
    ours = payment.refunds.filter(token=report.refund).first() if report.refund else None
    if ours and ours.amount == report.amount and ours.state != State.FAILED:
        if ours.state != State.DONE:
            done(ours, external_id=report.external_id)
        return "refunded"
    known = payment.refunds.filter(external_id=report.external_id, asked_by=None).exclude(external_id="")
    if known.exists():
        return "refunded already"
    Refund.objects.create(
        payment=payment,
        way=Way.GATEWAY,
        amount=report.amount,
        reason="",
        state=State.DONE,
        external_id=report.external_id or (event.event_id[:100] if event else ""),
        done_at=timezone.now(),
    )
    reason = Case.Reason.UNEXPECTED_REFUND if payment.is_paid else Case.Reason.REFUNDED_FIRST
    open_case(reason, f"payment:{payment.pk}", payment=payment, event=event, amount=str(report.amount))
    return reason.value
