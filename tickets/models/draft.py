"""What somebody has typed and not sent yet."""

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tickets.models.message import TEXT_LENGTH
from tickets.models.ticket import SUBJECT_LENGTH


class Draft(models.Model):
    """One person's words for a thread or, without one, for a new message of a customer. Nobody else reads them."""

    writer = models.ForeignKey("accounts.User", models.CASCADE, verbose_name=_("writer"), related_name="+")
    # Whose conversation it is for; empty in a thread of nobody's.
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), null=True, related_name="+"
    )
    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), null=True, related_name="drafts"
    )
    category = models.ForeignKey(
        "tickets.Category", models.SET_NULL, verbose_name=_("category"), null=True, related_name="+"
    )
    service = models.ForeignKey(
        "services.Service", models.SET_NULL, verbose_name=_("service"), null=True, related_name="+"
    )
    sender = models.ForeignKey(
        "accounts.Contact", models.SET_NULL, verbose_name=_("contact person"), null=True, related_name="+"
    )
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH, blank=True)
    text = models.TextField(_("text"), max_length=TEXT_LENGTH, blank=True)
    # Files of it were removed because nothing was written for a day.
    lost_files = models.BooleanField(_("without its files"), default=False)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["writer", "ticket"], condition=models.Q(ticket__isnull=False), name="one_draft_in_a_thread"
            ),
            models.UniqueConstraint(
                fields=["writer", "customer"], condition=models.Q(ticket=None), name="one_draft_of_a_new_message"
            ),
        ]

    def __str__(self):
        return f"{self.writer}: {self.ticket or self.subject}"

    @property
    def words(self):
        """What was typed and chosen, as a form begins with it."""
        chosen = {"category": self.category_id, "service": self.service_id, "sender": self.sender_id}
        typed = {"subject": self.subject, "text": self.text}
        return {name: value for name, value in (chosen | typed).items() if value}

    @property
    def said(self):
        """When it was saved; with the day unless that is today."""
        at = timezone.localtime(self.saved_at)
        if at.date() == timezone.localdate():
            return gettext("Draft saved at %(time)s.") % {"time": date_format(at, "H:i")}
        return gettext("Draft saved: %(date)s.") % {"date": date_format(at, "SHORT_DATETIME_FORMAT")}
