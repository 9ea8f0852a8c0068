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

    class Meta:
        verbose_name = _("domain registration")
        verbose_name_plural = _("domain registrations")

    def __str__(self):
        return self.service.domain
