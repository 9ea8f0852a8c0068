"""What services keeps about customers."""

from accounts.holdings import hold
from services.models import Domain, Extension, Service, ServiceGrant


def visible(membership):
    return Service.objects.visible_to(membership)


@hold(
    Service,
    *(
        "name",
        "domain",
        "product__code",
        "status",
        "starts_on",
        "ends_on",
        "auto_renew",
        "cancelled_at",
        "configuration",
        "created_at",
    ),
)
def services(membership):
    return visible(membership).order_by("pk")


@hold(Domain, "service__domain", "origin")
def domains(membership):
    return Domain.objects.filter(service__in=visible(membership)).order_by("pk")


@hold(Extension, "service__name", "first_day", "last_day", "months", "at")
def extensions(membership):
    return Extension.objects.filter(service__in=visible(membership)).order_by("pk")


@hold(ServiceGrant, "service__name", "service__domain")
def grants(membership):
    return ServiceGrant.objects.filter(membership=membership).order_by("pk")
