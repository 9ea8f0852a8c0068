"""What the pretend switchboard has: numbers, and the accounts that were made of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import encrypted


class SwitchboardNumber(models.Model):
    """A number of the pretend switchboard. One that was somebody's is not given to another: callers know it."""

    class State(models.TextChoices):
        FREE = "free", _("Free")
        ON = "on", _("In use")
        OFF = "off", _("Switched off")
        GONE = "gone", _("Was in use")

    number = models.CharField(_("number"), max_length=30, unique=True)
    state = models.CharField(_("state"), max_length=5, choices=State, default=State.FREE)
    # Of the job that made an account of it: the same job asked again gets the same number.
    reference = models.CharField(_("reference"), max_length=80, unique=True, null=True, blank=True)
    secret = models.TextField(_("password, encrypted"), blank=True, editable=False)

    # What a telephone registers with.
    password = encrypted("secret")

    class Meta:
        verbose_name = _("number of the pretend switchboard")
        verbose_name_plural = _("numbers of the pretend switchboard")
        ordering = ["number"]
        indexes = [
            models.Index(fields=["number"], condition=models.Q(state="free"), name="free_numbers"),
        ]

    def __str__(self):
        return self.number
