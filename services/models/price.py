"""What a product costs for how long."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

MONTHS_OF_A_YEAR = 12


class Price(models.Model):
    """The net price of a product for a number of calendar months.

    A price that somebody was charged by stays; another takes its place by `is_offered`.
    """

    product = models.ForeignKey("services.Product", models.PROTECT, verbose_name=_("product"), related_name="prices")
    months = models.PositiveSmallIntegerField(
        _("months"), choices=[(n, str(n)) for n in (1, 3, 6, 12, 24, 36, 60, 120)]
    )
    net = models.DecimalField(_("net price"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)])
    setup_net = models.DecimalField(
        _("net set-up fee"),
        max_digits=10,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("Once, when the product is ordered; for a transfer of a domain too."),
    )
    currency = models.CharField(_("currency"), max_length=3, default="PLN", choices=[("PLN", "PLN")])
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["product", "months"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "months", "currency"],
                condition=models.Q(is_offered=True),
                name="one_offered_price_per_period",
            ),
            models.CheckConstraint(condition=models.Q(net__gte=0, setup_net__gte=0), name="price_is_not_negative"),
            models.CheckConstraint(condition=models.Q(months__gt=0), name="price_is_for_some_time"),
        ]

    def __str__(self):
        return f"{self.product}, {self.period}: {self.net} {self.currency}"

    @property
    def is_used(self):
        """Whether somebody was charged by it, or pays it from now on: rows of whatever app that hold on to it."""
        relations = [field for field in Price._meta.get_fields(include_hidden=True) if field.one_to_many]
        holding = [relation for relation in relations if relation.on_delete is models.PROTECT]
        return any(
            relation.related_model._default_manager.filter(**{relation.field.name: self.pk}).exists()
            for relation in holding
        )

    @property
    def period(self):
        """How long it is for, in words."""
        return in_words(self.months)


def in_words(months):
    """A number of months in the reader's language: "1 month", "1 year", "2 years"."""
    if months % MONTHS_OF_A_YEAR == 0:
        years = months // MONTHS_OF_A_YEAR
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
