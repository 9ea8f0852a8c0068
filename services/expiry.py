"""Until when a service is paid, and how it comes to be paid for longer."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.history import record
from services.actions import Action
from services.calendar import months_later
from services.models import Extension, Service
from services.tasks import tell_driver

# What runs or rests and can be lengthened; what is not set up yet has no end to move.
RENEWABLE = (Service.Status.ACTIVE, Service.Status.SUSPENDED)
# A service of 31 December 9999 is meant to run for ever, and no calendar goes on from there.
FOR_EVER = date(3000, 1, 1)


class NotRenewable(Exception):
    """The service has ended, or never ends, so nothing can be added to its time."""


def renewable(services):
    """Those to which time can be added: they run or are suspended, and have an end."""
    return services.filter(status__in=RENEWABLE, ends_on__lt=FOR_EVER)


def is_renewable(service):
    """Whether a service is one of `renewable`."""
    return service.status in RENEWABLE and service.ends_on is not None and service.ends_on < FOR_EVER


def stuck(services):
    """Those of the services to which `extend` would add nothing, by two queries."""
    services = list(services)
    begun = set(Extension.objects.filter(service__in=services).values_list("service", "first_day"))
    return [
        service
        for service in services
        if not is_renewable(service) or (service.pk, service.ends_on + timedelta(days=1)) in begun
    ]


def next_period(service, months):
    """(first day, last day) that `months` more would add, without changing anything."""
    return service.ends_on + timedelta(days=1), months_later(service.ends_on, months, service.anchor_day)


@transaction.atomic
def extend(service, months, *, reference, by):
    """Adds calendar months after the last paid day; returns the Extension.

    `reference` names what paid for it: a second call with the same one changes nothing. A suspended
    service that is paid beyond today runs again. Its driver is told by the worker, after the commit.
    Raises NotRenewable when the service has ended meanwhile, or when its end was moved back into days
    that were paid for already.
    """
    rows = Service.objects.select_for_update(of=["self"], no_key=True).select_related("customer", "product")
    service = rows.get(pk=service.pk)
    if before := Extension.objects.filter(reference=reference).first():
        return before
    if stuck([service]):
        raise NotRenewable(str(service))
    first_day, last_day = next_period(service, months)
    if service.anchor_day is None:
        service.anchor_day = service.ends_on.day
    service.ends_on = last_day
    if service.status == Service.Status.SUSPENDED and last_day >= timezone.localdate():
        service.status = Service.Status.ACTIVE
    service.save(update_fields=["anchor_day", "ends_on", "status"])
    extension = Extension.objects.create(
        service=service, reference=reference, months=months, first_day=first_day, last_day=last_day
    )
    record(Action.SERVICE_EXTENDED, customer=service.customer, by=by, service=str(service), until=last_day.isoformat())
    tell_driver.enqueue(extension.pk)
    return extension


@transaction.atomic
def tell_again(extensions, *, by):
    """Has the drivers told of extensions that they did not understand; returns how many there were."""
    failed = extensions.filter(state=Extension.State.FAILED).select_related("service__customer")
    rows = list(failed.select_for_update(of=["self"]).order_by("pk"))
    for extension in rows:
        extension.state = Extension.State.WAITING
        extension.save(update_fields=["state"])
        service, until = extension.service, extension.last_day.isoformat()
        record(Action.DRIVER_TOLD_AGAIN, customer=service.customer, by=by, service=str(service), until=until)
        tell_driver.enqueue(extension.pk)
    return len(rows)
