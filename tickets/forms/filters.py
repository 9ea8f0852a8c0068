"""Search and filters above the lists. What is in the address and makes no sense is left out."""

from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.typed import customer_number
from services.models import Service
from tickets.figures import WEEKS
from tickets.models import Category, Ticket

SERVICES_LISTED = 300
# Who began the latest threads of a customer; more people than can be listed are typed.
THREADS_LOOKED_AT = 300
SENDERS_LISTED = 20
SEARCH_LENGTH = 100
# PostgreSQL's bigint: a larger number in the address is nobody's key.
LARGEST_KEY = 2**63 - 1
# So many at most fit into the column of customer numbers.


class KeyField(forms.IntegerField):
    """The key of a row out of a select."""

    def __init__(self, label):
        super().__init__(label=label, required=False, min_value=1, max_value=LARGEST_KEY, widget=forms.Select)

    def offer(self, rows):
        self.widget.choices = [("", _("All")), *((row.pk, str(row)) for row in rows)]


class Filters(forms.Form):
    """Lives in the address; what makes no sense there is as if it were not set."""

    def __init__(self, data):
        super().__init__(data)
        self.prepare()
        self.is_valid()

    def prepare(self):
        """What the fields offer, before they are read."""

    def chosen(self, name):
        """The value of a filter, or "" when it is not set or makes no sense."""
        return self.cleaned_data.get(name) or ""

    @property
    def is_used(self):
        """Whether anything is filtered at all: tells an empty list from an empty answer."""
        return any(self.chosen(name) for name in self.fields)


class TicketFilters(Filters):
    """What both lists have."""

    search_label = _("Case number or words")

    q = forms.CharField(required=False, max_length=SEARCH_LENGTH, widget=forms.SearchInput)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *Ticket.Status.choices])
    category = KeyField(_("Category"))

    def prepare(self):
        self.fields["q"].label = self.search_label
        self.fields["category"].offer(Category.listed())

    @property
    def shown_status(self):
        """The status that is shown, or "" for any."""
        return self.chosen("status")

    @property
    def text(self):
        """What is looked for, see tickets.searching; "" for nothing."""
        return self.chosen("q")

    def apply(self, tickets):
        """The tickets that are asked for, whatever is looked for in them."""
        if self.shown_status:
            tickets = tickets.filter(status=self.shown_status)
        if category := self.chosen("category"):
            tickets = tickets.filter(category_id=category)
        return tickets


class CustomerFilters(TicketFilters):
    """The customer's list: also what is not closed, by service, and by the address of whoever began the thread."""

    NOT_CLOSED = "not-closed"

    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), (NOT_CLOSED, _("Not closed")), *Ticket.Status.choices],
    )
    service = KeyField(_("Service"))
    sender = forms.CharField(label=_("Sender"), required=False, max_length=254)

    def __init__(self, data, *, membership):
        super().__init__(data)
        self.fields["service"].offer(Service.objects.visible_to(membership).only("name", "domain")[:SERVICES_LISTED])
        self.offer_senders(Ticket.objects.visible_to(membership))

    def offer_senders(self, tickets):
        """A list of the addresses while there are few."""
        latest = tickets.order_by("-updated_at", "-id").values_list("sender_email", flat=True)
        found = {address.casefold(): address for address in latest[:THREADS_LOOKED_AT]}
        if chosen := self.chosen("sender"):
            found.setdefault(chosen.casefold(), chosen)
        if len(found) <= SENDERS_LISTED:
            choices = [("", _("All")), *((address, address) for address in sorted(found.values()))]
            self.fields["sender"].widget = forms.Select(choices=choices)

    @property
    def shown_status(self):
        """As in the address, but "" where several are shown."""
        return "" if self.chosen("status") == self.NOT_CLOSED else super().shown_status

    def apply(self, tickets):
        tickets = super().apply(tickets)
        if self.chosen("status") == self.NOT_CLOSED:
            tickets = tickets.filter(status__in=Ticket.NOT_CLOSED)
        if service := self.chosen("service"):
            tickets = tickets.filter(service_id=service)
        if sender := self.chosen("sender"):
            tickets = tickets.filter(sender_email__iexact=sender)
        return tickets


class DeskFilters(TicketFilters):
    """The queue of support: also by who has taken it; shows what waits unless something else is asked for."""

    MINE, NOBODY = "mine", "nobody"
    LONGEST = "longest"
    search_label = _("Case or customer number, words")

    # Chosen by the counts above the list.
    status = forms.ChoiceField(required=False, choices=Ticket.Status, widget=forms.HiddenInput)
    assignee = forms.ChoiceField(
        required=False,
        choices=[(MINE, _("Mine")), (NOBODY, _("Nobody's"))],
        widget=forms.HiddenInput,
    )

    late = forms.BooleanField(required=False, widget=forms.HiddenInput)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=[(LONGEST, _("Longest in this status"))])

    def __init__(self, data, *, person):
        super().__init__(data)
        self.person = person
        self.fields["q"].widget.attrs["data-key"] = "/"
        usual = _("Most urgent") if self.shown_status == Ticket.Status.OPEN else _("Latest")
        self.fields["sort"].choices = [("", usual), *self.fields["sort"].choices]

    @property
    def query(self):
        """What leads back to the same part of the queue, for an address."""
        return self.query_with()

    def query_with(self, **others):
        """The same with some filters set otherwise; "" leaves one out."""
        values = {name: self.chosen(name) for name in self.fields} | {"status": self.shown_status} | others
        return urlencode({name: value for name, value in values.items() if value})

    @property
    def is_narrowed(self):
        """Whether less than a whole status is shown."""
        return any(self.chosen(name) for name in self.fields if name not in ("status", "sort"))

    @property
    def shown_status(self):
        """The part of the queue that is shown; a search without a status looks everywhere."""
        return self.chosen("status") or ("" if self.chosen("q") else Ticket.Status.OPEN)

    @property
    def order(self):
        """What is late or due soonest comes first; what is answered or closed, latest first; or what waits longest."""
        longest = self.chosen("sort") == self.LONGEST
        if not self.shown_status:
            return "updated_at" if longest else "-updated_at"
        if longest:
            return "status_since"
        return "due_at" if self.shown_status == Ticket.Status.OPEN else "-status_since"

    def apply(self, tickets):
        tickets = super().apply(tickets)
        if self.chosen("assignee") == self.MINE:
            tickets = tickets.filter(assignee=self.person)
        if self.chosen("assignee") == self.NOBODY:
            tickets = tickets.filter(assignee=None)
        if self.chosen("late"):
            tickets = tickets.filter(status=Ticket.Status.OPEN, due_at__lt=timezone.now())
        return tickets

    @property
    def exactly(self):
        """What a number that was typed may be besides a word: a customer's."""
        number = customer_number(self.text)
        return [] if number is None else [Q(customer__number=number)]


class FigureFilters(Filters):
    """The figures of the desk: how far back, and of which category."""

    period = forms.ChoiceField(label=_("Period"), required=False, choices=list(WEEKS.items()))
    category = KeyField(_("Category"))

    def prepare(self):
        self.fields["category"].offer(Category.objects.all())

    @property
    def weeks(self):
        """How many weeks are shown."""
        return int(self.chosen("period") or next(iter(WEEKS)))

    @property
    def is_used(self):
        """Whether less than everything is counted."""
        return bool(self.chosen("category"))
