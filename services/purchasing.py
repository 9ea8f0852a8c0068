"""A new service of a customer, from the line of an order that was paid."""

from dataclasses import dataclass

from django.db import transaction

from accounts.history import record
from services import provisioning
from services.actions import Action
from services.models import Domain, Price, Product, ProvisioningJob, Service, ServiceGrant, ServiceOption


@dataclass(frozen=True)
class Wanted:
    """What somebody buys: a product for a period with option values, for a domain name where there is one.

    `origin` is one of Domain.HERE for a domain product, else ""; `authinfo` is encrypted and only of a transfer.
    """

    product: Product
    price: Price
    values: tuple = ()
    domain: str = ""
    origin: str = ""
    authinfo: str = ""


@transaction.atomic
def begin(customer, wanted, *, reference, by, membership=None):
    """Makes the service, being set up, and the job of its driver; returns it.

    `reference` names what paid for it: a second call with the same one changes nothing. A standard sub-user
    who ordered it (`membership`) is granted it.
    """
    reference = f"create:{reference}"
    if before := ProvisioningJob.objects.filter(reference=reference).first():
        return before.service
    product, price = wanted.product, wanted.price
    service = Service.objects.create(
        customer=customer,
        product=product,
        price=price,
        name=wanted.domain if product.kind == Product.Kind.DOMAIN else product.name,
        domain=wanted.domain,
    )
    if product.kind == Product.Kind.DOMAIN:
        Domain.objects.create(service=service, origin=wanted.origin, authinfo=wanted.authinfo)
    ServiceOption.objects.bulk_create(
        [ServiceOption(service=service, value=value, monthly_net=value.monthly_net) for value in wanted.values]
    )
    if membership is not None and not membership.sees_everything:
        ServiceGrant.objects.create(membership=membership, service=service)
    record(Action.SERVICE_BOUGHT, customer=customer, by=by, service=str(service))
    provisioning.ask(
        service,
        ProvisioningJob.Act.CREATE,
        reference=reference,
        by=by,
        product=product.code,
        domain=wanted.domain,
        origin=wanted.origin,
        months=price.months if costs_each_period(wanted) else None,
        options={value.option.code: value.code for value in wanted.values},
    )
    return service


def costs_each_period(wanted):
    """Whether there is something to renew: what costs nothing has no end, and nobody ever pays for it again."""
    return bool(wanted.price.net or any(value.monthly_net for value in wanted.values))
