"""Time in which support is there: opening hours without Polish public holidays."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import count

from django.utils import timezone
from holidays.countries import Poland

from tickets.models.opening_hours import OpeningHours

# Knows every year as soon as it is asked about it.
HOLIDAYS = Poland()
# As long as the provider has entered no hours at all.
USUAL = {weekday: (time(9), time(17)) for weekday in range(5)}
DAY = timedelta(days=1)
NOTHING = timedelta()


@dataclass(frozen=True)
class Calendar:
    """Opening hours by day of the week: {weekday: (from, to)}, "to" at midnight being the end of the day."""

    week: dict

    @classmethod
    def current(cls):
        """As the provider has entered them; one query."""
        rows = OpeningHours.objects.all()
        return cls({row.weekday: (row.opens, row.closes) for row in rows} or USUAL)

    def span(self, day):
        """(from, to) of a day in UTC, so that an hour is an hour when clocks are changed; None when it is closed."""
        if day.weekday() not in self.week or day in HOLIDAYS:
            return None
        opens, closes = self.week[day.weekday()]
        end = datetime.combine(day if closes > opens else day + DAY, closes)
        return tuple(timezone.make_aware(wall).astimezone(UTC) for wall in (datetime.combine(day, opens), end))

    def spans(self, since):
        """The spans from this moment on, the first cut to begin there; without an end."""
        first = timezone.localdate(since)
        for number in count():
            span = self.span(first + number * DAY)
            if span and span[1] > since:
                yield max(span[0], since), span[1]

    def after(self, moment, duration):
        """When so much opening time, a timedelta, has passed since this moment; in UTC."""
        for begin, end in self.spans(moment.astimezone(UTC)):
            if duration <= end - begin:
                return begin + duration
            duration -= end - begin

    def between(self, begin, end):
        """The opening time between two moments, a timedelta."""
        passed = NOTHING
        for opens, closes in self.spans(begin.astimezone(UTC)):
            if opens >= end:
                return passed
            passed += min(closes, end) - opens
