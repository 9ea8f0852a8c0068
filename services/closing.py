"""What becomes of services when their customer closes the account."""

from django.utils.translation import ngettext

from accounts.history import record
from services import provisioning
from services.actions import Action
from services.dns.records import close_zone
from services.models import Product, ProvisioningJob, Service

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
    """Ends what still runs, and has it deleted at the servers.

    A registrar is not asked to delete a domain name: it stays registered as long as it was paid for. One that is
    not registered yet never will be.
    """
    alive = Service.objects.filter(customer=customer, status__in=ALIVE).select_related("product")
    for service in alive.order_by("pk"):
        Service.objects.filter(pk=service.pk).update(status=Service.Status.ENDED)
        record(Action.SERVICE_ENDED, customer=customer, by=by, service=str(service))
        if service.product.kind == Product.Kind.DOMAIN:
            provisioning.drop_creating(service)
        else:
            provisioning.ask(service, ProvisioningJob.Act.TERMINATE, reference=f"close:{service.pk}", by=by)
        close_zone(service, by=by)
