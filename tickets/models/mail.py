"""Mails that came in, and the addresses at which they reach a thread."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def raw_path(mail, filename):
    """Where a mail lies as it came: a random name of ours."""
    return f"mail/{timezone.now():%Y/%m}/{secrets.token_hex(16)}"


class ReplyAddress(models.Model):
    """One reader of one thread: the mail they answer to names this row under a MAC, see tickets.reply_addresses."""

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="reply_addresses", db_index=False
    )
    user = models.ForeignKey(
        "accounts.User", models.CASCADE, verbose_name=_("user"), null=True, blank=True, related_name="+"
    )
    # Where the mail was sent; of a person with a login it may change, the row stays theirs.
    address = models.EmailField(_("e-mail"), blank=True)
    # Message-IDs of the thread's mails that this reader has got or sent, oldest first.
    mails = models.JSONField(_("mails of the thread"), default=list, blank=True)

    # The header that repeats them stays well under 3 KB.
    MAILS_KEPT = 10

    class Meta:
        verbose_name = _("reply address")
        verbose_name_plural = _("reply addresses")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "user"], name="one_reply_address_per_person"),
            models.UniqueConstraint(
                fields=["ticket", "address"], condition=Q(user=None), name="one_reply_address_per_bare_address"
            ),
        ]

    def __str__(self):
        return f"{self.ticket}: {self.user or self.address}"


class IncomingMail(models.Model):
    """One mail, whatever became of it; staff read here why one was refused. Never twice the same."""

    class State(models.TextChoices):
        TAKEN = "taken", _("Taken into a thread")
        REFUSED = "refused", _("Not taken")
        SETTLED = "settled", _("Looked at")

    class Reason(models.TextChoices):
        AUTOMATIC = "automatic", _("An automatic answer or a mass mailing")
        BOUNCE = "bounce", _("A notice that a mail could not be delivered")
        LOOP = "loop", _("Came from the panel itself")
        NO_SENDER = "no_sender", _("It does not say who wrote it")
        BLOCKED = "blocked", _("The sender or their customer is blocked or closed")
        TOO_MANY = "too_many", _("Too many mails of this sender in an hour")
        TOO_LARGE = "too_large", _("Too large")
        TOO_MANY_PARTS = "too_many_parts", _("Too many parts")
        EMPTY = "empty", _("Neither text nor attachments")
        UNREADABLE = "unreadable", _("Broken beyond reading")

    # A digest of its Message-ID; of the content as well when another mail came under the same one.
    key = models.CharField(_("key"), max_length=64, unique=True, editable=False)
    content = models.CharField(_("digest of the content"), max_length=64, editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    sender_name = models.CharField(_("sender"), max_length=150, blank=True)
    sender_email = models.CharField(_("sender's e-mail"), max_length=254, blank=True)
    is_verified = models.BooleanField(_("verified sender"), default=False)
    recipient = models.CharField(_("to"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    size = models.PositiveIntegerField(_("size"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.TAKEN)
    reason = models.CharField(_("why it was not taken"), max_length=20, choices=Reason, blank=True)
    message = models.OneToOneField(
        "tickets.Message", models.SET_NULL, verbose_name=_("message"), null=True, blank=True, related_name="mail"
    )
    # As it came, for as long as somebody may have to look; see tickets.jobs.
    raw = models.FileField(_("the mail as it came"), upload_to=raw_path, max_length=120, blank=True)

    class Meta:
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mails")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["-id"], condition=Q(state="refused"), name="incoming_refused"),
            models.Index(fields=["received_at"], condition=~Q(raw=""), name="incoming_with_raw"),
        ]

    def __str__(self):
        return f"{self.sender_email}: {self.subject}"
