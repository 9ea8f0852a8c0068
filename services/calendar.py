"""Months by the calendar."""

import calendar
from datetime import date


def months_later(day, months, anchor_day=None):
    """The same day of the month so many months later, or that month's last day where it has fewer.

    `anchor_day` (1–31) is the day that is meant: a service of 31 January runs to 28 February and then
    to 31 March again.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor_day or day.day, last))
