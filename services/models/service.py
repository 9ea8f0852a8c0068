"""A service that a customer has."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from services.models.domain import Domain
from services.models.product import Product
from services.names import canonical_domain

# A week is left for a transfer to arrive, with a weekend in it.
URGENT_WITHIN_DAYS = 7
# Names of facts that drivers tell and that are said in the reader's language; any other is shown as it was told.
NAMES_OF_FACTS = {"Server": _("Server"), "Number": _("Number")}


class ServiceQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """What this person may see: everything of the customer, or for a standard sub-user what was granted."""
        services = self.filter(customer_id=membership.customer_id)
        if membership.sees_everything:
            return services
        return services.filter(grants__membership=membership)

    def domains(self):
        """Services that are domain names."""
        return self.filter(product__kind=Product.Kind.DOMAIN)

    def without_domains(self):
        """Everything but domain names: what the list "Usługi" shows."""
        return self.exclude(product__kind=Product.Kind.DOMAIN)

    def registered_here(self):
        """Domain names of which the provider is the registrar."""
        return self.filter(registration__origin__in=Domain.HERE)

    def active(self):
        """Services that run now."""
        return self.filter(status=Service.Status.ACTIVE)

    def ending_within(self, days):
        """Running or suspended services whose last paid day is at most `days` days away, or past.

        Not those that were cancelled: they are meant to end.
        """
        until = timezone.localdate() + timedelta(days=days)
        return self.filter(status__in=Service.SET_UP, ends_on__lte=until, cancelled_at=None).order_by("ends_on", "pk")

    def matching(self, text):
        """Services whose name, domain or label contains `text`."""
        words = Q(name__icontains=text) | Q(domain__icontains=text) | Q(label__icontains=text)
        return self.filter(words) if text else self


class Service(models.Model):
    """Something a customer bought that runs until `ends_on` (the last paid day, in Europe/Warsaw)."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Being set up")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        ENDED = "ended", _("Ended")

    # Its server has it: it runs, or rests with its data kept.
    SET_UP = (Status.ACTIVE, Status.SUSPENDED)

    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="services"
    )
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="services")
    name = models.CharField(_("name"), max_length=120)
    domain = models.CharField(_("domain name"), max_length=253, blank=True, db_index=True)
    label = models.CharField(_("label of the customer's own"), max_length=60, blank=True)
    remote_id = models.CharField(
        _("name at the driver"), max_length=120, blank=True, help_text=_("What the driver knows this service by.")
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PENDING)
    starts_on = models.DateField(_("runs since"), default=timezone.localdate)
    ends_on = models.DateField(_("paid until"), null=True, blank=True)
    anchor_day = models.PositiveSmallIntegerField(
        _("day of the month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("On which day a period ends where the month has it; taken from “paid until” when left empty."),
    )
    price = models.ForeignKey(
        "services.Price",
        models.PROTECT,
        verbose_name=_("price"),
        null=True,
        blank=True,
        related_name="services",
        help_text=_("What a renewal costs; without one, the product's offered prices."),
    )
    configuration = models.JSONField(
        _("configuration"),
        default=dict,
        blank=True,
        help_text=_('Facts shown to the customer and to support, such as {"Number": "+48 22…"}; never secrets.'),
    )
    auto_renew = models.BooleanField(
        _("automatic renewal"), default=False, help_text=_("Prolonged by itself before it ends, when it can be paid.")
    )
    cancelled_at = models.DateTimeField(
        _("cancelled"), null=True, blank=True, help_text=_("Since then it is to end with its paid time.")
    )
    held_at = models.DateTimeField(
        _("switched off by the provider"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Since then paying for it does not switch it on again."),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(auto_renew=False) | Q(cancelled_at=None), name="what_is_cancelled_is_not_renewed"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "name", "id"]),
            models.Index(fields=["customer", "ends_on"]),
        ]

    def __str__(self):
        return f"{self.name} ({self.domain})" if self.domain and self.domain != self.name else self.name

    def clean(self):
        """Keeps the domain in the form in which callers are found by it."""
        self.domain = canonical_domain(self.domain)

    @property
    def facts(self):
        """The configuration as (name, text) pairs: in templates, one that is called “items” would hide the others."""
        return [(NAMES_OF_FACTS.get(name, name), text) for name, text in self.configuration.items()]

    @property
    def days_left(self):
        """Days until the last paid day, negative when past; None when it never ends."""
        return (self.ends_on - timezone.localdate()).days if self.ends_on else None

    @property
    def is_urgent(self):
        """Whether the last paid day is so near, or past, that somebody should act now."""
        return self.ends_on is not None and self.days_left <= URGENT_WITHIN_DAYS
