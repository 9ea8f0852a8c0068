"""A person's own data, put together by the worker for download."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.keys import new_selector


def export_path(export, filename):
    """Lies under a random name, outside anything that is served."""
    return f"exports/{new_selector()}.zip"


class DataExport(models.Model):
    """One file with everything that is kept about a person and, as far as they may see it, their customer."""

    LIFETIME = timedelta(days=7)

    class State(models.TextChoices):
        WAITING = "waiting", _("Being put together")
        READY = "ready", _("Ready")
        GONE = "gone", _("Deleted")

    membership = models.ForeignKey(
        "accounts.Membership", models.CASCADE, verbose_name=_("user"), related_name="data_exports"
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    file = models.FileField(_("file"), upload_to=export_path, blank=True)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    ready_at = models.DateTimeField(_("ready"), null=True)

    class Meta:
        verbose_name = _("download of own data")
        verbose_name_plural = _("downloads of own data")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(state="waiting"), name="one_export_waits_per_person"
            )
        ]

    def __str__(self):
        return f"{self.membership}, {timezone.localtime(self.asked_at):%Y-%m-%d}"

    @property
    def expires_at(self):
        """Until when it can be downloaded; None while it is being put together."""
        return self.ready_at + self.LIFETIME if self.ready_at else None

    @classmethod
    def end_all(cls, membership):
        """What was put together with other rights is not handed out any more; the clock deletes the files."""
        exports = cls.objects.filter(membership=membership)
        exports.filter(state=cls.State.WAITING).update(state=cls.State.GONE)
        exports.filter(state=cls.State.READY).update(ready_at=timezone.now() - cls.LIFETIME)
