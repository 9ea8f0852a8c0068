"""The customer: who buys, and whose everything else is."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import countries
from accounts.identifiers import validate_eu_vat, validate_nip

SMALLEST_NUMBER, LARGEST_NUMBER = 1_000_000, 9_999_999


def new_number():
    """A number that can be read out on the phone and does not tell how many customers there are."""
    return SMALLEST_NUMBER + secrets.randbelow(LARGEST_NUMBER - SMALLEST_NUMBER + 1)


class Customer(models.Model):
    """A company or private person that buys; people act for it through memberships."""

    class Kind(models.TextChoices):
        PRIVATE = "private", _("Private person")
        COMPANY = "company", _("Company")

    provider = models.ForeignKey(
        "accounts.Provider", models.PROTECT, verbose_name=_("provider"), related_name="customers"
    )
    number = models.PositiveIntegerField(_("customer number"), unique=True, default=new_number)
    kind = models.CharField(_("buyer"), max_length=10, choices=Kind, default=Kind.PRIVATE)
    name = models.CharField(_("name on invoices"), max_length=200, blank=True)
    tax_id = models.CharField(_("NIP"), max_length=10, blank=True, validators=[validate_nip])
    eu_vat = models.CharField(_("EU VAT number"), max_length=14, blank=True, validators=[validate_eu_vat])
    street = models.CharField(_("street and number"), max_length=120, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    country = models.CharField(_("country code"), max_length=2, default="PL")
    created_at = models.DateTimeField(_("customer since"), auto_now_add=True)
    # Asked for by the owner, who may take it back until then.
    closing_at = models.DateTimeField(_("will be closed"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_reason = models.CharField(_("why closed"), max_length=300, blank=True)
    # Accounts with which one can do harm, such as for telephoning, are sent only to those whom the provider knows.
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    verified_how = models.CharField(_("how verified"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["number"]

    def __str__(self):
        return f"{self.number} {self.name}".strip()

    @property
    def display_name(self):
        """The name on invoices, or the number while there is none."""
        return self.name or str(self.number)

    @property
    def vat_check(self):
        """What VIES said last about the EU VAT number that stands here now; None when it was not asked."""
        return self.vat_checks.filter(number=self.eu_vat).first() if self.eu_vat else None

    @property
    def country_name(self):
        """The country in the reader's language."""
        return countries.name(self.country)
