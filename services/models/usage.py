"""What was used of a service that is charged by use, such as calls, as its driver has told it."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _


class Usage(models.Model):
    """One use, written once for each reference of a driver and never changed: money is charged by it."""

    service = models.ForeignKey("services.Service", models.PROTECT, verbose_name=_("service"), related_name="usage")
    driver = models.CharField(_("driver"), max_length=40)
    reference = models.CharField(_("reference"), max_length=100, help_text=_("What the driver calls it."))
    what = models.CharField(_("what was used"), max_length=160)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3, validators=[MinValueValidator(0)])
    unit = models.CharField(_("unit"), max_length=20)
    net = models.DecimalField(_("net amount"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("to"))
    reported_at = models.DateTimeField(_("reported"), default=timezone.now)

    class Meta:
        verbose_name = _("use of a service")
        verbose_name_plural = _("uses of services")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["driver", "reference"], name="usage_is_told_once"),
            models.CheckConstraint(condition=Q(net__gte=0, quantity__gte=0), name="usage_is_not_negative"),
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="usage_ends_after_it_starts"),
        ]
        indexes = [
            models.Index(fields=["service", "-started_at", "-id"], name="usage_of_a_service"),
            models.Index(fields=["driver", "-ended_at"], name="latest_usage_of_a_driver"),
        ]

    def __str__(self):
        return f"{self.what} ({self.service})"

    @property
    def how_much(self):
        """The quantity with its unit, as its reader writes numbers."""
        return in_words(self.quantity, self.unit)


def in_words(quantity, unit):
    """A quantity without needless zeros, and its unit: "2.5 GB"; of minutes the rest in seconds: "2 min 30 s"."""
    if unit == "min":
        minutes, seconds = divmod(round(Decimal(quantity) * 60), 60)
        return " ".join([f"{minutes} min"] * bool(minutes or not seconds) + [f"{seconds} s"] * bool(seconds))
    return f"{number_format(f'{Decimal(quantity).normalize():f}', use_l10n=True)} {unit}"
