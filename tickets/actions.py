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
    TICKET_ASSIGNED = "ticket_assigned", _("Message %(ticket)s was assigned to %(name)s.")
    TICKET_LEFT = "ticket_left", _("Message %(ticket)s was assigned to nobody.")
    NOTE_WRITTEN = "note_written", _("An internal note was written in message %(ticket)s.")
    MAIL_ACCEPTED = "mail_accepted", _("Took the e-mail of %(sender)s into message %(ticket)s.")
    MAIL_SETTLED = "mail_settled", _("Looked at the e-mail of %(sender)s, which was not taken.")
    TICKET_MERGED = "ticket_merged", _("Message %(ticket)s was merged into message %(into)s.")
    TICKET_GIVEN = "ticket_given", _("Message %(ticket)s, which came from outside, was added: %(subject)s.")
    TICKET_SORTED = "ticket_sorted", _("The category or service of message %(ticket)s was changed.")
    OPINION_GIVEN = "opinion_given", _("It was said whether support had helped in message %(ticket)s.")
    DATA_OPENED_BY_MESSAGE = (
        "data_opened_by_message",
        _("Support began to look after message %(ticket)s with the data that %(owner)s may see."),
    )
    ADMIN_LOOKED_AT_TICKET = "admin_looked_at_ticket", _("The administration opened message %(ticket)s.")
    ATTACHMENT_DOWNLOADED = "attachment_downloaded", _("Attachment %(name)s of message %(ticket)s was downloaded.")


history_kinds.put(Action, history_kinds.Kind.MESSAGES)
