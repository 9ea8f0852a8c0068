"""Payments: started here, at a gateway or from the balance."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import record
from billing import gateways, settlement, wallet
from billing.actions import Action, in_words
from billing.gateways import GatewayError
from billing.locks import locked
from billing.models import CartItem, OrderLine, Payment, PaymentPart, Receivable, WalletEntry
from billing.money import ZERO
from services import changing, expiry
from services.availability import kept_here
from services.models import Service

# As many documents as one payment pays at most.
MOST_DOCUMENTS = 50


class NothingToPay(Exception):
    """One of the documents is paid or cancelled already."""


class NotDeliverable(Exception):
    """What was ordered cannot be done any more; `services` are those that ended meanwhile."""

    def __init__(self, services):
        super().__init__(", ".join(map(str, services)))
        self.services = services


class NameTaken(NotDeliverable):
    """Somebody else was quicker to register these domain names here."""


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
    if ended := undeliverable(lines):
        raise NotDeliverable(ended)
    if taken := kept_here(lines.exclude(origin="").values_list("domain", flat=True)):
        raise NameTaken(sorted(taken))
    return rows


def undeliverable(lines):
    """The services of these lines with which what was ordered can no longer be done."""
    renewed = lines.filter(act=CartItem.Act.RENEWAL)
    changed = [line.reference for line in lines.filter(act=CartItem.Act.CHANGE)]
    stuck = expiry.stuck(Service.objects.filter(pk__in=renewed.values("service")))
    return [*stuck, *(changing.void(changed) if changed else ())]


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
