"""What messages keep about customers."""

from accounts.holdings import hold, leave_out
from tickets.models import Attachment, Message, ReadMark, Ticket
from tickets.permissions import Permission


def visible(membership):
    """The threads that this person may read."""
    tickets = Ticket.objects.visible_to(membership)
    return tickets if membership.may(Permission.TICKETS) else tickets.none()


@hold(
    Ticket,
    *("number", "subject", "category__name_pl", "service__name", "status", "sender_name", "sender_email"),
    *("created_at", "updated_at"),
)
def threads(membership):
    return visible(membership).order_by("pk")


@hold(
    Message,
    *("ticket__number", "author_name", "is_staff", "text", "created_at"),
)
def messages(membership):
    return Message.objects.filter(ticket__in=visible(membership)).order_by("pk")


@hold(
    Attachment,
    *("message__ticket__number", "name", "content_type", "size", "uploaded_at"),
    file=("file", "name"),
)
def attachments(membership):
    return Attachment.objects.filter(message__ticket__in=visible(membership)).order_by("pk")


leave_out("what somebody has read is of no use elsewhere", ReadMark)
