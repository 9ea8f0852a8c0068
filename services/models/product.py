"""What the provider sells."""

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.wording import worded

# Pieces left, of which buyers are told.
SCARCE = 5


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
    group = models.ForeignKey(
        "services.ProductGroup",
        models.SET_NULL,
        verbose_name=_("group"),
        null=True,
        blank=True,
        related_name="products",
        help_text=_("Where it stands in the catalogue; without one it is not in it."),
    )
    description_pl = models.TextField(_("description in Polish"), max_length=4000, blank=True)
    description_en = models.TextField(_("description in English"), max_length=4000, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(
        _("offered"), default=True, help_text=_("Can be ordered anew; what customers have goes on either way.")
    )
    stock = models.PositiveIntegerField(
        _("pieces left"), null=True, blank=True, help_text=_("Empty when there is no end of it.")
    )
    suffix = models.CharField(
        _("suffix"),
        max_length=63,
        blank=True,
        help_text=_("Of domains only: what the names end in, such as “com.pl”."),
    )
    asks_domain = models.BooleanField(
        _("asks for a domain name"), default=False, help_text=_("Such as hosting: the buyer says for which domain.")
    )
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
    driver = models.CharField(
        _("driver"), max_length=40, default="null", help_text=_("What sets it up; for domains it is the registrar.")
    )
    zones = models.CharField(
        _("DNS"), max_length=40, blank=True, help_text=_("Of domains: which servers carry their records, if any.")
    )

    is_withdrawable = models.BooleanField(
        _("can be withdrawn from"),
        default=True,
        help_text=_(
            "Consumers withdraw from a new contract within 14 days. Switch it off only for what the law leaves out, "
            "such as a domain name that was registered at once because the consumer asked for it."
        ),
    )

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["kind", "name_pl"]
        constraints = [
            models.UniqueConstraint(
                fields=["suffix"],
                condition=~models.Q(suffix="") & models.Q(is_offered=True),
                name="one_offer_per_suffix",
            ),
        ]
        # What is looked for in the catalogue comes by name; how frequent a word is, is known of the last two.
        indexes = [
            models.Index(
                fields=["provider", "name_pl", "id"], condition=models.Q(is_offered=True), name="offered_by_name_pl"
            ),
            models.Index(
                fields=["provider", "name_en", "id"], condition=models.Q(is_offered=True), name="offered_by_name_en"
            ),
            models.Index(Upper("name_pl"), name="words_of_names_pl"),
            models.Index(Upper("name_en"), name="words_of_names_en"),
        ]

    def __str__(self):
        return self.name

    name = worded("name")
    description = worded("description")

    @property
    def summary(self):
        """The first paragraph of the description."""
        return next(iter(self.description.strip().splitlines()), "")

    @property
    def is_sold_out(self):
        """Whether the last piece is gone."""
        return self.stock == 0

    @property
    def is_scarce(self):
        """Whether so few pieces are left that a buyer should know."""
        return self.stock is not None and 0 < self.stock <= SCARCE
