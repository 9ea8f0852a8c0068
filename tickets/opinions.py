"""Whether support has helped: asked when it closes a conversation, answered in the panel or from the mail."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import keys, notify
from accounts.history import record
from accounts.typed import whole_number
from tickets.actions import Action
from tickets.models import Opinion, Ticket
from tickets.telling import may_read

PURPOSE = "opinion"


@transaction.atomic
def close_and_ask(ticket, *, by):
    """Closes a conversation for support, and asks whoever began it whether it has helped; once for a closing.

    Nobody is asked about a conversation that support never answered, or whose customer is not known.
    """
    if not ticket.close(by=by):
        return
    ticket = Ticket.objects.select_related("opened_by", "sender_contact").get(pk=ticket.pk)
    if ticket.last_staff_message_at is None or ticket.customer_id is None:
        return
    opinion = Opinion.objects.create(ticket=ticket)
    if ticket.opened_by:
        notify.mail("opinion_asked", to=ticket.opened_by, opinion=opinion.pk)
    elif ticket.sender_contact:
        contact, language = ticket.sender_contact, ticket.asker_language
        notify.mail("opinion_asked", address=contact.email, language=language, opinion=opinion.pk)


def asked(ticket):
    """The question about the last closing as long as it stands: the conversation is closed. None otherwise."""
    return ticket.opinions.order_by("-pk").first() if ticket.is_closed else None


@transaction.atomic
def answer(opinion, *, helped, sentence="", by=None):
    """Keeps what the customer says; another answer replaces the first. History is written once."""
    now = timezone.now()
    is_news = Opinion.objects.filter(pk=opinion.pk, answered_at=None).update(answered_at=now)
    Opinion.objects.filter(pk=opinion.pk).update(helped=helped, sentence=sentence)
    opinion.refresh_from_db()
    if is_news:
        record(Action.OPINION_GIVEN, customer=opinion.ticket.customer, by=by, ticket=opinion.ticket.number)


def token(opinion):
    """What stands in the address of a mail: the row's key, and what only we can put beside it."""
    return f"{opinion.pk}.{keys.link_mac(PURPOSE, opinion.pk)}"


def find(text):
    """The question that a token was made for as long as it stands, or None.

    The blocked and the closed are not heard, nor who does not see the conversation any more.
    """
    typed, _dot, mac = text.partition(".")
    key = whole_number(typed)
    if key is None or not keys.same(mac, keys.link_mac(PURPOSE, key)):
        return None
    rows = Opinion.objects.select_related("ticket__customer", "ticket__opened_by")
    opinion = rows.filter(pk=key, ticket__customer__closed_at=None).first()
    if opinion is None or asked(opinion.ticket) != opinion:
        return None
    writer = opinion.ticket.opened_by
    return opinion if writer is None or may_read(writer, opinion.ticket) else None


def address(opinion):
    """The absolute address for a mail."""
    return settings.SITE_URL + reverse("tickets:opinion_by_mail", args=[token(opinion)])
