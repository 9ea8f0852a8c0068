"""What the provider sells."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Product(models.Model):
    """A product of the catalogue. Its kind decides how a service of it is shown."""

    class Kind(models.TextChoices):
        HOSTING = "hosting", _("Hosting")
        DOMAIN = "domain", _("Domain")
        VOIP = "voip", _("VoIP")
        OTHER = "other", _("Other")

    class TaxRate(models.TextChoices):
        """Rates of Polish VAT (art. 41, 43 and 113 of the VAT act), as FA(3) writes them in P_12."""

        R23 = "23", "23%"
        R8 = "8", "8%"
        R5 = "5", "5%"
        EXEMPT = "zw", _("exempt")

    class TaxPoint(models.TextChoices):
        """When VAT falls due (art. 19a of the VAT act): decides which dates an invoice carries."""

        PERIOD = "period", _("Service for a period")
        ONE_OFF = "one_off", _("Done once")
        TELECOM = "telecom", _("Telecommunications")

    provider = models.ForeignKey(
        "accounts.Provider", models.PROTECT, verbose_name=_("provider"), related_name="products"
    )
    code = models.SlugField(_("code"), unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name_pl = models.CharField(_("name in Polish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    tax_rate = models.CharField(_("VAT rate"), max_length=4, choices=TaxRate, default=TaxRate.R23)
    tax_point = models.CharField(_("tax point"), max_length=10, choices=TaxPoint, default=TaxPoint.PERIOD)
    unit = models.CharField(_("unit on invoices"), max_length=20, default="szt.")
    pkwiu = models.CharField(_("PKWiU"), max_length=20, blank=True)
    gtu = models.CharField(
        _("GTU code"), max_length=6, blank=True, choices=[(f"GTU_{n:02}", f"GTU_{n:02}") for n in range(1, 14)]
    )
    in_annex_15 = models.BooleanField(
        _("in annex 15"), default=False, help_text=_("Split payment is mandatory above 15 000 PLN.")
    )
    driver = models.CharField(_("driver"), max_length=40, default="null")

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["kind", "name_pl"]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name_pl
