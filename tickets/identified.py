"""Who wrote in a signed-in session: support may see what they may see, until the conversation is closed."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts.codes import basis
from accounts.history import record, resting_on
from accounts.models import Membership, SupportSession
from tickets.actions import Action
from tickets.models import Message, Ticket


def identifying():
    """Messages that open their author's data now: written signed in, since the conversation was last closed.

    A changed password or second step and "this was not me" end the sessions of before, and with them what was
    written in those: it may have been a thief.
    """
    since = Q(ticket__last_closed_at=None) | Q(created_at__gt=F("ticket__last_closed_at"))
    written = Message.objects.filter(since, is_staff=False, signed_in_as__customer=F("ticket__customer"))
    written = written.filter(generation=F("signed_in_as__user__session_generation"))
    return written.exclude(ticket__status=Ticket.Status.CLOSED)


def sessions():
    """The support sessions that rest on such a message, as a Q: see accounts.models.code."""
    messages = identifying().filter(ticket__number=OuterRef("case"), signed_in_as=OuterRef("membership"))
    return Q(code=None) & Exists(messages)


def authors(ticket):
    """The people whose data the conversation opens for support, as memberships."""
    messages = identifying().filter(ticket=ticket, signed_in_as=OuterRef("pk"))
    people = Membership.objects.filter(Exists(messages), blocked_at=None, user__blocked_at=None)
    return people.filter(customer__closed_at=None).select_related("user").order_by("pk")


def open_for(staff, ticket):
    """The accesses to this customer that this member of staff has: by a code, or by this conversation."""
    if ticket.customer_id is None:
        return SupportSession.objects.none()
    mine = SupportSession.open_for(staff).filter(customer=ticket.customer_id)
    return mine.filter(Q(case="") | Q(case=ticket.number)).order_by("pk")


@transaction.atomic
def open_data(ticket, author, *, staff):
    """The support session of this member of staff within the rights of `author`, one of the authors; recorded."""
    session, _created = SupportSession.objects.update_or_create(
        staff=staff, case=ticket.number, membership=author, defaults={"customer": ticket.customer, "closed_at": None}
    )
    with resting_on(author.user, **basis(session)):
        record(Action.DATA_OPENED_BY_MESSAGE, customer=ticket.customer, by=staff, ticket=ticket.number)
    return session
