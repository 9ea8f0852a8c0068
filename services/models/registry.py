"""The small registry of the registrar "null": which domain names there are in its world, and who has them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.keys import encrypted


class RegistryName(models.Model):
    """A registered domain name, in the form that registries know (punycode).

    `holder` names the service that it is registered for; empty, it is kept at another registrar and comes here
    with the right AuthInfo. `reference` is that of the job which brought it, so that a repeated job changes
    nothing.
    """

    name = models.CharField(_("domain name"), max_length=253, unique=True)
    holder = models.CharField(
        _("registered for"), max_length=40, blank=True, help_text=_("Empty for names at another registrar.")
    )
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    secret = models.TextField(_("AuthInfo, encrypted"), blank=True, editable=False)
    nameservers = models.JSONField(_("name servers"), default=list, blank=True)
    expires_on = models.DateField(_("registered until"), null=True, blank=True)

    # What the name is moved to another registrar with.
    authinfo = encrypted("secret")

    class Meta:
        verbose_name = _("name in the registry of the null registrar")
        verbose_name_plural = _("names in the registry of the null registrar")
        ordering = ["name"]

    def __str__(self):
        return self.name
