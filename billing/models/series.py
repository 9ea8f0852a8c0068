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


class ErasedNumber(models.Model):
    """That a number was drawn and its document erased when the law no longer asked for it: no gap in the series."""

    provider = models.ForeignKey("accounts.Provider", models.PROTECT, verbose_name=_("provider"), related_name="+")
    series = models.CharField(_("series"), max_length=10)
    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("number in the series"))

    class Meta:
        verbose_name = _("number of an erased document")
        verbose_name_plural = _("numbers of erased documents")
        ordering = ["-year", "series", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "series", "year", "sequence"], name="a_document_is_erased_once"
            )
        ]

    def __str__(self):
        return f"{self.series}/{self.sequence}/{self.year}"
