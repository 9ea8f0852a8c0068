"""What people wrote, and who has read it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TEXT_LENGTH = 20_000


class Message(models.Model):
    """One message of a thread; never changed once sent. The author's name is a copy, as it was then."""

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="messages", db_index=False
    )
    author = models.ForeignKey("accounts.User", models.SET_NULL, verbose_name=_("author"), null=True, related_name="+")
    author_name = models.CharField(_("author's name"), max_length=150)
    is_staff = models.BooleanField(_("by support"), default=False)
    # Who wrote it in a session opened by both steps; a mail never says. It lets support see what this person may see.
    signed_in_as = models.ForeignKey(
        "accounts.Membership",
        models.SET_NULL,
        verbose_name=_("written signed in as"),
        null=True,
        blank=True,
        related_name="+",
    )
    # Their generation of sessions then: what was written in a session that has been ended since opens nothing.
    generation = models.PositiveIntegerField(_("generation of sessions"), null=True, blank=True, editable=False)
    text = models.TextField(_("text"), max_length=TEXT_LENGTH)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["id"]
        indexes = [models.Index(fields=["ticket", "id"])]

    def __str__(self):
        return f"{self.author_name}, {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"


class ReadMark(models.Model):
    """Up to when one person has read the answers of a thread."""

    user = models.ForeignKey("accounts.User", models.CASCADE, verbose_name=_("user"), related_name="+", db_index=False)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="read_marks")
    read_at = models.DateTimeField(_("read"))

    class Meta:
        verbose_name = _("mark of a read thread")
        verbose_name_plural = _("marks of read threads")
        constraints = [models.UniqueConstraint(fields=["user", "ticket"], name="one_mark_per_reader")]

    def __str__(self):
        return f"{self.user}: {self.ticket}"
