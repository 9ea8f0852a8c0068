"""What billing lets be given to a standard sub-user."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import register


@register
class Permission(models.TextChoices):
    """Money of the whole customer, and buying for the services one sees."""

    INVOICES = "invoices", _("Invoices and payments")
    ORDERING = "ordering", _("Ordering")
