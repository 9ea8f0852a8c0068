"""What a message may be about; the provider decides."""

from django.core.cache import cache
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.wording import worded

# A quarter of a year of working days; more is no target.
HOURS = [MinValueValidator(1), MaxValueValidator(500)]

CACHE_SECONDS = 10


class Category(models.Model):
    """A subject area such as "Invoices". An inactive one stays on old tickets and is offered no more."""

    name_pl = models.CharField(_("name in Polish"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)
    takes_mail = models.BooleanField(
        _("takes mail"), default=False, help_text=_("What begins by mail comes here; else into the first category.")
    )

    # Opening hours within which support is to answer.
    first_answer_hours = models.PositiveSmallIntegerField(_("hours to the first answer"), default=8, validators=HOURS)
    next_answer_hours = models.PositiveSmallIntegerField(
        _("hours to every further answer"),
        default=16,
        validators=HOURS,
    )

    class Meta:
        verbose_name = _("category of messages")
        verbose_name_plural = _("categories of messages")
        ordering = ["position", "id"]

    def __str__(self):
        return self.name

    @classmethod
    def for_mail(cls):
        """Where a thread that begins by mail belongs. Raises DoesNotExist while there are no categories at all."""
        found = cls.objects.order_by("-takes_mail", "-is_active", "position", "pk").first()
        if found is None:
            raise cls.DoesNotExist("there are no categories of messages")
        return found

    @classmethod
    def listed(cls):
        """All of them in their order, at most CACHE_SECONDS old."""
        return cache.get_or_set("ticket-categories", lambda: list(cls.objects.all()), CACHE_SECONDS)

    name = worded("name")
