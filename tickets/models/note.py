"""What support writes for itself beside a conversation."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.models.message import TEXT_LENGTH


class Note(models.Model):
    """A note among staff. A model of its own, so that nothing that shows messages to a customer can show it."""

    # Tells it from a message where both stand in one list.
    is_note = True

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="notes", db_index=False
    )
    author = models.ForeignKey("accounts.User", models.SET_NULL, verbose_name=_("author"), null=True, related_name="+")
    author_name = models.CharField(_("author's name"), max_length=150)
    text = models.TextField(_("text"), max_length=TEXT_LENGTH)
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["id"]
        indexes = [models.Index(fields=["ticket", "created_at"])]

    def __str__(self):
        return f"{self.author_name}, {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"
