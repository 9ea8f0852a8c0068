"""Payments: started here, reported by gateways, and settled once."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import record
from billing import gateways, refunds, settlement, wallet
from billing.actions import Action, in_words
from billing.cases import open_case, was_closed
from billing.gateways import GatewayError, Kind
from billing.locks import locked, locked_one
from billing.models import Case, OrderLine, Payment, PaymentPart, Receivable, WalletEntry
from billing.money import ZERO
from billing.tasks import ask_gateway
from services import expiry
from services.models import Service

# A gateway is asked about a payment at most this often, however often the person reloads the page.
ASKED_AT_MOST_EVERY = timedelta(seconds=10)
# The least priority of a task; tasks have 0 unless told.
LAST = -100
# As many documents as one payment pays at most.
MOST_DOCUMENTS = 50


class NothingToPay(Exception):
    """One of the documents is paid or cancelled already."""


class NotDeliverable(Exception):
    """What was ordered cannot be done any more; `services` are those that ended meanwhile."""

    def __init__(self, services):
        super().__init__(", ".join(map(str, services)))
        self.services = services


def start(customer, receivables, *, gateway, by):
    """Begins to pay documents by a gateway; returns the Payment with the page to pay on.

    A payment of the same person for the same documents that still waits there is taken up again.
    Raises NothingToPay, NotDeliverable, or GatewayError when the gateway cannot be reached (the documents stay
    unpaid).
    """
    with transaction.atomic():
        rows = payable(customer, receivables)
        if waiting := waiting_payment(rows, gateway, by):
            return waiting
        payment = write(customer, rows, gateway=gateway.name, started_by=by)
    return introduce(payment, gateway, title=", ".join(row.document.number for row in rows), by=by)


def payable(customer, receivables):
    """The rows of what is to be paid, locked.

    Raises NothingToPay unless all of them are open, and NotDeliverable: nobody shall pay for what has ended. Money
    that comes all the same is settled, and staff are told.
    """
    keys = {row.pk for row in receivables}
    rows = locked(Receivable.objects.filter(customer=customer, pk__in=keys).select_related("document"))
    if not rows or len(rows) != len(keys) or any(row.state != Receivable.State.OPEN for row in rows):
        raise NothingToPay
    lines = OrderLine.objects.filter(order__documents__receivable__in=rows)
    if ended := expiry.stuck(Service.objects.filter(pk__in=lines.values("service"))):
        raise NotDeliverable(ended)
    return rows


def write(customer, rows, **fields):
    """A payment of documents with a part for each."""
    payment = Payment.objects.create(
        customer=customer,
        purpose=Payment.Purpose.DOCUMENTS,
        amount=sum((row.amount for row in rows), ZERO),
        currency=rows[0].currency,
        **fields,
    )
    PaymentPart.objects.bulk_create([PaymentPart(payment=payment, receivable=row, amount=row.amount) for row in rows])
    return payment


@transaction.atomic
def pay_from_wallet(customer, receivables, *, by):
    """Pays documents from the balance, at once; returns the Payment.

    Raises wallet.NotEnough, NotDeliverable, or NothingToPay when one of them is paid or cancelled meanwhile.
    """
    wallet.locked_of(customer)
    rows = payable(customer, receivables)
    payment = write(
        customer,
        rows,
        gateway=gateways.WALLET,
        started_by=by,
        state=Payment.State.PAID,
        paid_at=timezone.now(),
    )
    wallet.enter(
        customer,
        WalletEntry.Kind.PAYMENT,
        -payment.amount,
        reference=f"payment:{payment.pk}",
        payment=payment,
        text=", ".join(row.document.number for row in rows)[:200],
        by=by,
    )
    settlement.settle(payment)
    return payment


def waiting_payment(rows, gateway, by):
    """The payment that this person has begun for exactly these documents at this gateway, or None."""
    begun = Payment.objects.filter(
        gateway=gateway.name, started_by=by, state=Payment.State.STARTED, parts__receivable=rows[0]
    ).exclude(page="")
    if gateway.page_lasts:
        begun = begun.filter(started_at__gt=timezone.now() - gateway.page_lasts)
    wanted = {row.pk for row in rows}
    for payment in begun.prefetch_related("parts"):
        if {part.receivable_id for part in payment.parts.all()} == wanted:
            return payment
    return None


def start_top_up(customer, amount, *, gateway, by):
    """Begins to top the wallet up; returns the Payment. Raises GatewayError."""
    payment = Payment.objects.create(
        customer=customer, purpose=Payment.Purpose.TOP_UP, gateway=gateway.name, amount=amount, started_by=by
    )
    return introduce(payment, gateway, title=_("Top-up %(number)s") % {"number": customer.number}, by=by)


def introduce(payment, gateway, *, title, by):
    """Tells the gateway of a payment, outside any transaction, and keeps the page it names."""
    try:
        started = gateway.start(
            payment,
            back_to=settings.SITE_URL + reverse("billing:payment", args=[payment.token]),
            notify_at=settings.SITE_URL + reverse("billing:notify", args=[gateway.name]),
            title=title,
        )
    except GatewayError:
        Payment.objects.filter(pk=payment.pk, state=Payment.State.STARTED).update(state=Payment.State.FAILED)
        raise
    payment.page = started.page
    introduced = Payment.objects.filter(pk=payment.pk)
    introduced.update(page=started.page)
    # A notification that was quicker has named what really paid.
    introduced.filter(external_id="").update(external_id=started.external_id)
    payment.refresh_from_db(fields=["external_id"])
    record(Action.PAYMENT_STARTED, customer=payment.customer, by=by, **told(payment))
    return payment


def told(payment):
    """What the history says of a payment."""
    return {"amount": in_words(payment.amount, payment.currency), "way": payment.gateway}


def look(payment, *, hurry=True):
    """Has the gateway asked about a payment that waits, unless that was done a moment ago.

    Without `hurry` everything else that the worker has to do goes first.
    """
    if payment.state == Payment.State.PAID or not gateways.find(payment.gateway).can_be_asked:
        return
    now = timezone.now()
    due = Payment.objects.filter(pk=payment.pk).exclude(asked_at__gt=now - ASKED_AT_MOST_EVERY)
    with transaction.atomic():
        if due.update(asked_at=now):
            ask_gateway.using(priority=ask_gateway.priority if hurry else LAST).enqueue(payment.pk)


def ask(payment_pk):
    """Asks the gateway and does what it answers; called by the worker."""
    payment = Payment.objects.select_related("customer").get(pk=payment_pk)
    if payment.state == Payment.State.PAID:
        return
    try:
        report = gateways.find(payment.gateway).ask(payment)
    except GatewayError as error:
        # It is asked again by the clock, and its notification comes anyway.
        if error.permanent:
            give_up(payment_pk)
        return
    apply(report, gateway=payment.gateway)


@transaction.atomic
def give_up(payment_pk):
    """The gateway has no such payment, so the next attempt begins a new one. Money that comes yet still counts."""
    payment = locked_one(Payment.objects.select_related("customer", "started_by"), pk=payment_pk)
    if payment.state == Payment.State.STARTED:
        fail(payment)


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
