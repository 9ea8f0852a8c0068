"""What a message may be about; the provider decides."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """A subject area such as "Invoices". An inactive one stays on old tickets and is offered no more."""

    name_pl = models.CharField(_("name in Polish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("category of messages")
        verbose_name_plural = _("categories of messages")
        ordering = ["position", "id"]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name_pl
