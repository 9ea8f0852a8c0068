"""Days of the calendar as spans of time."""

from datetime import datetime, time

from django.utils import timezone


def midnight(day):
    """The first moment of a day where the panel is."""
    return timezone.make_aware(datetime.combine(day, time.min))
