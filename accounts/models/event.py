"""What happened to an account: written once, changed or deleted by nobody."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """A line of the history. Plain copies and no foreign keys: nothing that is deleted takes it along.

    Database triggers (migration 0002) refuse UPDATE and DELETE; accounts.history writes rows.
    """

    at = models.DateTimeField(_("when"))
    action = models.CharField(_("action"), max_length=60)
    customer_id = models.BigIntegerField(_("customer"), null=True)
    user_id = models.BigIntegerField(_("about user"), null=True)
    by_id = models.BigIntegerField(_("by user"), null=True)
    by_name = models.CharField(_("by"), max_length=300, blank=True)
    by_staff = models.BooleanField(_("by staff"), default=False)
    ip = models.GenericIPAddressField(_("address"), null=True)
    browser = models.CharField(_("browser"), max_length=120, blank=True)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["customer_id", "-at", "-id"]),
            models.Index(fields=["user_id", "-at", "-id"]),
            models.Index(fields=["by_id", "-at"]),
            models.Index(fields=["action", "-at"], name="events_of_an_action"),
            # The same condition stands in the query, or PostgreSQL does not look here: see tickets.entries.
            models.Index("details__ticket", condition=models.Q(details__has_key="ticket"), name="events_of_a_ticket"),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}"
