"""A conversation as support reads it: its messages, and between them notes and what was done with it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.history import sentence
from accounts.models import Event
from tickets.actions import Action

# Of each kind on one page of a conversation; nobody reads more at once.
BETWEEN_AT_MOST = 100
# What is told beside the messages; these themselves tell of the rest.
TOLD = [
    *(Action.TICKET_TAKEN, Action.TICKET_ASSIGNED, Action.TICKET_LEFT),
    *(Action.TICKET_CLOSED, Action.TICKET_REOPENED),
    *(Action.TICKET_MERGED, Action.TICKET_GIVEN, Action.TICKET_SORTED),
]


@dataclass(frozen=True)
class Step:
    """Something that was done with the conversation, from the history. Of the customer's people it names nobody."""

    words: str
    by: str
    created_at: datetime

    # Tells it from a message where both stand in one list.
    is_step = True

    @classmethod
    def of(cls, event):
        """The line of the history in words."""
        by = event.by_name if event.by_staff else _("The customer") if event.by_id else ""
        return cls(sentence(event), by, event.at)


def entries(ticket, thread):
    """The messages of a Thread with what belongs to the same time between them, oldest first."""
    times = span(ticket, thread)
    notes = within(times, ticket.notes.all(), "created_at")
    steps = [Step.of(event) for event in within(times, told_of(ticket), "at")]
    return sorted([*thread.messages, *notes, *steps], key=lambda entry: entry.created_at)


def told_of(ticket):
    """The history of a conversation, and of those that were merged into it."""
    numbers = [ticket.number, *ticket.merged.values_list("number", flat=True)]
    return Event.objects.filter(details__has_key="ticket", details__ticket__in=numbers, action__in=TOLD)


def span(ticket, thread):
    """(from, to) of the messages shown, None where nothing comes before or after them."""
    later = None if thread.latest else ticket.messages.filter(pk__gt=thread.last_id).order_by("pk").first()
    return thread.messages[0].created_at if thread.before else None, later and later.created_at


def within(times, rows, name):
    """The latest rows whose time, in the field of this name, is between the two."""
    bounds = zip((f"{name}__gte", f"{name}__lt"), times, strict=True)
    narrowed = rows.filter(**{bound: at for bound, at in bounds if at})
    return narrowed.order_by(f"-{name}", "-pk")[:BETWEEN_AT_MOST]
