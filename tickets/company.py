"""Whom else of support is at the same conversation: so that two people do not answer it at once."""

from datetime import timedelta

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.models import Writing

# Three times as long as the script waits between two signs: one that gets lost is not missed.
LASTS = timedelta(seconds=45)


def types(ticket, user):
    """Notes that this person is typing an answer."""
    until = timezone.now() + LASTS
    Writing.objects.update_or_create(ticket=ticket, user=user, defaults={"until": until})


def has_done(ticket, user):
    """Forgets it: the answer is sent."""
    Writing.objects.filter(ticket=ticket, user=user).delete()


def in_words(ticket, *, besides):
    """The sentence about everybody else who is typing, or ""."""
    rows = Writing.objects.filter(ticket=ticket, until__gt=timezone.now()).exclude(user=besides)
    names = [row.user.display_name for row in rows.select_related("user").order_by("pk")]
    if not names:
        return ""
    sentence = ngettext("%(names)s is writing an answer.", "%(names)s are writing an answer.", len(names))
    return sentence % {"names": get_text_list(names, _("and"))}


def forget_old():
    """Deletes what says nothing any more."""
    Writing.objects.filter(until__lt=timezone.now()).delete()
