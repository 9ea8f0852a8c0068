"""The terms of service in their versions, and who accepted which, when."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.wording import worded


class Terms(models.Model):
    """One version of the terms; the newest published one is in force."""

    version = models.CharField(_("version"), max_length=40, unique=True)
    text_pl = models.TextField(_("text in Polish"))
    text_en = models.TextField(_("text in English"))
    published_at = models.DateTimeField(_("in force from"), default=timezone.now)

    class Meta:
        verbose_name = _("version of the terms")
        verbose_name_plural = _("versions of the terms")
        ordering = ["-published_at"]

    def __str__(self):
        return self.version

    @classmethod
    def in_force(cls):
        """The newest version already in force; None when the provider has published none."""
        return cls.objects.filter(published_at__lte=timezone.now()).first()

    text = worded("text")


class TermsAcceptance(models.Model):
    """That a person accepted a version, when and how; kept as proof."""

    class How(models.TextChoices):
        REGISTRATION = "registration", _("when registering")
        NOTICE = "notice", _("after signing in, when a newer version was in force")

    user = models.ForeignKey("accounts.User", models.CASCADE, verbose_name=_("user"), related_name="accepted_terms")
    terms = models.ForeignKey(Terms, models.PROTECT, verbose_name=_("terms of service"), related_name="acceptances")
    at = models.DateTimeField(_("accepted"), auto_now_add=True)
    how = models.CharField(_("how"), max_length=20, choices=How, default=How.REGISTRATION)
    ip = models.GenericIPAddressField(_("from address"), null=True)

    class Meta:
        verbose_name = _("acceptance of terms")
        verbose_name_plural = _("acceptances of terms")

    def __str__(self):
        return f"{self.user}: {self.terms}"
