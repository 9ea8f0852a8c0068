"""Giving somebody access back who has lost every second step: begun by an administrator, done after a wait."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WaitingReturns(models.QuerySet):
    def waiting(self):
        """Those that were neither cancelled nor done."""
        return self.filter(cancelled_at=None, done_at=None)


class AccessReturn(models.Model):
    """That an administrator saw who the person is; from `due_at` on codes come to them by e-mail again."""

    user = models.ForeignKey("accounts.User", models.CASCADE, verbose_name=_("user"), related_name="access_returns")
    started_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, verbose_name=_("begun by"), null=True, related_name="+"
    )
    note = models.CharField(_("how the identity was checked"), max_length=500)
    started_at = models.DateTimeField(_("begun"), default=timezone.now)
    due_at = models.DateTimeField(_("not before"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)

    objects = WaitingReturns.as_manager()

    class Meta:
        verbose_name = _("restoring of access")
        verbose_name_plural = _("restorings of access")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(cancelled_at=None, done_at=None), name="one_return_waits_per_person"
            )
        ]

    def __str__(self):
        return f"{self.user}, {timezone.localtime(self.started_at):%Y-%m-%d}"
