"""Which jobs must not be done any more, because something later was done first: they would undo it."""

from django.db.models import Q

from services.models import Credential, ProvisioningJob

Act, State = ProvisioningJob.Act, ProvisioningJob.State

ON_OR_OFF = Q(act__in=[Act.SUSPEND, Act.RESUME]) | Q(act=Act.EXTEND, asked__resume=True)
# By what a later job of the same service says the last word about the same thing.
LAST_WORD = {
    Act.CHANGE: Q(act=Act.CHANGE),
    Act.SUSPEND: ON_OR_OFF,
    Act.RESUME: ON_OR_OFF,
    Act.ZONE: Q(act=Act.ZONE),
    Act.NAMESERVERS: Q(act=Act.NAMESERVERS),
}


def done_for(job):
    """What was done for the same service."""
    return ProvisioningJob.objects.filter(service=job.service_id, state=State.DONE)


def is_overtaken(job):
    """Whether its driver has been told something later that this job would undo."""
    later = done_for(job).filter(pk__gt=job.pk)
    if later.filter(act=Act.TERMINATE).exists():
        return True
    if job.act == Act.EXTEND:
        told = done_for(job).filter(act=Act.EXTEND).values_list("asked__until", flat=True)
        return any(until > job.asked["until"] for until in told if until)
    if job.act == Act.PASSWORD:
        return Credential.waiting_for(job) is None
    return job.act in LAST_WORD and later.filter(LAST_WORD[job.act]).exists()


def leave_off(job):
    """Takes the switching on out of an extension that comes late, when the service was switched off since."""
    if job.asked.get("resume") and done_for(job).filter(pk__gt=job.pk, act=Act.SUSPEND).exists():
        job.asked["resume"] = False
        job.save(update_fields=["asked"])
