"""What a domain name has beyond other services."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Domain(models.Model):
    """How a domain name came here. Its name, dates and status are those of its service."""

    class Origin(models.TextChoices):
        REGISTERED = "registered", _("Registered here")
        TRANSFERRED = "transferred", _("Transferred here")
        ELSEWHERE = "elsewhere", _("Kept elsewhere")

    # Origins of which the provider is the registrar.
    HERE = (Origin.REGISTERED, Origin.TRANSFERRED)

    service = models.OneToOneField(
        "services.Service", models.CASCADE, verbose_name=_("service"), related_name="registration"
    )
    origin = models.CharField(_("registration"), max_length=20, choices=Origin)
    nameservers = models.JSONField(
        _("name servers"), default=list, blank=True, help_text=_("Empty for those that the provider gives.")
    )
    # What a transfer here is asked for with; erased once the name has come.
    authinfo = models.TextField(_("AuthInfo of a transfer, encrypted"), blank=True, editable=False)
    # What the registrar gave out for a transfer away, and when: shown for a while to who asked, then erased.
    released = models.TextField(_("AuthInfo given out, encrypted"), blank=True, editable=False)
    released_at = models.DateTimeField(_("AuthInfo given out"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("domain registration")
        verbose_name_plural = _("domain registrations")

    def __str__(self):
        return self.service.domain
