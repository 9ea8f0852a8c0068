"""A conversation between a customer and support."""

import secrets

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import record
from accounts.models import SupportSession
from services.models import Service
from tickets import targets
from tickets.actions import Action
from tickets.models.message import ReadMark, mark_as_read

# Neither vowels, which make words, nor 0 O 1 I L, which are mistaken for each other on the phone.
NUMBER_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
SUBJECT_LENGTH = 200


def new_number():
    """A case number such as "K7MX-4QTB": can be read out, and does not tell how many there are."""
    letters = [secrets.choice(NUMBER_ALPHABET) for _place in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def typed_number(text):
    """The case number that was typed, in whatever case and with or without its dash; "" for other words."""
    typed = text.replace(" ", "").replace("-", "").upper()
    is_number = len(typed) == 8 and set(typed) <= set(NUMBER_ALPHABET)
    return f"{typed[:4]}-{typed[4:]}" if is_number else ""


class TicketQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """All of the customer's; for a standard sub-user those about the services granted to them."""
        tickets = self.filter(customer_id=membership.customer_id, merged_into=None)
        if membership.sees_everything:
            return tickets
        return tickets.filter(service__in=Service.objects.visible_to(membership))

    def marked_new_for(self, user):
        """Adds `is_new`: support has written since this person last read the thread."""
        read = ReadMark.objects.filter(
            user=user, ticket=OuterRef("pk"), read_at__gte=OuterRef("last_staff_message_at")
        )
        return self.annotate(is_new=Q(last_staff_message_at__isnull=False) & ~Exists(read))

    def with_seen_at(self, user):
        """Adds `seen_at`: the time of the last answer that this person has read, None before any."""
        marks = ReadMark.objects.filter(user=user, ticket=OuterRef("pk"))
        return self.annotate(seen_at=Subquery(marks.values("read_at")))

    def in_rows(self):
        """Only what a row of the customer's list shows: dates and texts that nobody reads take time to load."""
        shown = ["number", "subject", "sender_email", "status", "updated_at", "last_staff_message_at"]
        category, service = ["category__name_pl", "category__name_en"], ["service__name", "service__domain"]
        return self.select_related("category", "service").only(*shown, *category, *service)

    def in_desk_rows(self):
        """The same of the queue of support."""
        shown = [
            "number",
            "subject",
            "sender_name",
            "status",
            "status_since",
            "due_at",
            "updated_at",
            "category__name_pl",
            "category__name_en",
        ]
        people = ["customer__number", "customer__name", "assignee__name", "assignee__login"]
        rows = self.filter(merged_into=None).select_related("category", "customer", "assignee")
        return rows.only(*shown, *people)


class Ticket(models.Model):
    """A thread of messages. Its status says whose turn it is."""

    class Status(models.TextChoices):
        OPEN = "open", _("Waiting for us")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    # Statuses of what is counted as open on the first page, where customers are told how much of theirs goes on.
    NOT_CLOSED = (Status.OPEN, Status.ANSWERED)

    # Empty as long as nobody knows whose it is: a mail from an unknown address, the form for people without access.
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), null=True, blank=True, related_name="tickets"
    )
    number = models.CharField(_("case number"), max_length=9, unique=True, default=new_number)
    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    category = models.ForeignKey(
        "tickets.Category", models.PROTECT, verbose_name=_("category"), related_name="tickets"
    )
    service = models.ForeignKey(
        "services.Service", models.PROTECT, verbose_name=_("service"), null=True, blank=True, related_name="tickets"
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    # Since when it has been in this status: a customer who writes again while waiting keeps their place.
    status_since = models.DateTimeField(_("in this status since"), default=timezone.now)
    # By when support is to answer, as long as it waits for that; see tickets.targets.
    due_at = models.DateTimeField(_("answer due"), default=timezone.now)
    sender_name = models.CharField(_("sender"), max_length=150)
    sender_email = models.EmailField(_("sender's e-mail"))
    # The contact person chosen as the sender, who gets the answers as long as they are a contact person.
    sender_contact = models.ForeignKey(
        "accounts.Contact",
        models.SET_NULL,
        verbose_name=_("contact person"),
        null=True,
        blank=True,
        related_name="+",
    )
    opened_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, verbose_name=_("written by"), null=True, blank=True, related_name="+"
    )
    assignee = models.ForeignKey(
        "accounts.User", models.SET_NULL, verbose_name=_("taken by"), null=True, blank=True, related_name="+"
    )
    # Of somebody without a login, as far as it is known; a person has one of their own.
    language = models.CharField(_("language"), max_length=5, blank=True, choices=settings.LANGUAGES)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now)
    last_staff_message_at = models.DateTimeField(_("last answer"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # Stays when it is opened again: what was written before opens nobody's data any more.
    last_closed_at = models.DateTimeField(_("last closed"), null=True, blank=True)

    # Where everything of it has moved; it is empty itself, and every address of it leads there.
    merged_into = models.ForeignKey(
        "self", models.CASCADE, verbose_name=_("merged into"), null=True, blank=True, related_name="merged"
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ["-updated_at", "-id"]
        indexes = [
            models.Index(fields=["customer", "-updated_at", "-id"]),
            models.Index(fields=["customer", "status"]),
            models.Index(fields=["status", "status_since", "id"]),
            models.Index(fields=["service", "-updated_at"]),
            models.Index(fields=["due_at", "id"], condition=Q(status="open"), name="waiting_by_due"),
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(status="open"), name="waiting_of_assignee"),
            models.Index(fields=["-updated_at", "-id"]),
        ]

    def __str__(self):
        return f"{self.number} {self.subject}"

    @property
    def asker_language(self):
        """The language of whoever asks; the panel's own when nobody knows it."""
        return (self.opened_by.language if self.opened_by else self.language) or settings.LANGUAGE_CODE

    @property
    def is_closed(self):
        """Whether the conversation has ended; another message opens it again."""
        return self.status == self.Status.CLOSED

    @transaction.atomic
    def close(self, *, by):
        """Ends the conversation and says whether it did: nothing happens when it has ended already."""
        now = timezone.now()
        rows = Ticket.objects.filter(pk=self.pk).exclude(status=self.Status.CLOSED)
        closing = {"closed_at": now, "last_closed_at": now}
        closed = rows.update(status=self.Status.CLOSED, status_since=now, updated_at=now, **closing)
        if closed:
            SupportSession.objects.filter(case=self.number, closed_at=None).update(closed_at=now)
            targets.drop(self)
            record(Action.TICKET_CLOSED, customer=self.customer, by=by, ticket=self.number)
        return bool(closed)

    @transaction.atomic
    def reopen(self, *, by):
        """Puts a closed conversation back into the queue; not one that was merged, of which nothing is left."""
        now = timezone.now()
        rows = Ticket.objects.filter(pk=self.pk, status=self.Status.CLOSED, merged_into=None)
        if rows.update(status=self.Status.OPEN, status_since=now, closed_at=None, updated_at=now):
            targets.begin(self, at=now)
            record(Action.TICKET_REOPENED, customer=self.customer, by=by, ticket=self.number)

    def mark_read(self, *, user):
        """Remembers that this person has seen the answers up to the last one loaded."""
        mark_as_read([self], user=user)
