"""The records of a domain: adding, changing and removing them, and the zone that a new domain gets."""

from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.history import record as write
from services.actions import Action
from services.dns import publishing
from services.dns.template import records_for
from services.limits import RECORDS_AT_MOST
from services.models import DnsRecord, Domain, Product, ProvisioningJob, Service, Zone
from services.names import NotAHost, host

Type = DnsRecord.Type


class Refused(Exception):
    """The record does not go with the others. `field` is the one to blame, None for the whole."""

    def __init__(self, words, field=None):
        super().__init__(words)
        self.words, self.field = words, field


def has_zone(service):
    """Whether the records of a service are looked after here."""
    return service.product.kind == Product.Kind.DOMAIN and bool(service.product.zones)


def may_be_edited(service):
    """Whether its records may be changed now: while it runs."""
    return has_zone(service) and service.status == Service.Status.ACTIVE


def answers_elsewhere(service):
    """Whether others are asked for the domain, as far as we know: then its records here are answered to nobody."""
    registration = getattr(service, "registration", None)
    if registration is None:
        return False
    if registration.origin == Domain.Origin.ELSEWHERE:
        return True
    chosen = {name.lower().rstrip(".") for name in registration.nameservers}
    return bool(chosen) and chosen != set(settings.ZONE_NAMESERVERS)


@transaction.atomic
def save(record, *, by):
    """Adds a record, or changes one, and has the zone published. Raises Refused.

    All records of one name and type have one TTL: the one that was typed last.
    """
    service, zone = publishing.held(record.service)
    before = DnsRecord.objects.filter(pk=record.pk, service=service).first() if record.pk else None
    if record.pk and before is None:
        raise Refused(_("This record was deleted meanwhile."))
    if not may_be_edited(service):
        raise Refused(_("Records can be changed while the domain is active."))
    if before and same(before, record):
        return
    check(record)
    record.save()
    family(record).update(ttl=record.ttl)
    publishing.changed(service, zone, by=by)
    tell(Action.RECORD_CHANGED if before else Action.RECORD_ADDED, record, by=by, before=str(before or ""))


@transaction.atomic
def remove(record, *, by):
    """Deletes a record and has the zone published; twice is harmless. Raises Refused."""
    service, zone = publishing.held(record.service)
    if not may_be_edited(service):
        raise Refused(_("Records can be changed while the domain is active."))
    deleted, _of_what = DnsRecord.objects.filter(pk=record.pk, service=service).delete()
    if deleted:
        publishing.changed(service, zone, by=by)
        tell(Action.RECORD_REMOVED, record, by=by)


def tell(action, record, *, by, **details):
    """Writes into the history what has become of a record."""
    service = record.service
    write(action, customer=service.customer, by=by, domain=service.domain, record=str(record), **details)


def same(one, other):
    """Whether two records say the same, TTL included."""
    return (one.name, one.type, one.ttl, one.data) == (other.name, other.type, other.ttl, other.data)


def family(record):
    """All records of its name and type."""
    return DnsRecord.objects.filter(service=record.service_id, name=record.name, type=record.type)


def check(record):
    """Raises Refused when a record does not go with the others of its zone."""
    others = DnsRecord.objects.filter(service=record.service_id).exclude(pk=record.pk)
    if not record.pk and others.count() >= RECORDS_AT_MOST:
        words = _("A domain can have %(count)d records at most. Delete one first.")
        raise Refused(words % {"count": RECORDS_AT_MOST})
    namesakes = list(others.filter(name=record.name))
    if any(other.type == Type.CNAME for other in namesakes):
        raise Refused(_("An alias (CNAME) bears this name, and it must be the only record there."), "name")
    if record.type == Type.CNAME and namesakes:
        raise Refused(_("Other records bear this name, and an alias (CNAME) must be the only one."), "name")
    if any(other.type == record.type and other.data == record.data for other in namesakes):
        raise Refused(_("This record is there already."))


def follow(job):
    """A domain that was set up gets its zone, and the zone goes with it. Hangs on provisioning.ON_SUCCESS."""
    if job.state != ProvisioningJob.State.DONE:
        return
    if job.act == ProvisioningJob.Act.CREATE and has_zone(job.service):
        open_zone(job.service, by=job.by)
    if job.act == ProvisioningJob.Act.TERMINATE:
        close_zone(job.service, by=job.by)


@transaction.atomic
def open_zone(service, *, by):
    """Publishes the zone of a new domain, with the records that the provider gives to all; twice is harmless."""
    service, zone = publishing.held(service)
    if zone.version:
        return
    with suppress(NotAHost):
        DnsRecord.objects.bulk_create(records_for(service, host(service.domain)))
    publishing.changed(service, zone, by=by)


@transaction.atomic
def close_zone(service, *, by):
    """Has the zone of a service that has ended deleted; its records stay in the panel."""
    if not Zone.objects.filter(service=service).exists():
        return
    service, zone = publishing.held(service)
    if zone.name:
        # A job of its own: those that were asked for before the end are dropped with it.
        publishing.changed(service, zone, by=by, anew=True)
