"""Who of support looks after a conversation."""

from django.db import transaction

from accounts.history import record
from accounts.models import User
from tickets.actions import Action
from tickets.models import Ticket


def colleagues():
    """Everybody whom a conversation can be assigned to."""
    people = User.objects.filter(is_support=True, activated_at__isnull=False, blocked_at=None)
    return people.order_by("name", "login")


@transaction.atomic
def assign(ticket, to, *, by):
    """Makes `to`, a member of support or None for nobody, the one who looks after it; the same again does nothing.

    The customer's history does not tell of it; that of the two people does.
    """
    rows = Ticket.objects.filter(pk=ticket.pk)
    if not rows.exclude(assignee=to).update(assignee=to):
        return
    if to is None:
        record(Action.TICKET_LEFT, user=by, by=by, ticket=ticket.number)
    elif to == by:
        record(Action.TICKET_TAKEN, user=by, by=by, ticket=ticket.number)
    else:
        record(Action.TICKET_ASSIGNED, user=to, by=by, ticket=ticket.number, name=to.display_name)
