"""Narrowing the history: what, by whom, when."""

from collections import Counter
from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.days import midnight
from accounts.history_kinds import Kind, actions_of
from accounts.models import Membership

PROVIDER = "provider"
PEOPLE_AT_MOST = 200
# Days that every database and time zone knows.
FIRST_YEAR, LAST_YEAR = 1900, 9998


class DayInput(forms.DateInput):
    """A day, chosen in the browser's own calendar."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class HistoryFilter(forms.Form):
    """Lives in the address; what cannot be understood narrows nothing."""

    kind = forms.ChoiceField(label=pgettext_lazy("history", "What"), required=False)
    person = forms.ChoiceField(label=pgettext_lazy("history", "By whom"), required=False)
    since = forms.DateField(label=pgettext_lazy("history", "From"), required=False, widget=DayInput)
    until = forms.DateField(label=pgettext_lazy("history", "To"), required=False, widget=DayInput)

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", pgettext_lazy("history", "Everything")), *Kind.choices]
        everybody = ("", pgettext_lazy("history", "Everybody"))
        self.fields["person"].choices = [everybody, *people(membership), (PROVIDER, _("The provider"))]
        self.is_valid()

    @property
    def narrows(self):
        """Whether something was asked for."""
        return any(self.cleaned_data.values())

    @property
    def condition(self):
        """What entries must be like."""
        asked, condition = self.cleaned_data, Q()
        if kind := asked.get("kind"):
            condition &= Q(action__in=actions_of(kind))
        if person := asked.get("person"):
            condition &= Q(by_staff=True) if person == PROVIDER else Q(by_id=person)
        if (since := asked.get("since")) and is_usual(since):
            condition &= Q(at__gte=midnight(since))
        if (until := asked.get("until")) and is_usual(until):
            condition &= Q(at__lt=midnight(until + timedelta(days=1)))
        return condition


def people(membership):
    """(key, name) of those whose doings this person may read: everybody of the customer, or only themselves."""
    if not membership.sees_everything:
        return [(str(membership.user_id), membership.user.display_name)]
    # Who has not come in yet has done nothing, and must not tell whether the login was known before.
    came_in = {"accepted_at__isnull": False, "user__activated_at__isnull": False}
    found = Membership.objects.filter(customer=membership.customer_id, **came_in)
    found = found.select_related("user").order_by("user__name", "user__login")
    return told_apart([row.user for row in found[:PEOPLE_AT_MOST]])


def told_apart(persons):
    """(key, name) of people; those who share a name are followed by their login."""
    shared = Counter(person.display_name for person in persons)
    return [(str(person.pk), full_name(person, shared[person.display_name] > 1)) for person in persons]


def full_name(person, is_shared):
    return f"{person.display_name} ({person.login})" if is_shared else person.display_name


def is_usual(day):
    """Whether a day is one that something may have happened on."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
