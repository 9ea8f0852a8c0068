"""What is done with a domain name that is kept here: name servers, AuthInfo, and a transfer that was refused."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import keys, notify
from accounts.history import record
from accounts.models import Membership
from services import provisioning
from services.actions import Action
from services.models import Domain, ProvisioningJob, Service

Act, State = ProvisioningJob.Act, ProvisioningJob.State
# How long an AuthInfo that the registrar gave out is shown to who asked for it, before it is erased.
RELEASED_FOR = timedelta(minutes=15)
# Who asked a person for it is not looking when it comes, and is mailed.
BY_HAND_FOR = timedelta(days=2)
# What the history says in place of name servers for those that the provider gives.
OURS = "—"


class NotNow(Exception):
    """The domain is not kept here, does not run, or the state that the act is for is over."""


def is_kept_here(service):
    """Whether a service is a domain name of which the provider is the registrar."""
    domain = getattr(service, "registration", None)
    return domain is not None and domain.origin in Domain.HERE


def can_be_changed(service):
    """Whether the registrar can be told something about it now: not while the provider holds it back."""
    return is_kept_here(service) and service.status in Service.SET_UP and service.held_at is None


def may_release(membership):
    """Who is given the AuthInfo: who sees everything of the customer. With it the name can be taken away."""
    return membership.sees_everything


def latest_jobs(service):
    """{act: its latest ProvisioningJob} of what the page of a domain tells, by one query."""
    told = ProvisioningJob.objects.filter(service=service, act__in=[Act.CREATE, Act.NAMESERVERS, Act.AUTHINFO])
    latest = told.order_by().values("act").annotate(latest=Max("pk")).values("latest")
    return {job.act: job for job in ProvisioningJob.objects.filter(pk__in=latest)}


@transaction.atomic
def set_nameservers(service, names, *, by):
    """Has the registrar put the domain on these name servers, or on the provider's when there are none.

    The owner is mailed. Asking for what is asked for already changes nothing. Raises NotNow.
    """
    service = held(service)
    asked = latest_jobs(service).get(Act.NAMESERVERS)
    now = service.registration.nameservers if asked is None else asked.asked["nameservers"]
    if names == now and not (asked and asked.state == State.FAILED):
        return
    provisioning.ask(
        service, Act.NAMESERVERS, reference=f"nameservers:{keys.new_selector()}", by=by, nameservers=names
    )
    words = ", ".join(names) or OURS
    event = record(Action.NAMESERVERS_ASKED, customer=service.customer, by=by, service=str(service), names=words)
    for owner in owners(service.customer):
        notify.mail("nameservers_asked", to=owner, event=event.pk, service=service.pk)


@transaction.atomic
def ask_authinfo(service, *, by):
    """Has the registrar give the AuthInfo out, to be shown to this person; the owner is mailed.

    While one is on its way or shown to the same person, nothing more happens. Raises NotNow.
    """
    service = held(service)
    before = latest_jobs(service).get(Act.AUTHINFO)
    if (
        before
        and before.by_id == by.pk
        and (before.state in ProvisioningJob.UNFINISHED or is_shown(service.registration))
    ):
        return
    forget(Domain.objects.filter(service=service))
    provisioning.ask(service, Act.AUTHINFO, reference=f"authinfo:{keys.new_selector()}", by=by)
    event = record(Action.AUTHINFO_ASKED, customer=service.customer, by=by, service=str(service))
    for owner in owners(service.customer):
        notify.mail("authinfo_asked", to=owner, event=event.pk, service=service.pk)


def is_shown(domain):
    """Whether an AuthInfo that was given out lies here and is young enough to be shown."""
    return bool(domain.released) and timezone.now() - domain.released_at < RELEASED_FOR


def keep_longer(job):
    """Lets who asked for an AuthInfo that staff have typed see it for longer, and tells them that it is there."""
    Domain.objects.filter(service=job.service_id).update(released_at=timezone.now() + BY_HAND_FOR - RELEASED_FOR)
    if job.by and job.by.is_active:
        notify.mail("authinfo_ready", to=job.by, service=job.service_id)


def shown_authinfo(service, job, person):
    """The AuthInfo for the person who asked for it with this job, or None."""
    domain = service.registration
    if job is None or job.by_id != person.pk or job.state != State.DONE or not is_shown(domain):
        return None
    return keys.decrypt(domain.released)


def forget_released():
    """Erases every AuthInfo that was given out and is not shown any more."""
    forget(Domain.objects.filter(released_at__lt=timezone.now() - RELEASED_FOR))


def forget(domains):
    domains.exclude(released="").update(released="", released_at=None)


def awaits_authinfo(service, job):
    """Whether the transfer was refused because of its AuthInfo; `job` is the one that was to bring the name."""
    domain = service.registration
    refused = job is not None and job.state == State.FAILED and domain.origin == Domain.Origin.TRANSFERRED
    return refused and service.status == Service.Status.PENDING and not domain.authinfo


def typed_authinfo(job):
    """What the customer has typed for a transfer that staff are to make, or "": shown to nobody else."""
    token = Domain.objects.filter(service=job.service_id).values_list("authinfo", flat=True).first()
    return (keys.decrypt(token) or "") if job.act == Act.CREATE and token else ""


@transaction.atomic
def try_transfer_again(service, authinfo, *, by):
    """Has the registrar ask for the name once more, with another AuthInfo (encrypted). Raises NotNow."""
    service = provisioning.locked_service(service.pk)
    job = latest_jobs(service).get(Act.CREATE)
    if not is_kept_here(service) or not awaits_authinfo(service, job):
        raise NotNow
    Domain.objects.filter(service=service).update(authinfo=authinfo)
    provisioning.repeat(ProvisioningJob.objects.filter(pk=job.pk), by=by, action=Action.TRANSFER_TRIED_AGAIN)


def tell_refused(job):
    """Mails the customer whose AuthInfo was refused; called with every job that failed."""
    if job.act == Act.CREATE and is_kept_here(job.service) and awaits_authinfo(job.service, job):
        for owner in owners(job.service.customer):
            notify.mail("transfer_refused", to=owner, service=job.service_id)


def keep_what_was_told(job):
    """What a job that is done changes about its domain; called with every one that is over without a failure."""
    domain = Domain.objects.filter(service=job.service_id)
    match job.act if job.state == State.DONE else None:
        case Act.CREATE | Act.TERMINATE:
            domain.exclude(authinfo="").update(authinfo="")
        case Act.NAMESERVERS if not job.answered.get("overtaken"):
            domain.update(nameservers=job.asked["nameservers"])


def forget_typed(job):
    """Erases the AuthInfo of a transfer that will not be made; called with every job that is dropped."""
    if job.act == Act.CREATE:
        Domain.objects.filter(service=job.service_id).exclude(authinfo="").update(authinfo="")


def owners(customer):
    """Who hears of what touches the ownership of a name."""
    people = Membership.objects.filter(customer=customer, role=Membership.Role.OWNER).select_related("user")
    return [membership.user for membership in people if membership.user.is_active]


def held(service):
    """The service as it is now, held until the transaction ends. Raises NotNow when nothing can be changed."""
    service = provisioning.locked_service(service.pk)
    if not can_be_changed(service):
        raise NotNow
    return service
