"""What a standard sub-user may be allowed; every app adds its own words to one list."""

from django.db import models
from django.utils.translation import gettext_lazy as _

REGISTERED = []


def register(permissions):
    """Adds an app's Permission enum (a TextChoices) to what can be given to a sub-user."""
    REGISTERED.append(permissions)
    return permissions


def choices():
    """(value, label) of every permission of every app, for forms."""
    return [choice for permissions in REGISTERED for choice in permissions.choices]


def labels(values):
    """The words for stored values; values no app knows any more are left out."""
    return [label for value, label in choices() if value in values]


@register
class Permission(models.TextChoices):
    """What accounts itself lets be given."""

    USERS = "users", _("Users")
