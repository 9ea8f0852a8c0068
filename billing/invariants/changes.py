"""A service becomes another product when that was paid, as it was agreed, and never before."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from billing.invariants.base import invariant
from billing.invariants.orders import LINES, PREFIX, STATE, names, reference
from billing.models import CartItem, OrderLine
from services.models import ServiceChange

State = ServiceChange.State
BEGUN = (State.ASKED, State.DONE)
# Paid, begun, and dropped when the service was terminated before its driver had made it.
NOT_WAITING = (*BEGUN, State.CANCELLED)


@invariant(
    _("Line %(line)s of an order is called done, but %(service)s was not changed to the product that was paid.")
)
def what_is_done_has_changed_its_service():
    agreed = ServiceChange.objects.filter(
        reference=reference(OuterRef("pk")), service=OuterRef("service"), product=OuterRef("product")
    )
    changes = LINES.filter(act=CartItem.Act.CHANGE, state=STATE.DONE)
    for line in changes.filter(~Exists(agreed.filter(state__in=NOT_WAITING))).iterator():
        yield line, names(line)


@invariant(_("%(service)s is changed (%(reference)s), but no line of an order is done by that."))
def services_are_changed_by_what_is_done():
    done = OrderLine.objects.filter(act=CartItem.Act.CHANGE, state=STATE.DONE).annotate(named=reference("pk"))
    begun = ServiceChange.objects.filter(state__in=BEGUN, reference__startswith=PREFIX)
    for change in begun.exclude(reference__in=done.values("named")).select_related("service").iterator():
        yield change, {"service": change.service, "reference": change.reference}


@invariant(_("%(service)s waits for the payment of a change (%(reference)s) that no open order asks for."))
def ordered_changes_wait_for_payment():
    waiting = OrderLine.objects.filter(act=CartItem.Act.CHANGE, state=STATE.OPEN).annotate(named=reference("pk"))
    ordered = ServiceChange.objects.filter(state=State.ORDERED)
    for change in ordered.exclude(reference__in=waiting.values("named")).select_related("service").iterator():
        yield change, {"service": change.service, "reference": change.reference}
