"""When support answers."""

from datetime import time

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MIDNIGHT = time()


class OpeningHours(models.Model):
    """The hours of one day of the week; a day without a row is closed."""

    class Weekday(models.IntegerChoices):
        """As date.weekday() counts them."""

        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday, unique=True)
    opens = models.TimeField(_("from"))
    closes = models.TimeField(pgettext_lazy("hours", "to"), help_text=_("Midnight is the end of the day."))

    class Meta:
        verbose_name = _("opening hours of support")
        verbose_name_plural = _("opening hours of support")
        ordering = ["weekday"]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self):
        if self.opens and self.closes is not None and self.closes != MIDNIGHT and self.closes <= self.opens:
            raise ValidationError({"closes": _("This is not after the beginning.")})
