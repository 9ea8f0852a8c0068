"""What support does while a support session is open: look, note an instruction, end it."""

from django.db import transaction
from django.utils import timezone

from accounts import history
from accounts.history import record
from accounts.models import Event, SupportSession
from panel.actions import Action


def look(session, service=None):
    """Writes that a page with confidential data was opened."""
    if service:
        write(session, Action.STAFF_LOOKED_AT_SERVICE, service=str(service))
    else:
        write(session, Action.STAFF_LOOKED)


def note_instruction(session, text, *, service=None):
    """Keeps what the caller asked for, in their own history."""
    about = f"[{service}] " if service else ""
    write(session, history.Action.INSTRUCTION, text=about + text)


def instructions(session):
    """What was noted during this call, the newest first."""
    noted = Event.objects.filter(customer_id=session.customer_id, at__gte=session.opened_at)
    return noted.filter(action=history.Action.INSTRUCTION, by_id=session.staff_id, details__session=session.pk)


@transaction.atomic
def end(session):
    """Closes the customer's data before the code ends; twice is harmless."""
    if SupportSession.objects.filter(pk=session.pk, closed_at=None).update(closed_at=timezone.now()):
        write(session, Action.CALL_ENDED)


def write(session, action, **details):
    """A line that the customer reads, and the code's owner also when they are a standard sub-user."""
    person = session.code.membership.user
    which = {"session": session.pk, "code": session.code_id}
    record(action, customer=session.customer, user=person, by=session.staff, **which, **details)
