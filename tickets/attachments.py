"""Files on their way: kept when they arrive, sent with a message, taken back, or forgotten after a day."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tickets.file_names import clean_name
from tickets.file_types import content_type
from tickets.models import Attachment

ABANDONED_AFTER = timedelta(days=1)
REMOVED_AT_ONCE = 100


class Gone(Exception):
    """A file of the message was sent with another one or removed meanwhile."""


def keep(upload, *, by):
    """Stores an uploaded file for a message that is still being written; by chunks, never whole in memory."""
    return Attachment.objects.create(
        uploaded_by=by,
        name=clean_name(upload.name),
        content_type=content_type(upload),
        size=upload.size,
        file=upload,
    )


def send(files, *, message, by):
    """Makes the person's own unsent files part of a message; raises Gone when one is no longer there."""
    wanted = [attachment.pk for attachment in files]
    if not wanted:
        return
    unsent = Attachment.objects.unsent_by(by).filter(pk__in=wanted)
    if unsent.update(message=message, customer=message.ticket.customer) != len(wanted):
        raise Gone


@transaction.atomic
def remove(unsent):
    """Deletes those rows that still belong to no message, and their files once that is certain."""
    rows = list(unsent.filter(message=None).select_for_update()[:REMOVED_AT_ONCE])
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    transaction.on_commit(lambda: [row.file.storage.delete(row.file.name) for row in rows])
    return len(rows)


def remove_abandoned():
    """Deletes what was uploaded over a day ago for messages that were never sent; returns how many."""
    abandoned = Attachment.objects.filter(message=None, uploaded_at__lt=timezone.now() - ABANDONED_AFTER)
    removed = 0
    while count := remove(abandoned):
        removed += count
    return removed
