"""What becomes of a service when its driver has done a job: only then is it so."""

from datetime import timedelta

from django.utils import timezone

from accounts import notify
from accounts.history import record
from services import changed, recipients
from services.actions import Action
from services.calendar import months_later
from services.models import Credential, ProvisioningJob, Service

Act, Status = ProvisioningJob.Act, Service.Status


def activate(service, job):
    """It runs from today, for the months that were paid; without months it has no end.

    What has ended while it was being set up stays ended.
    """
    if service.status != Status.PENDING:
        return
    today = timezone.localdate()
    service.status, service.starts_on = Status.ACTIVE, today
    if months := job.asked.get("months"):
        eve = today - timedelta(days=1)
        # Paid from the 1st on, a period ends with the month; from the 15th on, with the 14th.
        service.anchor_day = 31 if today.day == 1 else eve.day
        service.ends_on = months_later(eve, months, service.anchor_day)
    record(Action.SERVICE_SET_UP, customer=service.customer, by=job.by, service=str(service))
    for reader in recipients.of(service):
        notify.mail("service_set_up", **reader, service=service.pk)


def extended(service, job):
    """Paying for it has switched it on again."""
    if job.asked.get("resume"):
        resume(service, job)


def suspend(service, job):
    """It is off, its data are kept."""
    if service.status == Status.ACTIVE:
        service.status = Status.SUSPENDED
        record(Action.SERVICE_SUSPENDED, customer=service.customer, by=job.by, service=str(service))


def resume(service, job):
    """It is on again."""
    if service.status == Status.SUSPENDED:
        service.status = Status.ACTIVE
        record(Action.SERVICE_RESUMED, customer=service.customer, by=job.by, service=str(service))


def terminate(service, job):
    """It is gone, and what was still to be done for it before will not be done any more."""
    if service.status != Status.ENDED:
        service.status, service.auto_renew = Status.ENDED, False
        record(Action.SERVICE_ENDED, customer=service.customer, by=job.by, service=str(service))


def set_password(service, job):
    """The server has the new password: it is the one that is shown from now on."""
    credential = Credential.waiting_for(job)
    if credential is None:
        return
    credential.secret, credential.wanted, credential.changed_at = credential.wanted, "", timezone.now()
    credential.save(update_fields=["secret", "wanted", "changed_at"])
    words = {"service": str(service), "account": credential.login}
    record(Action.CREDENTIAL_CHANGED, customer=service.customer, by=job.by, **words)


# Functions that get the service, locked and saved afterwards, and the job.
EFFECTS = {
    Act.CREATE: activate,
    Act.CHANGE: changed.take_effect,
    Act.EXTEND: extended,
    Act.SUSPEND: suspend,
    Act.RESUME: resume,
    Act.TERMINATE: terminate,
    Act.PASSWORD: set_password,
}
