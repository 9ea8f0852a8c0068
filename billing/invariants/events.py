"""What gateways told us has been worked, and what did not fit is with staff."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.invariants.base import invariant
from billing.models import Case, GatewayEvent

# The worker takes them within seconds; an hour is a worker that stands still or a task that fails.
WORKED_WITHIN = timedelta(hours=1)
STATE = GatewayEvent.State
EVENTS = GatewayEvent.objects.defer("body").order_by("pk")


@invariant(_("Notification %(event)s has waited for more than an hour to be worked."))
def events_are_worked():
    late = EVENTS.filter(state=STATE.NEW, received_at__lt=timezone.now() - WORKED_WITHIN)
    for event in late.iterator():
        yield event, {"event": event}


@invariant(_("Notification %(event)s is called given to staff, but there is no case."))
def events_given_to_staff_have_a_case():
    # The same trouble is one case, which names the event that came first.
    same = Q(payment=OuterRef("payment")) | Q(payment=None, reason=Case.Reason.UNKNOWN_PAYMENT)
    case = Case.objects.filter(Q(event=OuterRef("pk")) | same)
    for event in EVENTS.filter(~Exists(case), state=STATE.CASE).iterator():
        yield event, {"event": event}


@invariant(_("Notification %(event)s is called worked, but not since when."))
def worked_events_say_when():
    for event in EVENTS.filter(done_at=None).exclude(state=STATE.NEW).iterator():
        yield event, {"event": event}
