"""Failures of what follows a payment: they are told to staff and never touch the payment."""

from billing.cases import open_case
from billing.models import Case


def driver_failed(extension):
    """A driver did not extend a service; called by services."""
    open_case(
        Case.Reason.DRIVER_FAILED,
        f"extension:{extension.pk}",
        customer=extension.service.customer,
        service=str(extension.service),
        until=extension.last_day.isoformat(),
        error=extension.error,
    )


def document_failed(reason, document, error):
    """A PDF or mail of a document failed."""
    open_case(reason, f"document:{document.pk}", document=document, number=document.number, error=repr(error)[:400])
