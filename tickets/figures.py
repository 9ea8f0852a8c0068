"""The desk in figures, week by week: what came, what was answered and how soon, what customers say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber, TruncWeek
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.days import midnight
from tickets.models import Opinion, Ticket, Turn

WEEKS = {"12": _("12 weeks"), "26": _("26 weeks"), "52": _("A year")}
HOUR = 3600


@dataclass
class Week:
    """One week from its Monday. Times are hours of opening time, None where nothing was answered."""

    starts: datetime
    new: int = 0
    answered: int = 0
    late: int = 0
    median: float | None = None
    ninetieth: float | None = None
    yes: int = 0
    no: int = 0

    @property
    def late_share(self):
        """Percent of the answers that came after they were due, or None."""
        return percent(self.late, self.answered)

    @property
    def helped_share(self):
        """Percent of those who said something and said yes, or None."""
        return percent(self.yes, self.yes + self.no)


def percent(part, whole):
    """Rounded; None of nothing."""
    return round(100 * part / whole) if whole else None


def weeks(count, category=None):
    """The last so many weeks, this one included, the oldest first; of one category or of all. Five queries."""
    since = first_monday(count)
    mondays = [since + timedelta(weeks=number) for number in range(count)]
    found = {day: Week(midnight(day)) for day in mondays}
    by_ticket = {"ticket__category": category} if category else {}
    begin = midnight(since)
    new = Ticket.objects.filter(created_at__gte=begin, **({"category": category} if category else {}))
    put(found, by_week(new, "created_at", new=Count("pk")))
    turns = Turn.objects.filter(answered_at__gte=begin, **by_ticket)
    late = Count("pk", filter=Q(answered_at__gt=F("due_at")))
    put(found, by_week(turns, "answered_at", answered=Count("pk"), late=late))
    for name, tenths in (("median", 5), ("ninetieth", 9)):
        for week, waited in at_rank(turns.filter(is_first=True), tenths):
            setattr(found[week.date()], name, waited / HOUR)
    said = Opinion.objects.filter(answered_at__gte=begin, **by_ticket)
    yes, no = (Count("pk", filter=Q(helped=helped)) for helped in (True, False))
    put(found, by_week(said, "answered_at", yes=yes, no=no))
    return list(found.values())


def first_monday(count):
    """The Monday that so many weeks begin with, this one being the last."""
    today = timezone.localdate()
    return today - timedelta(days=today.weekday(), weeks=count - 1)


def by_week(rows, moment, **counts):
    """The counts of each week in which there are any; one query."""
    return rows.order_by().annotate(week=TruncWeek(moment)).values("week").annotate(**counts)


def put(found, rows):
    """Writes counts into their weeks."""
    for row in rows:
        week = found[row.pop("week").date()]
        for name, number in row.items():
            setattr(week, name, number)


def at_rank(turns, tenths):
    """(week, seconds waited) below which so many tenths of the week's waits lie (nearest rank); one query."""
    ranked = turns.annotate(week=TruncWeek("answered_at")).annotate(
        rank=Window(RowNumber(), partition_by="week", order_by=["waited", "pk"]),
        of=Window(Count("pk"), partition_by="week"),
    )
    wanted = ranked.alias(at=(F("of") * tenths + 9) / 10).filter(rank=F("at"))
    return wanted.order_by().values_list("week", "waited")
