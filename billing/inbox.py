"""Notifications of gateways: verified over the raw body, kept, and then done once by the worker."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from accounts.limits import TooMany
from accounts.work.retry import retries
from billing import asking, gateway_reports, gateways, limits
from billing.cases import close_by_itself, open_case
from billing.gateways import Kind, Refused
from billing.locks import locked_one
from billing.models import Case, GatewayEvent, RefusedNotification

LARGEST_BODY = 64 * 1024
State = GatewayEvent.State


def receive(gateway, body, headers, *, ip):
    """Keeps a notification and has it worked; raises Refused when it is not believed.

    A repeated one is counted and has no further effect.
    """
    try:
        event_id = gateway.verify(body, headers, now=timezone.now())
    except Refused as refusal:
        keep_refused(gateway, body, str(refusal), ip)
        raise
    with transaction.atomic():
        event, is_new = GatewayEvent.objects.get_or_create(
            gateway=gateway.name, event_id=event_id[:120], defaults={"body": body}
        )
        if is_new:
            process.enqueue(event.pk)
        else:
            GatewayEvent.objects.filter(pk=event.pk).update(repeats=F("repeats") + 1)
    return event


def keep_refused(gateway, body, reason, ip):
    """Keeps the beginning of a notification that was not believed, so many an hour."""
    try:
        limits.REFUSED_KEPT.charge(gateway.name)
    except TooMany:
        return
    RefusedNotification.objects.create(
        gateway=gateway.name, reason=reason[:200], body=body[: RefusedNotification.KEPT_BYTES], ip=ip
    )


@task()
@retries(10, on=(Exception,))
@transaction.atomic
def process(event_pk):
    """Does what an event says, in one transaction with the note that it is done."""
    event = locked_one(GatewayEvent.objects, pk=event_pk)
    if event.state != State.NEW:
        return
    try:
        reports = gateways.find(event.gateway).reports(bytes(event.body))
    except ValueError as error:
        open_case(Case.Reason.UNREADABLE, key_of(event), event=event, error=str(error)[:400])
        finish(event, State.CASE, "unreadable")
        return
    close_by_itself(Case.Reason.UNREADABLE, key_of(event))
    outcomes = [gateway_reports.apply(report, gateway=event.gateway, event=event) for report in reports]
    event.payment = next((payment for payment, _words in outcomes if payment), None)
    if event.payment and any(report.kind == Kind.WAITING for report in reports):
        # Something has happened there that only an answer of the gateway itself is believed about.
        asking.look(event.payment)
    words = [words for _payment, words in outcomes]
    # A case of the same trouble may have been opened by an event before this one.
    state = State.CASE if set(words) & set(Case.Reason.values) else state_of(event) if words else State.WITHOUT_EFFECT
    finish(event, state, ", ".join(words)[:200])


def key_of(event):
    """What the case is about that an event by itself makes."""
    return f"event:{event.pk}"


def state_of(event):
    """What an event that was worked is: done, or given to staff."""
    return State.CASE if event.cases.filter(closed_at=None).exists() else State.DONE


def finish(event, state, outcome):
    """Notes what an event has brought about."""
    event.state, event.outcome, event.done_at = state, outcome, timezone.now()
    event.save(update_fields=["state", "outcome", "done_at", "payment"])
