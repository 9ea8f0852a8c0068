"""How many authorization codes were made, accepted and refused: by day or week, and by whom of the staff."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate, TruncWeek
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.days import midnight
from accounts.history import Action
from accounts.models import Event

COUNTS = {
    "made": Count("pk", filter=Q(action=Action.CODE_MADE)),
    "right": Count("pk", filter=Q(action=Action.CODE_RIGHT)),
    "refused": Count("pk", filter=Q(action=Action.CODE_WRONG)),
    "ended": Count("pk", filter=Q(action=Action.CODES_ENDED)),
}
COUNTED = [Action.CODE_MADE, Action.CODE_RIGHT, Action.CODE_WRONG, Action.CODES_ENDED]
PEOPLE_AT_MOST = 50


@dataclass(frozen=True)
class Span:
    """Days or weeks that are counted, back from today; so many rows at most."""

    key: str
    label: str
    starts: object
    days: int

    @property
    def since(self):
        """The first day that is counted."""
        return timezone.localdate() - timedelta(days=self.days - 1)


SPANS = {
    span.key: span
    for span in (Span("day", _("30 days"), TruncDate, 30), Span("week", _("26 weeks"), TruncWeek, 26 * 7))
}


def counted(span):
    """The lines of the history that the figures of a span are made of; by an index on action and time."""
    begin = midnight(first_day(span))
    return Event.objects.order_by().filter(action__in=COUNTED, at__gte=begin)


def first_day(span) -> date:
    """Weeks are counted whole, from their Monday."""
    return span.since - timedelta(days=span.since.weekday()) if span.key == "week" else span.since


def by_time(span):
    """A row for each day or week on which something happened, the latest first."""
    return counted(span).annotate(starts=span.starts("at")).values("starts").annotate(**COUNTS).order_by("-starts")


def by_staff(span):
    """A row for each member of staff who checked codes, who was refused most often first."""
    rows = counted(span).filter(by_staff=True).exclude(by_id=None).values("by_id")
    counts = {name: COUNTS[name] for name in ("right", "refused")}
    return rows.annotate(name=Max("by_name"), **counts).order_by("-refused", "-right", "by_id")[:PEOPLE_AT_MOST]
