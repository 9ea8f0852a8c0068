"""Which services a standard sub-user sees."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceGrant(models.Model):
    """That a sub-user sees and manages one service."""

    membership = models.ForeignKey(
        "accounts.Membership", models.CASCADE, verbose_name=_("sub-user"), related_name="grants"
    )
    service = models.ForeignKey("services.Service", models.CASCADE, verbose_name=_("service"), related_name="grants")

    class Meta:
        verbose_name = _("service of a sub-user")
        verbose_name_plural = _("services of sub-users")
        constraints = [models.UniqueConstraint(fields=["membership", "service"], name="one_grant_per_service")]

    def __str__(self):
        return f"{self.membership}: {self.service}"

    def clean(self):
        """Refuses a service of another customer; it would not be shown anyway."""
        if self.membership_id and self.service_id and self.membership.customer_id != self.service.customer_id:
            raise ValidationError({"service": _("This service belongs to another customer.")})
