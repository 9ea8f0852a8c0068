"""What was used of a service, day by day: kept as it is told, so that no page adds up a hundred thousand calls."""

from collections import defaultdict
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Subquery, Sum
from django.utils import timezone

from billing.models import UsageDay
from billing.money import ZERO
from services.models.usage import in_words

WARSAW = ZoneInfo("Europe/Warsaw")


def add(service, charges):
    """Adds new charges of a service to their days; called once for each, in the transaction that writes it."""
    days = defaultdict(list)
    for row in charges:
        days[timezone.localdate(row.usage.started_at, WARSAW), row.usage.unit].append(row)
    # In one order, so that two who tell of the same days wait for each other instead of blocking.
    keys = sorted(days)
    empty = [UsageDay(service=service, day=day, unit=unit) for day, unit in keys]
    UsageDay.objects.bulk_create(empty, ignore_conflicts=True)
    for day, unit in keys:
        rows = days[day, unit]
        UsageDay.objects.filter(service=service, day=day, unit=unit).update(
            count=F("count") + len(rows),
            quantity=F("quantity") + sum(row.usage.quantity for row in rows),
            gross=F("gross") + sum((row.gross for row in rows), ZERO),
        )


def sums_of(days, uses):
    """How many, how much and for how much, unit by unit; `waiting` is what the balance could not pay.

    `days` and `uses` are those of a service in the same time; of the uses only what waits is added up.
    """
    waits = uses.filter(charge__charged_at=None, unit=OuterRef("unit")).order_by().values("unit")
    waiting = Subquery(waits.annotate(sum=Sum("charge__gross")).values("sum"))
    sums = (
        days.order_by("unit")
        .values("unit")
        .annotate(uses=Sum("count"), how_much=Sum("quantity"), charged=Sum("gross"), waiting=waiting)
    )
    return [
        {
            "count": row["uses"],
            "how_much": in_words(row["how_much"], row["unit"]),
            "gross": row["charged"],
            "waiting": row["waiting"],
        }
        for row in sums
    ]
