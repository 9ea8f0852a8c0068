"""Whether a service goes on by itself: automatic renewal, cancelling at its end, and taking that back."""

from django.db import transaction
from django.utils import timezone

from accounts.history import record
from services.actions import Action
from services.expiry import NotRenewable, is_being_ended, is_renewable
from services.provisioning import locked_service


def may_decide(membership):
    """Who says whether a service goes on: who sees everything, because it costs money, or else the service."""
    return membership.sees_everything


@transaction.atomic
def set_auto_renew(service, on, *, by):
    """Switches automatic renewal; twice is harmless.

    Raises NotRenewable when it is to be switched on for a service that is cancelled or cannot be renewed.
    """
    service = locked_service(service.pk)
    if on and (service.cancelled_at or not is_renewable(service)):
        raise NotRenewable(str(service))
    if service.auto_renew == on:
        return
    service.auto_renew = on
    service.save(update_fields=["auto_renew"])
    action = Action.AUTO_RENEWAL_ON if on else Action.AUTO_RENEWAL_OFF
    record(action, customer=service.customer, by=by, service=str(service))


@transaction.atomic
def cancel(service, *, by):
    """Lets a service end with its paid time, without automatic renewal; twice is harmless. Raises NotRenewable."""
    service = locked_service(service.pk)
    if not is_renewable(service):
        raise NotRenewable(str(service))
    if service.cancelled_at:
        return
    if service.auto_renew:
        set_auto_renew(service, False, by=by)
    service.auto_renew, service.cancelled_at = False, timezone.now()
    service.save(update_fields=["auto_renew", "cancelled_at"])
    until = service.ends_on.isoformat()
    record(Action.SERVICE_CANCELLED, customer=service.customer, by=by, service=str(service), until=until)


@transaction.atomic
def keep(service, *, by):
    """Takes the cancelling back while the service still runs; automatic renewal stays off. Twice is harmless.

    Raises NotRenewable when it has ended, or is about to.
    """
    service = locked_service(service.pk)
    if not is_renewable(service) or is_being_ended(service):
        raise NotRenewable(str(service))
    if not service.cancelled_at:
        return
    service.cancelled_at = None
    service.save(update_fields=["cancelled_at"])
    record(Action.SERVICE_KEPT, customer=service.customer, by=by, service=str(service))
