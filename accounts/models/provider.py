"""The company whose panel this is: its brand, and the seller on its documents."""

import hashlib

from django.core.cache import cache
from django.core.validators import FileExtensionValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.colours import readable_on
from accounts.identifiers import validate_account, validate_nip
from accounts.images import validate_logo

BRAND_CACHE_SECONDS = 10


def logo_path(provider, filename):
    """Stores a logo under a name of ours; the one it came with is not kept."""
    return f"brand/logo-{provider.pk or 'new'}.{filename.rpartition('.')[2].lower()}"


class Provider(models.Model):
    """The seller. A panel serves one; every customer points at it, so that a second stays possible."""

    name = models.CharField(_("brand name"), max_length=60)
    legal_name = models.CharField(_("legal name"), max_length=200)
    tax_id = models.CharField(_("NIP"), max_length=10, validators=[validate_nip])
    street = models.CharField(_("street and number"), max_length=120)
    postal_code = models.CharField(_("postal code"), max_length=12)
    city = models.CharField(_("city"), max_length=80)
    country = models.CharField(_("country code"), max_length=2, default="PL")
    email = models.EmailField(_("support e-mail"))
    phone = models.CharField(_("support phone"), max_length=30)
    registry = models.CharField(
        _("registers"), max_length=200, blank=True, help_text=_("For documents: KRS, REGON, BDO, share capital.")
    )
    bank_account = models.CharField(
        _("bank account"),
        max_length=34,
        blank=True,
        validators=[validate_account],
        help_text=_("Where customers transfer money to: 26 digits, or an IBAN."),
    )
    bank_name = models.CharField(_("bank"), max_length=80, blank=True)
    payment_days = models.PositiveSmallIntegerField(_("days to pay a proforma"), default=7)
    lapse_days = models.PositiveSmallIntegerField(
        _("days until an unpaid proforma lapses"),
        default=30,
        help_text=_("Counted from the day it was payable until."),
    )
    verify_by_transfer = models.BooleanField(
        _("a paid bank transfer verifies a customer"),
        default=False,
        help_text=_("Verified customers are sent their SIP accounts. An administrator can verify anybody, too."),
    )
    verify_by_gateway = models.BooleanField(_("a payment by a gateway verifies a customer"), default=False)
    verify_from = models.DecimalField(
        _("verifying payments are at least"),
        max_digits=10,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("Gross, in PLN."),
    )
    website = models.URLField(_("website"), blank=True)
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        default="#0b5c6b",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Type a colour like #0b5c6b."))],
    )
    logo = models.ImageField(
        _("logo"),
        upload_to=logo_path,
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg", "webp"]), validate_logo],
        help_text=_("PNG, JPEG or WebP, at most 20 KB."),
    )
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("provider")

    def __str__(self):
        return self.name

    @classmethod
    def current(cls):
        """The provider of this panel, at most BRAND_CACHE_SECONDS old; None before it is set up."""
        return cache.get_or_set("provider", lambda: cls.objects.order_by("pk").first(), BRAND_CACHE_SECONDS)

    @property
    def on_accent(self):
        """What is readable on the accent colour: white or black."""
        return readable_on(self.accent)

    @property
    def brand_version(self):
        """Changes whenever the brand does; makes the addresses of its style and logo cacheable."""
        return hashlib.sha256(f"{self.pk}{self.updated_at}".encode()).hexdigest()[:12]
