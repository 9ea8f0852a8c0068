"""The staff queue: trouble is kept with its reason, once, until somebody has looked."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.history import record
from billing.actions import Action
from billing.models import Case


def open_case(reason, key, *, customer=None, payment=None, document=None, event=None, **details):
    """Gives something to staff. While a case of the same reason and key is open, it is only counted."""
    same = Case.objects.filter(reason=reason, key=key, closed_at=None)
    if same.update(times=F("times") + 1, details=details):
        return same.get()
    try:
        with transaction.atomic():
            return Case.objects.create(
                reason=reason,
                key=key,
                details=details,
                customer=customer or (payment.customer if payment else document.customer if document else None),
                payment=payment,
                document=document,
                event=event,
            )
    except IntegrityError:  # somebody else opened it at the same moment
        same.update(times=F("times") + 1)
        return same.get()


def was_closed(reason, key, *, amount):
    """Whether staff have settled the same trouble about the same amount before."""
    settled = Case.objects.filter(reason=reason, key=key, details__amount=amount, closed_by__isnull=False)
    return settled.exists()


@transaction.atomic
def close(case, *, resolution, by):
    """Says what was done about it; the customer reads that in the history. Twice is harmless."""
    closed = Case.objects.filter(pk=case.pk, closed_at=None).update(
        closed_at=timezone.now(), closed_by=by, resolution=resolution
    )
    if closed and case.customer:
        record(Action.CASE_CLOSED, customer=case.customer, by=by, text=resolution)
    return bool(closed)


def close_by_itself(reason, key):
    """The trouble is over: what failed has worked meanwhile."""
    Case.objects.filter(reason=reason, key=key, closed_at=None).update(closed_at=timezone.now())
