"""Counters of attempts; accounts.limits is the only one who touches them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LimitCounter(models.Model):
    """How often something was tried within a window that began with the first try."""

    name = models.CharField(_("limit"), max_length=60)
    key = models.CharField(_("whose attempts"), max_length=64)
    count = models.PositiveIntegerField(_("attempts"))
    started_at = models.FloatField(_("first attempt"))

    class Meta:
        verbose_name = _("counter of attempts")
        verbose_name_plural = _("counters of attempts")
        constraints = [models.UniqueConstraint(fields=["name", "key"], name="one_counter_per_key")]
        indexes = [models.Index(fields=["started_at"])]

    def __str__(self):
        return f"{self.name}: {self.count}"
