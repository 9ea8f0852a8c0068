"""Two conversations about the same thing become one; it cannot be undone."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.history import record
from accounts.models import SupportSession
from tickets.actions import Action
from tickets.models import Attachment, Message, Note, ReadMark, Ticket

OFFERED_AT_MOST = 20


class Unfit(Exception):
    """The two cannot be merged; the words say why."""


def candidates(ticket):
    """What this conversation can be merged into, the latest first; nobody's one fits any, so none is offered."""
    rows = Ticket.objects.filter(customer=ticket.customer_id, service=ticket.service_id, merged_into=None)
    fitting = rows.exclude(pk=ticket.pk).exclude(customer=None).select_related("category")
    return fitting.order_by("-updated_at", "-pk")[:OFFERED_AT_MOST]


def check(ticket, into):
    """Raises Unfit when somebody would see more than before, or nobody would see what becomes of it.

    Who sees a conversation depends on its customer and service, so both must be the same. Nobody's conversation
    was seen by no customer: it becomes part of theirs, as when it is given to them.
    """
    if ticket.pk == into.pk:
        raise Unfit(_("This is the same message."))
    if ticket.merged_into_id or into.merged_into_id:
        raise Unfit(_("One of them was merged already."))
    if into.customer_id is None:
        raise Unfit(_("Nobody knows whose that message is. Give it to a customer first."))
    if ticket.customer_id is not None and ticket.customer_id != into.customer_id:
        raise Unfit(_("That message is another customer's."))
    if ticket.customer_id is not None and ticket.service_id != into.service_id:
        raise Unfit(_("They are about different services, which other people may see. Set the same service first."))


@transaction.atomic
def merge(ticket, into, *, by):
    """Moves everything of `ticket` into the other one, which it leads to from now on. Raises Unfit."""
    rows = Ticket.objects.select_for_update().order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[ticket.pk, into.pk])}
    ticket, into = found[ticket.pk], found[into.pk]
    check(ticket, into)
    forget_who_was_identified(ticket)
    move(ticket, into)
    take_turn(ticket, into)
    lead(ticket, into)
    record(Action.TICKET_MERGED, customer=into.customer, by=by, ticket=ticket.number, into=into.number)


def forget_who_was_identified(ticket):
    """What opened nobody's data before the merging opens nobody's afterwards: see tickets.identified."""
    old = Message.objects.filter(ticket=ticket)
    if not ticket.is_closed:
        old = old.filter(created_at__lte=ticket.last_closed_at) if ticket.last_closed_at else old.none()
    old.update(signed_in_as=None, generation=None)


def move(ticket, into):
    """Messages with their files, and notes."""
    Attachment.objects.filter(message__ticket=ticket).update(customer=into.customer)
    Message.objects.filter(ticket=ticket).update(ticket=into)
    Note.objects.filter(ticket=ticket).update(ticket=into)
    ReadMark.objects.filter(ticket=ticket).delete()


def take_turn(ticket, into):
    """When either waits for support the one that is left does, since the earlier of the two."""
    into.updated_at = max(ticket.updated_at, into.updated_at)
    answers = [row.last_staff_message_at for row in (ticket, into) if row.last_staff_message_at]
    into.last_staff_message_at = max(answers, default=None)
    turns = ticket.turns.filter(answered_at=None)
    if ticket.status != Ticket.Status.OPEN:
        pass
    elif into.status == Ticket.Status.OPEN:
        turns.delete()
        into.status_since = min(ticket.status_since, into.status_since)
        into.due_at = min(ticket.due_at, into.due_at)
        into.turns.filter(answered_at=None).update(began_at=into.status_since, due_at=into.due_at)
    else:
        turns.update(ticket=into, is_first=not answers)
        into.status, into.status_since, into.due_at = ticket.status, ticket.status_since, ticket.due_at
        into.closed_at = None
    into.save()


def lead(ticket, into):
    """Closes what is empty now; everything that names it leads to the other."""
    now = timezone.now()
    SupportSession.objects.filter(case=ticket.number, closed_at=None).update(closed_at=now)
    Ticket.objects.filter(merged_into=ticket).update(merged_into=into)
    ticket.status, ticket.status_since = Ticket.Status.CLOSED, now
    ticket.closed_at = ticket.last_closed_at = now
    ticket.customer, ticket.merged_into = into.customer, into
    ticket.save()
