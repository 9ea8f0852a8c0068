"""Ending a service at once, before its paid time is over."""

from django.db import transaction
from django.utils import timezone

from accounts import closing, notify
from accounts.history import record
from services import provisioning
from services.actions import Action
from services.expiry import is_being_ended
from services.models import ProvisioningJob, Service

Act = ProvisioningJob.Act
# Called with a service that is to end and who wants it, in the transaction that says so and before the service is
# locked: what is not paid for it is taken back. Apps above append to it in AppConfig.ready().
ON_END = []


class NotEndable(Exception):
    """The service does not run yet, or no more."""


def can_end(service):
    """Whether there is something to be ended now."""
    return service.status in Service.SET_UP


@transaction.atomic
def terminate(service, *, by):
    """Has a service ended now; it is called ended when its driver says so. Twice is harmless. Raises NotEndable."""
    forget_orders(service, by=by)
    service = provisioning.locked_service(service.pk)
    if not can_end(service):
        raise NotEndable(str(service))
    if is_being_ended(service):
        return
    record(Action.SERVICE_TERMINATED, customer=service.customer, by=by, service=str(service))
    for person in closing.in_charge(service.customer):
        notify.mail("service_terminated", to=person, service=service.pk, by=by.pk)
    stop(service, by=by)


def forget_orders(service, *, by):
    """Lets apps above take back what is not paid for the service. Comes first: see billing's order of locks."""
    for tell in ON_END:
        tell(service, by)


def stop(service, *, by):
    """Renews the locked service no more and asks its driver to end it, after everything that was asked before.

    Once more where staff had given that up, or have set an ended service running again.
    """
    service.auto_renew, service.cancelled_at = False, service.cancelled_at or timezone.now()
    service.save(update_fields=["auto_renew", "cancelled_at"])
    if service.status != Service.Status.ENDED and not is_being_ended(service):
        before = service.jobs.filter(act=Act.TERMINATE).count()
        provisioning.ask(service, Act.TERMINATE, reference=f"terminate:{service.pk}:{before}", by=by)
