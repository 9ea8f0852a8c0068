"""How a domain name is registered, and what is on its way for it."""

from services import domains
from services.domain_names import BadName, in_punycode
from services.models import Domain, ProvisioningJob, Service

Act, State = ProvisioningJob.Act, ProvisioningJob.State


def registration(service, membership):
    """Name servers and what is on its way; None for a name of which nothing is known here."""
    domain = getattr(service, "registration", None)
    if domain is None:
        return None
    jobs = domains.latest_jobs(service)
    coming, servers = jobs.get(Act.CREATE), jobs.get(Act.NAMESERVERS)
    return {
        "domain": domain,
        "punycode": punycode(service.domain),
        "transfer": transfer(service, coming),
        "asked": servers if servers and servers.state != State.DONE else None,
        "sets_nameservers": domains.can_be_changed(service),
        "sees_authinfo": may_see_authinfo(service, membership),
    }


def punycode(name):
    """The name as registries know it, where that is another than people write."""
    try:
        known = in_punycode(name)
    except BadName:
        return ""
    return known if known != name else ""


def transfer(service, job):
    """How far the transfer here is, or "": "asked", "accepted", "wrong" (its AuthInfo) or "stuck"."""
    if service.registration.origin != Domain.Origin.TRANSFERRED or service.status != Service.Status.PENDING:
        return ""
    if job is None or job.state == State.WAITING:
        return "asked"
    if job.state == State.ACCEPTED:
        return "accepted"
    return "wrong" if domains.awaits_authinfo(service, job) else "stuck"


def may_see_authinfo(service, membership):
    """Who decides about the service: with the AuthInfo the name can be taken away from here."""
    return domains.may_release(membership) and domains.can_be_changed(service)
