"""The letters about services: what their templates are told. Secrets are read here, when they are sent."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Event, User
from accounts.notify import Kind, NoLongerNeeded, letter
from services import domains, sip
from services.models import Credential, Service, ServiceChange, Withdrawal

ACCOUNTS = Credential.objects.select_related("service__customer")
CHANGES = ServiceChange.objects.select_related("service__customer", "former", "product").prefetch_related(
    "options__value__option"
)


def about(change):
    """What every letter about a change is told."""
    service = change.service
    url = settings.SITE_URL + reverse("services:manage", args=[service.pk])
    return {"change": change, "service": service, "options": list(change.options.all()), "url": url}


@letter("service_changed", _("Notice that a service was changed"), kind=Kind.SERVICES)
def service_changed(row):
    """Tells that a service is another product now."""
    return about(row.batch.need(row, "change", CHANGES))


@letter("change_planned", _("Confirmation of a planned change"), kind=Kind.SERVICES)
def change_planned(row):
    """Tells from which day on a service is to be a smaller product; not when that was taken back meanwhile."""
    change = row.batch.need(row, "change", CHANGES)
    if change.state == ServiceChange.State.CANCELLED:
        raise NoLongerNeeded
    return about(change) | {"day": change.until + timedelta(days=1)}


@letter("change_failed", _("Notice that a service could not be changed"), kind=Kind.SERVICES)
def change_failed(row):
    """Tells that a service is still what it was, although it should be another product by now."""
    change = row.batch.need(row, "change", CHANGES)
    if change.state != ServiceChange.State.ASKED:
        raise NoLongerNeeded
    return about(change)


@letter("change_dropped", _("Notice that a planned change is off"), kind=Kind.SERVICES)
def change_dropped(row):
    """Tells that a service stays what it is, or was when it ended."""
    change = row.batch.need(row, "change", CHANGES)
    return about(change) | {"has_ended": change.service.status == Service.Status.ENDED}


@letter("sip_account", _("SIP account"), kind=Kind.SERVICES)
def sip_account(row):
    """Brings number and password; not any more to who has stopped being the owner of a verified customer."""
    account = row.batch.need(row, "credential", ACCOUNTS)
    if account.service.status == Service.Status.ENDED or not account.password:
        raise NoLongerNeeded
    customer = account.service.customer
    if customer.verified_at is None or row.user is None or sip.owner_of(customer) != row.user:
        raise NoLongerNeeded
    address = reverse("services:manage", args=[account.service_id])
    return {"account": account, "service": account.service, "url": settings.SITE_URL + address}


@letter("service_set_up", _("Notice that a service runs"), kind=Kind.SERVICES, by_text=_("When a service is set up"))
def service_set_up(row):
    """Tells what is needed to begin; passwords are shown in the panel only."""
    among = Service.objects.select_related("product").prefetch_related("credentials")
    service = row.batch.need(row, "service", among)
    if service.status != Service.Status.ACTIVE:
        raise NoLongerNeeded
    return {
        "service": service,
        "accounts": list(service.credentials.all()),
        "url": settings.SITE_URL + reverse("services:manage", args=[service.pk]),
    }


@letter("service_given_up", _("Notice that a service cannot be set up"), kind=Kind.SERVICES)
def service_given_up(row):
    """Tells why, in the words of staff."""
    event = row.batch.need(row, "event", Event.objects)
    service = row.batch.need(row, "service", Service.objects.select_related("customer"))
    url = settings.SITE_URL + reverse("services:manage", args=[service.pk])
    return {"service": service, "reason": event.details["reason"], "url": url}


@letter("withdrawal_received", _("Confirmation of a withdrawal"))
def withdrawal_received(row):
    """Repeats the statement with date and time, on a durable medium (art. 11a(5) of Directive 2011/83/EU)."""
    withdrawals = Withdrawal.objects.select_related("service__customer")
    withdrawal = row.batch.need(row, "withdrawal", withdrawals)
    return {"withdrawal": withdrawal, "customer": withdrawal.service.customer}


@letter("service_terminated", _("Notice of a terminated service"))
def service_terminated(row):
    """Tells everybody in charge who had a service ended at once: it may have been somebody else than they think."""
    return {
        "service": row.batch.need(row, "service", Service.objects),
        "person": row.batch.find(row, "by", User.objects),
        "at": row.created_at,
    }


@letter("authinfo_asked", _("Notice of a shown AuthInfo"))
def authinfo_asked(row):
    """Tells the owner who asked for the code that moves a domain away, and when."""
    event = row.batch.need(row, "event", Event.objects)
    return {"service": row.batch.need(row, "service", Service.objects), "who": event.by_name, "at": event.at}


@letter("nameservers_asked", _("Notice of new name servers"))
def nameservers_asked(row):
    """Tells the owner who points a domain elsewhere, when and where to."""
    event = row.batch.need(row, "event", Event.objects)
    names = "" if event.details["names"] == domains.OURS else event.details["names"]
    service = row.batch.need(row, "service", Service.objects)
    return {"service": service, "who": event.by_name, "at": event.at, "names": names, "ours": _("ours")}


@letter("authinfo_ready", _("Notice that an AuthInfo can be seen"), kind=Kind.SERVICES)
def authinfo_ready(row):
    """Tells who asked staff for it where it stands; the code itself is never mailed."""
    service = row.batch.need(row, "service", Service.objects)
    return {"service": service, "url": settings.SITE_URL + reverse("services:authinfo", args=[service.pk])}


@letter("transfer_refused", _("Transfer refused"), kind=Kind.SERVICES)
def transfer_refused(row):
    """Asks for another AuthInfo; not sent any more once the name has come."""
    service = row.batch.need(row, "service", Service.objects)
    if service.status != Service.Status.PENDING:
        raise NoLongerNeeded
    return {"service": service, "url": settings.SITE_URL + reverse("services:transfer", args=[service.pk])}
