"""Pages of a long list, by position instead of number where it can be: the thousandth costs what the first does."""

import base64
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.core.paginator import Paginator
from django.db.models import CharField, DateField, DateTimeField, Q

from accounts.typed import whole_number

ROWS_ON_A_PAGE = 25
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """The rows, and the positions from which the pages before and after go on ("" when there is none)."""

    rows: list
    before: str
    after: str


def page_of(queryset, *, by, params, size=ROWS_ON_A_PAGE):
    """The page that `params` (?after=… or ?before=…) asks for, ordered by the field `by` and the key.

    `by` names a time, a date, a text, or the key itself ("pk"). One query and no count. A position that is no
    position gives the first page.
    """
    return page_of_several([queryset], by=by, params=params, size=size)


def page_of_several(querysets, *, by, params, size=ROWS_ON_A_PAGE):
    """The same out of several querysets of one model, each asked by itself: an index answers each, none answers all.

    A row that several of them have comes once. Texts come out of one queryset only: the database sorts them, and
    not as Python would.
    """
    name, descending = by.removeprefix("-"), by.startswith("-")
    model = querysets[0].model
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    before, after = (read(params.get(side), field) for side in ("before", "after"))
    position, backwards = before or after, bool(before)
    downwards = descending != backwards
    if position:
        querysets = [queryset.filter(beyond(name, position, downwards)) for queryset in querysets]
    sign = "-" if downwards else ""
    found = {row.pk: row for rows in querysets for row in rows.order_by(f"{sign}{name}", f"{sign}pk")[: size + 1]}
    rows = list(found.values())
    if len(querysets) > 1:
        rows = sorted(rows, key=lambda row: (getattr(row, name), row.pk), reverse=downwards)[: size + 1]
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
    value, pk = position
    edge = "lt" if downwards else "gt"
    return Q(**{f"{name}__{edge}e": value}) & (Q(**{f"{name}__{edge}": value}) | Q(**{f"pk__{edge}": pk}))


def write(row, name):
    """The position of a row: its time in microseconds, its date in days, its text or its key, and its key."""
    value = getattr(row, name)
    if isinstance(value, datetime):
        value = (value - EPOCH) // timedelta(microseconds=1)
    elif isinstance(value, date):
        value = value.toordinal()
    elif isinstance(value, str):
        value = base64.urlsafe_b64encode(value.encode()).decode()
    return f"{value}-{row.pk}"


def read(text, field):
    """The position in an address, or None."""
    written, _dash, key = (text or "").rpartition("-")
    pk = whole_number(key)
    if pk is None:
        return None
    try:
        return value_of(field, written), pk
    except (ValueError, OverflowError):
        return None


def value_of(field, written):
    """What `write` has written so. Raises ValueError or OverflowError where it never did."""
    if isinstance(field, CharField):
        return text_of(written)
    number = whole_number(written)
    if number is None:
        raise ValueError(written)
    if isinstance(field, DateTimeField):
        return EPOCH + timedelta(microseconds=number)
    return date.fromordinal(number) if isinstance(field, DateField) else number


def text_of(written):
    """The text that `write` has written so. Raises ValueError, also for what no column holds."""
    text = base64.b64decode(written.encode("ascii"), altchars=b"-_", validate=True).decode()
    if "\0" in text:
        raise ValueError(written)
    return text


def numbered_page(queryset, *, params, size=ROWS_ON_A_PAGE):
    """The page that `params` (?page=…) asks for, where people see how many there are and jump between them.

    The rows are counted off by their keys; what else is asked about each is asked about those of the page alone.
    """
    page = Paginator(queryset, size).get_page(params.get("page"))
    page.object_list = queryset.filter(pk__in=page.object_list.values("pk"))
    return page
