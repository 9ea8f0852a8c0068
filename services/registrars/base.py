"""What every registrar can do: a driver that also tells which names are free."""

from django.db import models

from accounts import keys
from services.confidence import without_secrets
from services.drivers import Done, Driver, DriverError
from services.models import Domain, ProvisioningJob, Service
from services.names import forms_of

Act = ProvisioningJob.Act


class Availability(models.TextChoices):
    """What a registrar says about a name. PREMIUM is free, but at a price of its own, so it is not sold here.

    BY_HAND is looked at by staff when it is ordered: it can be registered or moved, and may turn out not to be.
    """

    FREE = "free"
    TAKEN = "taken"
    PREMIUM = "premium"
    BY_HAND = "by_hand"
    UNKNOWN = "unknown"


class WrongAuthInfo(DriverError):
    """A transfer was refused because of its AuthInfo: the customer is asked for another."""

    def __init__(self, message="the AuthInfo is wrong"):
        super().__init__(message, permanent=True)


class Registrar(Driver):
    """Registers, transfers and keeps domain names, which it is told in punycode.

    `create` registers or transfers, as `job.asked["origin"]` says. A transfer may be Accepted and done later;
    for a wrong AuthInfo it raises WrongAuthInfo. A name that another registrar keeps needs nothing of this one. A name
    that our account at the registry has already, by another job, is refused for good: it is or was another's.
    """

    # How long a visitor waits for the answer about names, all of them together.
    AVAILABILITY_SECONDS = 4
    # Whether it can be asked without leaving the building; then it is not asked in a thread of its own.
    IS_OURS = False

    def perform(self, job):
        """Does what the job says, unless the name is kept elsewhere or a later job says otherwise."""
        domain = Domain.objects.filter(service=job.service_id).first()
        if domain is not None and domain.origin == Domain.Origin.ELSEWHERE:
            return Done(answer={"kept": "elsewhere"})
        begins_or_is_over = job.act in (Act.CREATE, Act.TERMINATE) or job.service.status == Service.Status.ENDED
        if begins_or_is_over and is_anothers(job.service):
            return left_alone(job)
        if job.act == Act.NAMESERVERS and is_followed(job):
            return Done(answer={"overtaken": True})
        try:
            return super().perform(job)
        except WrongAuthInfo as error:
            words = without_secrets(job, str(error))
            # It is of no use any more, and a transfer without one is a transfer that waits for another.
            Domain.objects.filter(service=job.service_id).update(authinfo="")
            raise WrongAuthInfo(words) from None

    def availability(self, names):
        """{name: Availability} of names in punycode, within AVAILABILITY_SECONDS. Raises DriverError."""
        raise NotImplementedError

    @staticmethod
    def typed_authinfo(job):
        """The AuthInfo that the customer typed for the transfer. Raises WrongAuthInfo when there is none."""
        token = Domain.objects.values_list("authinfo", flat=True).get(service=job.service_id)
        if not (typed := keys.decrypt(token) if token else ""):
            raise WrongAuthInfo("the AuthInfo is missing")
        return typed


def is_anothers(service):
    """Whether a name is kept here for another service: registrars know it as ours, not as whose it is."""
    same = Service.objects.registered_here().filter(domain__in=forms_of(service.domain), status__in=Service.SET_UP)
    return same.exclude(pk=service.pk).exists()


def left_alone(job):
    """Of a name that is another's nothing is ended. Raises DriverError for who would get it."""
    if job.act == Act.TERMINATE:
        return Done(answer={"kept": "for another service"})
    raise DriverError("the name is registered here already", permanent=True)


def is_followed(job):
    """Whether the same was asked for the service once more since, with other words."""
    return ProvisioningJob.objects.filter(service=job.service_id, act=job.act, pk__gt=job.pk).exists()
