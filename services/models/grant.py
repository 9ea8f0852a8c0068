"""Which services a standard sub-user sees."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceGrant(models.Model):
    """That a sub-user sees and manages one service."""

    membership = models.ForeignKey("accounts.Membership", models.CASCADE, verbose_name=_("sub-user"), related_name="grants")
    service = models.ForeignKey("services.Service", models.CASCADE, verbose_name=_("service"), related_name="grants")

    class Meta:
        verbose_name = _("service of a sub-user")
        verbose_name_plural = _("services of sub-users")
        constraints = [models.UniqueConstraint(fields=["membership", "service"], name="one_grant_per_service")]

    def __str__(self):
        return f"{self.membership}: {self.service}"
