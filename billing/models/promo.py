"""Codes that make things cheaper."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.fields import Amount


class PromoCode(models.Model):
    """A code that a buyer types: so many per cent off, or an amount net off the order, for what it is meant for.

    `uses` is counted by the database when an order is placed, and back when it is cancelled.
    """

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9-]{3,}$", _("At least three capital letters, digits or dashes."))],
        help_text=_("Buyers may type it in small letters, too."),
    )
    percent = models.PositiveSmallIntegerField(
        _("per cent off"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    net = Amount(
        _("amount off, net"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Once in an order; what is left of it is lost."),
    )
    products = models.ManyToManyField(
        "services.Product",
        verbose_name=_("products"),
        blank=True,
        related_name="+",
        help_text=_("Without any product or group it is for everything."),
    )
    groups = models.ManyToManyField(
        "services.ProductGroup", verbose_name=_("groups of products"), blank=True, related_name="+"
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text=_("That day included."))
    most_uses = models.PositiveIntegerField(
        _("orders at most"), null=True, blank=True, help_text=_("Empty when there is no limit.")
    )
    most_of_a_customer = models.PositiveSmallIntegerField(
        _("orders of one customer at most"), null=True, blank=True, help_text=_("Empty when there is no limit.")
    )
    first_period_only = models.BooleanField(
        _("first period only"), default=True, help_text=_("For new services; otherwise for renewals, too.")
    )
    uses = models.PositiveIntegerField(_("orders so far"), default=0, editable=False)

    class Meta:
        verbose_name = _("promo code")
        verbose_name_plural = _("promo codes")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=False, net=None) | Q(percent=None, net__isnull=False),
                name="a_promo_code_takes_off_one_way",
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=1, percent__lte=100), name="a_promo_code_is_up_to_all"
            ),
            models.CheckConstraint(condition=Q(net=None) | Q(net__gt=0), name="a_promo_code_takes_something_off"),
        ]

    def __str__(self):
        return self.code
