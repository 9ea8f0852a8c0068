"""What gateways tell us: kept first, word for word, then done once."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class GatewayEvent(models.Model):
    """A notification whose signature was right. Its id is unique: a repeated one is the same row."""

    class State(models.TextChoices):
        NEW = "new", _("New")
        DONE = "done", _("Done")
        WITHOUT_EFFECT = "without_effect", _("Nothing to do")
        CASE = "case", _("Given to staff")

    gateway = models.CharField(_("gateway"), max_length=20)
    event_id = models.CharField(_("number of the event"), max_length=120)
    body = models.BinaryField(_("body"))
    received_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)
    repeats = models.PositiveIntegerField(_("repeated"), default=0)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.NEW)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)
    payment = models.ForeignKey(
        "billing.Payment", models.PROTECT, verbose_name=_("payment"), null=True, blank=True, related_name="events"
    )

    class Meta:
        verbose_name = _("event of a gateway")
        verbose_name_plural = _("events of gateways")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="an_event_happens_once")]

    def __str__(self):
        return f"{self.gateway} {self.event_id}"


class RefusedNotification(models.Model):
    """A notification that was not believed, for whoever looks into it; only its beginning is kept."""

    KEPT_BYTES = 4096

    gateway = models.CharField(_("gateway"), max_length=20)
    reason = models.CharField(_("reason"), max_length=200)
    body = models.BinaryField(_("body"))
    ip = models.GenericIPAddressField(_("address"), null=True)
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("refused notification")
        verbose_name_plural = _("refused notifications")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.gateway}: {self.reason}"
