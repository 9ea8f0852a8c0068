"""Where document numbers come from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberSeries(models.Model):
    """The last number drawn of one series in one year; its row is locked while a document is issued."""

    provider = models.ForeignKey("accounts.Provider", models.PROTECT, verbose_name=_("provider"), related_name="+")
    code = models.CharField(_("series"), max_length=10)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        ordering = ["-year", "code"]
        constraints = [models.UniqueConstraint(fields=["provider", "code", "year"], name="one_series_a_year")]

    def __str__(self):
        return f"{self.code}/{self.year}: {self.last}"
