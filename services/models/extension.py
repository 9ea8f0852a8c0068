"""What has lengthened the life of a service, and whether its driver has heard of it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Extension(models.Model):
    """That a service was paid for from one day to another, both included.

    `reference` names what paid for it and is unique: asking twice extends once. What the driver was
    told and answered stands beside the dates, which never change.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("To be done")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    service = models.ForeignKey(
        "services.Service", models.PROTECT, verbose_name=_("service"), related_name="extensions"
    )
    reference = models.CharField(_("paid by"), max_length=60, unique=True)
    months = models.PositiveSmallIntegerField(_("months"))
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    state = models.CharField(_("set up"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["service", "first_day"], name="a_period_is_paid_once"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="extension_has_days"),
        ]

    def __str__(self):
        return f"{self.service} {self.first_day} – {self.last_day}"
