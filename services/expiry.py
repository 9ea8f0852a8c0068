"""Until when a service is paid, and how it comes to be paid for longer."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.history import record
from services import provisioning
from services.actions import Action
from services.calendar import months_later
from services.models import Extension, ProvisioningJob, Service

# A service of 31 December 9999 is meant to run for ever, and no calendar goes on from there.
FOR_EVER = date(3000, 1, 1)


class NotRenewable(Exception):
    """The service has ended, or never ends, so nothing can be added to its time."""


def renewable(services):
    """Those to which time can be added: they are set up, suspended or not, and have an end."""
    return services.filter(status__in=Service.SET_UP, ends_on__lt=FOR_EVER)


def is_renewable(service):
    """Whether a service is one of `renewable`."""
    return service.status in Service.SET_UP and service.ends_on is not None and service.ends_on < FOR_EVER


def being_ended(services):
    """The keys of those of the services that are being deleted at their servers, or that staff must delete there."""
    ending = ProvisioningJob.objects.filter(act=ProvisioningJob.Act.TERMINATE, state__in=ProvisioningJob.TO_DO)
    return set(ending.filter(service__in=services).values_list("service", flat=True))


def is_being_ended(service):
    """Whether a service is one of `being_ended`."""
    return bool(being_ended([service]))


def stuck(services):
    """Those of the services to which `extend` would add nothing, by three queries."""
    services = list(services)
    ending = being_ended(services)
    begun = set(Extension.objects.filter(service__in=services).values_list("service", "first_day"))
    return [
        service
        for service in services
        if not is_renewable(service)
        or service.pk in ending
        or (service.pk, service.ends_on + timedelta(days=1)) in begun
    ]


def next_period(service, months):
    """(first day, last day) that `months` more would add, without changing anything."""
    return service.ends_on + timedelta(days=1), months_later(service.ends_on, months, service.anchor_day)


@transaction.atomic
def extend(service, months, *, reference, by):
    """Adds calendar months after the last paid day; returns the Extension.

    `reference` names what paid for it: a second call with the same one changes nothing. Its driver is told
    by the worker, after the commit; a suspended service that is paid beyond today runs again once the driver
    says so, unless the provider holds it back.
    Raises NotRenewable when the service has ended meanwhile, or when its end was moved back into days
    that were paid for already.
    """
    service = provisioning.locked_service(service.pk)
    if before := Extension.objects.filter(reference=reference).first():
        return before
    if stuck([service]):
        raise NotRenewable(str(service))
    first_day, last_day = next_period(service, months)
    if service.anchor_day is None:
        service.anchor_day = service.ends_on.day
    service.ends_on = last_day
    service.save(update_fields=["anchor_day", "ends_on"])
    extension = Extension.objects.create(
        service=service, reference=reference, months=months, first_day=first_day, last_day=last_day
    )
    record(Action.SERVICE_EXTENDED, customer=service.customer, by=by, service=str(service), until=last_day.isoformat())
    provisioning.ask(
        service,
        ProvisioningJob.Act.EXTEND,
        reference=f"extend:{reference}",
        by=by,
        months=months,
        until=last_day.isoformat(),
        resume=service.held_at is None and last_day >= timezone.localdate(),
    )
    return extension
