"""Files on their way: kept when they arrive, sent with a message, taken back, or forgotten after a day."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Case, When
from django.utils import timezone

from tickets import thumbnails
from tickets.file_names import clean_name
from tickets.file_types import content_type
from tickets.models import Attachment, Draft

ABANDONED_AFTER = timedelta(days=1)
REMOVED_AT_ONCE = 100


class Gone(Exception):
    """A file of the message was sent with another one or removed meanwhile."""


def keep(upload, *, by):
    """Stores an uploaded file for a message that is still being written; by chunks, never whole in memory."""
    attachment = Attachment(
        uploaded_by=by, name=clean_name(upload.name), content_type=content_type(upload), size=upload.size
    )
    attachment.file.save("", upload, save=False)
    with transaction.atomic():
        attachment.save()
        thumbnails.ask_for(attachment)
    return attachment


def send(files, *, message, by):
    """Makes the person's own unsent files part of a message; raises Gone when one is no longer there."""
    wanted = [attachment.pk for attachment in files]
    if not wanted:
        return
    unsent = Attachment.objects.unsent_by(by).filter(pk__in=wanted)
    of_message = {"message": message, "customer": message.ticket.customer, "draft": None}
    if unsent.update(**of_message, position=in_this_order(wanted)) != len(wanted):
        raise Gone


def in_this_order(keys):
    """The positions of files, by the place of their keys in this list."""
    return Case(*[When(pk=key, then=place) for place, key in enumerate(keys)])


@transaction.atomic
def remove(unsent):
    """Deletes those rows that still belong to no message, and their files once that is certain."""
    rows = list(unsent.filter(message=None).select_for_update(of=["self"])[:REMOVED_AT_ONCE])
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    transaction.on_commit(lambda: [storage.delete(name) for row in rows for storage, name in row.stored])
    return len(rows)


def remove_abandoned():
    """Deletes what was uploaded over a day ago for messages that were never sent; returns how many.

    Files of a draft stay as long as it is written on, and for a day afterwards; it is noted that it lost them.
    """
    before = timezone.now() - ABANDONED_AFTER
    abandoned = Attachment.objects.filter(message=None, uploaded_at__lt=before).exclude(draft__saved_at__gte=before)
    Draft.objects.filter(files__in=abandoned).update(lost_files=True)
    removed = 0
    while count := remove(abandoned):
        removed += count
    return removed
