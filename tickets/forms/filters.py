"""Search and filters above the lists. What is in the address and makes no sense is left out."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from services.models import Service
from tickets.models import Category, Ticket
from tickets.models.ticket import NUMBER_ALPHABET

SERVICES_LISTED = 300
SEARCH_LENGTH = 100
# PostgreSQL's bigint: a larger number in the address is nobody's key.
LARGEST_KEY = 2**63 - 1


class KeyField(forms.IntegerField):
    """The key of a row out of a select."""

    def __init__(self, label):
        super().__init__(label=label, required=False, min_value=1, max_value=LARGEST_KEY, widget=forms.Select)

    def offer(self, rows):
        self.widget.choices = [("", _("All")), *((row.pk, str(row)) for row in rows)]


class TicketFilters(forms.Form):
    """What both lists have."""

    search_label = _("Case number or subject")

    q = forms.CharField(required=False, max_length=SEARCH_LENGTH, widget=forms.SearchInput)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *Ticket.Status.choices])
    category = KeyField(_("Category"))

    def __init__(self, data):
        super().__init__(data)
        self.fields["q"].label = self.search_label
        self.fields["category"].offer(Category.objects.all())
        self.is_valid()

    def chosen(self, name):
        """The value of a filter, or "" when it is not set or makes no sense."""
        return self.cleaned_data.get(name) or ""

    @property
    def is_used(self):
        """Whether anything is filtered at all: tells an empty list from an empty answer."""
        return any(self.chosen(name) for name in self.fields)

    @property
    def shown_status(self):
        """The status that is shown, or "" for any."""
        return self.chosen("status")

    def apply(self, tickets):
        """The tickets that are asked for."""
        if self.shown_status:
            tickets = tickets.filter(status=self.shown_status)
        if category := self.chosen("category"):
            tickets = tickets.filter(category_id=category)
        if words := self.chosen("q"):
            tickets = tickets.filter(self.matching(words))
        return tickets

    def matching(self, words):
        """In the subject, or a case number typed in any case."""
        return Q(subject__icontains=words) | Q(number__contains=words.upper())


class CustomerFilters(TicketFilters):
    """The customer's list: also by service."""

    service = KeyField(_("Service"))

    def __init__(self, data, *, membership):
        super().__init__(data)
        self.fields["service"].offer(Service.objects.visible_to(membership).only("name", "domain")[:SERVICES_LISTED])

    def apply(self, tickets):
        tickets = super().apply(tickets)
        if service := self.chosen("service"):
            tickets = tickets.filter(service_id=service)
        return tickets


class DeskFilters(TicketFilters):
    """The queue of support: also by who has taken it; shows what waits unless something else is asked for."""

    MINE, NOBODY = "mine", "nobody"
    search_label = _("Case or customer number, subject")

    # Chosen by the counts above the list.
    status = forms.ChoiceField(required=False, choices=Ticket.Status, widget=forms.HiddenInput)
    assignee = forms.ChoiceField(
        label=_("Taken by"),
        required=False,
        choices=[
            ("", _("All")),
            (MINE, pgettext_lazy("taken by", "Me")),
            (NOBODY, pgettext_lazy("taken by", "Nobody")),
        ],
    )

    def __init__(self, data, *, person):
        super().__init__(data)
        self.person = person

    @property
    def shown_status(self):
        """The part of the queue that is shown; a search without a status looks everywhere."""
        return self.chosen("status") or ("" if self.chosen("q") else Ticket.Status.OPEN)

    @property
    def order(self):
        """Who has waited longest comes first; what is answered or closed, latest first."""
        if not self.shown_status:
            return "-updated_at"
        return "status_since" if self.shown_status == Ticket.Status.OPEN else "-status_since"

    def apply(self, tickets):
        tickets = super().apply(tickets)
        if self.chosen("assignee") == self.MINE:
            tickets = tickets.filter(assignee=self.person)
        if self.chosen("assignee") == self.NOBODY:
            tickets = tickets.filter(assignee=None)
        return tickets

    def matching(self, words):
        """By a whole case or customer number through their indexes, otherwise in the subjects."""
        typed = words.replace(" ", "").replace("-", "").upper()
        if len(typed) == 8 and set(typed) <= set(NUMBER_ALPHABET):
            return Q(number=f"{typed[:4]}-{typed[4:]}")
        if typed.isascii() and typed.isdigit() and len(typed) <= 9:
            return Q(customer__number=int(typed))
        return Q(subject__icontains=words)
