"""Failures of what follows a payment: they are told to staff and never touch the payment."""

from billing.cases import close_by_itself, open_case
from billing.models import Case

# A driver that talks nonsense is one trouble, not a thousand: when these are closed, the next ones are told.
MOST_AT_ONCE = 20


def driver_failed(job):
    """A driver did not do its job; called by services."""
    open_case(
        Case.Reason.DRIVER_FAILED,
        key(job),
        customer=job.service.customer,
        service=str(job.service),
        act=job.act,
        error=job.error,
    )


def driver_worked(job):
    """A driver has done it at last; called by services."""
    close_by_itself(Case.Reason.DRIVER_FAILED, key(job))


def usage_told(service, driver, bad):
    """A driver was asked what was used, and some of it makes no sense; called by services.

    What staff have settled is not told again, however often the driver repeats it.
    """
    known = Case.objects.filter(reason=Case.Reason.BAD_USAGE, key__in=[of_use(driver, name) for name in bad])
    settled = set(known.filter(closed_by__isnull=False).values_list("key", flat=True))
    untold = [(of_use(driver, name), why) for name, why in bad.items() if of_use(driver, name) not in settled]
    for about, why in untold[:MOST_AT_ONCE]:
        open_case(Case.Reason.BAD_USAGE, about, customer=service.customer, service=str(service), error=why[:400])


def usage_understood(service, uses):
    """What made no sense has been told once more, and does now; called by services."""
    keys = [of_use(use.driver, use.reference) for use in uses]
    told = Case.objects.filter(reason=Case.Reason.BAD_USAGE, key__in=keys, closed_at=None)
    for about in told.values_list("key", flat=True):
        close_by_itself(Case.Reason.BAD_USAGE, about)


def of_use(driver, reference):
    """What the case of a use is about."""
    return f"usage:{driver}:{reference}"


def key(job):
    """What the case of a job is about."""
    return f"job:{job.pk}"


def document_failed(reason, document, error):
    """A PDF or mail of a document failed."""
    open_case(reason, f"document:{document.pk}", document=document, number=document.number, error=repr(error)[:400])
