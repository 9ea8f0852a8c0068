"""What VIES said about a customer's EU VAT number."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class VatCheck(models.Model):
    """One answer: kept as the proof that the number was checked on that day."""

    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, verbose_name=_("customer"), related_name="vat_checks"
    )
    number = models.CharField(_("EU VAT number"), max_length=14)
    is_valid = models.BooleanField(_("valid"))
    at = models.DateTimeField(_("checked"), default=timezone.now)
    # Only given where we say who asks, and the number is valid.
    consultation = models.CharField(_("consultation number"), max_length=60, blank=True)
    name = models.CharField(_("name in VIES"), max_length=300, blank=True)
    address = models.CharField(_("address in VIES"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("check of an EU VAT number")
        verbose_name_plural = _("checks of EU VAT numbers")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.number} {timezone.localtime(self.at):%Y-%m-%d}"
