"""The authorization code a customer reads out on the phone, and what it opens for support."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
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


# Functions that give a Q of support sessions that rest on something else than a code and that still lives;
# upper apps append theirs when the house starts.
OTHER_BASES = []


class SupportSession(models.Model):
    """A member of staff seeing what one person may see: by their code until it ends, or by what they wrote signed in.

    What was written is named by its case number and lives as long as the app says that it belongs to.
    """

    staff = models.ForeignKey(
        "accounts.User", models.CASCADE, verbose_name=_("member of staff"), related_name="support_sessions"
    )
    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, verbose_name=_("customer"), related_name="support_sessions"
    )
    membership = models.ForeignKey(
        "accounts.Membership", models.CASCADE, verbose_name=_("within the rights of"), related_name="support_sessions"
    )
    code = models.ForeignKey(
        AuthorizationCode,
        models.CASCADE,
        verbose_name=_("authorization code"),
        null=True,
        blank=True,
        related_name="support_sessions",
    )
    case = models.CharField(_("case number"), max_length=20, blank=True)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        verbose_name = _("access by a code or a message")
        verbose_name_plural = _("accesses by a code or a message")
        constraints = [
            models.UniqueConstraint(fields=["staff", "code"], name="one_session_per_code"),
            models.UniqueConstraint(
                fields=["staff", "case", "membership"], condition=~Q(case=""), name="one_session_per_case_and_author"
            ),
            models.CheckConstraint(
                condition=Q(code=None) & ~Q(case="") | Q(code__isnull=False, case=""), name="a_session_has_one_basis"
            ),
        ]

    def __str__(self):
        return f"{self.staff} → {self.customer}"

    @property
    def expires_at(self):
        """When its code ends; None when it rests on a message."""
        return self.code.expires_at if self.code else None

    @classmethod
    def open_for(cls, staff):
        """The sessions this member of staff has open, each as long as its basis and that person's rights live."""
        living = Q(code__ended_at=None, code__expires_at__gt=timezone.now())
        for basis in OTHER_BASES:
            living |= basis()
        sessions = cls.objects.filter(
            living,
            staff=staff,
            closed_at=None,
            membership__blocked_at=None,
            membership__user__blocked_at=None,
            customer__closed_at=None,
        )
        return sessions.select_related("customer", "code", "membership__user")
