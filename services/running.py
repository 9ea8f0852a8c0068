"""Does the jobs of drivers: each driver in a lane of its own, each service's jobs one after the other."""

import logging

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone

from accounts.work import heartbeat
from accounts.work.lanes import Lanes
from accounts.work.retry import Retry
from services import provisioning
from services.choosing import driver_of
from services.confidence import place_of, secrets_of, without_secrets
from services.drivers import Accepted, Done, DriverError
from services.models import ProvisioningJob
from services.overtaking import is_overtaken, leave_off

log = logging.getLogger("services.running")

Act, State = ProvisioningJob.Act, ProvisioningJob.State
# Name servers, and whoever runs the service itself, do not wait for each other: a domain is renewed while its
# records cannot be published.
STRAND = Case(When(act=Act.ZONE, then=Value("zone")), default=Value("service"))


def ready(me):
    """Jobs that worker `me` may take now, besides those that a worker that is no more had in hand.

    Not those of a service that has an earlier one of their strand unfinished, or any in hand. When setting up has
    failed for good, only its end can still be done: the others wait until staff have it set up after all.
    """
    others = heartbeat.living().exclude(worker_id=me).values("worker_id")
    same = ProvisioningJob.objects.alias(strand=STRAND).filter(service=OuterRef("service"), strand=OuterRef("strand"))
    same = same.exclude(pk=OuterRef("pk"))
    earlier = same.filter(pk__lt=OuterRef("pk"))
    in_hand = same.filter(Q(claimed_by=me) | Q(claimed_by__in=heartbeat.living().values("worker_id")))
    return (
        ProvisioningJob.objects.alias(strand=STRAND)
        .filter(next_at__lte=timezone.now(), state__in=ProvisioningJob.UNFINISHED)
        .exclude(claimed_by__in=others)
        .exclude(Exists(in_hand.exclude(claimed_by="")))
        .alias(
            must_wait=Exists(earlier.filter(state__in=ProvisioningJob.UNFINISHED)),
            has_nothing=Exists(earlier.filter(act=Act.CREATE, state=State.FAILED)),
        )
        .filter(Q(must_wait=False, has_nothing=False) | Q(has_nothing=True, act=Act.TERMINATE))
    )


def waiting(me):
    """The names of the drivers that have something to do now."""
    return list(ready(me).order_by().values_list("driver", flat=True).distinct())


def do_next(driver, me):
    """Has a driver do the job that has waited longest; False when there is none."""
    job = claim(driver, me)
    if job is None:
        return False
    do(job)
    return True


def claim(driver, me):
    """Takes a job for this worker alone, or None. The service is locked, so that it has one in hand at most."""
    found = ready(me).filter(driver=driver).order_by("next_at", "pk").values_list("pk", "service_id").first()
    if not found:
        return None
    pk, service_pk = found
    with transaction.atomic(durable=True):
        # Looking again: somebody else may have taken one of its jobs before we had the lock.
        provisioning.locked_service(service_pk)
        job = ready(me).filter(pk=pk).first()
        if job is None:
            return None
        if job.claimed_by not in ("", me) and is_poison(job):
            return None
        job.claimed_by, job.attempts, job.tried_at = me, job.attempts + 1, timezone.now()
        job.save(update_fields=["claimed_by", "attempts", "failures", "tried_at"])
    return ProvisioningJob.objects.select_related("service__product", "service__customer", "by").get(pk=pk)


def is_poison(job):
    """Counts that a worker died over a job; when too many did, nobody tries it any more."""
    job.failures += 1
    if provisioning.POLICY.wait_after(Retry(), job.failures) is not None:
        return False
    provisioning.over(job, State.FAILED, error="too many workers died over it")
    return True


def do(job):
    """Has the driver do a job that is claimed. Whatever goes wrong stays its own trouble."""
    # Noted outside of what caught it: no error on the way carries the driver's own along into the log.
    if trouble := attempt(job):
        log.warning("job %s (%s by %s) failed: %s", job.pk, job.act, job.driver, trouble)
        write(job, lambda row: provisioning.fail(row, str(trouble), permanent=trouble.permanent))


def attempt(job):
    """Asks the driver; returns what went wrong as a DriverError that may be read by everybody, or None.

    What nobody expected is told without its words, which may hold anything of what was asked or answered.
    """
    # As they are now: meanwhile a newer password may take the place of the one that the driver is told.
    told = secrets_of(job)
    try:
        ask(job)
    except DriverError as error:
        return DriverError(without_secrets(job, str(error), told), permanent=error.permanent)
    except NotImplementedError:
        return DriverError(f"the driver “{job.driver}” cannot do this", permanent=True)
    except Exception as error:
        return DriverError(f"a mistake in the driver or in the panel: {place_of(error)}")
    return None


def ask(job):
    """Has the driver do it and writes down what it says. Raises DriverError, or whatever a driver raises."""
    if is_overtaken(job):
        write(job, provisioning.drop)
        return
    leave_off(job)
    outcome = driver_of(job).perform(job)
    if isinstance(outcome, Accepted):
        write(job, lambda row: provisioning.accept(row, outcome))
    elif isinstance(outcome, Done):
        write(job, lambda row: provisioning.finish(row, outcome))
    else:
        raise DriverError(f"the driver returned a {type(outcome).__name__}")


@transaction.atomic
def write(claimed, outcome):
    """Calls `outcome` with the locked job, provided it is still ours.

    A worker that was silent for too long was taken for dead, and another one has done the job meanwhile;
    or a server has told by itself that it is done.
    """
    provisioning.locked_service(claimed.service_id)
    job = provisioning.locked_job(claimed)
    if (job.claimed_by, job.attempts) == (claimed.claimed_by, claimed.attempts):
        outcome(job)
    else:
        log.warning("job %s is not ours any more", job.pk)


LANES = Lanes(waiting, do_next)
