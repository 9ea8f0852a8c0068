"""What people wrote, and who has read it."""

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TEXT_LENGTH = 20_000

# One statement a thread, whoever else reads it at the same moment.
READ = """
INSERT INTO tickets_readmark AS mark (user_id, ticket_id, read_at) VALUES (%s, %s, %s)
ON CONFLICT (user_id, ticket_id) DO UPDATE SET read_at = excluded.read_at WHERE mark.read_at < excluded.read_at
"""


class Message(models.Model):
    """One message of a thread; never changed once sent. The author's name is a copy, as it was then."""

    class Origin(models.TextChoices):
        PAGE = "page", _("The panel")
        MAIL = "mail", _("E-mail")
        FORM = "form", _("The form for people without access")

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="messages", db_index=False
    )
    author = models.ForeignKey("accounts.User", models.SET_NULL, verbose_name=_("author"), null=True, related_name="+")
    author_name = models.CharField(_("author's name"), max_length=150)
    # Of words that came from outside a session; "" when they were written in the panel.
    author_email = models.EmailField(_("author's e-mail"), blank=True)
    origin = models.CharField(_("written in"), max_length=10, choices=Origin, default=Origin.PAGE)
    # Whether the author is known to be who they say: a From line alone says nothing.
    is_verified = models.BooleanField(_("verified author"), default=True)
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
    # What a mail repeats of earlier ones; shown folded away.
    quoted = models.TextField(_("quoted text"), blank=True)
    # Names of files that came with a mail and could not be kept.
    left_out = models.JSONField(_("files left out"), default=list, blank=True)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    # Of the form it was sent in, see tickets.forms.writing: the same form sent again makes no second message.
    key = models.CharField(_("key of the form"), max_length=32, blank=True, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["id"]
        indexes = [models.Index(fields=["ticket", "id"])]
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], condition=~models.Q(key=""), name="one_message_a_form"),
        ]

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


def mark_as_read(tickets, *, user):
    """Remembers that this person has seen the answers of these threads up to the last ones loaded.

    A later mark stays: whoever loaded a thread earlier and comes later, as another tab may, takes nothing back.
    """
    adapted = connection.ops.adapt_datetimefield_value
    answered = [ticket for ticket in tickets if ticket.last_staff_message_at]
    with connection.cursor() as cursor:
        cursor.executemany(READ, [[user.pk, ticket.pk, adapted(ticket.last_staff_message_at)] for ticket in answered])
