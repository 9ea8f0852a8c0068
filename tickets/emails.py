"""The letters about messages: what their templates are told."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.notify import Kind, NoLongerNeeded, letter
from tickets.models import Message, Ticket
from tickets.permissions import Permission


@letter(
    "ticket_opened",
    _("Confirmation of a message"),
    optional=_("Confirmations of the messages you write"),
    kind=Kind.MESSAGES,
)
def ticket_opened(row):
    ticket = Ticket.objects.select_related("customer").filter(pk=row.ids["ticket"]).first()
    return {"ticket": readable(ticket, row), "url": address(ticket)}


@letter("ticket_answered", _("Answer to a message"), optional=_("Answers to your messages"), kind=Kind.MESSAGES)
def ticket_answered(row):
    message = (
        Message.objects.select_related("ticket__customer", "ticket__sender_contact")
        .filter(pk=row.ids["message"])
        .first()
    )
    ticket = readable(message and message.ticket, row)
    return {
        "ticket": ticket,
        "message": message,
        "attachments": list(message.attachments.all()),
        "url": address(ticket),
    }


def readable(ticket, row):
    """The ticket, when whoever the mail goes to may still read it at this moment."""
    if ticket is None or ticket.customer.closed_at:
        raise NoLongerNeeded
    if row.user_id is None:
        contact = ticket.sender_contact
        allowed = contact is not None and contact.email == row.address
    else:
        allowed = may_read(row.user, ticket)
    if not allowed:
        raise NoLongerNeeded
    return ticket


def may_read(user, ticket):
    """Whether the person acts for the ticket's customer now and sees this thread there."""
    membership = Membership.objects.filter(user=user, customer=ticket.customer_id, blocked_at=None).first()
    return (
        user.is_active
        and membership is not None
        and membership.may(Permission.TICKETS)
        and Ticket.objects.visible_to(membership).filter(pk=ticket.pk).exists()
    )


def address(ticket):
    """The absolute address of the thread."""
    return settings.SITE_URL + reverse("tickets:thread", args=[ticket.number])
