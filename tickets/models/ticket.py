"""A conversation between a customer and support."""

import secrets

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.history import record
from accounts.models import SupportSession
from services.models import Service
from tickets.actions import Action
from tickets.models.message import ReadMark

# Neither vowels, which make words, nor 0 O 1 I L, which are mistaken for each other on the phone.
NUMBER_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
SUBJECT_LENGTH = 200


def new_number():
    """A case number such as "K7MX-4QTB": can be read out, and does not tell how many there are."""
    letters = [secrets.choice(NUMBER_ALPHABET) for _place in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


class TicketQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """All of the customer's; for a standard sub-user those about the services granted to them."""
        tickets = self.filter(customer_id=membership.customer_id)
        if membership.sees_everything:
            return tickets
        return tickets.filter(service__in=Service.objects.visible_to(membership))

    def marked_new_for(self, user):
        """Adds `is_new`: support has written since this person last read the thread."""
        read = ReadMark.objects.filter(
            user=user, ticket=OuterRef("pk"), read_at__gte=OuterRef("last_staff_message_at")
        )
        return self.annotate(is_new=Q(last_staff_message_at__isnull=False) & ~Exists(read))

    def in_rows(self):
        """Only what a row of the customer's list shows: dates and texts that nobody reads take time to load."""
        shown = ["number", "subject", "sender_email", "status", "updated_at", "last_staff_message_at"]
        category, service = ["category__name_pl", "category__name_en"], ["service__name", "service__domain"]
        return self.select_related("category", "service").only(*shown, *category, *service)

    def in_desk_rows(self):
        """The same of the queue of support."""
        shown = ["number", "subject", "status", "status_since", "updated_at", "category__name_pl", "category__name_en"]
        people = ["customer__number", "customer__name", "assignee__name", "assignee__login"]
        return self.select_related("category", "customer", "assignee").only(*shown, *people)


class Ticket(models.Model):
    """A thread of messages. Its status says whose turn it is."""

    class Status(models.TextChoices):
        OPEN = "open", _("Waiting for us")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="tickets"
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
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now)
    last_staff_message_at = models.DateTimeField(_("last answer"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # Stays when it is opened again: what was written before opens nobody's data any more.
    last_closed_at = models.DateTimeField(_("last closed"), null=True, blank=True)

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
            models.Index(fields=["-updated_at", "-id"]),
        ]

    def __str__(self):
        return f"{self.number} {self.subject}"

    @property
    def is_closed(self):
        """Whether the conversation has ended; another message opens it again."""
        return self.status == self.Status.CLOSED

    @transaction.atomic
    def close(self, *, by):
        """Ends the conversation; nothing happens when it has ended already."""
        now = timezone.now()
        rows = Ticket.objects.filter(pk=self.pk).exclude(status=self.Status.CLOSED)
        closing = {"closed_at": now, "last_closed_at": now}
        if rows.update(status=self.Status.CLOSED, status_since=now, updated_at=now, **closing):
            SupportSession.objects.filter(case=self.number, closed_at=None).update(closed_at=now)
            record(Action.TICKET_CLOSED, customer=self.customer, by=by, ticket=self.number)

    @transaction.atomic
    def reopen(self, *, by):
        """Puts a closed conversation back into the queue."""
        now = timezone.now()
        rows = Ticket.objects.filter(pk=self.pk, status=self.Status.CLOSED)
        if rows.update(status=self.Status.OPEN, status_since=now, closed_at=None, updated_at=now):
            record(Action.TICKET_REOPENED, customer=self.customer, by=by, ticket=self.number)

    @transaction.atomic
    def take(self, *, by):
        """Assigns the conversation to `by`, a member of staff. The customer's history does not tell of it."""
        rows = Ticket.objects.filter(pk=self.pk).exclude(assignee=by)
        if rows.update(assignee=by):
            record(Action.TICKET_TAKEN, user=by, by=by, ticket=self.number)

    def mark_read(self, *, user):
        """Remembers that this person has seen the answers up to the last one loaded."""
        if self.last_staff_message_at:
            ReadMark.objects.bulk_create(
                [ReadMark(user=user, ticket=self, read_at=self.last_staff_message_at)],
                update_conflicts=True,
                unique_fields=["user", "ticket"],
                update_fields=["read_at"],
            )
