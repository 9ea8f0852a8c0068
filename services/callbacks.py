"""What a server tells later of a job that it had accepted; signed, and no word of it counts twice."""

from django.conf import settings
from django.utils import timezone

from accounts.told import content_of
from services import provisioning, signing
from services.drivers import words
from services.models import ProvisioningJob

LARGEST_BODY = 64 * 1024


class Unfitting(Exception):
    """The job is over in another way, or the server was never asked."""


def receive(job_pk, body, header):
    """Does what a callback says about a job.

    Raises signing.NotBelieved, ProvisioningJob.DoesNotExist, ValueError when it makes no sense, or Unfitting.
    """
    signature = signing.verify(settings.PROVISIONING_WEBHOOK_SECRET, body, header, now=timezone.now())
    content = content_of(body)
    reference = words.word(content, "reference", ProvisioningJob._meta.get_field("reference").max_length)
    job = ProvisioningJob.objects.get(pk=job_pk, driver="webhook", reference=reference)
    if job.heard == signature:
        return
    if not job.attempts:
        raise Unfitting("the server was not asked yet")
    verdict = content.get("state")
    if verdict == "done":
        fits = provisioning.finish(job, words.done(content), heard=signature) or was(job, "done")
    elif verdict == "failed":
        fits = provisioning.refuse(job, words.reason(content), heard=signature) or was(job, "failed")
    else:
        raise ValueError("“state” is neither “done” nor “failed”")
    if not fits:
        raise Unfitting("the job is over in another way")


def was(job, state):
    """Whether a job has come to that before: being told so again changes nothing."""
    return ProvisioningJob.objects.filter(pk=job.pk, state=state).exists()
