"""What people agreed to beside the terms, and which mails an address does not want."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Consent(models.Model):
    """That a person agreed to something, in which words, when and how; and when and how they took it back.

    Rows are kept as proof: taking back writes into the row, agreeing again makes another.
    """

    class Kind(models.TextChoices):
        MAILING = "mailing", _("mailing list")

    class How(models.TextChoices):
        REGISTRATION = "registration", _("when registering")
        PAGE = "page", _("on the page with personal data")
        LINK = "link", _("by the link in a mail")
        COMPLAINT = "complaint", _("by reporting a mail as spam")

    user = models.ForeignKey("accounts.User", models.CASCADE, verbose_name=_("user"), related_name="consents")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    version = models.CharField(_("version"), max_length=40)
    text = models.CharField(_("words"), max_length=500)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    given_how = models.CharField(_("how"), max_length=20, choices=How)
    ip = models.GenericIPAddressField(_("from address"), null=True)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True)
    withdrawn_how = models.CharField(_("how taken back"), max_length=20, choices=How, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"], condition=Q(withdrawn_at=None), name="one_consent_of_a_kind"
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.get_kind_display()}"


class Unwanted(models.Model):
    """That mails of a kind are not wanted at an address without a login, such as a contact person's.

    Kept by a keyed digest: it outlives the contact person, and tells nobody's address.
    """

    digest = models.CharField(_("address as a digest"), max_length=64)
    kind = models.CharField(_("kind"), max_length=20)
    at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("unwanted kind of mail")
        verbose_name_plural = _("unwanted kinds of mail")
        constraints = [models.UniqueConstraint(fields=["digest", "kind"], name="unwanted_once")]

    def __str__(self):
        return self.kind
