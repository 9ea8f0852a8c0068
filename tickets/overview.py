"""What the first page tells about messages."""

from tickets.models import Ticket


def latest(membership, user, count=5):
    """The threads that changed last, with `is_new`; one query."""
    tickets = Ticket.objects.visible_to(membership).marked_new_for(user)
    return list(tickets.order_by("-updated_at", "-id")[:count])


def open_threads(membership):
    """The threads that are not closed."""
    return Ticket.objects.visible_to(membership).filter(status__in=Ticket.NOT_CLOSED)
