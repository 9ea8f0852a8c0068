"""Who is writing an answer at this moment."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Writing(models.Model):
    """A member of support was typing in a conversation; says nothing any more after `until`."""

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="+", db_index=False
    )
    user = models.ForeignKey("accounts.User", models.CASCADE, verbose_name=_("member of staff"), related_name="+")
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("answer being written")
        verbose_name_plural = _("answers being written")
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="one_answer_being_written")]

    def __str__(self):
        return f"{self.user}: {self.ticket_id}"
