"""Bank transfers, as staff read them from a statement."""

import json

from django.db import IntegrityError, transaction

from accounts.history import record
from billing import inbox, payments
from billing.actions import Action, in_words
from billing.gateways import Kind, Report
from billing.gateways.transfer import Transfer
from billing.models import GatewayEvent, Payment


class NotedAlready(Exception):
    """This line of the statement was noted before."""


def received(receivables, *, amount, statement_line, by):
    """Notes money that came for documents of one customer; returns the Payment.

    `statement_line` is the bank's number of the movement: noted twice, it raises NotedAlready. Another
    amount than was asked for, or money for what is paid already, goes to the staff queue.
    """
    try:
        with transaction.atomic():
            return note(receivables, amount=amount, statement_line=statement_line, by=by)
    except IntegrityError:
        raise NotedAlready from None


def note(receivables, *, amount, statement_line, by):
    """Keeps the line as an event of the gateway "transfer" and applies what it reports."""
    body = {"documents": [row.document.number for row in receivables], "amount": str(amount), "by": by.login}
    event = GatewayEvent.objects.create(gateway=Transfer.name, event_id=statement_line, body=json.dumps(body).encode())
    payment = meant(receivables) or payments.write(
        receivables[0].customer, receivables, gateway=Transfer.name, started_by=None
    )
    record(
        Action.BANK_TRANSFER,
        customer=payment.customer,
        by=by,
        amount=in_words(amount, payment.currency),
        document=", ".join(body["documents"]),
    )
    report = Report(Kind.PAID, payment.token, amount, payment.currency, Transfer().merchant)
    event.payment, outcome = payments.apply(report, gateway=Transfer.name, event=event)
    inbox.finish(event, inbox.state_of(event), outcome)
    payment.refresh_from_db()
    return payment


def meant(receivables):
    """The transfer that somebody has announced for exactly these documents, or None."""
    wanted = {row.pk for row in receivables}
    begun = Payment.objects.filter(
        gateway=Transfer.name, state=Payment.State.STARTED, parts__receivable=receivables[0]
    )
    exact = (p for p in begun.prefetch_related("parts") if {part.receivable_id for part in p.parts.all()} == wanted)
    return next(exact, None)
