"""Canned answers: which ones fit a conversation, and what they say in it."""

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.wording import wording
from tickets.models import CannedAnswer
from tickets.models.canned import FIELD

OFFERED_AT_MOST = 200


def fitting(ticket):
    """The answers for messages of this category, and those for all."""
    return CannedAnswer.objects.filter(Q(category=None) | Q(category=ticket.category_id), is_active=True)


def offered(ticket):
    """The same for choosing among them."""
    return fitting(ticket).defer("text_pl", "text_en")[:OFFERED_AT_MOST]


def filled(canned, ticket, *, by):
    """The text in the asker's language. Every field is replaced once: what is put in is never looked at again."""
    spoken = ticket.asker_language
    with translation.override(spoken):
        values = {
            "customer_name": ticket.customer.name if ticket.customer else ticket.sender_name,
            "case_number": ticket.number,
            "my_name": by.display_name,
            "service": ticket.service.name if ticket.service else _("your service"),
        }
    text = wording(canned, "text", spoken)
    return FIELD.sub(lambda field: values.get(field[1], field[0]), text)
