"""What the worker does for services: telling their drivers."""

from django.utils import timezone
from django_tasks import task

from accounts.work.retry import Retry, retries
from services.drivers import DriverError, driver_of
from services.models import Extension

# Called with an extension whose driver failed, or understood: who must hear of it is appended in AppConfig.ready().
ON_FAILURE = []
ON_SUCCESS = []


@task()
@retries(10)
def tell_driver(extension_pk):
    """Tells the driver that a service runs longer; again and again until it has understood.

    What a later extension has overtaken is no longer told: it would shorten the time there.
    """
    extension = Extension.objects.select_related("service__product", "service__customer").get(pk=extension_pk)
    if extension.state == Extension.State.DONE:
        return
    extension.attempts += 1
    try:
        if not is_overtaken(extension):
            driver_of(extension.service).extend(extension.service, extension)
    except DriverError as error:
        note_failure(extension, str(error))
        if not error.permanent:
            raise Retry(str(error)) from error
    except Exception as error:
        note_failure(extension, repr(error))
        raise
    else:
        extension.state, extension.error, extension.done_at = Extension.State.DONE, "", timezone.now()
        extension.save(update_fields=["state", "error", "done_at", "attempts"])
        for tell in ON_SUCCESS:
            tell(extension)


def is_overtaken(extension):
    """Whether the driver has already been told of a later day for the same service."""
    told = Extension.objects.filter(service=extension.service_id, state=Extension.State.DONE)
    return told.filter(last_day__gt=extension.last_day).exists()


def note_failure(extension, words):
    """Keeps what went wrong where staff see it."""
    extension.state, extension.error = Extension.State.FAILED, words[:500]
    extension.save(update_fields=["state", "error", "attempts"])
    for tell in ON_FAILURE:
        tell(extension)
