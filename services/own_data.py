"""What services keeps about customers, and what becomes of it after closing."""

from django.utils.translation import gettext_lazy as _

from accounts.holdings import everything, hold
from accounts.retention import NOTHING, Term, anonymised, erased, kept
from services.models import (
    ChangeOption,
    Credential,
    DnsRecord,
    Domain,
    Extension,
    ProvisioningJob,
    Service,
    ServiceChange,
    ServiceGrant,
    ServiceOption,
    Usage,
    Withdrawal,
    Zone,
)


def visible(membership):
    return Service.objects.visible_to(membership)


@hold(
    Service,
    *(
        "name",
        "label",
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


@hold(Domain, "service__domain", "origin", "nameservers")
def domains(membership):
    return Domain.objects.filter(service__in=visible(membership)).order_by("pk")


@hold(Extension, "service__name", "first_day", "last_day", "months", "at")
def extensions(membership):
    return Extension.objects.filter(service__in=visible(membership)).order_by("pk")


@hold(ServiceOption, "service__name", "value__option__name_en", "value__name_en", "monthly_net")
def options(membership):
    return ServiceOption.objects.filter(service__in=visible(membership)).order_by("pk")


@hold(ServiceChange, "service__name", "former__code", "product__code", "state", "until", "agreed_at", "done_at")
def changes(membership):
    return ServiceChange.objects.filter(service__in=visible(membership)).order_by("pk")


@hold(ChangeOption, "change__service__name", "value__option__name_en", "value__name_en", "monthly_net")
def change_options(membership):
    return ChangeOption.objects.filter(change__service__in=visible(membership)).order_by("pk")


@hold(Credential, "service__name", "kind", "login", "host", "changed_at", "mailed_at")
def credentials(membership):
    """Passwords are shown on the page of the service only, after the password of the panel."""
    return Credential.objects.filter(service__in=visible(membership)).order_by("pk")


@hold(ProvisioningJob, "service__name", "act", "state", "created_at", "done_at")
def jobs(membership):
    return ProvisioningJob.objects.filter(service__in=visible(membership)).order_by("pk")


@hold(
    DnsRecord,
    *("service__domain", "name", "type", "content", "priority", "weight", "port", "flags", "tag", "ttl"),
)
def records(membership):
    return DnsRecord.objects.filter(service__in=visible(membership)).order_by("pk")


@hold(Zone, "service__domain", "name", "published_at")
def zones(membership):
    return Zone.objects.filter(service__in=visible(membership)).order_by("pk")


@hold(Withdrawal, "service__name", "contract", "name", "email", "concluded_at", "received_at")
def withdrawals(membership):
    """A statement of the customer: for those who see everything."""
    rows = Withdrawal.objects.filter(service__customer=membership.customer_id).order_by("pk")
    return everything(membership, rows)


@hold(
    Usage,
    *("service__name", "reference", "what", "quantity", "unit", "net", "started_at", "ended_at"),
)
def usage(membership):
    return Usage.objects.filter(service__in=visible(membership)).order_by("pk")


@hold(ServiceGrant, "service__name", "service__domain")
def grants(membership):
    return ServiceGrant.objects.filter(membership=membership).order_by("pk")


erased(_("users, their roles and permissions"), (ServiceGrant, "membership__customer"))
anonymised(_("how services were set up"), Service, "customer", term=Term.SOON, configuration={})
anonymised(_("names and domains of services"), Service, "customer", name=NOTHING, label="", domain="", remote_id="")
erased(_("accounts on servers"), (Credential, "service__customer"))
erased(_("what was chosen for services"), (ServiceOption, "service__customer"))
erased(_("what was chosen for services"), (ChangeOption, "change__service__customer"))
kept(_("changes from one product to another"), (ServiceChange, "service__customer"))
erased(_("DNS records"), (DnsRecord, "service__customer"), (Zone, "service__customer"))
kept(_("work done at servers"), (ProvisioningJob, "service__customer"))
anonymised(
    _("what servers were asked and answered"),
    ProvisioningJob,
    "service__customer",
    asked={},
    answered={},
    error="",
    heard="",
)
kept(_("withdrawals from contracts"), (Withdrawal, "service__customer"))
anonymised(_("name servers of domains"), Domain, "service__customer", nameservers=[], authinfo="", released="")
kept(_("for which time services were paid"), (Extension, "service__customer"))
kept(_("what was used of services and charged for"), (Usage, "service__customer"))
anonymised(_("what was used of services, such as numbers that were called"), Usage, "service__customer", what=NOTHING)
