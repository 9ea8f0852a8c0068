"""What has lengthened the life of a service."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Extension(models.Model):
    """That a service was paid for from one day to another, both included.

    `reference` names what paid for it and is unique: asking twice extends once. That its driver hears of it
    is the business of a ProvisioningJob.
    """

    service = models.ForeignKey(
        "services.Service", models.PROTECT, verbose_name=_("service"), related_name="extensions"
    )
    reference = models.CharField(_("paid by"), max_length=60, unique=True)
    months = models.PositiveSmallIntegerField(_("months"))
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"))
    at = models.DateTimeField(_("when"), default=timezone.now)

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
