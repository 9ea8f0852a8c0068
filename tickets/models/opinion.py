"""What customers say when support has closed a conversation."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SENTENCE_LENGTH = 1000


class Opinion(models.Model):
    """The question whether support has helped, asked once for a closing, and its answer."""

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="opinions", db_index=False
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    helped = models.BooleanField(_("helped"), null=True, blank=True)
    sentence = models.CharField(_("in the customer's words"), max_length=SENTENCE_LENGTH, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("opinion about support")
        verbose_name_plural = _("opinions about support")
        indexes = [
            models.Index(fields=["ticket", "-id"]),
            models.Index(fields=["answered_at"], condition=Q(answered_at__isnull=False), name="opinion_answered"),
        ]

    def __str__(self):
        return f"{self.ticket_id}: {self.helped}"
