"""How the catalogue is divided."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.wording import worded


class ProductGroup(models.Model):
    """A heading of the catalogue with the products under it."""

    provider = models.ForeignKey(
        "accounts.Provider", models.PROTECT, verbose_name=_("provider"), related_name="product_groups"
    )
    slug = models.SlugField(pgettext_lazy("page", "address"), unique=True)
    name_pl = models.CharField(_("name in Polish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    description_pl = models.TextField(_("description in Polish"), max_length=2000, blank=True)
    description_en = models.TextField(_("description in English"), max_length=2000, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_shown = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("group of products")
        verbose_name_plural = _("groups of products")
        ordering = ["position", "name_pl"]

    def __str__(self):
        return self.name

    name = worded("name")
    description = worded("description")
