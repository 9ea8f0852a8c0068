"""What staff do themselves for a service: say of a job that it is done, or that it will not be."""

from django.db import transaction

from accounts import notify
from accounts.history import record
from services import domains, ending, provisioning, recipients
from services.actions import Action
from services.expiry import is_being_ended
from services.models import Domain, Product, ProvisioningJob, Service

Act, State = ProvisioningJob.Act, ProvisioningJob.State
# Called with a service that nobody will set up, in the transaction that says so: its money goes back. Appended in
# AppConfig.ready().
ON_GIVEN_UP = []


def can_be_done(job):
    """Whether staff may say that it is done: somebody was to tell, or its driver has given up."""
    return job.state in (State.ACCEPTED, State.FAILED)


def can_be_refused(job):
    """Whether staff may say that it will not be done."""
    return job.state == State.ACCEPTED


@transaction.atomic
def done(job, outcome, *, by):
    """Staff have done a job. Twice is harmless."""
    if provisioning.finish(job, outcome):
        if outcome.authinfo:
            domains.keep_longer(job)
        record(Action.JOB_DONE_BY_HAND, customer=job.service.customer, by=by, **words(job))


@transaction.atomic
def refuse(job, reason, *, by, is_authinfo_wrong=False):
    """Staff will not do a job; the customer reads why in the history. Twice is harmless.

    When only the AuthInfo of a transfer is wrong, the customer is asked for another.
    """
    if is_authinfo_wrong and can_be_refused(job):
        Domain.objects.filter(service=job.service_id).update(authinfo="")
    if provisioning.refuse(job, reason):
        record(Action.JOB_REFUSED, customer=job.service.customer, by=by, reason=reason, **words(job))


def can_be_given_up(job):
    """Whether staff may leave it undone for good: its driver has failed.

    What was to be set up must not run meanwhile, nor be ended already.
    """
    if job.act == Act.CREATE and (job.service.status != Service.Status.PENDING or is_being_ended(job.service)):
        return False
    return job.state == State.FAILED


@transaction.atomic
def give_up(job, reason, *, by):
    """Staff leave undone for good what failed; the customer reads why in the history. Twice is harmless.

    A service that was to be set up is ended by that: the customer is told by mail, too, and the money goes back.
    """
    service = provisioning.locked_service(job.service_id)
    job = provisioning.locked_job(job)
    if not can_be_given_up(job):
        return
    if job.act == Act.CREATE:
        end_before_it_ran(service, reason, by=by)
    else:
        provisioning.drop(job)
        record(Action.JOB_REFUSED, customer=service.customer, by=by, reason=reason, **words(job))


def end_before_it_ran(service, reason, *, by):
    """Ends a service that nobody will set up, and tells everybody whom it concerns why."""
    event = record(Action.SERVICE_GIVEN_UP, customer=service.customer, by=by, service=str(service), reason=reason)
    for reader in recipients.of(service):
        notify.mail("service_given_up", **reader, service=service.pk, event=event.pk)
    for tell in ON_GIVEN_UP:
        tell(service)
    if service.product.kind == Product.Kind.DOMAIN:
        forget_name(service)
    else:
        ending.stop(service, by=by)


def forget_name(service):
    """Ends what never was a name of ours: a registrar that is asked to delete it might delete somebody else's."""
    Service.objects.filter(pk=service.pk).update(status=Service.Status.ENDED)
    for other in service.jobs.exclude(state__in=[State.DONE, State.DROPPED]):
        provisioning.drop(other)


def words(job):
    """What lines of the history say about a job."""
    return {"service": str(job.service), "act": job.get_act_display()}
