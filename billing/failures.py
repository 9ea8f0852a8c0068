"""Failures of what follows a payment: they are told to staff and never touch the payment."""

from billing.cases import close_by_itself, open_case
from billing.models import Case


def driver_failed(extension):
    """A driver did not extend a service; called by services."""
    open_case(
        Case.Reason.DRIVER_FAILED,
        key(extension),
        customer=extension.service.customer,
        service=str(extension.service),
        until=extension.last_day.isoformat(),
        error=extension.error,
    )


def driver_worked(extension):
    """A driver has understood at last; called by services."""
    close_by_itself(Case.Reason.DRIVER_FAILED, key(extension))


def key(extension):
    """What the case of an extension is about."""
    return f"extension:{extension.pk}"


def document_failed(reason, document, error):
    """A PDF or mail of a document failed."""
    open_case(reason, f"document:{document.pk}", document=document, number=document.number, error=repr(error)[:400])
