"""Work at the servers of services: jobs are rows, written in the transaction, done by the worker afterwards.

This module asks for jobs and writes down what has become of them; services.running does them.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import keys
from accounts.history import record
from accounts.work.retry import Policy, Retry
from services.actions import Action
from services.choosing import name_of_driver
from services.confidence import without_secrets
from services.effects import EFFECTS
from services.models import Credential, Domain, ProvisioningJob, Service

Act, State = ProvisioningJob.Act, ProvisioningJob.State
# A driver that fails is asked so often, for about 17 hours altogether; then staff decide.
POLICY = Policy(attempts=14)
# Called with a job that failed, was done, or was dropped: who must hear of it is appended in AppConfig.ready().
ON_FAILURE = []
ON_SUCCESS = []
ON_DROP = []
# Called with a job that staff have given up: what was paid for it is theirs to give back.


def locked_service(pk):
    """The service, locked before its jobs are: so those are asked for in the order of their keys."""
    rows = Service.objects.select_for_update(of=["self"], no_key=True).select_related("customer", "product")
    return rows.get(pk=pk)


@transaction.atomic
def ask(service, act, *, reference, by, **asked):
    """Writes a job for the service's driver, which the worker takes up after the commit; returns it.

    The same `reference` makes one job, however often it is asked for.
    """
    locked_service(service.pk)
    job, _is_new = ProvisioningJob.objects.get_or_create(
        reference=reference,
        defaults={"service": service, "act": act, "driver": name_of_driver(service, act), "by": by, "asked": asked},
    )
    return job


def can_be_held(service):
    """Whether it runs, and the provider could switch it off."""
    return service.status == Service.Status.ACTIVE and not service.held_at


def can_be_released(service):
    """Whether it is off, or about to be, and the provider could switch it on."""
    return service.status == Service.Status.SUSPENDED or service.held_at is not None


def reference_of_hold(service, why="hold"):
    """What the job is called by that switched, or switches, a held service off."""
    return f"{why}:{service.pk}:{service.held_at.timestamp()}"


@transaction.atomic
def hold(service, *, by, why="hold"):
    """The provider switches a service off, whatever is paid for it, until `release`. Twice is harmless.

    `why` begins the reference of its job: who holds for a reason of one's own knows it again by that.
    """
    service = locked_service(service.pk)
    if not can_be_held(service):
        return
    service.held_at = timezone.now()
    service.save(update_fields=["held_at"])
    record(Action.SERVICE_HELD, customer=service.customer, by=by, service=str(service))
    ask(service, Act.SUSPEND, reference=reference_of_hold(service, why), by=by)


@transaction.atomic
def release(service, *, by, only_paid=False):
    """The provider has a service switched on again. Twice is harmless.

    With `only_paid` one whose paid time is over meanwhile stays off; it runs again when that is paid, too.
    """
    service = locked_service(service.pk)
    if not can_be_released(service) or is_being_resumed(service):
        return
    service.held_at = None
    service.save(update_fields=["held_at"])
    if only_paid and service.ends_on and service.ends_on < timezone.localdate():
        return
    record(Action.SERVICE_RELEASED, customer=service.customer, by=by, service=str(service))
    ask(service, Act.RESUME, reference=f"release:{service.pk}:{timezone.now().timestamp()}", by=by)


def is_being_resumed(service):
    """Whether a suspended service is about to be switched on again."""
    switching = Q(act=Act.RESUME) | Q(act=Act.EXTEND, asked__resume=True)
    return (
        service.status == Service.Status.SUSPENDED
        and not service.held_at
        and service.jobs.filter(switching, state__in=ProvisioningJob.UNFINISHED).exists()
    )


@transaction.atomic
def finish(job, outcome, *, heard=""):
    """Writes what the driver says it has done; only now a service is called active. Twice is harmless.

    Also for a job that had been given up: what is done is done. True unless it was done or dropped already.
    """
    service = locked_service(job.service_id)
    job = locked_job(job)
    if job.state in (State.DONE, State.DROPPED):
        return False
    service.remote_id = outcome.remote_id or service.remote_id
    service.configuration = service.configuration | outcome.configuration
    keep(service, outcome.accounts)
    if outcome.authinfo:
        released = keys.encrypt(outcome.authinfo)
        Domain.objects.filter(service=service).update(released=released, released_at=timezone.now())
    if effect := EFFECTS.get(job.act):
        effect(service, job)
    service.save()
    if job.act == Act.TERMINATE:
        for other in service.jobs.exclude(pk=job.pk).exclude(state__in=[State.DONE, State.DROPPED]):
            drop(other)
    job.done_at = timezone.now()
    over(job, State.DONE, answered=without_secrets(job, outcome.answer), failures=0, heard=heard)
    return True


def keep(service, accounts):
    """What the service itself is signed in to; passwords are encrypted."""
    for account in accounts:
        which = {"service": service, "kind": account.kind, "login": account.login}
        row = Credential.objects.filter(**which).first() or Credential(**which)
        if account.password:
            row.password = account.password
            row.changed_at = timezone.now()
        row.host = account.host or row.host
        row.save()


def locked_job(job):
    """The job's row, after that of its service."""
    return ProvisioningJob.objects.select_for_update(of=["self"], no_key=True).select_related("by").get(pk=job.pk)


def over(job, state, **changes):
    """The end of a job, unless staff repeat it; whoever waits for that is told."""
    job.state, job.error, job.next_at, job.claimed_by = state, "", None, ""
    for name, value in changes.items():
        setattr(job, name, value)
    job.save()
    for tell in {State.FAILED: ON_FAILURE, State.DONE: ON_SUCCESS, State.DROPPED: ON_DROP}[state]:
        tell(job)


def drop(job):
    """Leaves a job undone for good: it would undo something later."""
    over(job, State.DROPPED)


@transaction.atomic
def drop_creating(service):
    """Leaves undone what would set the service up, unless a worker is about it."""
    service = locked_service(service.pk)
    for job in service.jobs.filter(act=Act.CREATE, state__in=[State.WAITING, State.FAILED], claimed_by=""):
        drop(job)


@transaction.atomic
def accept(job, outcome):
    """The driver has taken the job over: somebody tells later, or it is asked again."""
    job.state, job.error, job.failures = State.ACCEPTED, "", 0
    job.answered = without_secrets(job, outcome.answer)
    job.next_at = outcome.again and timezone.now() + outcome.again
    job.claimed_by = ""
    job.save()


@transaction.atomic
def fail(job, words, *, permanent=False):
    """Keeps what went wrong where staff see it: another attempt later, or the last word."""
    job.failures += 1
    wait = None if permanent else POLICY.wait_after(Retry(), job.failures)
    words = words[:500]
    if wait is None:
        over(job, State.FAILED, error=words)
        return
    job.error, job.next_at, job.claimed_by = words, timezone.now() + wait, ""
    job.save()
    for tell in ON_FAILURE:
        tell(job)


@transaction.atomic
def refuse(job, words, *, heard=""):
    """A person or a server says later that what it had accepted will not be done; True unless it is over already."""
    locked_service(job.service_id)
    job = locked_job(job)
    if job.state not in ProvisioningJob.UNFINISHED:
        return False
    job.heard = heard
    fail(job, without_secrets(job, words), permanent=True)
    return True


@transaction.atomic
def repeat(jobs, *, by, action=Action.DRIVER_TOLD_AGAIN):
    """Has the drivers asked again for jobs that failed, at once for those that are to be tried later anyway.

    Returns how many there were. `action` tells the customer.
    """
    failed = jobs.filter(Q(state=State.FAILED) | Q(state=State.WAITING, failures__gt=0, claimed_by=""))
    rows = list(failed.select_for_update(of=["self"], no_key=True).select_related("service__customer").order_by("pk"))
    for job in rows:
        job.state, job.failures, job.next_at = State.WAITING, 0, timezone.now()
        job.save(update_fields=["state", "failures", "next_at"])
        record(
            action,
            customer=job.service.customer,
            by=by,
            service=str(job.service),
            act=job.get_act_display(),
        )
    return len(rows)
