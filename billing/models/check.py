"""What the last look over the books found."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MoneyCheck(models.Model):
    """One run of check_money: how many findings, and the first of them in words."""

    at = models.DateTimeField(_("when"), default=timezone.now)
    seconds = models.FloatField(_("seconds"))
    count = models.PositiveIntegerField(_("findings"))
    findings = models.JSONField(_("the first findings"), default=list)

    class Meta:
        verbose_name = _("check of the books")
        verbose_name_plural = _("checks of the books")
        ordering = ["-pk"]

    def __str__(self):
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M}: {self.count}"

    @property
    def is_clean(self):
        return self.count == 0
