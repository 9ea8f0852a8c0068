"""What messages keep about customers, and what becomes of it after closing."""

from django.utils.translation import gettext_lazy as _

from accounts.holdings import hold, leave_out
from accounts.retention import NOTHING, Term, anonymised, erased, harmless, of_the_person
from tickets.models import (
    Attachment,
    ContactRequest,
    DeskHabit,
    Draft,
    IncomingMail,
    Message,
    MessageWords,
    Note,
    Opinion,
    ReadMark,
    ReplyAddress,
    Ticket,
    Turn,
    Writing,
)
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
    *("ticket__number", "author_name", "author_email", "is_staff", "origin", "text", "quoted", "created_at"),
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


@hold(
    Draft,
    *("ticket__number", "category__name_pl", "service__name", "sender__name", "subject", "text", "saved_at"),
)
def drafts(membership):
    return Draft.objects.filter(writer=membership.user_id, customer=membership.customer_id).order_by("pk")


@hold(Opinion, "ticket__number", "asked_at", "helped", "sentence", "answered_at")
def opinions(membership):
    return Opinion.objects.filter(ticket__in=visible(membership)).order_by("pk")


leave_out("what somebody has read is of no use elsewhere", ReadMark)
leave_out("the words that messages are found by; the messages are here", MessageWords)
leave_out("names an address of ours; the messages written to it are here", ReplyAddress)
leave_out("what came in as a mail is here as the message that it became", IncomingMail)
leave_out("what support writes for itself; nobody else reads it", Note)
leave_out("of the provider's own staff", DeskHabit, Writing)
harmless("of the provider's own staff", DeskHabit, Writing)
leave_out("only the times between messages that are here", Turn)
harmless("times only; the words of its conversation are taken care of", Turn)
leave_out("nobody knows yet whose it is; once confirmed it is a message", ContactRequest)

anonymised(
    _("your messages and our answers"),
    *(Ticket, "customer"),
    **dict.fromkeys(["subject", "sender_name"], NOTHING),
    sender_email="",
)
anonymised(
    _("your messages and our answers"),
    *(Message, "ticket__customer"),
    **dict.fromkeys(["text", "author_name"], NOTHING),
    **dict.fromkeys(["author_email", "quoted", "key"], ""),
    left_out=[],
)
erased(_("drafts of messages"), (Draft, "customer"))
of_the_person(_("drafts of messages"), (Draft, "writer"))
erased(
    _("files attached to messages"),
    *[(Attachment, "customer"), (ReadMark, "ticket__customer"), (ReplyAddress, "ticket__customer")],
    *[(IncomingMail, "message__ticket__customer"), (Note, "ticket__customer")],
    (Opinion, "ticket__customer"),
    term=Term.CLAIMS,
)
harmless("the database makes it of what the messages say, and anew when that is replaced", MessageWords)
harmless("gone after two days, or a message once confirmed", ContactRequest)
