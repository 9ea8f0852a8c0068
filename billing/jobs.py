"""What billing does by the clock."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task

from accounts.work.periodic import daily, every
from billing import asking, checkout, gateways, review, usage_invoices
from billing.cases import open_case
from billing.inbox import key_of, process
from billing.models import CartItem, Case, GatewayEvent, Payment, RefusedNotification

# How long a payment waits before its gateway is asked, and until nobody expects the money any more.
ASKED_FROM = timedelta(minutes=2)
ASKED_UNTIL = timedelta(days=7)
# The pause between two questions grows with the age of the payment: (up to this age, this pause).
PAUSES = [
    (timedelta(minutes=15), timedelta(minutes=2)),
    (timedelta(hours=2), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=2)),
    (ASKED_UNTIL, timedelta(hours=12)),
]
# A gateway that does not answer holds the worker for ten seconds a question.
MOST_ASKED_AT_ONCE = 50
# Events are worked within seconds; the retries of one that fails end well before this.
EVENT_STUCK_AFTER = timedelta(hours=3)
KEPT_REFUSED = timedelta(days=30)
# Longer than a session of a visitor lasts (SESSION_COOKIE_AGE).
KEPT_OF_VISITORS = timedelta(days=2)
# An AuthInfo is the key to a name: who has not ordered the transfer within a month types it again.
KEPT_TRANSFERS = timedelta(days=30)


@every(timedelta(minutes=1))
@task()
def ask_about_waiting_payments():
    """Asks gateways what became of payments whose notification has not come."""
    due = waiting(timezone.now()).order_by(F("asked_at").asc(nulls_first=True), "pk")
    for payment in due[:MOST_ASKED_AT_ONCE]:
        asking.look(payment, hurry=False)


def waiting(now):
    """Payments whose gateway should be asked now."""
    due, younger_than = Q(), ASKED_FROM
    for age, pause in PAUSES:
        rested = Q(asked_at=None) | Q(asked_at__lte=now - pause)
        due |= Q(started_at__lte=now - younger_than, started_at__gt=now - age) & rested
        younger_than = age
    asked = [name for name, gateway in gateways.GATEWAYS.items() if gateway.can_be_asked]
    return Payment.objects.filter(due, state=Payment.State.STARTED, gateway__in=asked)


@every(timedelta(minutes=10))
@task()
def report_stuck_events():
    """Tells staff of notifications that the worker could not do, once each, and tries them once more."""
    told = Case.objects.filter(reason=Case.Reason.UNREADABLE, closed_at=None, event__isnull=False)
    stuck = GatewayEvent.objects.filter(
        state=GatewayEvent.State.NEW, received_at__lt=timezone.now() - EVENT_STUCK_AFTER
    )
    for event in stuck.exclude(pk__in=told.values("event")):
        open_case(Case.Reason.UNREADABLE, key_of(event), event=event, error="the background task failed for good")
        process.enqueue(event.pk)


@daily(hour=4)
@task()
def lapse_proformas():
    """Cancels proformas that nobody will pay any more."""
    while checkout.lapse():
        pass


@daily(hour=2, minute=30)
@task()
def invoice_usage():
    """On the 1st, what was charged for use last month; on other days what could not be invoiced then."""
    for customer_pk in usage_invoices.customers_due():
        usage_invoices.issue_due.enqueue(customer_pk)


@daily(hour=4, minute=20)
@task()
def check_money():
    """Looks over the books; the administration and /readyz show the result."""
    review.run()


@daily(hour=3, minute=40)
@task()
def clear_refused_notifications():
    """Notifications that were not believed, after somebody had time to look at them."""
    RefusedNotification.objects.filter(at__lt=timezone.now() - KEPT_REFUSED).delete()


@daily(hour=3, minute=50)
@task()
def clear_carts():
    """What people chose who never signed in, once their session is over, and transfers that wait with a code."""
    CartItem.objects.exclude(visitor="").filter(added_at__lt=timezone.now() - KEPT_OF_VISITORS).delete()
    CartItem.objects.exclude(authinfo="").filter(added_at__lt=timezone.now() - KEPT_TRANSFERS).delete()
