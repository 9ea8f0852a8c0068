"""How the records of a domain get to its name servers: the last state wins, and few jobs carry many edits.

Every edit counts up the zone's version while it holds the service. A job takes the records as they are when it
begins, tells the name servers outside any transaction, and then looks again: was something edited meanwhile, what it
has told may have overwritten what a newer job told, so the newest is asked for once more.
"""

from dataclasses import dataclass

from django.db import IntegrityError, models, transaction
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from services import provisioning
from services.drivers import DriverError
from services.models import ProvisioningJob, Service, Zone
from services.names import NotAHost, host

Act, State = ProvisioningJob.Act, ProvisioningJob.State


class Publication(models.TextChoices):
    """Whether name servers answer what the panel shows."""

    NOTHING = "nothing", _("Nothing to publish yet")
    PUBLISHED = "published", _("Published")
    WAITING = "waiting", _("Waiting to be published")
    FAILED = "failed", _("Not published")


@dataclass(frozen=True)
class Taken:
    """The state of a zone that a job is to publish; `records` is None when the zone is to go."""

    version: int
    name: str
    records: tuple | None


def held(service):
    """(service, zone) as they are now, the service held until the transaction ends; a zone is made if need be."""
    service = provisioning.locked_service(service.pk)
    zone, _is_new = Zone.objects.get_or_create(service=service)
    return service, zone


def changed(service, zone, *, by, anew=False):
    """Counts an edit of what is held and has it published, by the job that waits already if there is one."""
    zone.version += 1
    ask(service, zone, by=by, anew=anew)
    zone.save()


def ask(service, zone, *, by, anew=False):
    """Sees to it that a job looks at the records from now on: one that nobody has in hand, or with `anew` another."""
    waiting = service.jobs.filter(act=Act.ZONE, state=State.WAITING, claimed_by="")
    if not anew and waiting.update(next_at=timezone.now()):
        return
    zone.asked += 1
    provisioning.ask(service, Act.ZONE, reference=f"zone:{service.pk}:{zone.asked}", by=by)


@transaction.atomic
def take(service):
    """What is to be published now; edits from here on ask for another job. Raises DriverError."""
    service, zone = held(service)
    if service.status == Service.Status.ENDED:
        return Taken(zone.version, zone.name or "", None)
    if not zone.name:
        claim(zone, service)
    return Taken(zone.version, zone.name, tuple(service.records.all()))


def claim(zone, service):
    """Takes the domain's name for this zone. Raises DriverError when another service publishes it."""
    try:
        name = host(service.domain)
        with transaction.atomic():
            Zone.objects.filter(pk=zone.pk).update(name=name)
    except NotAHost:
        raise DriverError(f"“{service.domain}” is no domain name", permanent=True) from None
    except IntegrityError:
        raise DriverError(f"another service publishes the zone {name}", permanent=True) from None
    zone.name = name


@transaction.atomic
def settle(service, taken, *, by):
    """Writes down that the name servers know the state that was taken."""
    service, zone = held(service)
    if zone.version != taken.version:
        if taken.records is not None and not Zone.objects.filter(name=taken.name).exists():
            # It was removed while we published it, and is there again.
            zone.name = taken.name
        ask(service, zone, by=by)
    elif taken.records is None:
        zone.name, zone.published, zone.published_at = None, None, None
    else:
        zone.published, zone.published_at = taken.version, timezone.now()
    zone.save()


def state_of(zone, last_job):
    """The Publication of a zone, or None, by how the last job stands that was asked for it, or None."""
    if zone is None or last_job is None:
        return Publication.NOTHING
    if last_job == State.FAILED:
        return Publication.FAILED
    return Publication.PUBLISHED if zone.published == zone.version and last_job == State.DONE else Publication.WAITING


def last_jobs():
    """How the last job of a zone stands, for a column beside the service; what is tried again has failed so far."""
    has_failed = Q(state=State.FAILED) | Q(state=State.WAITING, failures__gt=0)
    jobs = ProvisioningJob.objects.filter(service=OuterRef("pk"), act=Act.ZONE).order_by("-pk")
    return Subquery(jobs.values(stands=Case(When(has_failed, then=Value(State.FAILED)), default="state"))[:1])
