"""Bank transfers, as staff read them from a statement."""

import json
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from accounts.history import record
from billing import gateway_reports, inbox, payments, transfers
from billing.actions import Action, in_words
from billing.gateways import Kind, Report
from billing.gateways.transfer import Transfer
from billing.locks import locked
from billing.models import GatewayEvent, Payment


class NotedAlready(Exception):
    """This line of the statement was noted before."""


def received(receivables, *, amount, statement_line, by, booked_on=None):
    """Notes money that came for documents of one customer; returns the Payment.

    `statement_line` is the bank's number of the movement: noted twice, it raises NotedAlready. `booked_on` is
    the day that the bank names, today unless told: the invoice says that it was paid then. Another amount
    than was asked for, or money for what is paid already, goes to the staff queue.
    """
    if len({row.customer_id for row in receivables}) != 1:
        raise ValueError("a transfer is noted for documents of one customer")
    numbers = [row.document.number for row in receivables]
    return note(lambda: of(receivables), numbers, amount=amount, line=statement_line, by=by, booked_on=booked_on)


def received_for(payment, *, amount, statement_line, by, booked_on=None):
    """Notes money that came for a transfer that somebody has announced, be it for documents or the balance."""
    words = [transfers.title(payment)]
    return note(lambda: payment, words, amount=amount, line=statement_line, by=by, booked_on=booked_on)


@transaction.atomic
def note(find, words, *, amount, line, by, booked_on):
    """Keeps a line of the statement as an event, and does what it says to the payment that `find` finds."""
    body = {"documents": words, "amount": str(amount), "by": by.login}
    event, is_new = GatewayEvent.objects.get_or_create(
        gateway=Transfer.name, event_id=line, defaults={"body": json.dumps(body).encode()}
    )
    if not is_new:
        raise NotedAlready
    payment = find()
    record(
        Action.BANK_TRANSFER,
        customer=payment.customer,
        by=by,
        amount=in_words(amount, payment.currency),
        document=", ".join(words),
    )
    report = Report(
        Kind.PAID,
        payment.token,
        amount,
        payment.currency,
        Transfer().merchant,
        external_id=line[:100],
        at=noon(booked_on),
    )
    event.payment, outcome = gateway_reports.apply(report, gateway=Transfer.name, event=event)
    inbox.finish(event, inbox.state_of(event), outcome)
    payment.refresh_from_db()
    return payment


def of(receivables):
    """The transfer that pays these documents: the one that was announced, or a new one."""
    announced = meant(receivables)
    return announced or payments.write(receivables[0].customer, receivables, gateway=Transfer.name, started_by=None)


def noon(day):
    """A moment of that day in Warsaw; None for now."""
    return timezone.make_aware(datetime.combine(day, time(12))) if day else None


def meant(receivables):
    """The transfer that somebody has announced for exactly these documents, locked, or None."""
    wanted = {row.pk for row in receivables}
    begun = Payment.objects.filter(
        gateway=Transfer.name, state=Payment.State.STARTED, parts__receivable=receivables[0]
    )
    exact = [p.pk for p in begun.prefetch_related("parts") if {part.receivable_id for part in p.parts.all()} == wanted]
    # Another line of the statement may have paid it meanwhile: the lock waits and looks again.
    return next(iter(locked(Payment.objects.filter(pk__in=exact[:1], state=Payment.State.STARTED))), None)
