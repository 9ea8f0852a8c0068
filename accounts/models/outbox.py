"""Mails and text messages that wait for the worker, and what became of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def new_message_id():
    """A Message-ID (RFC 5322, 3.6.4) fixed when the row is written, so that a repeat carries the same."""
    return f"<{get_random_string(32)}@{settings.MAIL_DOMAIN}>"


class Outbox(models.Model):
    """One message to one address. It names what to say (`letter`) and about which rows (`ids`).

    Neither text nor secrets lie here: the worker writes the words, links and codes when it sends.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("E-mail")
        SMS = "sms", _("SMS")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("No longer needed")
        FAILED = "failed", pgettext_lazy("mail", "Failed")

    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    letter = models.CharField(_("letter"), max_length=60)
    user = models.ForeignKey(
        "accounts.User", models.CASCADE, verbose_name=_("user"), null=True, blank=True, related_name="+"
    )
    address = models.CharField(_("to"), max_length=254)
    language = models.CharField(_("language"), max_length=5)
    ids = models.JSONField(_("what it is about"), default=dict)
    message_id = models.CharField(_("Message-ID"), max_length=200, default=new_message_id, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claimed_by = models.CharField(_("being sent by"), max_length=64, blank=True)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        ordering = ["-id"]
        indexes = [models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="outbox_waiting")]

    def __str__(self):
        return f"{self.get_channel_display()} → {self.address}"
