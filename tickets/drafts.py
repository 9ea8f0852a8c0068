"""Drafts: kept while somebody types, there again on every device, gone when sent, thrown away or forgotten."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tickets import attachments
from tickets.limits import DRAFTS_KEPT
from tickets.models import Attachment, Draft

# The text; files of a draft go a day after it was last saved: see tickets.attachments.
FORGOTTEN_AFTER = timedelta(days=30)


def of_new(writer, customer):
    """The person's draft of a new message for this customer, as a queryset of one row or none."""
    return Draft.objects.filter(writer=writer, customer=customer, ticket=None)


def in_thread(writer, ticket):
    """The person's draft in a thread, likewise."""
    return Draft.objects.filter(writer=writer, ticket=ticket)


@transaction.atomic
def save(*, writer, customer, ticket=None, files=(), **words):
    """Keeps what was typed so far, in place of what was kept there before, and returns the draft.

    `files` are those of the draft that were uploaded. When there is neither a word nor a file, nothing is kept and
    None returned: what was only chosen is chosen again at once.
    """
    rows = in_thread(writer, ticket) if ticket else of_new(writer, customer)
    if not (words["text"].strip() or words.get("subject", "").strip() or files):
        forget(rows)
        return None
    key = {"writer": writer, "ticket": ticket} | ({} if ticket else {"customer": customer})
    words |= {"customer": customer, "saved_at": timezone.now()}
    draft, is_new = Draft.objects.update_or_create(**key, defaults=words)
    put_files(draft, files)
    if is_new:
        forget_beyond(writer)
    return draft


def put_files(draft, files):
    """Makes these of the writer's unsent files the files of the draft, and no others."""
    unsent = Attachment.objects.unsent_by(draft.writer)
    chosen = [file.pk for file in files]
    unsent.filter(draft=draft).exclude(pk__in=chosen).update(draft=None)
    if not chosen:
        return
    placed = unsent.filter(pk__in=chosen).update(draft=draft, position=attachments.in_this_order(chosen))
    if placed and draft.lost_files:
        draft.lost_files = False
        draft.save(update_fields=["lost_files"])


def forget_beyond(writer):
    """Lets the oldest drafts of a person go when there are more than DRAFTS_KEPT."""
    newest = Draft.objects.filter(writer=writer).order_by("-saved_at", "-pk").values_list("pk", flat=True)
    forget(Draft.objects.filter(pk__in=list(newest[DRAFTS_KEPT:])))


@transaction.atomic
def forget(rows):
    """Deletes drafts with their files; files that were sent stay where they are."""
    attachments.remove(Attachment.objects.filter(draft__in=rows))
    rows.delete()


def forget_old():
    """Deletes what nobody has written on for FORGOTTEN_AFTER."""
    forget(Draft.objects.filter(saved_at__lt=timezone.now() - FORGOTTEN_AFTER))
