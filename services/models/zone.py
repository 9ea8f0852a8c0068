"""The DNS zone of a domain: how far name servers know what the panel keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Zone(models.Model):
    """Which state of a domain's records was asked for and which one is published.

    `name` is what name servers know it by, in ASCII: taken when it is first published and given back when it is
    removed, so that two services never publish one zone.
    """

    service = models.OneToOneField("services.Service", models.CASCADE, verbose_name=_("service"), related_name="zone")
    name = models.CharField(_("name at the name servers"), max_length=253, unique=True, null=True, blank=True)
    version = models.PositiveIntegerField(_("edits"), default=0)
    published = models.PositiveIntegerField(_("edits published"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    asked = models.PositiveIntegerField(_("times asked to publish"), default=0)

    class Meta:
        verbose_name = _("DNS zone")
        verbose_name_plural = _("DNS zones")

    def __str__(self):
        return self.name or self.service.domain
