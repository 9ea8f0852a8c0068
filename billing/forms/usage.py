"""Which time the list of what was used of a service is narrowed to."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.forms.invoices import DateInput


class UsageFilter(forms.Form):
    """Lives in the address; without one it is this month and the one before, and nonsense narrows nothing."""

    since = forms.DateField(label=_("Used from"), required=False, widget=DateInput)
    until = forms.DateField(label=_("Used to"), required=False, widget=DateInput)

    def __init__(self, data):
        today = timezone.localdate()
        usual = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        self.is_used = "since" in data or "until" in data
        super().__init__(data if self.is_used else {"since": usual.isoformat(), "until": ""})

    def apply(self, uses):
        """What was used in that time."""
        since, until = self.ends
        if since:
            uses = uses.filter(started_at__gte=midnight(since))
        return uses.filter(started_at__lt=midnight(until) + timedelta(days=1)) if until else uses

    def apply_to_days(self, days):
        """The days of that time."""
        since, until = self.ends
        if since:
            days = days.filter(day__gte=since)
        return days.filter(day__lte=until) if until else days

    @property
    def ends(self):
        """The first and the last day of it, each None where there is no such end."""
        self.is_valid()
        return self.cleaned_data.get("since"), self.cleaned_data.get("until")


def midnight(day):
    """When a day of ours begins."""
    return timezone.make_aware(datetime.combine(day, time.min))
