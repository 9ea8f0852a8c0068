"""Addresses that mails come back from, and the reports that told so."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class BouncedAddress(models.Model):
    """What came back from an address. A keyed digest stands for it: a changed address is another one."""

    digest = models.CharField(_("address as a digest"), max_length=64, unique=True)
    # Since when mails come back; empty as long as too few did, and none of them for good.
    bounced_at = models.DateTimeField(_("come back since"), null=True)
    soft_count = models.PositiveIntegerField(_("how many came back for the moment"), default=0)
    last_at = models.DateTimeField(_("last report"), default=timezone.now)
    # By RFC 3463, such as 5.1.1; words of the other server might name the address.
    status = models.CharField(_("status"), max_length=12, blank=True)

    class Meta:
        verbose_name = _("address that mails come back from")
        verbose_name_plural = _("addresses that mails come back from")

    def __str__(self):
        return self.status


class BounceReport(models.Model):
    """That a company's report was taken, by its key there: brought again, it changes nothing."""

    key = models.CharField(_("key"), max_length=64, unique=True)
    at = models.DateTimeField(_("taken"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("report about a mail")
        verbose_name_plural = _("reports about mails")

    def __str__(self):
        return self.key
