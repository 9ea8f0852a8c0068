"""A service that a customer has."""

from django.db import models
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from services.models.product import Product


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

    def active(self):
        """Services that run now."""
        return self.filter(status=Service.Status.ACTIVE)

    def ending_within(self, days):
        """Running or suspended services whose last paid day is at most `days` days away, or past."""
        until = timezone.localdate() + timedelta(days=days)
        return self.filter(status__in=[Service.Status.ACTIVE, Service.Status.SUSPENDED], ends_on__lte=until).order_by("ends_on", "pk")


class Service(models.Model):
    """Something a customer bought that runs until `ends_on` (the last paid day, in Europe/Warsaw)."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Being set up")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        ENDED = "ended", _("Ended")

    customer = models.ForeignKey("accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="services")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name=_("product"), related_name="services")
    name = models.CharField(_("name"), max_length=120)
    domain = models.CharField(_("domain name"), max_length=253, blank=True, db_index=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PENDING)
    starts_on = models.DateField(_("runs since"), default=timezone.localdate)
    ends_on = models.DateField(_("paid until"), null=True, blank=True)
    # Facts shown to the customer and to support, such as {"Number": "+48 22…"}; never secrets.
    configuration = models.JSONField(_("configuration"), default=dict, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["customer", "name", "id"]),
            models.Index(fields=["customer", "ends_on"]),
        ]

    def __str__(self):
        return f"{self.name} ({self.domain})" if self.domain and self.domain != self.name else self.name

    @property
    def days_left(self):
        """Days until the last paid day, negative when past; None when it never ends."""
        return (self.ends_on - timezone.localdate()).days if self.ends_on else None
