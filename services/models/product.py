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

    provider = models.ForeignKey(
        "accounts.Provider", models.PROTECT, verbose_name=_("provider"), related_name="products"
    )
    code = models.SlugField(_("code"), unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name_pl = models.CharField(_("name in Polish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)

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
