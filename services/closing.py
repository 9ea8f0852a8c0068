"""What becomes of services when their customer closes the account."""

from django.utils.translation import ngettext

from accounts.history import record
from services.actions import Action
from services.models import Service

ALIVE = (Service.Status.PENDING, Service.Status.ACTIVE, Service.Status.SUSPENDED)
NAMED_AT_MOST = 5


def running(customer):
    """A sentence about the services that would end, if there are any."""
    services = Service.objects.filter(customer=customer, status__in=ALIVE)
    count = services.count()
    if not count:
        return []
    names = ", ".join([str(service) for service in services[:NAMED_AT_MOST]] + ["…"] * (count > NAMED_AT_MOST))
    words = ngettext("%(count)d service will end: %(names)s", "%(count)d services will end: %(names)s", count)
    return [words % {"count": count, "names": names}]


def end_services(customer, by):
    """Ends what still runs."""
    for service in Service.objects.filter(customer=customer, status__in=ALIVE):
        Service.objects.filter(pk=service.pk).update(status=Service.Status.ENDED)
        record(Action.SERVICE_ENDED, customer=customer, by=by, service=str(service))
