"""What messages write into the history."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import history_kinds
from accounts.history import register


@register
class Action(models.TextChoices):
    """Sentences filled from an entry's details."""

    TICKET_OPENED = "ticket_opened", _("Message %(ticket)s was written: %(subject)s.")
    TICKET_REPLIED = "ticket_replied", _("A reply was written in message %(ticket)s.")
    TICKET_ANSWERED = "ticket_answered", _("Support answered message %(ticket)s.")
    TICKET_CLOSED = "ticket_closed", _("Message %(ticket)s was closed.")
    TICKET_REOPENED = "ticket_reopened", _("Message %(ticket)s was opened again.")
    TICKET_TAKEN = "ticket_taken", _("Took over message %(ticket)s.")
    DATA_OPENED_BY_MESSAGE = (
        "data_opened_by_message",
        _("Support began to look after message %(ticket)s with the data that %(owner)s may see."),
    )
    ADMIN_LOOKED_AT_TICKET = "admin_looked_at_ticket", _("The administration opened message %(ticket)s.")
    ATTACHMENT_DOWNLOADED = "attachment_downloaded", _("Attachment %(name)s of message %(ticket)s was downloaded.")


history_kinds.put(Action, history_kinds.Kind.MESSAGES)
