"""The letters about messages: what their templates are told."""

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.notify import Kind, NoLongerNeeded, letter
from tickets import opinions, reply_addresses
from tickets.incoming.quoting import MARK
from tickets.models import ContactRequest, Message, Opinion, Ticket
from tickets.telling import may_read

ANSWERS = Message.objects.select_related("ticket__customer", "ticket__sender_contact").prefetch_related("attachments")
QUESTIONS = Opinion.objects.select_related("ticket__customer", "ticket__sender_contact").filter(answered_at=None)


@letter(
    "ticket_opened",
    _("Confirmation of a message"),
    optional=_("Confirmations of the messages you write"),
    kind=Kind.MESSAGES,
)
def ticket_opened(row):
    """Tells whoever wrote that it is here, and where to read on."""
    ticket = readable(row.batch.need(row, "ticket", Ticket.objects.select_related("customer")), row)
    context = {"ticket": ticket, "url": address(ticket), "subject": subject_told(ticket)}
    return context | in_conversation(ticket, row)


def subject_told(ticket):
    """The subject, for whoever is known to have written it; "" for an address that only stood in a From line.

    Nobody is sent the words of a stranger under our name.
    """
    first = ticket.messages.first()
    return ticket.subject if first and first.is_verified else ""


@letter("contact_request", _("Confirming a message written without signing in"))
def contact_request(row):
    """Asks whether the message is theirs; says when and where it was written, and nothing that was typed."""
    found = row.batch.need(row, "request", ContactRequest.living())
    page = settings.SITE_URL + reverse("tickets:contact")
    return {"written_at": found.created_at, "page": page, "url": found.url}


@letter(
    "ticket_answered",
    _("Answer to a message"),
    optional=_("Answers to your messages"),
    kind=Kind.MESSAGES,
    by_text=_("Answers to your messages"),
)
def ticket_answered(row):
    """Brings the words of support, with the names of the files."""
    message = row.batch.need(row, "message", ANSWERS)
    ticket = readable(message.ticket, row)
    return {
        "ticket": ticket,
        "message": message,
        "attachments": list(message.attachments.all()),
        "url": address(ticket),
    } | in_conversation(ticket, row)


@letter(
    "opinion_asked",
    _("Question whether support has helped"),
    optional=_("Questions whether we have helped"),
    kind=Kind.MESSAGES,
)
def opinion_asked(row):
    """Asks whether it has helped, unless that was said already or the conversation goes on."""
    opinion = row.batch.need(row, "opinion", QUESTIONS)
    ticket = readable(opinion.ticket, row)
    if opinions.asked(ticket) != opinion:
        raise NoLongerNeeded
    return {"ticket": ticket, "url": opinions.address(opinion)}


def readable(ticket, row):
    """The ticket, when whoever the mail goes to may still read it at this moment. Raises NoLongerNeeded."""
    if ticket.customer and ticket.customer.closed_at:
        raise NoLongerNeeded
    allowed = may_read(row.user, ticket) if row.user_id else is_the_address_of(ticket, row.address)
    if not allowed:
        raise NoLongerNeeded
    return ticket


def is_the_address_of(ticket, address):
    """Whether it is the contact person's, or where a thread of nobody's came from."""
    if ticket.customer_id is None:
        return ticket.sender_email == address
    parts = Q(pk=ticket.pk) | Q(merged_into=ticket.pk)
    return Ticket.objects.filter(parts, sender_contact__email=address).exists()


def address(ticket):
    """The absolute address of the thread; "" while it is nobody's, for then nobody can open it."""
    return settings.SITE_URL + reverse("tickets:thread", args=[ticket.number]) if ticket.customer_id else ""


def in_conversation(ticket, row):
    """Where the reader answers by mail, the line above which they do, and which of their mails this one follows."""
    reader = reply_addresses.row_for(ticket, user=row.user, address="" if row.user_id else row.address)
    mails, reply_to = reply_addresses.earlier(reader, row.message_id), reply_addresses.text_of(reader)
    return {
        "reply_to": reply_to,
        "reply_mark": gettext(MARK) if reply_to else "",
        "headers": {"In-Reply-To": mails[-1], "References": " ".join(mails)} if mails else {},
    }
