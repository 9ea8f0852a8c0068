"""How one member of support likes their desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeskHabit(models.Model):
    """The filters that the desk begins with, and whether it listens to single keys."""

    user = models.OneToOneField(
        "accounts.User", models.CASCADE, verbose_name=_("member of staff"), primary_key=True, related_name="desk_habit"
    )
    filters = models.JSONField(_("filters"), default=dict, blank=True)
    has_shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)

    class Meta:
        verbose_name = _("habit at the desk")
        verbose_name_plural = _("habits at the desk")

    def __str__(self):
        return str(self.user)

    @classmethod
    def of(cls, user):
        """The habits of this person; those of a new one as long as nothing was chosen."""
        return cls.objects.filter(user=user).first() or cls(user=user)
