"""Internal notes: written beside a conversation, read by support only."""

from django.db import transaction

from accounts.history import record
from tickets.actions import Action
from tickets.conversation import locked
from tickets.models import Note


@transaction.atomic
def write_note(ticket, *, by, text):
    """Adds a note. The customer's history does not tell of it."""
    ticket = locked(ticket)
    note = Note.objects.create(ticket=ticket, author=by, author_name=by.display_name, text=text)
    record(Action.NOTE_WRITTEN, user=by, by=by, ticket=ticket.number)
    return note
