"""What the list of documents is narrowed to, and how documents are paid."""

from django import forms
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing import documents
from billing.models import Document, Receivable

State = Receivable.State


class DateInput(forms.DateInput):
    """The browser's own calendar, which wants and sends ISO dates."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class DocumentFilter(forms.Form):
    """Lives in the address, so that a list can be linked to; what makes no sense there narrows nothing."""

    UNPAID, OVERDUE, PAID, CORRECTIONS, CANCELLED, ALL = "unpaid", "overdue", "paid", "corrections", "cancelled", "all"

    q = forms.CharField(label=_("Document number"), max_length=40, required=False, widget=forms.SearchInput)
    status = forms.ChoiceField(
        label=_("Which ones"),
        required=False,
        choices=[
            ("", pgettext_lazy("documents", "Current")),
            (UNPAID, _("To be paid")),
            (OVERDUE, _("Overdue")),
            (PAID, _("Paid")),
            (CORRECTIONS, _("Corrections")),
            (CANCELLED, _("Cancelled")),
            (ALL, _("All")),
        ],
    )
    since = forms.DateField(label=_("Issued from"), required=False, widget=DateInput)
    until = forms.DateField(label=_("Issued to"), required=False, widget=DateInput)

    @property
    def is_used(self):
        """Whether anything is asked for: tells an empty list from an empty answer."""
        return any(self.cleaned_data.values())

    def apply(self, found):
        """The documents that fit. A search by number without a status looks everywhere."""
        self.is_valid()
        number, status, since, until = (self.cleaned_data.get(name) for name in ("q", "status", "since", "until"))
        found = self.of_status(found, status or (self.ALL if number else ""))
        if number:
            found = found.filter(number__icontains=number)
        if since:
            found = found.filter(issued_on__gte=since)
        return found.filter(issued_on__lte=until) if until else found

    def of_status(self, found, status):
        """The documents that stand like this."""
        match status:
            case self.UNPAID:
                return owed(found)
            case self.OVERDUE:
                return owed(found).filter(receivable__due_on__lt=timezone.localdate())
            case self.PAID:
                return found.filter(kind=Document.Kind.INVOICE)
            case self.CORRECTIONS:
                return found.filter(kind=Document.Kind.CORRECTION)
            case self.CANCELLED:
                return found.filter(receivable__state=State.CANCELLED)
            case self.ALL:
                return found
        return documents.current(found)


def owed(found):
    """The documents that wait for money. The customer is named twice, for the index of what is open."""
    return found.filter(receivable__state=State.OPEN, receivable__customer=F("customer"))


class WayForm(forms.Form):
    """How to pay. `ways` are billing.ways.Way; the first that can be chosen is ticked."""

    way = forms.ChoiceField(
        label=_("Way of paying"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how you want to pay."),
            "invalid_choice": _("You cannot pay this way now. Choose another one."),
        },
    )

    def __init__(self, *args, ways, **kwargs):
        super().__init__(*args, **kwargs)
        self.ways = ways
        self.fields["way"].choices = [(way.name, way.label) for way in ways if not way.refusal]
        self.fields["way"].initial = next((way.name for way in ways if not way.refusal), None)

    @property
    def chosen(self):
        """The name of the way that is ticked."""
        return self["way"].value()
