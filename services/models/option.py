"""What a buyer chooses beside the period: a bigger disk, a licence, a location."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.wording import worded

# Called with an OptionValue: whether some upper app holds on to it; appended in AppConfig.ready().
HOLDS_VALUE = []


class ProductOption(models.Model):
    """A question that is asked when the product is ordered; one of its values is the answer."""

    product = models.ForeignKey("services.Product", models.CASCADE, verbose_name=_("product"), related_name="options")
    code = models.SlugField(_("code"), help_text=_("What the driver knows it by."))
    name_pl = models.CharField(_("name in Polish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("option of a product")
        verbose_name_plural = _("options of products")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["product", "code"], name="option_code_of_a_product")]

    def __str__(self):
        return self.name

    name = worded("name")


class OptionValue(models.Model):
    """One answer, and what it costs net for each month beside the product itself.

    One that somebody chose stays; another takes its place by `is_offered`.
    """

    option = models.ForeignKey(ProductOption, models.CASCADE, verbose_name=_("option"), related_name="values")
    code = models.SlugField(_("code"), help_text=_("What the driver knows it by."))
    name_pl = models.CharField(_("name in Polish"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    monthly_net = models.DecimalField(
        _("net price a month"), max_digits=10, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    setup_net = models.DecimalField(
        _("net set-up fee"), max_digits=10, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("value of an option")
        verbose_name_plural = _("values of options")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["option", "code"],
                condition=models.Q(is_offered=True),
                name="one_offered_value_per_code",
            ),
            models.CheckConstraint(
                condition=models.Q(monthly_net__gte=0, setup_net__gte=0), name="option_value_is_not_negative"
            ),
        ]

    def __str__(self):
        return self.name

    name = worded("name")

    @property
    def in_words(self):
        """The answer with its question: "Disk: 50 GB"."""
        return f"{self.option.name}: {self.name}"

    @property
    def is_used(self):
        """Whether somebody has it, or has ordered it."""
        return ServiceOption.objects.filter(value=self).exists() or any(holds(self) for holds in HOLDS_VALUE)


class ServiceOption(models.Model):
    """What was chosen for a service. Its monthly price is the one that was agreed to, and stays."""

    service = models.ForeignKey("services.Service", models.CASCADE, verbose_name=_("service"), related_name="options")
    value = models.ForeignKey(OptionValue, models.PROTECT, verbose_name=_("value"), related_name="+")
    monthly_net = models.DecimalField(_("net price a month"), max_digits=10, decimal_places=2)

    class Meta:
        verbose_name = _("option of a service")
        verbose_name_plural = _("options of services")
        ordering = ["value__option__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["service", "value"], name="a_value_is_chosen_once"),
            models.CheckConstraint(condition=models.Q(monthly_net__gte=0), name="service_option_is_not_negative"),
        ]

    def __str__(self):
        return f"{self.service}: {self.value}"
