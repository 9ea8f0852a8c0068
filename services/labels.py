"""The customer's own name for a service."""

from django.db import transaction

from accounts.history import record
from services.actions import Action
from services.provisioning import locked_service


@transaction.atomic
def set_label(service, label, *, by):
    """Calls the service by another word, or by none; twice is harmless."""
    service = locked_service(service.pk)
    if service.label == label:
        return
    service.label = label
    service.save(update_fields=["label"])
    record(Action.SERVICE_LABELLED, customer=service.customer, by=by, service=str(service), label=label or "–")
