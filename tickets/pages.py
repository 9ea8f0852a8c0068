"""Pages of a long list by position instead of number: the thousandth costs what the first does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

ROWS_ON_A_PAGE = 25
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """The rows, and the positions from which the pages before and after go on ("" when there is none)."""

    rows: list
    before: str
    after: str


def page_of(queryset, *, by, params, size=ROWS_ON_A_PAGE):
    """The page that `params` (?after=… or ?before=…) asks for, ordered by the time field `by` and the key.

    One query and no count. A position that is no position gives the first page.
    """
    name, descending = by.removeprefix("-"), by.startswith("-")
    position = read(params.get("before")) or read(params.get("after"))
    backwards = bool(read(params.get("before")))
    downwards = descending != backwards
    if position:
        queryset = queryset.filter(beyond(name, position, downwards))
    sign = "-" if downwards else ""
    rows = list(queryset.order_by(f"{sign}{name}", f"{sign}pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    earlier, later = (more, True) if backwards else (bool(position), more)
    return Page(
        rows,
        before=write(rows[0], name) if rows and earlier else "",
        after=write(rows[-1], name) if rows and later else "",
    )


def beyond(name, position, downwards):
    """Rows that come after `position`; the first condition is the one an index answers."""
    at, pk = position
    edge = "lt" if downwards else "gt"
    return Q(**{f"{name}__{edge}e": at}) & (Q(**{f"{name}__{edge}": at}) | Q(**{f"pk__{edge}": pk}))


def write(row, name):
    """The position of a row: its time in microseconds and its key."""
    return f"{(getattr(row, name) - EPOCH) // timedelta(microseconds=1)}-{row.pk}"


def read(text):
    """The position in an address, or None."""
    microseconds, dash, pk = (text or "").partition("-")
    # Longer numbers are no times that a database keeps.
    if not dash or not all(part.isascii() and part.isdigit() and len(part) <= 17 for part in (microseconds, pk)):
        return None
    return EPOCH + timedelta(microseconds=int(microseconds)), int(pk)
