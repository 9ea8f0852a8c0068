"""What the panel itself writes into the history."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import history


@history.register
class Action(models.TextChoices):
    """Labels are filled from an entry's details."""

    CALL_ENDED = "call_ended", _("Support ended the call and closed your data.")
