"""How long customers wait for answers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Turn(models.Model):
    """One wait of a customer: from the message that began it to the answer. Without one it is deleted at the end."""

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="turns", db_index=False
    )
    # Nobody had answered in this conversation before.
    is_first = models.BooleanField(_("first answer"))
    began_at = models.DateTimeField(_("waits since"))
    due_at = models.DateTimeField(_("answer due"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    # Opening time between the two, in seconds; nights and holidays do not count.
    waited = models.PositiveIntegerField(_("waited, in seconds of opening time"), null=True, blank=True)

    class Meta:
        verbose_name = _("wait for an answer")
        verbose_name_plural = _("waits for answers")
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(answered_at=None), name="one_wait_at_a_time"),
        ]
        indexes = [models.Index(fields=["ticket"]), models.Index(fields=["answered_at"])]

    def __str__(self):
        return f"{self.ticket_id}: {self.began_at:%Y-%m-%d %H:%M}"
