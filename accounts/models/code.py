"""The authorization code a customer reads out on the phone, and what it opens for support."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LivingCodes(models.QuerySet):
    def living(self):
        """Codes that would be accepted now."""
        return self.filter(ended_at=None, expires_at__gt=timezone.now())


class AuthorizationCode(models.Model):
    """A code of one person for one customer; only its HMAC is kept."""

    LIFETIME = timedelta(hours=1)

    membership = models.ForeignKey(
        "accounts.Membership", models.CASCADE, verbose_name=_("owner of the code"), related_name="authorization_codes"
    )
    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, verbose_name=_("customer"), related_name="authorization_codes"
    )
    code_mac = models.CharField(_("fingerprint of the code"), max_length=64)
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    expires_at = models.DateTimeField(_("lives until"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = LivingCodes.as_manager()

    class Meta:
        verbose_name = _("authorization code")
        verbose_name_plural = _("authorization codes")
        indexes = [models.Index(fields=["customer", "expires_at"])]

    def __str__(self):
        return f"{self.membership}, {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"


class SupportSession(models.Model):
    """A member of staff seeing what the code's owner may see, until the code ends."""

    staff = models.ForeignKey(
        "accounts.User", models.CASCADE, verbose_name=_("member of staff"), related_name="support_sessions"
    )
    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, verbose_name=_("customer"), related_name="support_sessions"
    )
    code = models.ForeignKey(
        AuthorizationCode, models.CASCADE, verbose_name=_("authorization code"), related_name="support_sessions"
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("call with a code")
        verbose_name_plural = _("calls with a code")
        constraints = [models.UniqueConstraint(fields=["staff", "code"], name="one_session_per_code")]

    def __str__(self):
        return f"{self.staff} → {self.customer}"

    @classmethod
    def open_for(cls, staff):
        """The sessions this member of staff has open, each as long as its code and its owner live."""
        return cls.objects.filter(
            staff=staff,
            closed_at=None,
            code__ended_at=None,
            code__expires_at__gt=timezone.now(),
            code__membership__blocked_at=None,
            code__membership__user__blocked_at=None,
            customer__closed_at=None,
        ).select_related("customer", "code__membership__user")
