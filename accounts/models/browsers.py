"""The browsers a person is signed in with, and those they trust."""

from datetime import timedelta

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import keys


class UserSessionQuerySet(models.QuerySet):
    def living(self, user, *, idle_seconds, whole_seconds):
        """The person's sessions that the next request would find open, the last used first."""
        now = timezone.now()
        return self.filter(
            user=user,
            generation=user.session_generation,
            seen_at__gt=now - timedelta(seconds=idle_seconds),
            began_at__gt=now - timedelta(seconds=whole_seconds),
            expire_date__gt=now,
        ).order_by("-seen_at")


class UserSession(AbstractBaseSession):
    """A session as Django keeps it, and beside it whose it is, where it began and when it was last used.

    Its key is a digest of what the browser holds: who reads this table has nothing to sign in with.
    """

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, verbose_name=_("user"), null=True, related_name="sessions"
    )
    generation = models.PositiveIntegerField(_("generation of sessions"), default=0)
    began_at = models.DateTimeField(_("began"), null=True)
    seen_at = models.DateTimeField(_("last used"), null=True)
    ip = models.GenericIPAddressField(_("address"), null=True)
    browser = models.CharField(_("browser"), max_length=120, blank=True)

    objects = BaseSessionManager.from_queryset(UserSessionQuerySet)()

    class Meta(AbstractBaseSession.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    @classmethod
    def get_session_store_class(cls):
        """What reads and writes these rows."""
        from accounts.sessions import SessionStore

        return SessionStore


class LivingTrust(models.QuerySet):
    def living(self):
        """Browsers that are still trusted."""
        return self.filter(expires_at__gt=timezone.now())


class TrustedBrowser(models.Model):
    """A browser in which a right password is enough, because its owner said so after both steps.

    The browser holds the selector in a signed cookie; the row alone makes no such cookie.
    """

    LIFETIME = timedelta(days=30)

    user = models.ForeignKey("accounts.User", models.CASCADE, verbose_name=_("user"), related_name="trusted_browsers")
    selector = models.CharField(_("open half"), max_length=32, unique=True, default=keys.new_selector)
    ip = models.GenericIPAddressField(_("address"), null=True)
    browser = models.CharField(_("browser"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("trusted since"), default=timezone.now)
    used_at = models.DateTimeField(_("last used"), default=timezone.now)
    expires_at = models.DateTimeField(_("trusted until"))

    objects = LivingTrust.as_manager()

    class Meta:
        verbose_name = _("trusted browser")
        verbose_name_plural = _("trusted browsers")
        ordering = ["-used_at"]

    def __str__(self):
        return f"{self.user}: {self.browser}"
