"""Asking gateways what became of payments whose notification has not come."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from accounts.work.retry import retries
from billing import gateway_reports, gateways
from billing.gateways import GatewayError
from billing.locks import locked_one
from billing.models import Payment

# A gateway is asked about a payment at most this often, however often the person reloads the page.
ASKED_AT_MOST_EVERY = timedelta(seconds=10)
# The least priority of a task; tasks have 0 unless told.
LAST = -100


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
            ask.using(priority=ask.priority if hurry else LAST).enqueue(payment.pk)


@task()
@retries(4)
def ask(payment_pk):
    """Asks the gateway and does what it answers."""
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
    gateway_reports.apply(report, gateway=payment.gateway)


@transaction.atomic
def give_up(payment_pk):
    """The gateway has no such payment, so the next attempt begins a new one. Money that comes yet still counts."""
    payment = locked_one(Payment.objects.select_related("customer", "started_by"), pk=payment_pk)
    if payment.state == Payment.State.STARTED:
        gateway_reports.fail(payment)
