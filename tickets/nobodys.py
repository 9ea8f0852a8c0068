"""Conversations that belong to no customer: they are not kept for ever."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tickets.models import Attachment, Ticket

KEPT = timedelta(days=365)
FORGOTTEN_AT_ONCE = 100


def forget_old():
    """Deletes nobody's conversations that were closed longer ago than KEPT, files included; returns how many."""
    old = Ticket.objects.filter(customer=None, status=Ticket.Status.CLOSED, closed_at__lt=timezone.now() - KEPT)
    forgotten = 0
    while keys := list(old.order_by("pk").values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]):
        forget(keys)
        forgotten += len(keys)
    return forgotten


@transaction.atomic
def forget(keys):
    """Deletes these conversations, and their files once that is certain."""
    files = [file for row in Attachment.objects.filter(message__ticket__in=keys) for file in row.stored]
    Ticket.objects.filter(pk__in=keys).delete()
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in files])
