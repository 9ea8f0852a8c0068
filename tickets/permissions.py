"""What messages let be given to a standard sub-user."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import register


@register
class Permission(models.TextChoices):
    """Reading and writing the messages about one's own services."""

    TICKETS = "tickets", _("Messages")
